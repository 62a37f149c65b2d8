"""What can be said of the course of each published series: the trend test, and its words.

The test reads the published values alone, so that it tells nothing of a secret cell and anyone can do it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pandas as pd

from etl.statistics import Panel, Trend, count_trends, panel_of, share_trends, wording
from schemas.contract import load_contract

SERIES = Path(__file__).resolve().parent / "sql" / "series_testables.sql"
KEY = ("indicateur", "territoire_niveau", "territoire_code", "ventilation", "modalite")
TESTS: Mapping[str, Callable[[Panel], list[Trend]]] = {"effectif": count_trends, "part": share_trends}
# Names of the fields of a Trend in the published dataset.
NAMES = {
    "p": "p",
    "slope": "pente",
    "slope_low": "pente_basse",
    "slope_high": "pente_haute",
    "slope_unit": "pente_unite",
    "used": "trimestres_utilises",
    "secret": "trimestres_secrets",
    "missing": "trimestres_manquants",
    "provisional": "trimestres_provisoires",
    "direction": "direction",
    "reason": "raison",
}
DECIMALS = 6


def trends(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of dataset ``tendances``, over a connection where ``protect`` has made the publishable observations."""
    series = con.execute(SERIES.read_text(encoding="utf-8")).df()
    tested = [_tested(series[series["genre"] == genre], test) for genre, test in TESTS.items()]
    names = load_contract("tendances", kind="datasets").names
    return pd.concat([pd.DataFrame(columns=list(names)), *(part for part in tested if len(part))])[list(names)]


def _tested(series: pd.DataFrame, test: Callable[[Panel], list[Trend]]) -> pd.DataFrame:
    if series.empty:
        return series
    keys, panel = panel_of(series, KEY)
    found = pd.DataFrame([{name: getattr(trend, field) for field, name in NAMES.items()} for trend in test(panel)])
    about = series.groupby(list(KEY), sort=True, dropna=False).agg(
        premier_trimestre=("periode", "min"),
        dernier_trimestre=("periode", "max"),
        polarite=("polarite", "first"),
        origine=("origine", "max"),
        source=("source", "first"),
    )
    table = pd.concat([keys, found.round(DECIMALS), about.reset_index(drop=True)], axis=1)
    words = [wording(*pair) for pair in zip(table["direction"], table["polarite"], strict=True)]
    return table.assign(formulation=words)
