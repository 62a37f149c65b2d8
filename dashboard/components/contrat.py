"""A feed and its contract: what one row is, its columns with their definitions and units, its rules by name."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.tableau import Column, table
from dashboard.i18n import Texts
from dashboard.router import Lang
from publish.charte.formats import unite
from schemas.contract import Contract, Field


def contract_table(contract: Contract, lang: Lang, t: Texts) -> Component:
    """The columns of a feed, one a row."""
    columns = [Column(t(f"contrat.colonne.{key}")) for key in ("nom", "sens", "genre", "valeurs")]
    rows = [_column(field, lang, t) for field in contract.fields]
    return table(columns, rows, caption=t("contrat.colonnes", flux=contract.title[lang]), cards=True)


def _column(field: Field, lang: Lang, t: Texts) -> tuple[Any, ...]:
    name = [field.title[lang], html.Br(), html.Code(field.name)]
    kind = t(f"contrat.type.{field.type}") if f"contrat.type.{field.type}" in t else field.type
    unit = f", {unite(field.unit, lang)}" if field.unit else ""
    marks = [t("contrat.obligatoire")] if field.required else []
    marks += [t("contrat.sensible")] if field.sensitive else []
    return (
        name,
        field.description[lang],
        [f"{kind}{unit}", *(html.Div(mark) for mark in marks)],
        _values(field, lang, t),
    )


def _values(field: Field, lang: Lang, t: Texts) -> Any:
    """The code list of a column, or its limits; a dash where anything goes."""
    if field.categories:
        words = ", ".join(category.label[lang] for category in field.categories)
        return html.Details([html.Summary(t("contrat.codes", nombre=len(field.categories))), words])
    low, high = (field.constraints.get(key) for key in ("minimum", "maximum"))
    if low is None and high is None:
        return "\u2013"
    if high is None:
        return t("contrat.au_moins", valeur=low)
    return t("contrat.de_a", bas=low, haut=high) if low is not None else t("contrat.au_plus", valeur=high)


def rules_list(contract: Contract, lang: Lang) -> Component | None:
    """The rules across columns and rows, by name; nothing where the contract has none."""
    if not contract.rules:
        return None
    items = [html.Li([rule.title[lang], " ", html.Code(rule.name)]) for rule in contract.rules]
    return html.Ul(items, className="liste")
