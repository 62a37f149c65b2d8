"""Disclosure control: what a release may say of small counts, and what else it must keep quiet for that.

Primary suppression hides what the rule of ``schemas/confidentialite.toml`` names; complementary suppression hides what
would give it away by addition, with the least loss to the reader. `publish.audit` then attacks the result from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from etl.validation.sql import literal
from publish.disclosure.cells import STEPS, describe_cells, linked_cells
from publish.disclosure.shield import persistent, shield
from publish.withdraw import held_file
from schemas.confidentialite import SecrecyRule, secrecy_rule

SQL = Path(__file__).resolve().parent / "sql"


@dataclass(frozen=True)
class Loss:
    """What protection cost: cells hidden by the rule, cells hidden to shield them, and observations made secret."""

    primaires: int
    complementaires: int
    observations: int


def protect(con: duckdb.DuckDBPyConnection, *, earlier: Sequence[Path] = ()) -> Loss:
    """Make the temporary table ``publiees``: the warehouse's observations, with what must not be told made secret.

    A secret observation has no value, no numerator, no denominator and no interval; its statuses are ``secret``, Q and
    C, whatever the reason. ``earlier``: folders of the releases published before, whose secrets stay and whose figures
    everyone knows. Raises AuditFailed where they leave no way to protect a cell.
    """
    rule = secrecy_rule()
    con.execute(f"create or replace temp table observees as {_sql('observees')}")
    describe_cells(con, rule)
    _remember(con, earlier, rule)
    con.execute(
        f"create or replace temp table protections as {_sql('protections')}",
        {"seuil": rule.seuil, "petit_groupe": rule.petit_groupe, "attributs": list(rule.attributs)},
    )
    con.execute(f"create or replace temp table suites as {_sql('suites')}", {"version": len(earlier)})
    cells = linked_cells(con, rule)
    width = rule.valeurs - 1
    hidden = persistent(cells.table, shield(cells.table, width=width), cells.before, width=width)
    con.register("motif", pd.DataFrame({"cellule": np.arange(len(cells.place)), "cachee": hidden[cells.place]}))
    con.execute(f"create or replace temp table publiees as {_sql('publiees')}")
    con.unregister("motif")
    for table in (*STEPS, "observees", "cellules_anciennes", "lignes_tues", "protections", "suites"):
        con.execute(f"drop table {table}")
    printed = ~cells.table.derived
    secret = con.execute("select count(*) from publiees where statut = 'secret'").fetchall()[0][0]
    first = int((cells.table.primary & printed).sum())
    return Loss(first, int((hidden & printed).sum()) - first, int(secret))


def _remember(con: duckdb.DuckDBPyConnection, earlier: Sequence[Path], rule: SecrecyRule) -> None:
    """Make ``cellules_anciennes`` and ``lignes_tues``: what earlier releases told of cells, and what they did not."""
    queries = {"cellules_anciennes": "dites", "lignes_tues": "tues"}
    for table, query in queries.items():
        con.execute(f"create or replace temp table {table} as select *, 0 as version from ({_sql(query)}) limit 0")
    for version, folder in enumerate(earlier):
        if not (folder / "data" / "observations.parquet").exists():
            continue
        with duckdb.connect() as read:
            for name in ("observations", "indicateurs", "mesures", "services", "territoires"):
                path = held_file(folder, f"data/{name}.parquet")
                read.execute(
                    f"create view {name} as from read_parquet({literal(str(path))}, hive_partitioning = false)"
                )
            read.execute(f"create temp table observees as {_sql('observees')}")
            describe_cells(read, rule, steps=("roles", "cellules"))
            for table, query in queries.items():
                con.register("connues", read.execute(_sql(query)).to_arrow_table())
                con.execute(f"insert into {table} select *, {version} from connues")
                con.unregister("connues")


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
