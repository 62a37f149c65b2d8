"""How much figures are usually revised: dataset ``revisions``, on each pair of successive releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

from publish.differences.diff import Snapshot
from publish.differences.rows import key_text
from schemas.contract import load_contract

SQL = Path(__file__).resolve().parents[1] / "sql"
PAIRS = """
    create or replace temp table paires (
        paire integer, indicateur varchar, age_trimestres integer, unite varchar, ancienne double, nouvelle double,
        origine varchar
    )
"""


def usual_sizes(con: duckdb.DuckDBPyConnection, releases: Sequence[tuple[Snapshot, date]]) -> None:
    """Make the temporary table ``revisions`` of a connection whose ``differences`` are those of the last release.

    ``releases`` come lowest version first, each with its day. The differences of the others are read in their files: a
    release without any, made before they were published, has nothing set aside.
    """
    con.execute("set threads = 1")  # Sums of decimals depend on their order: one thread, the same bytes everywhere.
    con.execute(PAIRS)
    con.execute("create or replace temp table dernieres as from differences")
    for rank, ((before, day), (after, _)) in enumerate(pairwise(releases)):
        _set_aside(con, after, last=rank == len(releases) - 2)
        _add_pair(con, rank, before, after, day)
    con.execute("create or replace temp table differences as from dernieres")
    con.execute(f"create or replace temp table revisions as {(SQL / 'ampleur.sql').read_text(encoding='utf-8')}")


def _set_aside(con: duckdb.DuckDBPyConnection, release: Snapshot, *, last: bool) -> None:
    file = release.table("differences")
    source = (
        "dernieres"
        if last
        else "read_parquet($file, hive_partitioning = false)"
        if file.exists()
        else "dernieres limit 0"
    )
    bound = {"file": str(file)} if source.startswith("read") else None
    con.execute(f"create or replace temp table differences as from {source}", bound)


def _add_pair(con: duckdb.DuckDBPyConnection, rank: int, before: Snapshot, after: Snapshot, day: date) -> None:
    key = load_contract("observations", kind="datasets").primary_key
    query = (SQL / "revisions.sql").read_text(encoding="utf-8").replace("{cle}", key_text("{0}", key))
    con.execute(
        f"insert into paires {query}",
        {
            "paire": rank,
            "avant": str(before.table("observations")),
            "apres": str(after.table("observations")),
            "publiee_le": day,
        },
    )
