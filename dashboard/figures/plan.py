"""The plan: its actions by status through time, its money planned beside spent. Statuses are never merged."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.axes import records, thinned, top
from dashboard.figures.cadre import PROVISIONAL, swatches, unit_note
from dashboard.figures.modele import COLOURS, MUTED, Figure, Trace, layout, pattern, statut_mot
from dashboard.router import Lang
from publish.charte import formats
from publish.charte.mots import GIVEN

PLOT = 300
LEGEND_ROW = 22
MARGINS = 80
# Each status by a colour and a filling of its own: carried out is full, partly carried out is striped.
FILLINGS: dict[str, tuple[str, str]] = {
    "realisee": (COLOURS[0], ""),
    "partiellement_realisee": (COLOURS[4], "/"),
    "engagee": (COLOURS[2], "."),
    "non_engagee": (MUTED, ""),
    "abandonnee": (COLOURS[1], "x"),
}
PLANNED, SPENT = "prevu", "depense"
SIDES: dict[str, tuple[str, str]] = {PLANNED: (COLOURS[0], "/"), SPENT: (COLOURS[1], "")}


def _filling(colour: str, shape: str) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": colour, "line": {"color": colour, "width": 1}}
    if shape:
        fill = pattern("secret", colour=colour) | {"shape": shape}
        marker["pattern"] = fill
    return marker


def _bar(rows: pd.DataFrame, *, name: str, filling: tuple[str, str], lang: Lang, unit_label: str) -> Trace:
    known = [float(row.valeur) if row.statut in GIVEN else None for row in records(rows)]
    words = [_words(row, name, lang, unit_label) for row in records(rows)]
    return {
        "type": "bar",
        "name": name,
        "x": [str(code) for code in rows["periode"]],
        "y": known,
        "marker": _filling(*filling),
        "hovertext": words,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _words(row: Any, name: str, lang: Lang, unit_label: str) -> str:
    when = formats.periode(str(row.periode), lang)
    known = row.statut in GIVEN
    value = formats.quantite(float(row.valeur), unit_label, lang) if known else statut_mot(row.statut, lang)
    return f"<b>{when}</b><br>{name}<br>{value}"


def _category_axis(periods: list[str]) -> dict[str, Any]:
    """Periods in their order, few enough labels to stand side by side on a telephone."""
    yearly = [code for code in periods if code.endswith(("-T1", "-S1"))] or periods
    kept = thinned(yearly, 7)
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": periods,
        "tickvals": kept,
        "ticktext": [code[:4] for code in kept],
        "tickangle": 0,
    }


def _shapes(frame: pd.DataFrame, periods: list[str]) -> list[dict[str, Any]]:
    """The shading of provisional periods."""
    provisional = set(frame.loc[frame["provisoire"].astype(bool), "periode"])
    return [
        {
            **{"type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"},
            **{"x0": place - 0.5, "x1": place + 0.5, "fillcolor": PROVISIONAL, "line": {"width": 0}},
        }
        for place, period in enumerate(periods)
        if period in provisional
    ]


def _absences(frame: pd.DataFrame, periods: list[str], lang: Lang) -> list[dict[str, Any]]:
    """The word of its status above each period that misses a value: a gap without a word is never left."""
    absent = frame[~frame["statut"].isin(GIVEN)].drop_duplicates("periode")
    return [
        {
            **{"text": statut_mot(str(row.statut), lang), "x": periods.index(str(row.periode)), "xref": "x", "y": 0},
            **{"yref": "paper", "yanchor": "bottom", "showarrow": False, "textangle": -90, "font": {"size": 11}},
        }
        for row in records(absent)
    ]


def _figure(frame: pd.DataFrame, traces: list[Trace], *, lang: Lang, unit_label: str, axis: dict[str, Any]) -> Figure:
    periods = sorted(set(frame["periode"]))
    marks = swatches(frame, lang)
    box = {
        "xaxis": _category_axis(periods) | axis.pop("xaxis", {}),
        "annotations": [unit_note(unit_label), *_absences(frame, periods, lang)],
        "shapes": _shapes(frame, periods),
        **axis,
    }
    rows = len(traces) + len(marks)
    return {"data": [*traces, *marks], "layout": layout(lang, height=PLOT + MARGINS + LEGEND_ROW * rows, **box)}


def _traces(frame: pd.DataFrame, fillings: dict[str, tuple[str, str]], lang: Lang, unit_label: str) -> list[Trace]:
    """A trace per step, in the order of the fillings; only of the steps that the frame has."""
    groups = {str(step): rows.sort_values("periode") for step, rows in frame.groupby("etape", sort=False)}
    return [
        _bar(groups[step], name=str(groups[step]["nom"].iloc[0]), filling=filling, lang=lang, unit_label=unit_label)
        for step, filling in fillings.items()
        if step in groups
    ]


def statuts(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> Figure:
    """Actions by status, stacked by quarter. Columns: ``periode``, ``etape`` (a status), ``nom``, ``valeur``."""
    traces = _traces(frame, FILLINGS, lang, unit_label)
    axis: dict[str, Any] = {"barmode": "stack", "bargap": 0.08, "legend": {"traceorder": "normal"}}
    return _figure(frame, traces, lang=lang, unit_label=unit_label, axis=axis)


def budget(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> Figure:
    """Planned beside spent, year by year. Columns: ``periode``, ``etape`` (prevu, depense), ``nom``, ``valeur``."""
    traces = _traces(frame, SIDES, lang, unit_label)
    periods = sorted(set(frame["periode"]))
    values = [float(value) if pd.notna(value) else None for value in frame["valeur"]]
    axis: dict[str, Any] = {
        "barmode": "group",
        "bargap": 0.25,
        "xaxis": {"tickvals": periods, "ticktext": periods},
        "yaxis": {"range": [0, top(values)]},
    }
    return _figure(frame, traces, lang=lang, unit_label=unit_label, axis=axis)
