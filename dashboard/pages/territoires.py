"""Find a territory: by its name, its official code or its postcode."""

from __future__ import annotations

from itertools import groupby

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.apercus import Lieu, lieux, postcodes
from dashboard.choices import page_form
from dashboard.components.formulaire import search_field
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.plier import folded
from dashboard.queries import place_names
from dashboard.router import href
from publish.charte.formats import nombre

ORDER = ("arrondissement", "commune", "departement", "region")


def found(context: Context) -> list[Lieu]:
    """The territories that have every word asked for in their name or codes: by level, arrondissements by number, the
    others by name."""
    names, words = context.cached(place_names, context.lang), folded(context.filters.q).split()
    every = sorted(
        context.cached(lieux),
        key=lambda lieu: (
            ORDER.index(lieu.niveau),
            lieu.code if lieu.niveau == "arrondissement" else folded(names[lieu.place]),
        ),
    )
    posts = context.cached(postcodes)
    told = {lieu: folded(" ".join((names[lieu.place], lieu.code, *posts.get(lieu, ())))) for lieu in every}
    return [lieu for lieu in every if all(word in told[lieu] for word in words)]


def controls(context: Context) -> Markup:
    """A name or a code to look for."""
    t = context.texts
    return page_form(
        context, search_field("q", t("territoires.chercher"), value=context.filters.q, hint=t("territoires.exemple"))
    )


def build(context: Context) -> dict[str, Section]:
    """How many are found, then their names by level."""
    t, shown = context.texts, found(context)
    if not shown:
        return {"liste": Section(before=[html.P(t("territoires.vide", q=context.filters.q), className="vide resume")])}
    count = html.P(t("territoires.compte", n=nombre(len(shown), context.lang)), className="resume compte")
    groups = [
        part
        for level, group in groupby(shown, key=lambda one: one.niveau)
        for part in _level(context, level, list(group))
    ]
    return {"liste": Section(before=[count, *groups])}


def _level(context: Context, level: str, group: list[Lieu]) -> list[Component]:
    names = context.cached(place_names, context.lang)
    items = [
        html.Li(html.A(names[lieu.place], href=href(context.lang, "territoire", pinned(context), item=lieu.item)))
        for lieu in group
    ]
    return [html.H2(context.texts(f"territoires.niveau.{level}", n=len(group))), html.Ul(items, className="colonnes")]


PAGE = Page("territoires", ("liste",), build, controls=controls)
