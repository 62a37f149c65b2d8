"""Method: the catalogue of indicators as the release holds it, what each status means, confidentiality, licences."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.glossaire import TERMS
from dashboard.components.langue import spoken
from dashboard.components.liens import indicator_href, pinned
from dashboard.components.tendance import METHOD
from dashboard.context import Context
from dashboard.feeds import feed_page
from dashboard.page import Page, Section
from dashboard.queries import indicators
from dashboard.router import href
from publish.charte.formats import unite
from publish.charte.mots import STATUSES, label, text_of


def build(context: Context) -> dict[str, Section]:
    """Statuses, confidentiality, intervals, catalogue by theme, glossary."""
    return {
        "statuts": _statuses(context),
        "secret": _paragraphs(context, "secret", 3),
        "intervalles": _paragraphs(context, "intervalles", 3),
        "tendances": _trends(context),
        "catalogue": _catalogue(context),
        "glossaire": _glossary(context),
        "licences": _paragraphs(context, "licences", 2),
    }


def _paragraphs(context: Context, key: str, count: int) -> Section:
    t = context.texts
    return Section(
        before=[html.H2(t(f"methode.{key}")), *(html.P(t(f"methode.{key}.{place}")) for place in range(1, count + 1))]
    )


def _trends(context: Context) -> Section:
    """What the trend test, the daily limits and the projections say, where their sentences lead to."""
    t = context.texts
    paragraphs = [html.P(t(f"methode.tendance.{place}")) for place in (1, 2, 3)]
    return Section(before=[html.H2(t("methode.tendance"), id=METHOD), *paragraphs])


def _statuses(context: Context) -> Section:
    t = context.texts
    rows: list[Component] = []
    for status in STATUSES:
        mark = html.Span(t(f"statut.{status}.exemple"), className=f"statut statut--{status}")
        rows += [html.Dt([html.Span(className=f"pave pave--{status}"), " ", mark]), html.Dd(t(f"statut.{status}.sens"))]
    return Section(
        before=[
            html.H2(t("methode.statuts")),
            html.P(t("methode.statuts.texte")),
            html.Dl(rows, className="definitions"),
        ]
    )


def _catalogue(context: Context) -> Section:
    frame, t = context.cached(indicators), context.texts
    blocks: list[Component] = []
    for theme, rows in frame.groupby("theme", sort=False):
        blocks.append(html.H3(label("theme", str(theme), context.lang), className="theme"))
        blocks += [_indicator(context, row) for _, row in rows.iterrows()]
    return Section(
        before=[html.H2(t("methode.catalogue")), html.P(t("methode.catalogue.texte", nombre=len(frame))), *blocks]
    )


def _indicator(context: Context, row: pd.Series) -> Component:
    t, lang = context.texts, context.lang
    fraction = str(row["numerateur"]) + (f" / {row['denominateur']}" if _filled(row["denominateur"]) else "")
    facts: list[tuple[str, Any]] = [
        ("definition", text_of(row, "definition", lang)),
        ("unite", unite(row["unite"], lang)),
        ("calcul", html.Code(fraction)),
        ("intervalle", t(f"methode.intervalle.{row['intervalle']}")),
        ("polarite", label("polarite", row["polarite"], lang)),
        ("secret", t("methode.soumis" if row["sensible"] else "methode.non_soumis")),
        ("flux", html.Code(row["flux"])),
        ("reserves", text_of(row, "reserves", lang)),
    ]
    rows = [part for key, value in facts for part in (html.Dt(t(f"methode.fait.{key}")), html.Dd(value))]
    page = feed_page(str(row["flux"])) or "donnees"
    name = html.Summary([context.name(row), " ", html.Code(row["indicateur"])])
    own = html.A(t("methode.fiche"), href=indicator_href(context, str(row["indicateur"])))
    links = html.P([own, html.A(t("methode.voir"), href=href(lang, page, pinned(context)))], className="liens")
    return html.Details([name, html.Dl(rows), links], className="fiche", id=str(row["indicateur"]))


def _filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _glossary(context: Context) -> Section:
    t = context.texts
    rows = [
        part
        for term in sorted(TERMS, key=str.casefold)
        for part in (html.Dt(spoken(term, t.lang)), html.Dd(spoken(t(f"glossaire.{term}"), t.lang)))
    ]
    return Section(before=[html.H2(t("methode.glossaire")), html.Dl(rows, className="definitions")])


PAGE = Page("methode", ("statuts", "secret", "intervalles", "tendances", "catalogue", "glossaire", "licences"), build)
