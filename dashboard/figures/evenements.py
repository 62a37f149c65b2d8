"""Events on a time axis: a thin vertical line, and above it a numbered badge whose words are listed under the chart.

A telephone has no room for words on the chart, and labels of events three weeks apart would cover one another; badges
do not: where two would touch, the later one goes up a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.figures.axes import iso, records
from dashboard.figures.modele import MUTED, Trace
from dashboard.router import Lang
from publish.charte.dates import date_dite

BADGE = "#5f6b7a"
NARROWEST_PLOT = 300.0
BADGE_WIDTH = 20.0
ROW_HEIGHT = 21


@dataclass(frozen=True)
class Badge:
    """An event within the period shown: its number, its date, its words, and its row of badges from the bottom."""

    number: int
    date: pd.Timestamp
    libelle: str
    row: int
    precision: str = "jour"

    def when(self, lang: Lang) -> str:
        """Its date in words, as precise as its source."""
        return date_dite(self.date, self.precision, lang)


def badges(events: pd.DataFrame | None, start: pd.Timestamp, end: pd.Timestamp) -> list[Badge]:
    """Events between two dates, both included, numbered in time and spread over rows so that no two badges touch.

    ``events`` has the columns ``date`` and ``libelle``, and ``date_precision`` where days are not all known. The
    spacing is that of the narrowest chart, on a telephone.
    """
    if events is None or events.empty:
        return []
    dates = pd.to_datetime(events["date"])
    shown = events.assign(date=dates)[(dates >= start) & (dates <= end)].sort_values("date", kind="stable")
    days_apart = max((end - start).days, 1) * BADGE_WIDTH / NARROWEST_PLOT
    placed: list[Badge] = []
    for number, event in enumerate(records(shown), start=1):
        date = pd.Timestamp(event.date)
        precision = str(getattr(event, "date_precision", "jour"))
        placed.append(Badge(number, date, str(event.libelle), _free_row(placed, date, days_apart), precision))
    return placed


def _free_row(placed: list[Badge], date: pd.Timestamp, days_apart: float) -> int:
    taken = {badge.row for badge in placed if (date - badge.date).days < days_apart}
    return next(row for row in range(len(placed) + 1) if row not in taken)


def rows(placed: list[Badge]) -> int:
    """Number of rows of badges."""
    return max((badge.row for badge in placed), default=-1) + 1


def lines(placed: list[Badge], *, foot: float, lane: Sequence[float]) -> list[dict[str, object]]:
    """The vertical lines, from the foot of the plot to their badge; ``lane`` is the share of the height badges take."""
    row = (lane[1] - lane[0]) / max(rows(placed), 1)
    dates = iso(badge.date for badge in placed)
    return [
        {
            "type": "line",
            "layer": "below",
            "xref": "x",
            "x0": date,
            "x1": date,
            "yref": "paper",
            "y0": foot,
            "y1": lane[0] + (badge.row + 0.5) * row,
            "line": {"color": MUTED, "width": 1, "dash": "dot"},
        }
        for date, badge in zip(dates, placed, strict=True)
    ]


def badge_trace(placed: list[Badge], lang: Lang) -> Trace:
    """The numbered badges, in the lane ``y3`` above the main plot; the words are in the hover label."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "evenements",
        "meta": {"role": "evenements"},
        "yaxis": "y3",
        "x": iso(badge.date for badge in placed),
        "y": [badge.row + 0.5 for badge in placed],
        "text": [str(badge.number) for badge in placed],
        "textfont": {"color": "#ffffff", "size": 11},
        "hovertext": [f"<b>{badge.when(lang)}</b><br>{badge.libelle}" for badge in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": 18, "color": BADGE},
        "cliponaxis": False,
        "showlegend": False,
    }
