"""Figures of transcribed documents: points that a source states, bars by structure, dots by measure.

What several methods gave is never joined by a line: ``points`` joins the values of one ``modalite`` only, and only
where ``joined`` says that they come from one instrument. A range is drawn as a range, without a point its source does
not give. A value that is not available is a word, never a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard.figures.axes import records, top
from dashboard.figures.cadre import unit_note
from dashboard.figures.modele import COLOURS, INK, MUTED, SYMBOLS, Figure, Trace, layout, rgba
from dashboard.router import Lang
from publish.charte import formats

PLOT = 260
LEGEND_ROW = 22
ROW = 52
NAME_WIDTH = 42
THICK = 0.32
PHONE_PLOT = 310.0
LETTER = 7.4
SHORTEST = 0.25
# The axis of shares is longer than 100 % so that words have room; its ticks are not.
SHARES = [0, 25, 50, 75, 100]


def points(frame: pd.DataFrame, *, lang: Lang, unit_label: str, joined: bool) -> Figure:
    """Values by year, one mark and colour per ``modalite``.

    Columns: ``annee`` (number), ``modalite``, ``nom``, ``valeur``, ``borne_basse``, ``borne_haute``, ``texte`` (hover).
    """
    traces: list[Trace] = []
    groups = list(frame.sort_values("annee", kind="stable").groupby("modalite", sort=False))
    for place, (_, rows) in enumerate(groups):
        colour, symbol = COLOURS[place % len(COLOURS)], SYMBOLS[place % len(SYMBOLS)]
        traces += [*_ranges(rows, colour), _marks(rows, colour=colour, symbol=symbol, joined=joined)]
    years = sorted({float(year) for year in frame["annee"]})
    box = {
        "xaxis": {"range": [years[0] - 1, years[-1] + 1], **_years(years)},
        "yaxis": {"range": [0, top(_known(frame["valeur"]), _known(frame["borne_haute"]))]},
        "annotations": [unit_note(unit_label)],
        "showlegend": len(groups) > 1,
    }
    legend = LEGEND_ROW * len(groups) if len(groups) > 1 else 0
    return {"data": traces, "layout": layout(lang, height=PLOT + 90 + legend, **box)}


def _known(column: pd.Series) -> list[float | None]:
    return [float(value) if pd.notna(value) else None for value in column]


def _years(years: list[float]) -> dict[str, Any]:
    """A tick at each year that has a value; a year next to the one before has its label a line below."""
    whole, labels = [int(year) for year in years], list[str]()
    for year, before in zip(whole, [None, *whole], strict=False):
        beside = before is not None and year - before == 1 and not labels[-1].startswith("<br>")
        labels.append(f"<br>{year}" if beside else str(year))
    return {"tickvals": whole, "ticktext": labels, "tickangle": 0}


def _ranges(rows: pd.DataFrame, colour: str) -> list[Trace]:
    limits = rows[rows["borne_basse"].notna() & rows["borne_haute"].notna()]
    if limits.empty:
        return []
    x = [value for year in limits["annee"] for value in (float(year), float(year), None)]
    pairs = zip(limits["borne_basse"], limits["borne_haute"], strict=True)
    y = [value for low, high in pairs for value in (float(low), float(high), None)]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "meta": {"role": "intervalle"},
            "x": x,
            "y": y,
            "line": {"color": rgba(colour, 0.6), "width": 9},
            "hoverinfo": "skip",
            "name": str(rows["nom"].iloc[0]),
            "showlegend": bool(rows["valeur"].isna().all()),
        }
    ]


def _marks(rows: pd.DataFrame, *, colour: str, symbol: str, joined: bool) -> Trace:
    """The values; a range without a value has a mark that is not seen at its middle, there for its label only."""
    middle = (rows["borne_basse"] + rows["borne_haute"]) / 2
    stated = rows["valeur"].notna()
    return {
        "type": "scatter",
        "mode": "lines+markers" if joined else "markers",
        "name": str(rows["nom"].iloc[0]),
        "meta": {"role": "valeur"},
        "x": [float(year) for year in rows["annee"]],
        "y": [float(value) for value in rows["valeur"].fillna(middle)],
        "cliponaxis": False,
        "line": {"color": colour, "width": 2},
        "marker": {
            "size": 10,
            "symbol": symbol,
            "color": colour,
            "opacity": [1 if known else 0 for known in stated],
            "line": {"width": 0},
        },
        "showlegend": bool(stated.any()),
        "hovertext": list(rows["texte"]),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def barres_dites(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> Figure:
    """A horizontal bar per row, in its order, its value in words beyond it; a row without value has the words only.

    Columns: ``nom``, ``valeur``, ``texte`` (what is written), ``survol`` (hover label).
    """
    rows = records(frame)
    end = max((_room(row) for row in rows), default=1.0)
    lines = max((len(wrap(row.nom, NAME_WIDTH, break_on_hyphens=False)) for row in rows), default=1)
    row_height = ROW + 17 * (lines - 1)
    notes = [note for place, row in enumerate(rows) for note in _row_notes(place, row, ROW / row_height)]
    box = layout(
        lang,
        height=70 + row_height * len(rows),
        barmode="overlay",
        showlegend=False,
        xaxis={"range": [0, end]} | ({"tickvals": SHARES} if unit_label == "%" else {"nticks": 5}),
        yaxis={"range": [-len(rows) + 0.6, 0.72], "visible": False},
        annotations=[*notes, unit_note(unit_label)],
    )
    return {"data": [_bars(rows, THICK * ROW / row_height)], "layout": box}


def _room(row: Any) -> float:
    """Length of the axis that leaves room for the words beyond the bar on the narrowest chart, that of a telephone."""
    if not formats.est_connu(row.valeur) or row.valeur <= 0:
        return 1.0
    share = 1 - (LETTER * len(row.texte) + 14) / PHONE_PLOT
    return float(row.valeur) / max(share, SHORTEST)


def _bars(rows: list[Any], thick: float) -> Trace:
    known = [(place, row) for place, row in enumerate(rows) if formats.est_connu(row.valeur)]
    return {
        "type": "bar",
        "orientation": "h",
        "meta": {"role": "valeur"},
        "x": [float(row.valeur) for _, row in known],
        "y": [-place for place, _ in known],
        "width": thick,
        "marker": {"color": COLOURS[0]},
        "hovertext": [row.survol for _, row in known],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _row_notes(place: int, row: Any, scale: float) -> list[dict[str, Any]]:
    known = formats.est_connu(row.valeur)
    name = "<br>".join(wrap(row.nom, NAME_WIDTH, break_on_hyphens=False))
    value = f"<b>{row.texte}</b>" if known else f"<i>{row.texte}</i>"
    end = {"xref": "x", "x": float(row.valeur) if known else 0, "xshift": 6, "yanchor": "middle", "y": -place}
    return [_note(name, y=-place + THICK * scale / 2, yshift=2, yanchor="bottom"), _note(value) | end]


def _note(text: str, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "y",
        "align": "left",
        "showarrow": False,
        "font": {"size": 13, "color": INK},
    } | more


def pointille(frame: pd.DataFrame, *, lang: Lang, unit_label: str, measures: Sequence[str]) -> Figure:
    """A row per measure and, on it, a dot per ``modalite``: shares of one population in several structures.

    Columns: ``mesure`` (one of ``measures``, in words), ``modalite``, ``nom``, ``valeur``, ``exact`` (False draws a
    hollow dot), ``texte``. Structures are in the order of the frame.
    """
    groups = list(frame.groupby("modalite", sort=False))
    traces = [_dots(rows, place, measures, len(groups)) for place, (_, rows) in enumerate(groups)]
    names = [_note(name, y=-place + 0.3, yanchor="bottom") for place, name in enumerate(measures)]
    rails = [_rail(place) for place in range(len(measures))]
    box = layout(
        lang,
        height=90 + 56 * len(measures) + LEGEND_ROW * len(groups),
        xaxis={"range": [0, 104], "nticks": 6},
        yaxis={"range": [-len(measures) + 0.5, 0.8], "visible": False},
        annotations=[*names, unit_note(unit_label)],
        shapes=rails,
    )
    return {"data": traces, "layout": box}


def _dots(rows: pd.DataFrame, place: int, measures: Sequence[str], count: int) -> Trace:
    """The dots of one structure, each structure on its own height so that equal values stay apart."""
    shift = 0.16 - 0.4 * place / max(count - 1, 1)
    symbol, colour = SYMBOLS[place % len(SYMBOLS)], COLOURS[place % len(COLOURS)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": str(rows["nom"].iloc[0]),
        "meta": {"role": "valeur"},
        "x": [float(value) for value in rows["valeur"]],
        "y": [shift - measures.index(name) for name in rows["mesure"]],
        "cliponaxis": False,
        "marker": {
            "size": 10,
            "opacity": 1,
            "color": colour,
            "symbol": [symbol if exact else f"{symbol}-open" for exact in rows["exact"]],
            "line": {"width": [0 if exact else 2 for exact in rows["exact"]], "color": colour},
        },
        "hovertext": list(rows["texte"]),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _rail(place: int) -> dict[str, Any]:
    return {
        "type": "line",
        "layer": "below",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": -place - 0.38,
        "y1": -place - 0.38,
        "line": {"color": rgba(MUTED, 0.35), "width": 1},
    }
