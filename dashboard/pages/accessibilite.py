"""The accessibility statement: state and rate, what is not met, what was not tested, how it was checked, the grid."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.accessibilite import ADDRESS, STATUSES, Criterion, counts, degree, grid, rate
from dashboard.components.langue import spoken
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from publish.charte.formats import date_longue, nombre, quantite

TOOLS, REMEDIES = 5, 3


def build(context: Context) -> dict[str, Section]:
    """The statement, in the order the law asks for, then the whole grid."""
    t = context.texts
    return {
        "etat": _state(context),
        "non_conformites": _listed(context, "NC"),
        "non_testes": _listed(context, "NT"),
        "etablissement": _paragraphs(context, "etablissement", TOOLS),
        "contact": _paragraphs(context, "contact", REMEDIES),
        "grille": Section(
            before=[
                html.H2(t("accessibilite.grille"), id="grille"),
                html.P([t("accessibilite.grille.texte"), " ", html.A(t("accessibilite.grille.csv"), href=ADDRESS)]),
                *(_theme(context, theme) for theme in sorted({one.theme for one in grid()})),
            ]
        ),
    }


def _state(context: Context) -> Section:
    t, lang, found, share = context.texts, context.lang, counts(grid()), rate(grid())
    words = {
        "etat": t(f"accessibilite.etat.{degree(grid())}"),
        "taux": quantite(share or 0.0, "%", lang, 0),
        "conformes": nombre(found["C"], lang),
        "juges": nombre(found["C"] + found["NC"], lang),
        "sans_objet": nombre(found["NA"], lang),
        "non_testes": nombre(found["NT"], lang),
        "date": date_longue(max(one.day for one in grid()), lang),
    }
    return Section(
        before=[
            html.H2(t("accessibilite.etat")),
            html.P(t("accessibilite.etat.texte", **words)),
            html.P(t("accessibilite.etat.limite", **words)),
        ]
    )


def _listed(context: Context, status: str) -> Section:
    """The criteria of a status, each with what was seen and, where there is one, its exemption."""
    t, lang = context.texts, context.lang
    items = [
        html.Li([html.Strong(f"{one.number} "), one.asks[lang], html.Br(), one.checked[lang], _exempted(context, one)])
        for one in grid()
        if one.status == status
    ]
    shown: Component = html.Ul(items) if items else html.P(t("accessibilite.aucun"), className="vide")
    return Section(
        before=[html.H2(t(f"accessibilite.liste.{status}")), html.P(t(f"accessibilite.liste.{status}.texte")), shown]
    )


def _exempted(context: Context, one: Criterion) -> str:
    told = one.exemption[context.lang]
    return f" {context.texts('accessibilite.derogation', texte=told)}" if told else ""


def _paragraphs(context: Context, key: str, count: int) -> Section:
    t = context.texts
    texts = [html.P(spoken(t(f"accessibilite.{key}.{place}"), context.lang)) for place in range(1, count + 1)]
    return Section(before=[html.H2(t(f"accessibilite.{key}")), *texts])


def _theme(context: Context, theme: int) -> Component:
    """The criteria of a theme, folded below their count."""
    t, lang = context.texts, context.lang
    criteria = [one for one in grid() if one.theme == theme]
    name = t(f"accessibilite.theme.{theme}")
    columns = [Column(t(f"accessibilite.colonne.{key}")) for key in ("critere", "statut", "demande", "verification")]
    rows = [
        (one.number, t(f"accessibilite.statut.{one.status}"), one.asks[lang], one.checked[lang]) for one in criteria
    ]
    told = html.Summary(f"{theme}. {name} – {_summary(context, criteria)}")
    return html.Details([told, table(columns, rows, caption=name, cards=True)], className="donnees")


def _summary(context: Context, criteria: Sequence[Criterion]) -> str:
    found = counts(criteria)
    counted = {status: nombre(found[status], context.lang) for status in STATUSES if found[status]}
    return ", ".join(context.texts(f"accessibilite.compte.{status}", n=number) for status, number in counted.items())


PAGE = Page("accessibilite", ("etat", "non_conformites", "non_testes", "etablissement", "contact", "grille"), build)
