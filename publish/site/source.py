"""What the static site is made from: the public files of a release being written, and nothing else.

One query by kind of page; what a page needs is then looked up in memory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from publish.charte.i18n import Lang
from publish.charte.lignes import shape
from publish.charte.mots import text_of
from publish.notice import Notice
from publish.reader import DESCRIPTOR
from schemas.contract import Contract, contract_from, contract_names

FOLDER = Path(__file__).resolve().parent
SQL = Path(__file__).resolve().parents[1] / "sql"
RECENT = 6
MAPPED = 10
DRAWN = 4
# What is drawn first of a place or of a service, where it is known there.
FIRST = (
    "scenes_presence_max",
    "repos_passages_jour",
    "maraudes_contacts",
    "caarud_file_active",
    "lits_ouverts",
    "hebergement_places",
)
PLACE = ("territoire_niveau", "territoire_code")
Place = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """A release folder whose data files are written, and what is said of it."""

    folder: Path
    notice: Notice
    _read: dict[str, list[Row]] = field(default_factory=dict)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
        for name in self.tables:
            file = str(self.folder / "data" / f"{name}.parquet").replace("'", "''")
            connection.execute(
                f"create view \"{name}\" as select * from read_parquet('{file}', hive_partitioning = false)"
            )
        # Read once, every kind of page asks for some of it; days, which no page lists, are only counted.
        connection.execute("alter view observations rename to publiees")
        connection.execute("create table observations as select * from publiees where granularite <> 'jour'")
        connection.execute(f"create table series as {self._sql('series')}")
        return connection

    @staticmethod
    def _sql(name: str) -> str:
        return (SQL / f"site_{name}.sql").read_text(encoding="utf-8")

    def _ask(self, name: str, **values: object) -> duckdb.DuckDBPyConnection:
        return self._connection.execute(self._sql(name), values or None)

    def query(self, sql: str, params: Mapping[str, Any]) -> pd.DataFrame:
        """Rows of a bound SELECT over the tables of the release; of observations, days are left out."""
        return self._connection.execute(sql, params or None).df()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""
        return tuple(sorted(path.stem for path in (self.folder / "data").glob("*.csv")))

    def table(self, name: str) -> list[Row]:
        """Rows of a small table in the order of its file, absent cells as None; none if the release lacks it."""
        if name not in self._read:
            known = name in self.tables
            self._read[name] = _rows(self._connection.execute(f'select * from "{name}"')) if known else []
        return self._read[name]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of rows by table."""
        views = {name: "publiees" if name == "observations" else name for name in self.tables}
        ask = 'select count(*) from "{}"'
        return {name: int(self._connection.execute(ask.format(view)).fetchall()[0][0]) for name, view in views.items()}

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Contract of each table, as the release publishes it."""
        texts = {name: (self.folder / "schemas" / f"{name}.json").read_text(encoding="utf-8") for name in self.tables}
        return {name: contract_from(json.loads(text), kind=_kind(name)) for name, text in texts.items()}

    @cached_property
    def statuses(self) -> list[Row]:
        """How many observations have each status, by indicator."""
        sql = "select indicateur, statut, count(*) as nombre from publiees group by all order by all"
        return _rows(self._connection.execute(sql))

    @cached_property
    def changes(self) -> list[Row]:
        """Rows changed since the version before, by dataset, indicator, nature and cause; none for a first release."""
        if "differences" not in self.tables:
            return []
        names = "jeu, indicateur, nature, cause, version_avant"
        return _rows(
            self._connection.execute(
                f"select {names}, count(distinct cle) as nombre from differences group by all order by all"
            )
        )

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """The catalogue by code."""
        return {row["indicateur"]: row for row in self.table("indicateurs")}

    @cached_property
    def places(self) -> dict[Place, Row]:
        """Territories by level and code."""
        return {(row["niveau"], row["code"]): row for row in self.table("territoires")}

    @cached_property
    def services(self) -> dict[str, Row]:
        """The register of services by identifier."""
        return {row["service_id"]: row for row in self.table("services")}

    def place_name(self, place: Place, lang: Lang) -> str:
        """Name of a territory; its code where the release does not have it."""
        row = self.places.get(place)
        return text_of(row, "nom", lang) if row else place[1]

    @cached_property
    def neighbours(self) -> dict[Place, list[Place]]:
        """Territories of the same level that each one touches."""
        found: dict[Place, list[Place]] = {}
        for row in self.table("adjacences"):
            found.setdefault((row["niveau"], row["code"]), []).append((row["voisin_niveau"], row["voisin_code"]))
        return found

    @cached_property
    def trends(self) -> dict[tuple[str, ...], Row]:
        """Trend of each quarterly series tested, by its key."""
        key = ("indicateur", "territoire_niveau", "territoire_code", "ventilation", "modalite")
        return {tuple(row[name] for name in key): row for row in self.table("tendances")}

    @cached_property
    def series(self) -> dict[str, list[Any]]:
        """The main series of each indicator: its rows, as named tuples, in order of period."""
        answer = self._connection.execute("select * from series order by indicateur, periode_debut")
        return _series(answer, "indicateur")

    @cached_property
    def recent(self) -> dict[str, list[Row]]:
        """The last periods of each indicator, in every place."""
        return _lists(self._ask("recentes", periodes=RECENT), "indicateur")

    @cached_property
    def maps(self) -> dict[str, pd.DataFrame]:
        """All periods of each indicator known by arrondissement or commune."""
        return _frames(self._ask("cartes", territoires=MAPPED), "indicateur")

    @cached_property
    def of_places(self) -> dict[Place, list[Row]]:
        """The last value of each indicator by place."""
        return _lists(self._ask("lieux"), *PLACE)

    @cached_property
    def series_of_places(self) -> dict[Place, list[Any]]:
        """One series to draw by place."""
        return _series(self._ask("series_lieux", points=DRAWN, premiers=list(FIRST)), *PLACE)

    @cached_property
    def of_services(self) -> dict[str, list[Row]]:
        """The last value of each indicator by service."""
        return _lists(self._ask("services"), "modalite")

    @cached_property
    def series_of_services(self) -> dict[str, list[Any]]:
        """One series to draw by service."""
        return _series(self._ask("series_services", points=DRAWN, premiers=list(FIRST)), "modalite")

    @cached_property
    def descriptor(self) -> Mapping[str, Any]:
        """The Data Package descriptor of the release."""
        return self.document(DESCRIPTOR)

    def document(self, relative: str) -> Mapping[str, Any]:
        """A JSON file of the release."""
        return dict(json.loads((self.folder / relative).read_text(encoding="utf-8")))


def _kind(name: str) -> str:
    """Kind of the contract of a published table: a feed published row by row bears another name than its own."""
    return next((kind for kind in ("datasets", "reference") if name in contract_names(kind)), "feeds")


def _rows(answer: duckdb.DuckDBPyConnection) -> list[Row]:
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _lists(answer: duckdb.DuckDBPyConnection, *key: str) -> dict[Any, list[Row]]:
    """Rows by key, in their order; a key of one column is its value."""
    found: dict[Any, list[Row]] = {}
    for row in _rows(answer):
        found.setdefault(_key(row, key), []).append(row)
    return found


def _key(row: Row, key: Sequence[str]) -> Any:
    return row[key[0]] if len(key) == 1 else tuple(row[name] for name in key)


def _series(answer: duckdb.DuckDBPyConnection, *key: str) -> dict[Any, list[Any]]:
    """The same as named tuples, which is what summaries read."""
    row = shape(tuple(column[0] for column in answer.description or ()))
    found: dict[Any, list[Any]] = {}
    for one in map(row._make, answer.fetchall()):
        name = getattr(one, key[0]) if len(key) == 1 else tuple(getattr(one, column) for column in key)
        found.setdefault(name, []).append(one)
    return found


def _frames(answer: duckdb.DuckDBPyConnection, key: str) -> dict[Any, pd.DataFrame]:
    return dict(iter(answer.df().groupby(key, sort=False)))
