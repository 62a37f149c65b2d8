"""The differences between two releases, read on their published files alone: they tell nothing that is not public."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from publish.differences.contracts import Change, compare_contracts, redefined
from publish.differences.rows import GAPS, compare_rows
from publish.version import parse_version
from schemas.contract import contract_names, load_contract

CAUSES = Path(__file__).resolve().parents[1] / "sql" / "causes.sql"
# What tells of other releases is not compared.
SELF = ("differences", "revisions")
# Computed tables that carry returns of their own: their gaps have the causes of observations.
FIRST_HAND = ("observations", "couverture")
# What an indicator measures; its names, caveats and theme may be worded better without changing a figure.
CONCEPT = ("definition", "genre", "unite", "echelle", "numerateur", "denominateur", "flux", "intervalle")


@dataclass(frozen=True)
class Snapshot:
    """A release to compare: its folder and its version."""

    folder: Path
    version: str

    def table(self, name: str) -> Path:
        """The Parquet file of a dataset."""
        return self.folder / "data" / f"{name}.parquet"

    @property
    def tables(self) -> frozenset[str]:
        """Names of the datasets to compare."""
        return frozenset(path.stem for path in (self.folder / "data").glob("*.parquet")) - {*SELF}

    def key(self, name: str) -> tuple[str, ...]:
        """The primary key that this release published for a dataset; none where it published no contract."""
        path = self.folder / "schemas" / f"{name}.json"
        key = json.loads(path.read_text(encoding="utf-8")).get("primaryKey", []) if path.exists() else []
        return (key,) if isinstance(key, str) else tuple(key)


def diff(con: duckdb.DuckDBPyConnection, before: Snapshot, after: Snapshot) -> None:
    """Make the temporary table ``differences`` of a connection: the rows of the dataset of that name, unordered."""
    con.execute(GAPS)
    changes = compare_contracts(before.folder, after.folder)
    _tell_contracts(con, changes)
    for name in sorted(before.tables | after.tables):
        if name in before.tables and name in after.tables:
            _compare(con, name, before, after)
        else:
            _tell_whole(con, name, "ajout" if name in after.tables else "retrait")
    _register(con, "corrections", after)
    _register(con, "territoires", after)
    con.execute(
        f"create or replace temp table differences as {CAUSES.read_text(encoding='utf-8')}",
        {
            "corrections": _corrected(con, before, after),
            "redefinis": _redefined_indicators(con),
            "colonnes": sorted(f"{name}.{column}" for name, column in redefined(changes)),
            "calcules": [name for name in contract_names("datasets") if name not in FIRST_HAND],
            "version": before.version,
        },
    )


def no_difference(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``differences`` of a release that has none before it."""
    names = load_contract("differences", kind="datasets").names
    con.execute(f"create or replace temp table differences ({', '.join(f'{name} varchar' for name in names)})")


def _compare(con: duckdb.DuckDBPyConnection, name: str, before: Snapshot, after: Snapshot) -> None:
    """Row by row where both releases know a row by the same key; the contracts tell of a key that changed."""
    key = after.key(name)
    if key and key == before.key(name):
        compare_rows(con, name, before.table(name), after.table(name), key=key)


def _tell_contracts(con: duckdb.DuckDBPyConnection, changes: list[Change]) -> None:
    rows: list[tuple[str | None, ...]] = [
        ("schemas", _key(jeu=c.jeu, **({"champ": c.champ} if c.champ else {})), c.propriete, c.nature, c.avant, c.apres)
        for c in changes
    ]
    _insert(con, rows)


def _tell_whole(con: duckdb.DuckDBPyConnection, name: str, nature: str) -> None:
    """A dataset that came or went is told once, not row by row."""
    _insert(con, [(name, "{}", "*", nature, None, None)])


def _insert(con: duckdb.DuckDBPyConnection, rows: list[tuple[str | None, ...]]) -> None:
    if rows:
        con.executemany(
            "insert into ecarts (jeu, cle, champ, nature, avant, apres, secrete) values (?, ?, ?, ?, ?, ?, false)", rows
        )


def _key(**members: str) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _register(con: duckdb.DuckDBPyConnection, name: str, release: Snapshot) -> None:
    """A reference table of a release as a temporary table, empty where the release has none."""
    path = release.table(name)
    if path.exists():
        con.execute(
            f"create or replace temp table {name} as from read_parquet($file, hive_partitioning = false)",
            {"file": str(path)},
        )
        return
    names = load_contract(name, kind="reference").names
    con.register(name, pd.DataFrame(columns=list(names), dtype="str"))


def _corrected(con: duckdb.DuckDBPyConnection, before: Snapshot, after: Snapshot) -> list[str]:
    """The errors declared that a version after ``before``, up to ``after``, corrects."""
    first, last = parse_version(before.version), parse_version(after.version)
    rows = con.execute("select id, version_corrigee from corrections where version_corrigee is not null").fetchall()
    dated = [(code, parse_version(version)) for code, version in rows]
    return sorted(code for code, version in dated if first < version <= last and version.demo == last.demo)


def _redefined_indicators(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Indicators that came, went or do not measure the same any more."""
    found = con.execute(
        "select distinct indicateur from ecarts where jeu = 'indicateurs' and list_contains($fields, champ)",
        {"fields": ["*", *CONCEPT]},
    ).fetchall()
    return sorted(code for (code,) in found)
