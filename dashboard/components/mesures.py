"""Several measures side by side, a row per place or service: each column one measure in one unit, never added up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.choices import about
from dashboard.components.cellules import DASH, coverage_text, interval_text, value_cell
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.i18n import Texts

Cells = Mapping[tuple[Hashable, str], pd.Series]


@dataclass(frozen=True)
class Rows:
    """What the rows of the table are: the column of the frame that tells them apart, their keys in order, their words.

    ``words`` may be components, such as links; ``title`` heads the first column.
    """

    column: str
    keys: Sequence[Hashable]
    words: Mapping[Any, Any]
    title: str


def measures_table(
    context: Context, frame: pd.DataFrame, *, codes: Sequence[str], rows: Rows, caption: str
) -> Component:
    """A column per indicator of ``codes``, then the returns received out of those expected, the least complete first.

    Where the frame has no row, nothing was expected: the cell says « sans objet ».
    """
    cells: Cells = {(row[rows.column], row["indicateur"]): row for _, row in frame.iterrows()}
    heads = [Column(rows.title), *(_head(context, code) for code in codes)]
    coverage = Column(context.texts("tableau.couverture"), number=True)
    lines = [_line(context, cells, key, codes, rows.words[key]) for key in rows.keys]
    return html.Div(table([*heads, coverage], lines, caption=caption), className="mesures")


def _head(context: Context, code: str) -> Column:
    said = about(context, code)
    return Column(context.texts("mesures.colonne", indicateur=said.name, unite=said.unit), number=True)


def _line(context: Context, cells: Cells, key: Hashable, codes: Sequence[str], words: Any) -> list[Any]:
    found = [cells.get((key, code)) for code in codes]
    return [words, *(_cell(context, row) for row in found), _coverage([row for row in found if row is not None])]


def _cell(context: Context, row: pd.Series | None) -> Component:
    if row is None:
        return _without_object(context.texts)
    limits = interval_text(row, context.lang)
    return html.Span(
        [value_cell(row, context.lang), None if limits == DASH else html.Small(limits, className="intervalle")]
    )


def _without_object(t: Texts) -> Component:
    return html.Span(t("statut.non_applicable.court"), className="statut statut--non_applicable")


def _coverage(rows: Sequence[pd.Series]) -> str:
    """The coverage of the measure least reported, a dash where none is expected."""
    expected = [row for row in rows if pd.notna(row["recues"]) and pd.notna(row["attendues"])]
    return coverage_text(min(expected, key=lambda row: row["recues"] / max(row["attendues"], 1))) if expected else DASH
