"""What stands at the foot of rows: their source, whether they are simulated, their file, the link to the view."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.chaine import returns_of
from dashboard.context import Context
from dashboard.router import Lang
from schemas.contract import contract_names, load_contract


def simulated(frame: pd.DataFrame) -> bool:
    """Whether a row is simulated (column ``origine``); without a row, none is."""
    return bool(len(frame) and (frame["origine"] == "simule").any())


def mark(context: Context, *, simulated: bool, key: str = "origine") -> Component:
    """The words, in their colour, that say whether what stands beside is real or simulated."""
    origin = "simule" if simulated else "reel"
    return html.Strong(context.texts(f"{key}.{origin}"), className=f"origine origine--{origin}")


def feed_text(code: str, lang: Lang) -> str:
    """A feed as readers know it, its code after its title; the code alone for a feed without a contract."""
    if code not in contract_names("feeds"):
        return code
    return f"{load_contract(code).title[lang]} ({code})"


def source(context: Context, frame: pd.DataFrame, *feeds: str, when: str | None = None) -> Component:
    """Feeds, release and origin of rows; where a period (``""``: all of them) is given, the returns of the first feed
    that were received, out of those expected."""
    t, lang = context.texts, context.lang
    names = ", ".join(feed_text(code, lang) for code in feeds)
    parts: list[Any] = [t("graphe.source", flux=names, version=context.version), " "]
    returns = None if when is None else context.cached(returns_of, feeds[0], when)
    if returns is not None:
        parts += [t("couverture.retours", **returns.written(lang)), " "]
    return html.P([*parts, mark(context, simulated=simulated(frame))], className="source")


def links(context: Context, csv: str, *, key: str = "graphe.csv") -> Component:
    """The file of the rows of a view, and the link that leads to that view for ever."""
    file = html.A(context.texts(key), href=csv, download="")
    view = html.A(context.texts("graphe.lien"), href=context.here(release=context.version))
    return html.P([file, view], className="liens")
