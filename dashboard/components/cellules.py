"""Values as readers see them: a number with its unit, or the word of its status. Never a blank, never a false zero."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.formats import est_connu, intervalle
from publish.charte.mots import GIVEN, Row, value_text

DASH = "\u2013"
WHOLE = 100  # limits above this are written without decimals


def value_cell(row: Row, lang: Lang) -> Component:
    """The value of an observation, its status told by a mark and a word."""
    text = value_text(row, lang, unit=False)
    marks: list[Any] = [text]
    if bool(row.get("provisoire", False)) and row["statut"] in GIVEN:
        marks.append(html.Abbr("p", className="provisoire", title=texts(lang)("statut.provisoire")))
    return html.Span(marks, className=f"statut statut--{row['statut']}")


def interval_text(row: pd.Series, lang: Lang) -> str:
    """The 95% interval of an observation, a dash where it has none."""
    low, high = row["borne_basse"], row["borne_haute"]
    if not (est_connu(low) and est_connu(high)):
        return DASH
    return intervalle(float(low), float(high), lang, decimales=0 if low >= WHOLE else None)


def coverage_text(row: pd.Series) -> str:
    """Returns received out of those expected, a dash where the feed expects none."""
    received, expected = row["recues"], row["attendues"]
    return f"{int(received)}/{int(expected)}" if pd.notna(received) and pd.notna(expected) and expected > 0 else DASH
