"""Search over all that the site holds: what is found stands by kind, what is not is explained."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import page_form
from dashboard.components.formulaire import search_field
from dashboard.components.langue import french
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.recherche import MOST, Found, search
from dashboard.router import Lang, href


def controls(context: Context) -> Markup:
    """The words to look for."""
    t = context.texts
    return page_form(
        context, search_field("q", t("recherche.champ"), value=context.filters.q, hint=t("recherche.exemple"))
    )


def build(context: Context) -> dict[str, Section]:
    """How many answers, then the answers of each kind."""
    t, asked = context.texts, context.filters.q
    if not asked:
        return {"reponses": Section(before=[html.P(t("recherche.rien_demande"), className="resume"), *_lists(context)])}
    found = search(context, asked)
    total = sum(len(some) for some in found.values())
    if not total:
        return {"reponses": Section(before=_nothing(context))}
    count = html.P(t("recherche.compte", n=total, q=asked), className="resume compte")
    parts = [part for kind, some in found.items() for part in _kind(context, kind, some)]
    return {"reponses": Section(before=[count, *parts])}


def _kind(context: Context, kind: str, some: list[Found]) -> list[Component]:
    t = context.texts
    items = [html.Li([html.A(one.name, href=one.address), _said(one, context.lang)]) for one in some[:MOST]]
    more = [html.P(t("recherche.autres", n=len(some) - MOST), className="note")] if len(some) > MOST else []
    return [html.H2(t(f"recherche.{kind}")), html.Ul(items, className="trouvailles"), *more]


def _said(one: Found, lang: Lang) -> Component | None:
    """What is said of what was found, if anything; of a service, who runs it, whose name is French."""
    if not one.text:
        return None
    words = _cut(one.text)
    return html.P(french(words, lang) if one.kind == "service" else words, className="note")


def _cut(text: str) -> str:
    return text if len(text) <= 160 else text[:160].rsplit(" ", 1)[0] + "…"


def _nothing(context: Context) -> list[Component]:
    """What to try, and where everything is listed."""
    t = context.texts
    said = html.P(t("recherche.vide", q=context.filters.q), className="resume")
    return [said, html.P(t("recherche.conseil")), *_lists(context)]


def _lists(context: Context) -> list[Component]:
    """The pages that list everything of a kind, and what each is."""
    t, lang = context.texts, context.lang
    ways = [
        html.Li(
            [
                html.A(t(f"{slug}.titre"), href=href(lang, slug, pinned(context))),
                html.P(t(f"{slug}.description"), className="note"),
            ]
        )
        for slug in ("indicateurs", "territoires", "services", "donnees", "glossaire")
    ]
    return [html.P(t("recherche.listes")), html.Ul(ways)]


PAGE = Page("recherche", ("reponses",), build, controls=controls)
