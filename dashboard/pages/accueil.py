"""Home: what is happening and how we know it. Published figures first, then demonstration series, never mixed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.choices import about
from dashboard.components.chiffre import figure_tile, number_and_unit
from dashboard.components.glossaire import with_terms
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.pages.repos import FIRST, View, monthly
from dashboard.queries import Selection, indicators, observations, published
from dashboard.router import Lang, href
from publish.charte.formats import a_la_periode, date_longue, unite
from publish.charte.mots import GIVEN, value_text
from publish.charte.retours import of_row

# The published figures shown first, by measure and period; those a release lacks are left out.
FEATURED = (
    ("usagers de crack et de cocaïne", "2019"),
    ("usagers de crack, estimés d'après les CSAPA", "2019"),
    ("part déclarant un usage de cocaïne dans le mois", "2019"),
    ("passages quotidiens à l'espace de repos, en moyenne", "2023-01/2023-03"),
    ("actions du plan crack", "2019/2021"),
    ("dépenses du plan crack mobilisées sur trois ans", "2019/2021"),
)
FEATURED_COUNT = 6


@dataclass(frozen=True)
class KeyFigure:
    """A demonstration series on the home page: indicator, grain, page that tells more, and service if of one only."""

    indicateur: str
    granularite: str
    page: str
    service: str = ""


KEY_FIGURES = (
    KeyFigure("repos_passages_jour", "trimestre", "repos", FIRST),
    KeyFigure("caarud_file_active", "annee", "caarud"),
    KeyFigure("lits_ouverts", "mois", "hopital"),
    KeyFigure("lits_part_admis_5_jours", "trimestre", "hopital"),
)


def build(context: Context) -> dict[str, Section]:
    """Published figures, demonstration series as key figures and as a chart, and where to go next."""
    return {
        "publies": _published(context),
        "series": _series(context),
        "mensuel": monthly(View(context)),
        "suite": _next(context),
    }


def _published(context: Context) -> Section:
    t = context.texts
    tiles = [figure_tile(row, context.lang) for _, row in _featured(context.cached(published, context.lang)).iterrows()]
    more = html.P(html.A(t("accueil.tous_chiffres"), href=href(context.lang, "chiffres")))
    lede = html.P(with_terms(t("accueil.publies.texte"), context.lang))
    return Section(before=[html.H2(t("accueil.publies")), lede, html.Ul(tiles, className="grille grille--large"), more])


def _featured(frame: pd.DataFrame) -> pd.DataFrame:
    """The featured figures in their order, then one of each theme until there are enough."""
    order = {pair: place for place, pair in enumerate(FEATURED)}
    pairs = zip(frame["mesure"], frame["periode"], strict=True)
    ranked = frame.assign(rang=[order.get(pair, len(FEATURED)) for pair in pairs]).sort_values("rang", kind="stable")
    others = (ranked["rang"] == len(FEATURED)) & (ranked["valeur"].isna() | ranked.duplicated(["rang", "theme"]))
    return ranked[~others].head(FEATURED_COUNT)


def _series(context: Context) -> Section:
    t = context.texts
    tiles = [tile for figure in KEY_FIGURES if (tile := _tile(context, figure)) is not None]
    lede = html.P(t("accueil.series.texte"))
    return Section(before=[html.H2(t("accueil.series")), lede, html.Ul(tiles, className="grille")])


def _tile(context: Context, figure: KeyFigure) -> Component | None:
    catalogue = context.cached(indicators)
    cut = (("service",), (figure.service,)) if figure.service else (("ensemble",), ("tous",))
    selection = Selection((figure.indicateur,), ("region",), ("11",), (figure.granularite,), (), *cut)
    rows = context.cached(observations, selection, context.lang)
    complete = rows[~rows["provisoire"].astype(bool)]
    if complete.empty or figure.indicateur not in catalogue.index:
        return None
    last = complete.sort_values("periode_debut").iloc[-1]
    return _key_tile(context, figure, last, about(context, figure.indicateur).name)


def _key_tile(context: Context, figure: KeyFigure, row: pd.Series, name: str) -> Component:
    t = context.texts
    returns = of_row(row)
    missing = html.P(returns.words(context.lang), className="tuile__mesure") if returns and returns.missing else None
    foot = [
        t("origine.simule"),
        ". ",
        t(
            "accueil.fraicheur",
            version=context.version,
            date=date_longue(dt.date.fromisoformat(context.release.entry.date), context.lang),
        ),
    ]
    return html.Li(
        [
            html.P(_value(row, context.lang), className="tuile__valeur"),
            html.P(
                [
                    html.A(name, href=href(context.lang, figure.page)),
                    ", ",
                    a_la_periode(row["periode"], context.lang),
                    ", ",
                    row["nom"],
                ],
                className="tuile__mesure",
            ),
            missing,
            html.P(foot, className="tuile__pied"),
        ],
        className="tuile tuile--simule",
    )


def _value(row: pd.Series, lang: Lang) -> list[Any]:
    if row["statut"] not in GIVEN:
        return [value_text(row, lang)]
    return number_and_unit(float(row["valeur"]), unite(row["unite"], lang), lang)


def _next(context: Context) -> Section:
    t = context.texts
    slugs = ("scenes", "repos", "hopital", "caarud", "objectifs", "services", "histoire", "donnees", "methode")
    items = [
        html.Li([html.A(t(f"{slug}.titre"), href=href(context.lang, slug)), html.Br(), t(f"{slug}.description")])
        for slug in slugs
    ]
    return Section(before=[html.H2(t("accueil.suite")), html.Ul(items, className="grille grille--liens")])


PAGE = Page("accueil", ("publies", "series", "mensuel", "suite"), build, frozenset({"mensuel"}))
