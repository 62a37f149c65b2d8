"""Tables: a caption, real headers, numbers to the right, and their own scroll on a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.cellules import coverage_text, interval_text, value_cell
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.formats import periode, unite


@dataclass(frozen=True)
class Column:
    """A header and whether its cells are numbers."""

    title: str
    number: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[Any]], *, caption: str, cards: bool = False) -> Component:
    """A table whose first column names the row. With ``cards``, each row is a card on a narrow screen."""
    heads = [html.Th(column.title, scope="col", className=_align(column)) for column in columns]
    body = [html.Tr([_cell(columns[place], place, cell) for place, cell in enumerate(row)]) for row in rows]
    grid = html.Table(
        [html.Caption(caption), html.Thead(html.Tr(heads)), html.Tbody(body)],
        className="tableau tableau--fiches" if cards else "tableau",
    )
    label: dict[str, Any] = {"aria-label": caption}
    return html.Div(grid, className="defilement", tabIndex=0, role="region", **label)


def _cell(column: Column, place: int, cell: Any) -> Component:
    if place == 0:
        return html.Th(cell, scope="row")
    title: dict[str, Any] = {"data-titre": column.title}
    return html.Td(html.Div(cell), className=_align(column), **title)


def _align(column: Column) -> str:
    return "nombre" if column.number else "mot"


def observations_table(frame: pd.DataFrame, lang: Lang, *, caption: str) -> Component:
    """The rows behind a chart: who or where, when, value with its status, interval, returns received."""
    t = texts(lang)
    columns = [
        Column(t("tableau.nom")),
        Column(t("tableau.periode")),
        Column(t("tableau.valeur", unite=_units(frame, lang)), number=True),
        Column(t("tableau.intervalle"), number=True),
        Column(t("tableau.couverture"), number=True),
    ]
    rows = [
        (row["nom"], periode(row["periode"], lang), value_cell(row, lang), interval_text(row, lang), coverage_text(row))
        for _, row in frame.iterrows()
    ]
    return table(columns, rows, caption=caption)


def _units(frame: pd.DataFrame, lang: Lang) -> str:
    return ", ".join(unite(code, lang) for code in dict.fromkeys(frame["unite"]))
