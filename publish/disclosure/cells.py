"""From observations to a linked table: which cells they show, and the sums a reader can write between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from publish.disclosure.linked import LinkedTable
from schemas.confidentialite import SecrecyRule

SQL = Path(__file__).resolve().parent / "sql"
# What it costs, of the price of a cell, to hide again what an earlier release hid.
FORGONE = 0.001
STEPS = ("roles", "cellules", "lignes", "equations", "attaches")


@dataclass(frozen=True)
class Cells:
    """The linked table of the observations.

    ``place``: for each cell of table ``cellules``, then for each that ``suites`` adds, its index there; ``before``:
    bool (n,), hidden by a release before.
    """

    table: LinkedTable
    place: np.ndarray
    before: np.ndarray


def describe_cells(con: duckdb.DuckDBPyConnection, rule: SecrecyRule, *, steps: Sequence[str] = STEPS) -> None:
    """Make of ``observees`` the temporary tables of ``steps``, each from the SQL file of its name."""
    nested = pd.DataFrame(list(rule.imbrications.items()), columns=["partie", "tout"])
    con.register("imbrications", nested)
    for step in steps:
        query = (SQL / f"{step}.sql").read_text(encoding="utf-8")
        con.execute(f"create or replace temp table {step} as {query}")
    con.unregister("imbrications")


def linked_cells(con: duckdb.DuckDBPyConnection, rule: SecrecyRule) -> Cells:
    """The linked table of temporary tables ``cellules``, ``equations``, ``attaches``, ``protections`` and ``suites``.

    Cells that one equation makes equal are one cell of the result.
    """
    known = con.execute("select valeur from suites order by ancienne").df()
    known = known.assign(poids=0.0, primaire=False, tue=False, publique=True)
    cells = pd.concat([_priced(con, rule), known], ignore_index=True)
    sums = con.execute("select genre, tout, parties, reste, false as compte from equations").df()
    links = con.execute("select genre, tout, parties, reste, compte from attaches").df()
    follow = con.execute("select genre, tout, parties, reste, compte from suites").df()
    every = pd.concat([sums, links, follow], ignore_index=True)
    place = _identities(len(cells), every)
    merged = cells.groupby(place, sort=True).agg(
        valeur=("valeur", "first"), poids=("poids", "sum"), primaire=("primaire", "any"), tue=("tue", "any"),
        publique=("publique", "any"),
    )  # fmt: skip
    ruled = merged["primaire"] & ~merged["publique"]
    equations, rest = _equations(every, place, len(merged), rule)
    count = len(rest)
    table = LinkedTable(
        values=np.concatenate([merged["valeur"].to_numpy(dtype=np.int64), rest["valeur"].to_numpy(dtype=np.int64)]),
        equations=equations,
        weights=np.concatenate([merged["poids"].to_numpy(dtype=float), np.zeros(count)]),
        primary=np.concatenate([ruled.to_numpy(dtype=bool), rest["primaire"].to_numpy(dtype=bool)]),
        public=np.concatenate([merged["publique"].to_numpy(dtype=bool), np.zeros(count, dtype=bool)]),
        derived=np.concatenate([np.zeros(len(merged), dtype=bool), np.ones(count, dtype=bool)]),
    )
    return Cells(table, place, np.concatenate([merged["tue"].to_numpy(dtype=bool), np.zeros(count, dtype=bool)]))


def _priced(con: duckdb.DuckDBPyConnection, rule: SecrecyRule) -> pd.DataFrame:
    """The cells in the order of their number, with their price: that of the observations that would go with them."""
    cells = con.execute(
        "select c.cellule, niveau, granularite, ventilation, montrees, valeur, primaire, publique, tue "
        "from cellules as c join protections using (cellule) order by c.cellule"
    ).df()
    price = cells["montrees"].astype(float)
    for dimension in ("niveau", "granularite", "ventilation"):
        price = price * cells[dimension].map(dict(rule.poids[dimension]))
    return cells.assign(poids=price.where(~cells["tue"], price * FORGONE))


def _identities(count: int, equations: pd.DataFrame) -> np.ndarray:
    """For each cell, the number of the set of cells that equations of one whole and one part make equal."""
    same = equations[equations["reste"].isna() & (equations["parties"].map(len) == 1)]
    parts = same["parties"].map(lambda parts: parts[0]).to_numpy(dtype=np.int64)
    whole = same["tout"].to_numpy(dtype=np.int64)
    graph = coo_array((np.ones(len(same), dtype=np.int8), (whole, parts)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def _equations(every: pd.DataFrame, place: np.ndarray, count: int, rule: SecrecyRule) -> tuple[csr_array, pd.DataFrame]:
    """The equations over merged cells, each once, and the cells of what is left: value, and whether it is primary."""
    flat = every.assign(
        tout=place[every["tout"].to_numpy(dtype=np.int64)],
        parties=every["parties"].map(lambda parts: tuple(sorted(place[np.asarray(parts, dtype=np.int64)]))),
        complete=every["reste"].isna(),
    )
    told = flat.groupby(["tout", "parties", "complete"], sort=True, as_index=False).agg(
        reste=("reste", "first"), compte=("compte", "any")
    )
    of_itself = [parts == (whole,) for whole, parts in zip(told["tout"], told["parties"], strict=True)]
    told = told[~np.array(of_itself, dtype=bool)]
    left = told["reste"].notna().to_numpy()
    rest = pd.DataFrame({"valeur": told["reste"][left].astype(np.int64), "compte": told["compte"][left]})
    rest = rest.assign(primaire=rest["compte"] & rest["valeur"].between(1, rule.seuil - 1)).reset_index(drop=True)
    sizes = told["parties"].map(len).to_numpy(dtype=np.int64)
    rows = np.arange(len(told))
    parts = np.fromiter((cell for cells in told["parties"] for cell in cells), dtype=np.int64, count=sizes.sum())
    row = np.concatenate([rows, np.repeat(rows, sizes), np.flatnonzero(left)])
    column = np.concatenate([told["tout"].to_numpy(dtype=np.int64), parts, count + np.arange(len(rest))])
    sign = np.concatenate([np.ones(len(told)), -np.ones(len(parts)), -np.ones(len(rest))])
    return csr_array((sign, (row, column)), shape=(len(told), count + len(rest))), rest
