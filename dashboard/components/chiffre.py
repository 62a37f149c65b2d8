"""A published figure: the value as printed, what it counts, who printed it and where in the document."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.provenance import document, place
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.formats import est_connu, nombre, quantite, unite, unite_accordee
from publish.charte.mots import GOVERNED, figure_value, filled, label, period_text, text_of


def big_value(row: pd.Series, lang: Lang) -> list[Any]:
    """The same, the number large, its precision word and its unit small."""
    if not est_connu(row["valeur"]):
        return [html.Small(figure_value(row, lang))]
    value, unit = float(row["valeur"]), unite(row["unite"], lang)
    word = label("precision_valeur", row["precision"], lang) if row["precision"] in GOVERNED else ""
    return [html.Small(f"{word} ") if word else None, *number_and_unit(value, unit, lang), *_limits(row, lang)]


def number_and_unit(value: float, unit: str, lang: Lang) -> list[Any]:
    """A number, then its unit in small, except for the per cent sign, which is part of the number."""
    if unit == "%":
        return [quantite(value, unit, lang)]
    return [nombre(value, lang), html.Small(f" {unite_accordee(value, unit, lang)}")]


def _limits(row: pd.Series, lang: Lang) -> list[Any]:
    low, high = row["borne_basse"], row["borne_haute"]
    if not (est_connu(low) and est_connu(high)):
        return []
    return [html.Small(f" [{nombre(low, lang)}\u2013{nombre(high, lang)}]")]


def place_text(row: pd.Series, lang: Lang) -> str:
    """Where and when the figure holds, and for whom."""
    place = text_of(row, "lieu", lang) or str(row["territoire"])
    parts = (text_of(row, "population", lang), place, period_text(str(row["periode"]), lang))
    return ", ".join(part for part in parts if part)


def source_text(row: pd.Series, lang: Lang) -> list[Any]:
    """Publisher, title, date and place in the document, linked where there is an address."""
    return [texts(lang)("chiffre.source"), " ", *document(row, lang), " (", place(row, lang), ")"]


def anomaly(row: pd.Series, lang: Lang) -> Component | None:
    """The flag of a figure its source misprints or contradicts, with the reason; nothing otherwise."""
    if not filled(row["anomalie"]):
        return None
    kind = label("anomalie_source", str(row["anomalie"]), lang)
    note = text_of(row, "anomalie_note", lang)
    return html.Div([html.Span(kind, className="etiquette etiquette--anomalie"), " ", note], className="note")


def figure_tile(row: pd.Series, lang: Lang) -> Component:
    """A published figure as a tile of the home page."""
    return html.Li(
        [
            html.P(big_value(row, lang), className="tuile__valeur"),
            html.P(
                [text_of(row, "mesure", lang), html.Br(), html.Small(place_text(row, lang))], className="tuile__mesure"
            ),
            html.P(source_text(row, lang), className="tuile__pied"),
        ],
        className="tuile",
    )
