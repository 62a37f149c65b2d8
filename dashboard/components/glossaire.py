"""Words of the trade, defined where they stand: their first use in a text becomes an ``<abbr>`` with its meaning."""

from __future__ import annotations

import re
from typing import Any

from dash import html

from dashboard.i18n import texts
from dashboard.router import Lang

TERMS = ("CAARUD", "CSAPA", "ASSORE", "AIPAUC", "TREND", "OFDT", "ELSA", "file active", "maraudes")


def with_terms(text: str, lang: Lang) -> list[Any]:
    """The text in pieces, the first use of each term of the glossary carrying its definition."""
    t, seen = texts(lang), set[str]()
    pieces: list[Any] = []
    for piece in re.split(rf"\b({'|'.join(TERMS)})\b", text):
        if piece in TERMS and piece not in seen:
            seen.add(piece)
            pieces.append(html.Abbr(piece, title=t(f"glossaire.{piece}"), tabIndex=0))
        elif piece:
            pieces.append(piece)
    return pieces
