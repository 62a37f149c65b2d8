"""Words of the trade in plain language: defined where they stand, on hover and on focus, and in a page of their own.

Their first use in a text is a button with its meaning beside it, which style sheets show (WCAG 2.2, 1.4.13: it stays
while the pointer is on it, Escape closes it, and it hides nothing without being asked). A finger's touch gives focus.
"""

from __future__ import annotations

import re
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.langue import spoken
from dashboard.i18n import texts
from dashboard.i18n.catalogue import catalogue
from dashboard.plier import folded
from dashboard.router import Lang

PREFIX = "glossaire."
TERMS = ("CAARUD", "CSAPA", "ASSORE", "AIPAUC", "TREND", "OFDT", "ELSA", "file active", "maraudes")


def terms(lang: Lang) -> list[tuple[str, str]]:
    """Every word of the glossary with its meaning, in alphabetical order."""
    found = [(key.removeprefix(PREFIX), text) for key, text in catalogue(lang).items() if key.startswith(PREFIX)]
    words = [
        (word.removeprefix("mot."), text) for word, text in found if word not in ("titre", "chapeau", "description")
    ]
    return sorted((_told(word, text) for word, text in words), key=lambda pair: folded(pair[0]))


def _told(word: str, text: str) -> tuple[str, str]:
    """A word of the page alone stands in its language before its meaning: « secret statistique : … »."""
    name, _, meaning = text.partition(" = ")
    return (name, meaning) if meaning else (word, text)


def anchor(word: str) -> str:
    """Where a word stands in the page of the glossary."""
    return "mot-" + re.sub(r"[^a-z0-9]+", "-", folded(word)).strip("-")


def with_terms(text: str, lang: Lang) -> list[Any]:
    """The text in pieces, the first use of each term of the glossary carrying its definition."""
    t, seen = texts(lang), set[str]()
    pieces: list[Any] = []
    for piece in re.split(rf"\b({'|'.join(TERMS)})\b", text):
        if piece in TERMS and piece not in seen:
            seen.add(piece)
            pieces.append(_defined(piece, t(f"{PREFIX}{piece}"), lang))
        elif piece:
            pieces.append(piece)
    return pieces


def _defined(word: str, meaning: str, lang: Lang) -> Component:
    name = anchor(word)
    described: dict[str, Any] = {"aria-describedby": f"bulle-{name}"}
    button = html.Button(spoken(word, lang), type="button", className="mot__terme", **described)
    bubble = html.Span(spoken(meaning, lang), id=f"bulle-{name}", role="tooltip", className="mot__sens")
    return html.Span([button, bubble], className="mot")
