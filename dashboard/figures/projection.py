"""The projection of a target on its path: the quarters in which it may be met, at the height of the target.

The axis of time is lengthened to hold it: what is projected stands where no value is, and is no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.figures import axes
from dashboard.figures.cadre import LEGEND_ROW
from dashboard.figures.modele import TARGET, Figure, Trace
from dashboard.i18n import texts
from dashboard.router import Lang


@dataclass(frozen=True)
class Projection:
    """A target (in the unit of the series), the quarters where it may be met (2.5 %, one half, 97.5 %), its words."""

    target: float
    early: str
    central: str
    late: str
    words: str


def with_projections(figure: Figure, frame: pd.DataFrame, projections: Sequence[Projection], *, lang: Lang) -> Figure:
    """The figure of a path with its projections; the same figure where there is none."""
    if not projections:
        return figure
    start, end = frame["periode_debut"].min(), max(_middle(one.late) for one in projections) + pd.DateOffset(months=3)
    ticks, labels = axes.time_ticks(start, end, lang)
    layout = figure["layout"]
    axis = layout["xaxis"] | {"range": axes.iso((start, end)), "tickvals": ticks, "ticktext": labels}
    lines = [_longer(trace, end) for trace in figure["data"]]
    drawn = [_trace(one, lang, first=one is projections[0]) for one in projections]
    return {"data": [*lines, *drawn], "layout": layout | {"xaxis": axis, "height": layout["height"] + LEGEND_ROW}}


def _middle(quarter: str) -> pd.Timestamp:
    return pd.Period(quarter.replace("-T", "Q"), freq="Q").start_time + pd.Timedelta(days=45)


def _longer(trace: Trace, end: pd.Timestamp) -> Trace:
    """The line of a target goes as far as the axis."""
    if trace.get("meta", {}).get("role") != "objectif":
        return trace
    return trace | {"x": [trace["x"][0], *axes.iso([end])]}


def _trace(one: Projection, lang: Lang, *, first: bool) -> Trace:
    """From the earliest to the latest quarter as a bar with ends, a hollow diamond where it is one chance in two."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": texts(lang)("trajectoire.zone"),
        "meta": {"role": "projection"},
        "x": axes.iso(_middle(quarter) for quarter in (one.early, one.central, one.late)),
        "y": [one.target] * 3,
        "line": {"color": TARGET, "width": 7},
        "opacity": 0.75,
        "marker": {
            "symbol": ["line-ns-open", "diamond", "line-ns-open"],
            "size": [16, 13, 16],
            "color": TARGET,
            "line": {"width": 2, "color": TARGET},
        },
        "cliponaxis": False,
        "hovertext": [one.words] * 3,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": first,
        "legendrank": 1850,
    }
