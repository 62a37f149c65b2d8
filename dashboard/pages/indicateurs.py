"""The catalogue of indicators: every one by theme, with its unit, its target if it has one, and its own page."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import chosen, page_form
from dashboard.components import origine
from dashboard.components.fiche_service import feed_name
from dashboard.components.formulaire import Option, search_field, select
from dashboard.components.liens import indicator_link
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import indicators
from dashboard.registre import extract_address, filled
from publish.charte.formats import nombre, unite
from publish.charte.mots import label

TABLE = "indicateurs"


def _themes(context: Context) -> list[Option]:
    codes = dict.fromkeys(context.cached(indicators)["theme"])
    named = [Option(str(code), label("theme", str(code), context.lang)) for code in codes]
    return [Option("", context.texts("champ.tous_themes")), *named]


def controls(context: Context) -> Markup:
    """Theme and words to look for."""
    t, options = context.texts, _themes(context)
    theme = chosen(context, "theme", [option.value for option in options], "")
    return page_form(
        context,
        select("theme", t("champ.theme"), options, chosen=theme),
        search_field("q", t("champ.recherche"), value=context.filters.q, hint=t("indicateurs.recherche")),
    )


def build(context: Context) -> dict[str, Section]:
    """How many there are, then one list a theme."""
    frame, t = context.cached(indicators), context.texts
    shown = _chosen(context, frame)
    count = t("indicateurs.compte", nombre=nombre(len(shown), context.lang), total=nombre(len(frame), context.lang))
    links = origine.links(context, extract_address(context.version, TABLE, **_wanted(shown, frame)))
    parts: list[Component] = [html.P(count, className="resume compte"), links]
    for theme, rows in shown.groupby("theme", sort=False):
        parts.append(html.H2(label("theme", str(theme), context.lang)))
        parts.append(html.Ul([_item(context, row) for _, row in rows.iterrows()], className="indicateurs"))
    return {"liste": Section(before=parts)}


def _wanted(shown: pd.DataFrame, frame: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """What cuts the CSV down to the rows shown."""
    return {} if len(shown) == len(frame) else {"indicateur": tuple(shown["indicateur"])}


def _chosen(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    theme = chosen(context, "theme", [option.value for option in _themes(context)], "")
    kept = frame[frame["theme"] == theme] if theme else frame
    words = context.filters.q.casefold().split()
    text = kept[["indicateur", "nom", "nom_en", "definition", "definition_en"]].agg(" ".join, axis=1).str.casefold()
    return kept[[all(word in line for word in words) for line in text]]


def _item(context: Context, row: pd.Series) -> Component:
    lang, t = context.lang, context.texts
    name = indicator_link(context, str(row["indicateur"]))
    aimed = html.Span(t("indicateurs.vise"), className="etat") if filled(row["objectif"]) else None
    facts = f"{unite(str(row['unite']), lang)} · {feed_name(str(row['flux']), t)}"
    return html.Li([html.P([name, " ", aimed]), html.P(facts, className="note")])


PAGE = Page(TABLE, ("liste",), build, controls=controls)
