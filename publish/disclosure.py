"""Disclosure control: what a release may say of small counts.

Primary protection only: the cells whose own count is small. A subtraction can still undo it; the cells that shield
others, and the audit that proves it, are not here yet.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

# A count of persons under this threshold is not published (disclosure.md: the rule of French health-data portals).
THRESHOLD = 11

# A share of exactly 0 % or 100 % is not published over a group smaller than this: it would tell of each member.
SMALL_GROUP = 30

PROTECTED = Path(__file__).resolve().parent / "sql" / "protegees.sql"


def protect(con: duckdb.DuckDBPyConnection, *, threshold: int = THRESHOLD) -> None:
    """Make the temporary table ``publiees``: the warehouse's observations with every small count made secret.

    A secret cell has no value, no numerator, no denominator and no interval; its statuses are ``secret``, Q and C.
    """
    query = PROTECTED.read_text(encoding="utf-8")
    con.execute(f"create or replace temp table publiees as {query}", {"seuil": threshold, "petit_groupe": SMALL_GROUP})
