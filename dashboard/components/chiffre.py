"""A published figure: the value as printed, what it counts, who printed it and where in the document."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.formats import est_connu, intervalle, nombre, quantite, unite
from dashboard.i18n import texts
from dashboard.router import Lang
from schemas.contract import code_list

GOVERNED = ("environ", "pres_de", "plus_de", "moins_de", "au_moins", "au_plus")


def label(codes: str, value: str, lang: Lang) -> str:
    """The label of a coded value; the code itself where the list does not have it."""
    for item in code_list(codes):
        if item["value"] == value:
            return item["label_en"] if lang == "en" else item["label"]
    return value


def text_of(row: pd.Series, column: str, lang: Lang) -> str:
    """A bilingual column in the language, empty where there is nothing."""
    names = (f"{column}_en", column) if lang == "en" else (column,)
    return next((str(row[name]) for name in names if name in row and _filled(row[name])), "")


def figure_value(row: pd.Series, lang: Lang) -> str:
    """The value with its precision word, its unit and its range; what is said where there is no number."""
    if not est_connu(row["valeur"]):
        return _range(row, lang) or label("precision_valeur", str(row["precision"]), lang)
    word = f"{label('precision_valeur', row['precision'], lang)} " if row["precision"] in GOVERNED else ""
    limits = (
        f" [{nombre(row['borne_basse'], lang)}\u2013{nombre(row['borne_haute'], lang)}]" if _range(row, lang) else ""
    )
    return f"{word}{quantite(float(row['valeur']), unite(row['unite'], lang), lang)}{limits}"


def place_text(row: pd.Series, lang: Lang) -> str:
    """Where and when the figure holds, and for whom."""
    parts = (text_of(row, "population", lang), text_of(row, "lieu", lang), str(row["periode"]))
    return ", ".join(part for part in parts if part)


def source_text(row: pd.Series, lang: Lang) -> list[Any]:
    """Publisher, title and place in the document, linked where there is an address."""
    words = ", ".join(str(row[name]) for name in ("editeur", "titre") if _filled(row[name]))
    named = html.A(words, href=row["url"], rel="noopener external") if _filled(row["url"]) else words
    place = (
        f"{row['source_fichier']}, {row['source_lieu']}" if _filled(row["source_lieu"]) else str(row["source_fichier"])
    )
    return [texts(lang)("chiffre.source"), " ", named, " (", html.Code(place), ")"]


def anomaly(row: pd.Series, lang: Lang) -> Component | None:
    """The flag of a figure its source misprints or contradicts, with the reason; nothing otherwise."""
    if not _filled(row["anomalie"]):
        return None
    kind = label("anomalie_source", str(row["anomalie"]), lang)
    note = text_of(row, "anomalie_note", lang)
    return html.Div([html.Span(kind, className="etiquette etiquette--anomalie"), " ", note], className="note")


def figure_tile(row: pd.Series, lang: Lang) -> Component:
    """A published figure as a tile of the home page."""
    return html.Li(
        [
            html.P(figure_value(row, lang), className="tuile__valeur"),
            html.P([text_of(row, "mesure", lang), " – ", place_text(row, lang)], className="tuile__mesure"),
            html.P(source_text(row, lang), className="tuile__pied"),
        ],
        className="tuile",
    )


def _range(row: pd.Series, lang: Lang) -> str:
    low, high = row["borne_basse"], row["borne_haute"]
    return intervalle(float(low), float(high), lang) if est_connu(low) and est_connu(high) else ""


def _filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""
