"""Releases taken elsewhere: a static host's folder, an S3-compatible bucket, the national open data portal."""
