"""The public API: the tables of each release over HTTP. One table of operations reads requests and describes itself."""
