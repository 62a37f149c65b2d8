"""Frame of a time chart: lines, lane of statuses below, badges of events above, provisional shading, axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle, groupby
from typing import Any

import pandas as pd

from dashboard import formats
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

DAY_MS = 86_400_000
PLOT_HEIGHT = 250
LANE_HEIGHT = 13
LEGEND_ROW = 22
PROVISIONAL = rgba("#927100", 0.16)


@dataclass(frozen=True)
class Line:
    """One line of the chart: its rows sorted in time, its name and the marks it is told by."""

    name: str
    rows: pd.DataFrame
    colour: str
    symbol: str
    dash: str


def lines_of(frame: pd.DataFrame) -> list[Line]:
    """A line per ``modalite``, in the order of the frame."""
    groups = frame.sort_values("periode_debut", kind="stable").groupby("modalite", sort=False)
    marks = zip(COLOURS, SYMBOLS, DASHES, strict=True)
    return [
        Line(str(rows["nom"].iloc[0]), rows, *mark) for (_, rows), mark in zip(groups, cycle(list(marks)), strict=False)
    ]


def values_of(rows: pd.DataFrame, column: str = "valeur") -> list[float | None]:
    """Values to draw: None wherever the status says that there is none, whatever the cell holds."""
    known = rows["statut"].isin(["valeur", "zero"])
    return [float(v) if ok and pd.notna(v) else None for v, ok in zip(rows[column], known, strict=True)]


def _runs(line: Line) -> list[tuple[str, list[Any]]]:
    rows = line.rows[line.rows["statut"].isin(ABSENT) | line.rows["statut"].isin(["valeur", "zero"])]
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


def _provisional(frame: pd.DataFrame) -> dict[str, Any] | None:
    rows = frame[frame["provisoire"].astype(bool)]
    if rows.empty:
        return None
    start, end = (
        rows["periode_debut"].min(),
        rows["periode_fin"].max() + pd.Timedelta(days=1),
    )
    x0, x1 = axes.iso([start, end])
    return {
        "type": "rect", "layer": "below", "name": "provisoire", "xref": "x", "x0": x0, "x1": x1,
        "yref": "y domain", "y0": 0, "y1": 1, "line": {"width": 0}, "fillcolor": PROVISIONAL,
    }  # fmt: skip


def _target_marks(target: float | None, lang: Lang, unit_label: str) -> tuple[list[Any], list[Any]]:
    """The line of the target and its words, which stand on it at the left."""
    if target is None:
        return [], []
    line = {
        "type": "line", "name": "objectif", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": target, "y1": target,
        "line": {"color": TARGET, "width": 2, "dash": "dash"},
    }  # fmt: skip
    words = texts(lang)("fig.objectif", valeur=formats.quantite(target, unit_label, lang))
    note = {
        "text": words, "xref": "paper", "x": 0, "xanchor": "left", "xshift": 4, "yref": "y", "y": target,
        "yanchor": "bottom", "showarrow": False, "font": {"size": 12, "color": INK},
    }  # fmt: skip
    return [line], [note]


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
    frame: pd.DataFrame, traces: list[Trace], *, lang: Lang, unit_label: str, events: pd.DataFrame | None,
    target: float | None, top: float,
) -> Figure:  # fmt: skip
    """The axes around the traces: status lane below, event badges above, provisional shading, legend under all."""
    start, end = (
        frame["periode_debut"].min(),
        frame["periode_fin"].max() + pd.Timedelta(days=1),
    )
    placed = evenements.badges(events, start, end)
    lanes = frame["modalite"].nunique() if frame["statut"].isin(ABSENT).any() else 0
    above, below = (
        evenements.rows(placed) * evenements.ROW_HEIGHT,
        lanes * LANE_HEIGHT + (6 if lanes else 0),
    )
    area = PLOT_HEIGHT + above + below
    shading, (target_line, target_note) = (
        _provisional(frame),
        _target_marks(target, lang, unit_label),
    )
    ticks, labels = axes.period_ticks(frame, lang)
    entries = sum(bool(trace.get("showlegend", True)) for trace in traces)
    box: dict[str, Any] = {
        "xaxis": {
            "type": "date", "range": axes.iso([start, end]), "tickvals": ticks, "ticktext": labels, "tickangle": 0,
            "anchor": "free", "position": 0,
        },
        "yaxis": {"domain": [below / area, (below + PLOT_HEIGHT) / area], "range": [0, top]},
        "shapes": [*([shading] if shading else []), *evenements.lines(placed), *target_line],
        "annotations": [unit_note(unit_label), *target_note],
        "barmode": "overlay",
    }  # fmt: skip
    if top <= 6:
        box["yaxis"] |= {"dtick": 1}
    if lanes:
        box["yaxis2"] = _hidden_axis([0, (below - 6) / area], lanes)
    if placed:
        box["yaxis3"] = _hidden_axis([1 - above / area, 1], evenements.rows(placed))
        traces = [*traces, evenements.badge_trace(placed, lang)]
    rows = math.ceil(entries / 2)
    return {
        "data": traces,
        "layout": layout(lang, height=area + 74 + LEGEND_ROW * rows, **box),
    }


def _hidden_axis(domain: list[float], rows: int) -> dict[str, Any]:
    return {
        "domain": domain,
        "range": [0, rows],
        "visible": False,
        "fixedrange": True,
        "anchor": "x",
    }


def require_rows(frame: pd.DataFrame) -> None:
    """Raises ValueError for a frame without rows."""
    if frame.empty:
        raise ValueError("a series needs at least one row: say in words that there is nothing to draw")
