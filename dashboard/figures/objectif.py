"""The path to a target: the series of its indicator with a line for each of its steps."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.figures.cadre import target_trace
from dashboard.figures.modele import Figure
from dashboard.figures.series import serie
from dashboard.router import Lang

STEP_DASHES = ("dash", "dot", "dashdot")
LEGEND_ROW = 22


def chemin(
    frame: pd.DataFrame, *, lang: Lang, unit_label: str, targets: Sequence[float], events: pd.DataFrame | None = None
) -> Figure:
    """The series with its targets, the highest setting the height of the axis. Raises ValueError without a row.

    ``targets`` are in the unit of the series; ``events`` are its due dates.
    """
    steps = sorted(set(targets), reverse=True)
    figure = serie(frame, lang=lang, unit_label=unit_label, events=events, target=steps[0] if steps else None)
    for place, value in enumerate(steps[1:], start=1):
        trace = target_trace(frame, value, lang=lang, unit_label=unit_label)
        trace["line"] = trace["line"] | {"dash": STEP_DASHES[place % len(STEP_DASHES)]}
        figure["data"].append(trace)
    figure["layout"]["height"] += LEGEND_ROW * max(len(steps) - 1, 0)
    return figure
