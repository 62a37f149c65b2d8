"""The glossary: the words of the trade in plain language, in alphabetical order."""

from __future__ import annotations

from dash import html

from dashboard.components.glossaire import anchor, terms
from dashboard.components.langue import spoken
from dashboard.context import Context
from dashboard.page import Page, Section


def build(context: Context) -> dict[str, Section]:
    """A word and its meaning, each at an address of its own."""
    lang = context.lang
    rows = [
        part
        for word, meaning in terms(lang)
        for part in (html.Dt(spoken(word, lang), id=anchor(word)), html.Dd(spoken(meaning, lang)))
    ]
    return {"mots": Section(before=[html.Dl(rows, className="definitions")])}


PAGE = Page("glossaire", ("mots",), build)
