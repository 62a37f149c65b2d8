"""Shares against the territory that encloses them, and the shortlist: worse than the benchmark and worsening.

Read on the published values alone, so that it tells nothing of a secret cell and anyone can do it again.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from etl.statistics import compare, is_shortlisted
from schemas.contract import load_contract

PAIRS = Path(__file__).resolve().parent / "sql" / "parts_comparables.sql"


def benchmarks(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of dataset ``comparaisons``, over a connection that has the publishable observations and the trends.

    Source: Fingertips technical guidance (UKHSA) for the comparison; fingertipsR's red flags for the shortlist.
    """
    names = list(load_contract("comparaisons", kind="datasets").names)
    pairs = con.execute(PAIRS.read_text(encoding="utf-8")).df()
    parts = [_compared(rows, str(polarity)) for polarity, rows in pairs.groupby("polarite")]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    return table[names].astype({"signale": bool})


def _compared(rows: pd.DataFrame, polarity: str) -> pd.DataFrame:
    told = compare(rows["borne_basse"], rows["borne_haute"], rows["reference_valeur"], polarity=polarity)
    flags = [is_shortlisted(*pair) for pair in zip(told, rows["formulation"], strict=True)]
    return rows.assign(comparaison=told, signale=flags)
