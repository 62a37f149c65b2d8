"""Frame of a time chart: lines, lane of statuses below, badges of events above, provisional shading, axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle, groupby
from typing import Any

import pandas as pd

from dashboard.figures import axes, evenements
from dashboard.figures.modele import (
    ABSENT,
    BLANK,
    COLOURS,
    DASHES,
    INK,
    MUTED,
    SYMBOLS,
    TARGET,
    Figure,
    Trace,
    layout,
    legend_swatch,
    pattern,
    rgba,
    status_swatch,
    statut_mot,
    statut_phrase,
)
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats
from publish.charte.mots import GIVEN
from publish.charte.origines import line_keys, require_one_origin

DAY_MS = 86_400_000
PLOT_HEIGHT = 250
LANE_HEIGHT = 13
LANE_GAP = 6
LEGEND_ROW = 22
MARGINS = 74
NARROW = 340
PROVISIONAL = rgba("#927100", 0.2)


@dataclass(frozen=True)
class Line:
    """One line of the chart: its rows sorted in time, its name and the marks it is told by."""

    name: str
    rows: pd.DataFrame
    colour: str
    symbol: str
    dash: str


def lines_of(frame: pd.DataFrame) -> list[Line]:
    """A line per ``modalite``, and per origin where the frame has several, in the order of the frame."""
    groups = frame.sort_values("periode_debut", kind="stable").groupby(line_keys(frame), sort=False)
    marks = zip(COLOURS, SYMBOLS, DASHES, strict=True)
    return [
        Line(str(rows["nom"].iloc[0]), rows, *mark) for (_, rows), mark in zip(groups, cycle(list(marks)), strict=False)
    ]


def values_of(rows: pd.DataFrame, column: str = "valeur") -> list[float | None]:
    """Values to draw: None wherever the status says that there is none, whatever the cell holds."""
    known = rows["statut"].isin(GIVEN)
    return [float(v) if ok and pd.notna(v) else None for v, ok in zip(rows[column], known, strict=True)]


def _runs(line: Line) -> list[tuple[str, list[Any]]]:
    rows = line.rows[line.rows["statut"].isin(ABSENT) | line.rows["statut"].isin(GIVEN)]
    runs = groupby(axes.records(rows), key=lambda row: str(row.statut))
    return [(statut, list(run)) for statut, run in runs if statut in ABSENT]


def _run_words(statut: str, run: list[Any], line: Line, lang: Lang, *, several: bool) -> str:
    start, end = (
        formats.periode(run[0].periode, lang),
        formats.periode(run[-1].periode, lang),
    )
    when = start if len(run) == 1 else texts(lang)("fig.de_a", debut=start, fin=end)
    return "<br>".join(
        [
            f"<b>{when}</b>",
            *([line.name] if several else []),
            statut_phrase(statut, lang),
        ]
    )


def lane(lines: list[Line], lang: Lang) -> list[Trace]:
    """One bar per run of periods without value, in the lane ``y2``: a row per line of the chart."""
    several, traces = len(lines) > 1, []
    for row, line in enumerate(lines[::-1]):
        for statut in ABSENT:
            runs = [run for kind, run in _runs(line) if kind == statut]
            if runs:
                traces.append(_lane_trace(statut, runs, line, lang, base=row, several=several))
    return traces


def _lane_trace(
    statut: str,
    runs: list[list[Any]],
    line: Line,
    lang: Lang,
    *,
    base: int,
    several: bool,
) -> Trace:
    starts = [pd.Timestamp(run[0].periode_debut) for run in runs]
    ends = [pd.Timestamp(run[-1].periode_fin) + pd.Timedelta(days=1) for run in runs]
    colour = line.colour if several else MUTED
    return {
        "type": "bar",
        "name": statut_mot(statut, lang),
        "meta": {"role": "statut", "statut": statut},
        "yaxis": "y2",
        "x": axes.iso(starts),
        "offset": 0,
        "width": [(end - start).days * DAY_MS for start, end in zip(starts, ends, strict=True)],
        "base": [base + 0.1] * len(runs),
        "y": [0.8] * len(runs),
        "marker": {
            "color": BLANK,
            "pattern": pattern(statut, colour=colour),
            "line": {"color": colour, "width": 1},
        },
        "hovertext": [_run_words(statut, run, line, lang, several=several) for run in runs],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _provisional(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Shading from the first provisional period to the end of the last."""
    rows = frame[frame["provisoire"].astype(bool)]
    if rows.empty:
        return []
    x0, x1 = axes.iso(_span(rows))
    return [
        {
            "type": "rect",
            "layer": "below",
            "name": "provisoire",
            "xref": "x",
            "x0": x0,
            "x1": x1,
            "yref": "y domain",
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "fillcolor": PROVISIONAL,
        }
    ]


def target_trace(frame: pd.DataFrame, target: float, *, lang: Lang, unit_label: str) -> Trace:
    """The target as a dashed line over the whole period, named with its value in the legend."""
    words = texts(lang)("fig.objectif", valeur=formats.quantite(target, unit_label, lang))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": words,
        "meta": {"role": "objectif"},
        "x": axes.iso(_span(frame)),
        "y": [target, target],
        "line": {"color": TARGET, "width": 2, "dash": "dash"},
        "hovertemplate": f"{words}<extra></extra>",
        "legendrank": 1800,
    }


def _span(frame: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First instant of the period shown, and the one after its last day."""
    return frame["periode_debut"].min(), frame["periode_fin"].max() + pd.Timedelta(days=1)


def unit_note(unit_label: str) -> dict[str, Any]:
    """The unit, written flat above the axis."""
    return {
        "text": unit_label, "xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom",
        "yshift": 5, "showarrow": False, "font": {"size": 12, "color": INK}, "name": "unite",
    }  # fmt: skip


def swatches(frame: pd.DataFrame, lang: Lang) -> list[Trace]:
    """Legend entries of the marks that are on the chart, and of no other."""
    found = set(frame["statut"])
    entries = [status_swatch(statut, lang) for statut in ABSENT if statut in found]
    if frame["provisoire"].astype(bool).any():
        entries.append(
            legend_swatch(
                texts(lang)("fig.periode_provisoire"),
                rank=2100,
                marker={"color": PROVISIONAL, "line": {"width": 0}},
            )
        )
    return entries


def zero_swatch(frame: pd.DataFrame, lang: Lang) -> list[Trace]:
    """Legend entry of an observed zero, where there is one."""
    if not (frame["statut"] == "zero").any():
        return []
    marker = {
        "symbol": "circle-open",
        "size": 9,
        "color": MUTED,
        "line": {"width": 2, "color": MUTED},
    }
    name = statut_mot("zero", lang)
    return [legend_swatch(name, rank=1900, type="scatter", mode="markers", marker=marker)]


def framed(
    frame: pd.DataFrame, traces: list[Trace], *, lang: Lang, unit_label: str, events: pd.DataFrame | None, top: float
) -> Figure:  # fmt: skip
    """The axes around the traces: status lane below, event badges above, provisional shading, legend under all."""
    placed = evenements.badges(events, *_span(frame))
    heights = _Heights(
        lane=_lane_height(frame),
        badges=evenements.rows(placed) * evenements.ROW_HEIGHT,
        legend=_legend_height(traces),
    )
    box: dict[str, Any] = {
        "xaxis": _time_axis(frame, lang),
        "yaxis": {"domain": heights.plot_domain, "range": [0, top]} | ({"dtick": 1} if top <= 6 else {}),
        "yaxis2": _hidden_axis(heights.lane_domain, _count(frame)),
        "yaxis3": _hidden_axis(heights.badges_domain, evenements.rows(placed)),
        "shapes": [
            *_provisional(frame),
            *evenements.lines(placed, foot=heights.plot_domain[0], lane=heights.badges_domain),
        ],
        "annotations": [unit_note(unit_label)],
        "barmode": "overlay",
    }
    drawn = [*traces, evenements.badge_trace(placed, lang)] if placed else traces
    return {"data": drawn, "layout": layout(lang, height=heights.total, **box)}


@dataclass(frozen=True)
class _Heights:
    """Heights in pixels of what stands around the plot, and the shares of the whole they make."""

    lane: int
    badges: int
    legend: int

    @property
    def _area(self) -> int:
        return PLOT_HEIGHT + self.lane + self.badges

    @property
    def lane_domain(self) -> list[float]:
        return [0, max(self.lane - LANE_GAP, 0) / self._area]

    @property
    def plot_domain(self) -> list[float]:
        return [self.lane / self._area, (self.lane + PLOT_HEIGHT) / self._area]

    @property
    def badges_domain(self) -> list[float]:
        return [self.plot_domain[1], 1]

    @property
    def total(self) -> int:
        return self._area + MARGINS + self.legend


def _lane_height(frame: pd.DataFrame) -> int:
    return _count(frame) * LANE_HEIGHT + LANE_GAP if frame["statut"].isin(ABSENT).any() else 0


def _count(frame: pd.DataFrame) -> int:
    """Number of lines of a frame."""
    return int(frame.groupby(line_keys(frame)).ngroups)


def _legend_height(traces: list[Trace]) -> int:
    """Height of the legend on a telephone, where columns are as wide as the longest name."""
    names = [str(trace["name"]) for trace in traces if trace.get("showlegend", True)]
    columns = max(1, NARROW // (46 + 7 * max(map(len, names), default=1)))
    return LEGEND_ROW * math.ceil(len(names) / columns)


def _time_axis(frame: pd.DataFrame, lang: Lang) -> dict[str, Any]:
    ticks, labels = axes.period_ticks(frame, lang)
    return {
        "type": "date",
        "range": axes.iso(_span(frame)),
        "tickvals": ticks,
        "ticktext": labels,
        "tickangle": 0,
        "anchor": "free",
        "position": 0,
    }


def _hidden_axis(domain: list[float], rows: int) -> dict[str, Any]:
    return {"domain": domain, "range": [0, max(rows, 1)], "visible": False, "fixedrange": True, "anchor": "x"}


def require_rows(frame: pd.DataFrame) -> None:
    """Raises ValueError for a frame without rows, or with rows of several origins under one name."""
    if frame.empty:
        raise ValueError("a series needs at least one row: say in words that there is nothing to draw")
    require_one_origin(frame)
