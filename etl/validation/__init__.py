"""How a file is checked: read (sniff, normalise), scan (one DuckDB pass), keys and rules, report.

The door is ``etl.validate``; nothing else should be imported from here.
"""
