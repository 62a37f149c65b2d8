"""Axes: tick labels of time in the language, and ranges that leave nothing out.

Labels are made here rather than by the chart library, so that they are the same on screen, in print and without
a locale file; their number is bounded so that they stand side by side on a telephone 390 pixels wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard.router import Lang
from publish.charte import formats
from publish.charte.lignes import records as records

MAX_LABELS = 8
YEAR = 365.25


def midpoints(frame: pd.DataFrame) -> pd.Series:
    """Middle of each period, ``periode_fin`` included: where a value of that period is drawn."""
    start = pd.to_datetime(frame["periode_debut"])
    end = pd.to_datetime(frame["periode_fin"]) + pd.Timedelta(days=1)
    return start + (end - start) / 2


def iso(dates: Iterable[pd.Timestamp]) -> list[str]:
    """Dates as plotly reads them, without a time zone: a date must not move with the reader's clock."""
    return [
        date.strftime("%Y-%m-%d %H:%M") if date.hour or date.minute else date.strftime("%Y-%m-%d") for date in dates
    ]


def thinned(items: list[Any], most: int = MAX_LABELS) -> list[Any]:
    """Every n-th item, counted back from the last, so that at most ``most`` are kept."""
    step = math.ceil(len(items) / most) if items else 1
    return items[::-1][::step][::-1]


def _quarter_label(date: pd.Timestamp, lang: Lang, *, year: bool) -> str:
    label = f"{'Q' if lang == 'en' else 'T'}{date.quarter}"
    return f"{label}<br>{date.year}" if year else label


def _month_label(date: pd.Timestamp, lang: Lang, *, year: bool) -> str:
    label = formats.MOIS_COURTS[lang][date.month - 1]
    return f"{label}<br>{date.year}" if year else label


def _with_years(dates: list[pd.Timestamp], label: Any, lang: Lang) -> list[str]:
    """Labels that say the year on the first tick and wherever it changes."""
    years = [None, *(date.year for date in dates)]
    return [label(date, lang, year=date.year != before) for date, before in zip(dates, years, strict=False)]


def _day_label(date: pd.Timestamp, lang: Lang) -> str:
    return f"{date.day}{formats.NBSP}{formats.MOIS_COURTS[lang][date.month - 1]}"


def time_ticks(start: pd.Timestamp, end: pd.Timestamp, lang: Lang) -> tuple[list[str], list[str]]:
    """Positions and labels of a time axis from ``start`` to ``end``: years, quarters, months or days by length."""
    days = (end - start).days
    if days > 3.1 * YEAR:
        ticks = thinned(list(pd.date_range(start, end, freq="YS")))
        return iso(ticks), [str(date.year) for date in ticks]
    if days > 1.1 * YEAR:
        ticks = thinned(list(pd.date_range(start, end, freq="QS")))
        return iso(ticks), _with_years(ticks, _quarter_label, lang)
    if days > 45:
        ticks = thinned(list(pd.date_range(start, end, freq="MS")), 6)
        return iso(ticks), _with_years(ticks, _month_label, lang)
    ticks = thinned(list(pd.date_range(start, end, freq="D")), 5)
    return iso(ticks), [_day_label(date, lang) for date in ticks]


def period_ticks(frame: pd.DataFrame, lang: Lang) -> tuple[list[str], list[str]]:
    """Positions and labels for the periods of a frame: under each period when they are few, else by calendar."""
    periods = frame.drop_duplicates("periode").sort_values("periode_debut")
    grain = str(periods["granularite"].iloc[0])
    label = {"trimestre": _quarter_label, "mois": _month_label}.get(grain)
    if grain != "annee" and (label is None or len(periods) > 12):
        return time_ticks(periods["periode_debut"].min(), periods["periode_fin"].max(), lang)
    kept = thinned(list(zip(midpoints(periods), periods["periode_debut"], strict=True)))
    positions, starts = (
        iso(mid for mid, _ in kept),
        [pd.Timestamp(start) for _, start in kept],
    )
    return positions, _with_years(starts, label, lang) if label else [str(start.year) for start in starts]


def top(*columns: Iterable[float | None]) -> float:
    """Upper end of an axis from zero that holds every known value with some room above; 1 when there is none."""
    known = [float(value) for column in columns for value in column if value is not None and not math.isnan(value)]
    return max(known) * 1.08 if known and max(known) > 0 else 1.0
