"""The forms a release's rows take beside CSV and Parquet: spreadsheets, geography, and the whole in one archive."""
