"""Home: what is happening, whether it gets better, and how it is known, in a few figures; then the ways on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.apercus import REGION, Lieu, Rows, followed, simulated
from dashboard.choices import about, kept_release
from dashboard.components.apercu import course, last_of, trend, valued, year_gap
from dashboard.components.balises import tag
from dashboard.components.cellules import DASH
from dashboard.components.chiffre import figure_tile, number_and_unit
from dashboard.components.glossaire import with_terms
from dashboard.components.liens import indicator_href, pinned
from dashboard.components.origine import feed_text
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.pages import repos
from dashboard.queries import indicators, published
from dashboard.router import Lang, href
from publish.charte.formats import date_longue, periode, unite
from publish.charte.mots import label
from publish.charte.retours import of_row
from publish.reader import Record

# The published figures shown first, by measure and period; those a release lacks are left out.
FEATURED = (
    ("usagers de crack et de cocaïne", "2019"),
    ("usagers de crack, estimés d'après les CSAPA", "2019"),
    ("part déclarant un usage de cocaïne dans le mois", "2019"),
    ("passages quotidiens à l'espace de repos, en moyenne", "2023-01/2023-03"),
    ("actions du plan crack", "2019/2021"),
    ("dépenses du plan crack mobilisées sur trois ans", "2019/2021"),
)
FEATURED_COUNT = 3


# The figures of the region shown first, one a theme; those a release lacks are left out.
KEY_FIGURES = (
    *("scenes_presence_max", "maraudes_contacts", "repos_passages_jour", "hebergement_taux_occupation"),
    *("lits_ouverts", "lits_part_admis_5_jours", "resultats_part_soins_6_mois"),
)


def build(context: Context) -> dict[str, Section]:
    """Key figures, a place to look for, published figures, a chart, and where to go next."""
    attendance = {"mensuel": repos.monthly(repos.View(context))} if repos.PAGE.fed(context) else {}
    return {
        "series": _series(context),
        "lieu": _finder(context),
        **attendance,
        "publies": _published(context),
        "suite": _next(context),
    }


def _series(context: Context) -> Section:
    t = context.texts
    series = context.cached(followed, *REGION)
    shown_first = {code: rows for code in KEY_FIGURES if (rows := series.get(code)) and valued(rows)}
    tiles = [_tile(context, code, rows) for code, rows in shown_first.items()]
    note = html.P(t("accueil.series.simule")) if simulated(shown_first.values()) else None
    head = [html.H2(t("accueil.series")), html.P(t("accueil.series.texte")), note]
    shown = html.Ul(tiles, className="grille") if tiles else html.P(t("accueil.series.vide"), className="vide")
    return Section(before=[*head, shown])


def _tile(context: Context, code: str, rows: Rows) -> Component:
    """A figure: how many, of what and when, whether it moves and whether that is good, how fresh and from whom."""
    last, invented = last_of(valued(rows)), simulated([rows])
    name = about(context, code).name
    parts = [
        html.P(_value(last, context.lang), className="tuile__valeur"),
        html.P(
            [html.A(name, href=indicator_href(context, code)), ", ", periode(last.periode, context.lang)],
            className="tuile__mesure",
        ),
        course(context, rows, name),
        html.P(_moves(context, code, rows, last), className="tuile__suite"),
        html.P(_known(context, code, last, simulated=invented), className="tuile__pied"),
    ]
    return html.Li(parts, className="tuile tuile--simule" if invented else "tuile")


def _moves(context: Context, code: str, rows: Rows, last: Record) -> list[Any]:
    """The difference from a year before, the trend as it was tested, missing returns."""
    t, gap, word = context.texts, year_gap(context, rows, last), trend(context, Lieu(*REGION), code)
    said = [] if gap == DASH else [gap if gap == t("apercu.incomplet") else t("accueil.un_an", ecart=gap)]
    said.append(t("accueil.tendance", mots=word) if word != DASH else t("accueil.sans_test"))
    returns = of_row(last)
    said += [returns.words(context.lang)] if returns and returns.missing else []
    return [part for sentence in said for part in (sentence, html.Br())][:-1]


def _known(context: Context, code: str, last: Record, *, simulated: bool) -> list[Any]:
    """The days between the end of the period and the release, the feed, the theme."""
    t, lang = context.texts, context.lang
    day = dt.date.fromisoformat(context.release.entry.date)
    since = (day - last.periode_fin).days
    theme = str(context.cached(indicators).at[code, "theme"])
    more = html.A(label("theme", theme, lang), href=href(lang, "theme", pinned(context), item=theme))
    fresh = t("accueil.fraicheur", jours=since, date=date_longue(day, lang))
    source = t("accueil.source", flux=feed_text(last.source, lang))
    origin = t("origine.simule" if simulated else "origine.reel")
    return [fresh, " ", source, " ", html.Strong(origin), ". ", more]


def _value(row: Record, lang: Lang) -> list[Any]:
    return number_and_unit(float(row.valeur), unite(row.unite, lang), lang)


def _finder(context: Context) -> Section:
    """A box that leads to the territories: a plain form, that needs no script."""
    t = context.texts
    field = tag("input", type="search", id="trouver", name="q", placeholder=t("territoires.exemple"), maxlength=100)
    words = tag("div", tag("label", t("territoires.chercher"), for_="trouver"), field, class_="champ")
    button = tag("button", t("recherche.bouton"), type="submit", class_="bouton")
    form = tag(
        "form", kept_release(context.filters), words, button, action=href(context.lang, "territoires"), class_="trouver"
    )
    return Section(before=[html.H2(t("territoires.titre")), html.P(t("territoires.chapeau")), Markup(form)])


def _published(context: Context) -> Section:
    t = context.texts
    tiles = [figure_tile(row, context.lang) for _, row in _featured(context.cached(published, context.lang)).iterrows()]
    more = html.P(html.A(t("accueil.tous_chiffres"), href=href(context.lang, "chiffres", pinned(context))))
    lede = html.P(with_terms(t("accueil.publies.texte"), context.lang))
    return Section(before=[html.H2(t("accueil.publies")), lede, html.Ul(tiles, className="grille grille--large"), more])


def _featured(frame: pd.DataFrame) -> pd.DataFrame:
    """The featured figures in their order, then one of each theme until there are enough."""
    order = {pair: place for place, pair in enumerate(FEATURED)}
    pairs = zip(frame["mesure"], frame["periode"], strict=True)
    ranked = frame.assign(rang=[order.get(pair, len(FEATURED)) for pair in pairs]).sort_values("rang", kind="stable")
    others = (ranked["rang"] == len(FEATURED)) & (ranked["valeur"].isna() | ranked.duplicated(["rang", "theme"]))
    return ranked[~others].head(FEATURED_COUNT)


def _next(context: Context) -> Section:
    """How it is known, then the themes."""
    t, lang = context.texts, context.lang
    slugs = ("objectifs", "pilotage", "couverture", "corrections", "methode", "donnees")
    ways = [
        html.Li(
            [html.A(t(f"{slug}.titre"), href=href(lang, slug, pinned(context))), html.Br(), t(f"{slug}.description")]
        )
        for slug in slugs
    ]
    themes = [
        html.Li([
            html.A(label("theme", theme, lang), href=href(lang, "theme", pinned(context), item=theme)),
            html.Br(), t(f"theme.{theme}"),
        ])
        for theme in map(str, dict.fromkeys(context.cached(indicators)["theme"]))
    ]  # fmt: skip
    return Section(before=[
        html.H2(t("themes.titre")), html.Ul(themes, className="grille grille--liens"),
        html.H2(t("accueil.suite")), html.Ul(ways, className="grille grille--liens"),
    ])  # fmt: skip


PAGE = Page("accueil", ("series", "lieu", "mensuel", "publies", "suite"), build, frozenset({"mensuel"}))
