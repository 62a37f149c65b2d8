"""The trend of a quarterly series in one sentence, as the release tells it, and the way to the method."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.chiffre import label
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.router import Lang, href
from dashboard.tendances import TRENDS, has, series_key, trend_of
from publish.charte.formats import nombre

METHOD = "tendances"


def trend_words(context: Context, frame: pd.DataFrame) -> list[Component]:
    """One sentence on the trend of the frame; nothing where it is not one quarterly series."""
    key = series_key(frame)
    if key is None or not has(context.release, TRENDS):
        return []
    row = context.cached(trend_of, key)
    words = context.texts("tendance.hors_champ") if row is None else sentence(row, context)
    return [html.P([words, " ", method_link(context, "tendance.methode")], className="resume resume--tendance")]


def method_link(context: Context, key: str) -> Component:
    """The way to what the method page says of trends, limits and projections."""
    return html.A(context.texts(key), href=href(context.lang, "methode", pinned(context)) + f"#{METHOD}")


def sentence(row: pd.Series, context: Context) -> str:
    """Direction in the light of the polarity, slope with its interval, quarters used; or why it cannot be told."""
    t, lang, used = context.texts, context.lang, int(row["trimestres_utilises"])
    if row["direction"] == "indeterminee":
        reason = label("raison_indeterminee", str(row["raison"]), lang)
        return t("tendance.indeterminee", raison=reason, n=used)
    unit = f"tendance.unite.{row['pente_unite']}"
    low, high = (signed(float(row[name]), lang) for name in ("pente_basse", "pente_haute"))
    facts: dict[str, Any] = {
        "pente": t(unit, valeur=signed(float(row["pente"]), lang)),
        "intervalle": t("tendance.intervalle", bas=low, haut=t(unit, valeur=high)),
        "n": used,
    }
    if row["direction"] == "sans_tendance_demontree":
        return t("tendance.non_demontree", **facts)
    return t("tendance.dite", mots=label("formulation", str(row["formulation"]), lang), **facts)


def signed(value: float, lang: Lang) -> str:
    """A change with its sign and one decimal: « +46,3 »; no sign for what rounds to zero."""
    written = nombre(value, lang, 1)
    return f"+{written}" if value > 0 and written != nombre(0, lang, 1) else written
