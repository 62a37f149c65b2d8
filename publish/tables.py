"""The datasets of a release: which they are, where their rows come from, and how they become files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from etl.validation.sql import literal, quote
from publish.absences import column, with_statuses
from publish.benchmarks import benchmarks
from publish.control import daily_control
from publish.spatial import autocorrelations
from publish.targets import courses
from publish.trends import trends
from schemas.catalogue import load_catalogue, row_of
from schemas.contract import Contract, contract_names, load_contract
from schemas.errors import UsageError

# Order of the release's datasets: what readers come for first.
FIRST = (
    "observations",
    "indicateurs",
    "mesures",
    "tendances",
    "comparaisons",
    "autocorrelation",
    "couverture",
    "actions",
    "budget",
    "trend_produits",
    "chiffres_publies",
)
# What is read on the published observations, by dataset.
READINGS: Mapping[str, Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]] = {
    "tendances": trends,
    "comparaisons": benchmarks,
    "autocorrelation": autocorrelations,
    "trajectoires": courses,
    "controle_quotidien": daily_control,
}
COVERAGE = Path(__file__).resolve().parent / "sql" / "couverture.sql"


@dataclass(frozen=True)
class Table:
    """A dataset to publish: its contract and the relation of the connection that holds its typed rows."""

    contract: Contract
    relation: str

    @property
    def name(self) -> str:
        """Name of the dataset and of its files."""
        return self.contract.name


def hide_simulated(con: duckdb.DuckDBPyConnection) -> None:
    """Leave out the simulated rows of reference tables (services, decisions, errors): only a demonstration has them."""
    held = _held(con)
    for contract in (load_contract(name, kind="reference") for name in contract_names("reference")):
        if "origine" in contract.names and contract.name in held:
            name = quote(contract.name)
            con.execute(f"create temp table {name} as from {name} where origine is distinct from 'simule'")


def count_simulated(con: duckdb.DuckDBPyConnection) -> int:
    """How many simulated rows were received, among the observations and in the feeds published row by row."""
    relations = ("observations", *(relation for _, relation in _published_feeds(_held(con))))
    union = " union all ".join(f"select origine from {quote(relation)}" for relation in relations)
    return int(con.execute(f"select count(*) from ({union}) where origine = 'simule'").fetchall()[0][0])


def tables(con: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Every dataset of a release, over a connection where ``protect`` has made the publishable observations.

    Raises UsageError where the warehouse was built before a table that the contracts now ask for.
    """
    held = _held(con)
    if missing := {"declarations", *contract_names("reference")} - held:
        raise UsageError(
            f"L'entrepôt est plus ancien que les contrats : {', '.join(sorted(missing))} n'y est pas. "
            "Relancez « observatoire build »."
        )
    _register_catalogue(con)
    con.execute(f"create or replace temp view couvertures as {COVERAGE.read_text(encoding='utf-8')}")
    for name, compute in READINGS.items():
        con.register(name, compute(con))
    relations = {
        "observations": "publiees",
        "indicateurs": "catalogue",
        "mesures": "mesures",
        **{name: name for name in READINGS},
        "couverture": "couvertures",
    }
    published = [Table(load_contract(name, kind="datasets"), relation) for name, relation in relations.items()]
    reference = [
        Table(with_statuses(load_contract(name, kind="reference")), name) for name in contract_names("reference")
    ]
    feeds = [Table(with_statuses(contract), relation) for contract, relation in _published_feeds(held)]
    rank: Mapping[str, int] = {name: position for position, name in enumerate(FIRST)}
    return tuple(
        sorted([*published, *feeds, *reference], key=lambda table: (rank.get(table.name, len(rank)), table.name))
    )


def _held(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the tables and views of the warehouse."""
    return {name for (name,) in con.execute("select table_name from information_schema.tables").fetchall()}


def _published_feeds(held: set[str]) -> Iterator[tuple[Contract, str]]:
    """The feeds that count nobody and are published row by row, under the name their contract gives as ``published``.

    A feed of which no file was ever received is left out.
    """
    for contract in map(load_contract, contract_names("feeds")):
        name, relation = contract.descriptor.get("published"), f"flux_{contract.name}"
        if name and relation in held:
            yield replace(contract, name=name, descriptor={**contract.descriptor, "name": name}), relation


def _register_catalogue(con: duckdb.DuckDBPyConnection) -> None:
    con.register("catalogue", pd.DataFrame([row_of(indicator) for indicator in load_catalogue().indicateurs]))


def write_table(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> int:
    """Write ``<name>.csv`` and ``<name>.parquet`` in ``folder``, sorted by key; returns the number of rows."""
    order = ", ".join(quote(name) for name in table.contract.primary_key)
    columns = ", ".join(map(column, table.contract.fields))
    rows = f"select {columns} from {quote(table.relation)} order by {order}"
    for suffix, options in (("parquet", "format parquet, compression zstd"), ("csv", "format csv, header")):
        target = literal(str(folder / f"{table.name}.{suffix}"))
        con.execute(f"copy ({rows}) to {target} ({options})")
    return int(con.table(table.relation).aggregate("count(*)").fetchall()[0][0])
