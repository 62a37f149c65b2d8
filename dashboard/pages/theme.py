"""A theme: what it measures, its figures for the region, the pages that tell more."""

from __future__ import annotations

from dash import html

from dashboard.apercus import REGION, Lieu, simulated
from dashboard.components import origine
from dashboard.components.apercu import of_theme, overview
from dashboard.components.liens import indicator_list, pinned
from dashboard.context import Context
from dashboard.feeds import feed_page
from dashboard.page import Naming, Page, Section
from dashboard.queries import Selection, indicators
from dashboard.router import UnknownPage, href
from publish.charte.mots import label


def naming(context: Context) -> Naming:
    """Its name and what it measures. Raises UnknownPage for a theme the release has no indicator of."""
    if context.item not in set(context.cached(indicators)["theme"]):
        raise UnknownPage(href(context.lang, "theme", item=context.item))
    name, said = label("theme", context.item, context.lang), context.texts(f"theme.{context.item}")
    return Naming(name, said, said)


def build(context: Context) -> dict[str, Section]:
    """Figures of the region, indicators without one there, pages."""
    return {"region": _region(context), "suite": _next(context)}


def _region(context: Context) -> Section:
    t, lieu = context.texts, Lieu(*REGION)
    series = of_theme(context, lieu, context.item)
    title = t("theme.region", nom=label("theme", context.item, context.lang))
    if not series:
        return Section(before=[html.H2(title), html.P(t("theme.vide"), className="vide")])
    codes = tuple(rows[0].indicateur for rows in series)
    csv = f"/extrait/{context.version}.csv{Selection(codes, (lieu.niveau,), (lieu.code,)).search()}"
    invented = simulated(series)
    mark = origine.mark(context, simulated=invented)
    before = [
        html.H2(title),
        html.P(t("territoire.themes.texte")),
        overview(context, lieu, series, caption=title),
        html.P([t("territoire.source", version=context.version), " ", mark], className="source"),
        html.P(html.A(t("graphe.csv"), href=csv, download=""), className="liens"),
    ]
    return Section(before=before, subject=title, simulated=invented)


def _next(context: Context) -> Section:
    """The pages of the feeds of the theme, and every indicator of it, those without a regional figure included."""
    t, catalogue = context.texts, context.cached(indicators)
    mine = catalogue[catalogue["theme"] == context.item]
    pages = dict.fromkeys(page for code in mine["flux"] if (page := feed_page(str(code))))
    links = [
        html.Li(
            [
                html.A(t(f"{page}.titre"), href=href(context.lang, page, pinned(context))),
                html.Br(),
                t(f"{page}.description"),
            ]
        )
        for page in pages
    ]
    every = html.Details(
        [html.Summary(t("theme.indicateurs", n=len(mine))), indicator_list(context, tuple(mine["indicateur"]))],
        className="donnees",
    )
    return Section(before=[html.H2(t("theme.suite")), html.Ul(links, className="grille grille--liens"), every])


PAGE = Page("theme", ("region", "suite"), build, naming=naming)
