"""Links between pages that keep the release the reader chose."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.choices import about
from dashboard.context import Context
from dashboard.filters import Filters
from dashboard.queries import indicators
from dashboard.router import href


def pinned(context: Context, **state: str) -> str:
    """Query string of another page: the release of this one where the address names it, and a state of its own."""
    return Filters(release=context.filters.release).search(**state)


def indicator_href(context: Context, code: str) -> str:
    """Address of the page of an indicator."""
    return href(context.lang, "indicateur", pinned(context), item=code)


def indicator_link(context: Context, code: str) -> Any:
    """The name of an indicator, leading to its page; its code alone where the release does not have it."""
    frame = context.cached(indicators)
    if code not in frame.index:
        return html.Code(code)
    return html.A(about(context, code).name, href=indicator_href(context, code))


def indicator_list(context: Context, codes: tuple[str, ...]) -> Component:
    """Indicators by name, one a line."""
    return html.Ul([html.Li(indicator_link(context, code)) for code in codes], className="liens-indicateurs")
