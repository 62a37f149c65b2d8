"""The pages of the static site, one module by kind; each yields pages from what it is given."""
