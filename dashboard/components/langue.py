"""French words that English texts keep, marked as French (RGAA 8.7): read aloud as English, they would be lost."""

from __future__ import annotations

import re
from typing import Any

from dash import html

from dashboard.router import Lang

PHRASES = (
    "centre d’accueil et d’accompagnement à la réduction des risques pour usagers de drogues",
    "Défenseur des droits",
    "file active",
    "maraudes",
)
FOUND = re.compile(f"({'|'.join(PHRASES)})")


def french(text: str, lang: Lang) -> Any:
    """A text that is in French whatever the page is in."""
    return html.Span(text, lang="fr") if lang != "fr" else text


def spoken(text: str, lang: Lang) -> list[Any]:
    """A text of the catalogue, its French words apart."""
    return [french(piece, lang) if piece in PHRASES else piece for piece in FOUND.split(text) if piece]
