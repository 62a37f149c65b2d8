"""The contracts: feeds, reference tables, published datasets, indicators, code lists, and the errors users can cause."""
