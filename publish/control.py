"""Which days of a rest space are out of the ordinary: natural limits of the published daily values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from etl.statistics import Chart, xmr
from schemas.contract import load_contract

DAYS = Path(__file__).resolve().parent / "sql" / "jours_des_services.sql"
EVENTS = "select service_id, date_debut::date as jour from evenements where service_id is not null and majeur"
DECIMALS = 3


def daily_control(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of dataset ``controle_quotidien``; the limits start anew each year and at each major event."""
    days = con.execute(DAYS.read_text(encoding="utf-8")).df()
    events = con.execute(EVENTS).df()
    parts = [_charted(part, events) for _, part in days.groupby(["indicateur", "service_id"], sort=True)]
    names = list(load_contract("controle_quotidien", kind="datasets").names)
    return pd.concat([pd.DataFrame(columns=names), *parts])[names] if parts else pd.DataFrame(columns=names)


def _charted(part: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    mine = events[events["service_id"] == part["service_id"].iloc[0]]["jour"]
    # A place drifts over the years: limits held since its opening would find every day of today unusual.
    years = [date(year, 1, 1) for year in sorted(set(part["jour"].dt.year))[1:]]
    moments = {moment.date() for moment in pd.to_datetime(mine)}.union(years)
    chart = xmr(part["valeur"].to_numpy(dtype=float), part["jour"].to_numpy(), events=sorted(moments))
    return part.assign(
        jour=part["jour"].dt.date,
        segment=chart.segment.astype(int),
        centre=chart.centre.round(DECIMALS),
        limite_basse=chart.low.round(DECIMALS),
        limite_haute=chart.high.round(DECIMALS),
        signal=_signals(chart),
    )


def _signals(chart: Chart) -> np.ndarray:
    """The first rule that points at each day, the strongest first."""
    rules = [np.isnan(chart.centre), chart.beyond > 0, chart.beyond < 0, chart.run, chart.near]
    return np.select(rules, ["non_calcule", "au_dessus", "au_dessous", "serie", "proche"], default="aucun")
