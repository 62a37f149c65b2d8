"""The national open data portal, data.gouv.fr, through its API (version 1, software udata)."""
