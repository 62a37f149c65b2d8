"""What changed between two releases, why, and how much figures are usually revised.

Everything here reads published files alone, so that it can tell nothing that is not public already.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from publish.describe import table_schema
from publish.differences.diff import Snapshot, diff, no_difference
from publish.differences.sizes import usual_sizes
from publish.differences.told import Story, changelog, first_changelog, story, summary
from publish.index import before, read_index, standing
from publish.reader import Releases
from publish.tables import Table, write_table
from publish.version import Version, parse_version
from schemas.contract import load_contract

__all__ = ["Story", "compare", "compared", "lines", "summary"]

DATASETS = ("differences", "revisions")
BATCH = 10_000


def compare(draft: Path, *, releases: Path, version: Version, day: date) -> list[tuple[Table, int]]:
    """Write in a draft what changed since the release before it: two datasets, their contracts and ``CHANGELOG.md``.

    The draft holds its other datasets and their contracts already. Returns each dataset with its
    number of rows.
    """
    tables = [Table(load_contract(name, kind="datasets"), name) for name in DATASETS]
    for table in tables:
        contract = json.dumps(table_schema(table.contract), ensure_ascii=False, indent=2) + "\n"
        (draft / "schemas" / f"{table.name}.json").write_text(contract, encoding="utf-8")
    with duckdb.connect(":memory:") as con:
        (draft / "CHANGELOG.md").write_text(_tell(con, draft, releases, version), encoding="utf-8")
        usual_sizes(con, _vintages(draft, releases, version, day))
        return [(table, write_table(con, table, draft / "data")) for table in tables]


@contextmanager
def compared(releases: Path, first: str, second: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, Story]]:
    """Two releases compared: a connection with table ``differences``, and the story of it.

    Raises UsageError for a version that does not exist, Withdrawn for one that was taken back.
    """
    held = Releases(releases)
    older, newer = (
        Snapshot(held.release(version).folder, held.release(version).version) for version in (first, second)
    )
    with duckdb.connect(":memory:") as con:
        diff(con, older, newer)
        yield con, story(con, older, newer)


def lines(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Table ``differences`` of a connection, in the order of its key, one JSON object a line."""
    rows = con.execute("select to_json(row)::varchar from differences as row order by jeu, cle, champ")
    while found := rows.fetchmany(BATCH):
        yield from (text for (text,) in found)


def _tell(con: duckdb.DuckDBPyConnection, draft: Path, releases: Path, version: Version) -> str:
    """Make table ``differences``; returns the changelog."""
    previous = before(version, read_index(releases))
    if previous is None:
        no_difference(con)
        return first_changelog(str(version))
    older, newer = Snapshot(releases / previous.version, previous.version), Snapshot(draft, str(version))
    diff(con, older, newer)
    return changelog(story(con, older, newer))


def _vintages(draft: Path, releases: Path, version: Version, day: date) -> list[tuple[Snapshot, date]]:
    """The releases of the same nature up to this one, lowest version first."""
    lower = [entry for entry in standing(version, read_index(releases)) if parse_version(entry.version) < version]
    held = [(Snapshot(releases / one.version, one.version), date.fromisoformat(one.date)) for one in lower]
    return [*held, (Snapshot(draft, str(version)), day)]
