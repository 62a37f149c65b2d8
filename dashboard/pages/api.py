"""API: lines to copy for each tool, addresses, parameters, pages and caches, problems. All of it read from the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import flask
from dash import html
from dash.development.base_component import Component

from dashboard.api.datasets import datasets
from dashboard.api.operations import PREFIX, Operation, operations
from dashboard.api.parameters import Parameter
from dashboard.api.problems import KINDS
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import indicators
from publish.reader import Release

SHOWN = "repos_passages_jour"
TOOLS = ("curl", "python", "r", "tableur", "excel", "google")


def build(context: Context) -> dict[str, Section]:
    """Lines to copy, addresses, parameters of the observations, pages and caches, problems."""
    every = context.cached(_operations)
    return {
        "essayer": _lines(context),
        "adresses": _addresses(context, every),
        "parametres": _parameters(context, every),
        "pages": _rules(context),
        "problemes": _problems(context),
    }


def _operations(release: Release) -> tuple[Operation, ...]:
    return operations(datasets(release), release.version)


def example(context: Context) -> str:
    """The address that the lines to copy ask for, on the host the reader is on: an indicator by quarter, as CSV."""
    known = context.cached(indicators).index
    code = SHOWN if SHOWN in known else str(known[0])
    query = urlencode({"indicateur": code, "niveau": "region", "format": "csv"})
    flask.g.names_host = True
    return f"{flask.request.url_root.rstrip('/')}{PREFIX}/observations?{query}"


def _lines(context: Context) -> Section:
    t, address = context.texts, example(context)
    tools = [part for tool in TOOLS for part in (html.H3(t(f"api.outil.{tool}")), *_tool(context, tool, address))]
    pinned = html.P([t("api.essayer.version"), " ", html.Code(f"&{urlencode({'release': context.version})}")])
    return Section(before=[html.H2(t("api.essayer")), html.P(t("api.essayer.texte")), *tools, pinned])


def _tool(context: Context, tool: str, address: str) -> list[Component]:
    t, note = context.texts, f"api.outil.{tool}.note"
    line = html.Pre(html.Code(t(f"api.outil.{tool}.ligne", adresse=address)), tabIndex=0, className="code code--ligne")
    return [line, html.P(t(note), className="note")] if note in t else [line]


def _addresses(context: Context, every: tuple[Operation, ...]) -> Section:
    t = context.texts
    columns = [Column(t(f"api.colonne.{key}")) for key in ("adresse", "contenu", "formats")]
    rows = [
        (_link(operation), operation.title[context.lang], ", ".join(operation.formats).upper()) for operation in every
    ]
    described = html.A("openapi.json", href=f"{PREFIX}/openapi.json?lang={context.lang}")
    return Section(
        before=[
            html.H2(t("api.adresses")),
            html.P([t("api.adresses.texte"), " ", described, t("ponctuation.point")]),
            table(columns, rows, caption=t("api.adresses"), cards=True),
        ]
    )


def _link(operation: Operation) -> Component:
    """The address as a link, or as words where a part of it must be filled in."""
    path = PREFIX + operation.path
    return html.Code(path) if "{" in path else html.A(html.Code(path), href=path)


def _parameters(context: Context, every: tuple[Operation, ...]) -> Section:
    t = context.texts
    found = next(operation for operation in every if operation.name == "observations")
    columns = [Column(t(f"api.colonne.{key}")) for key in ("parametre", "sens", "exemple")]
    rows = [_parameter(context, parameter) for parameter in found.parameters]
    caption = t("api.parametres.legende", adresse=PREFIX + found.path)
    return Section(
        before=[
            html.H2(t("api.parametres")),
            html.P(t("api.parametres.texte")),
            table(columns, rows, caption=caption, cards=True),
        ]
    )


def _parameter(context: Context, parameter: Parameter) -> tuple[Component, list[object], Component]:
    t, listed = context.texts, parameter.schema.get("enum", ())
    values = [" ", *_values(context, listed)] if listed else []
    several = [" ", t("api.repetable")] if parameter.repeatable else []
    shown = html.Code(f"{parameter.name}={parameter.example or '…'}")
    return html.Code(parameter.name), [parameter.text[context.lang], *values, *several], shown


def _values(context: Context, listed: Sequence[object]) -> list[object]:
    """The values a parameter takes, which are codes in every language."""
    before, _, after = context.texts("api.valeurs", valeurs="\n").partition("\n")
    return [before, html.Code(", ".join(map(str, listed))), after]


def _rules(context: Context) -> Section:
    t = context.texts
    keys = ("secret", "pages", "cache", "formats", "cors")
    rows = [part for key in keys for part in (html.Dt(t(f"api.regle.{key}")), html.Dd(t(f"api.regle.{key}.texte")))]
    return Section(before=[html.H2(t("api.regles")), html.Dl(rows, className="definitions")])


def _problems(context: Context) -> Section:
    """One entry a kind of problem, at the anchor that its ``type`` leads to."""
    t = context.texts
    columns = [Column(t(f"api.colonne.{key}")) for key in ("probleme", "statut", "quand")]
    rows = [
        (html.Span(t(f"api.probleme.{kind}"), id=kind), html.Code(str(status)), t(f"api.probleme.{kind}.quand"))
        for kind, status in KINDS.items()
    ]
    grid = table(columns, rows, caption=t("api.problemes"), cards=True)
    return Section(before=[html.H2(t("api.problemes")), html.P(t("api.problemes.texte")), grid])


@dataclass(frozen=True)
class _OfThisHost(Page):
    """A page made each time: its lines name the host it was asked from, which none but that reader must see."""

    def sections_of(self, context: Context) -> dict[str, Section]:
        """Every section of the page."""
        return self.build(context)


PAGE = _OfThisHost("api", ("essayer", "adresses", "parametres", "pages", "problemes"), build)
