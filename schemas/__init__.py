"""The contracts: feeds, reference tables, published datasets, indicators, code lists; the errors users can cause."""
