"""The trend of a quarterly series in one sentence, as the release tells it, and the way to the method."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.router import href
from dashboard.tendances import TRENDS, has, series_key, trend_of
from publish.charte.mots import trend_sentence

METHOD = "tendances"


def trend_words(context: Context, frame: pd.DataFrame) -> list[Component]:
    """One sentence on the trend of the frame; nothing where it is not one quarterly series."""
    key = series_key(frame)
    if key is None or not has(context.release, TRENDS):
        return []
    row = context.cached(trend_of, key)
    words = trend_sentence(row, context.lang)
    return [html.P([words, " ", method_link(context, "tendance.methode")], className="resume resume--tendance")]


def method_link(context: Context, key: str) -> Component:
    """The way to what the method page says of trends, limits and projections."""
    return html.A(context.texts(key), href=href(context.lang, "methode", pinned(context)) + f"#{METHOD}")
