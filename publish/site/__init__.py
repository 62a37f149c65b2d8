"""The static site of a release: pages in French and in English that need neither script nor server."""
