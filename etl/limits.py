"""Limits of the observations: what `etl/statistics` computes of counts, written beside them in the warehouse."""

from __future__ import annotations

import duckdb
import pandas as pd

from etl.statistics import byar, wilson
from etl.validation.sql import quote


def with_limits(con: duckdb.DuckDBPyConnection, query: str, *, table: str) -> None:
    """Make ``table`` from ``query``, which joins ``valeurs`` to the limits of its rows.

    The limits are ``bornes``: ``rang`` (the rowid in ``valeurs``), ``borne_basse`` and ``borne_haute``, in the unit of
    the value.
    """
    counts = con.execute(
        "select rowid as rang, numerateur, denominateur, echelle, intervalle from valeurs "
        "where intervalle <> 'aucun' and statut in ('valeur', 'zero')"
    ).df()
    con.register("bornes", pd.concat([_limits(counts, "wilson"), _limits(counts, "byar")]).astype(float))
    con.execute(f"create or replace table {quote(table)} as {query}")


def _limits(counts: pd.DataFrame, method: str) -> pd.DataFrame:
    part = counts[counts["intervalle"] == method]
    numerator, denominator, scale = (
        part[name].to_numpy(dtype=float) for name in ("numerateur", "denominateur", "echelle")
    )
    if method == "wilson":
        low, high = wilson(numerator, denominator)
        factor = scale
    else:
        low, high = byar(numerator)
        factor = scale / pd.Series(denominator).where(scale > 1, 1.0).to_numpy()
    return pd.DataFrame({"rang": part["rang"], "borne_basse": low * factor, "borne_haute": high * factor})
