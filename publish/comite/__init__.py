"""The quarterly review of the committee: its facts, read in one release, and the report printed from them."""
