"""Prices as reported: each half-year its range from the lowest to the highest, a mark at the median; no mean."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.axes import records, thinned, top
from dashboard.figures.cadre import unit_note
from dashboard.figures.modele import COLOURS, MUTED, Figure, Trace, layout, rgba
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats

PLOT = 280


def _hover(row: Any, unit_label: str, lang: Lang) -> str:
    t = texts(lang)
    low, median, high = (formats.nombre(float(value), lang) for value in (row.prix_min, row.prix_median, row.prix_max))
    words = t("prix.survol", median=median, bas=low, haut=high, unite=unit_label)
    return f"<b>{formats.periode(str(row.semestre), lang)}</b><br>{words}"


def _range(rows: pd.DataFrame, lang: Lang) -> Trace:
    x = [value for code in rows["semestre"] for value in (str(code), str(code), None)]
    pairs = zip(rows["prix_min"], rows["prix_max"], strict=True)
    y = [value for low, high in pairs for value in (float(low), float(high), None)]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": texts(lang)("prix.etendue"),
        "x": x,
        "y": y,
        "line": {"color": rgba(COLOURS[0], 0.5), "width": 9},
        "hoverinfo": "skip",
    }


def _medians(rows: pd.DataFrame, unit_label: str, lang: Lang) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": texts(lang)("prix.mediane"),
        "x": [str(code) for code in rows["semestre"]],
        "y": [float(value) for value in rows["prix_median"]],
        "marker": {"size": 10, "color": COLOURS[1], "symbol": "diamond"},
        "hovertext": [_hover(row, unit_label, lang) for row in records(rows)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _absences(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Why there is no price, where there is none."""
    absent = frame[frame["prix_median"].isna()]
    return [
        {
            **{"text": str(row.absence), "x": str(row.semestre), "xref": "x", "y": 0, "yref": "paper"},
            **{"yanchor": "bottom", "showarrow": False, "textangle": -90, "font": {"size": 11, "color": MUTED}},
        }
        for row in records(absent)
    ]


def prix(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> Figure:
    """Prices of one product at one site, half-year by half-year, all in one unit.

    Columns: ``semestre``, ``prix_min``, ``prix_median``, ``prix_max``, ``absence`` (why there is no price).
    Raises ValueError where none has a price.
    """
    known = frame[frame[["prix_min", "prix_median", "prix_max"]].notna().all(axis=1)]
    if known.empty:
        raise ValueError("no price to draw")
    periods = [str(code) for code in frame["semestre"]]
    yearly = thinned([code for code in periods if code.endswith("-S1")], 7)
    axis = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": periods,
        "range": [-0.6, len(periods) - 0.4],
        "tickvals": yearly,
        "ticktext": [code[:4] for code in yearly],
        "tickangle": 0,
    }
    box = {
        "xaxis": axis,
        "yaxis": {"range": [0, top([float(value) for value in known["prix_max"]])]},
        "annotations": [unit_note(unit_label), *_absences(frame)],
    }
    return {
        "data": [_range(known, lang), _medians(known, unit_label, lang)],
        "layout": layout(lang, height=PLOT + 110, **box),
    }
