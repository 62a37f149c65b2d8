"""The themes: what each measures, and the way to its page."""

from __future__ import annotations

from dash import html

from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import indicators
from dashboard.router import href
from publish.charte.mots import label


def build(context: Context) -> dict[str, Section]:
    """A tile a theme."""
    t, lang = context.texts, context.lang
    counts = context.cached(indicators)["theme"].value_counts(sort=False)
    tiles = [
        html.Li([
            html.P(html.A(label("theme", theme, lang), href=href(lang, "theme", pinned(context), item=theme))),
            html.P(t(f"theme.{theme}"), className="tuile__mesure"),
            html.P(t("themes.nombre", n=int(count)), className="tuile__pied"),
        ], className="tuile")
        for theme, count in zip(map(str, counts.index), counts, strict=True)
    ]  # fmt: skip
    return {"liste": Section(before=[html.Ul(tiles, className="grille grille--large")])}


PAGE = Page("themes", ("liste",), build)
