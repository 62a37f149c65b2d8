"""The charts that most pages draw: an indicator through time, with its targets and events, and bars side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from dash import html

from dashboard.choices import about
from dashboard.components.blocs import Chart, chart, numbered_events
from dashboard.context import Context
from dashboard.figures.barres import barres
from dashboard.figures.objectif import chemin
from dashboard.figures.series import evenements_numerotes
from dashboard.page import Section
from dashboard.queries import Selection, indicators, observations
from publish.charte.mots import text_of
from publish.charte.summaries import resume_barres, resume_serie


@dataclass(frozen=True)
class Drawn:
    """Rows to draw, all in the unit of ``code``, and what asks for exactly them; ``title`` says what they show.

    ``aims`` are the targets they are read against, in words.
    """

    title: str
    code: str
    rows: pd.DataFrame
    selection: Selection
    aims: Sequence[str] = ()


def series(
    context: Context, drawn: Drawn, *, targets: Sequence[float] = (), marked: pd.DataFrame | None = None
) -> Section:
    """A line per ``modalite`` through time, with ``targets`` in the same unit and ``marked`` events numbered."""
    if drawn.rows.empty:
        return _nothing(context, drawn)
    said, lang = about(context, drawn.code), context.lang
    figure = chemin(drawn.rows, lang=lang, unit_label=said.unit, targets=targets, events=marked)
    summary = resume_serie(drawn.rows, lang=lang, unit_label=said.unit, polarite=said.polarity)
    extras = numbered_events(context, evenements_numerotes(drawn.rows, marked, lang=lang))
    spec = Chart(drawn.title, drawn.rows, drawn.selection, figure, summary, extras=extras, aims=drawn.aims)
    return chart(context, spec)


def bars(context: Context, drawn: Drawn) -> Section:
    """A bar per row, in the order of the rows."""
    if drawn.rows.empty:
        return _nothing(context, drawn)
    unit, lang = about(context, drawn.code).unit, context.lang
    summary = resume_barres(drawn.rows, lang=lang, unit_label=unit)
    figure = barres(drawn.rows, lang=lang, unit_label=unit)
    return chart(context, Chart(drawn.title, drawn.rows, drawn.selection, figure, summary))


def _nothing(context: Context, drawn: Drawn) -> Section:
    return chart(context, Chart(drawn.title, drawn.rows, drawn.selection, {}, ""))


def read(context: Context, selection: Selection) -> pd.DataFrame:
    """The observations of a selection, kept with the release: not to be changed."""
    return context.cached(observations, selection, context.lang)


def named_by_indicator(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of several indicators in one unit, each indicator a line or a bar of its own, under its name."""
    names = [about(context, code).name for code in rows["indicateur"]]
    return rows.assign(modalite=rows["indicateur"], nom=pd.Series(names, index=rows.index, dtype="object"))


def in_order(rows: pd.DataFrame, column: str, order: Sequence[str]) -> pd.DataFrame:
    """Rows sorted by the place of a column's value in ``order``."""
    return rows.sort_values(column, key=lambda values: values.map(list(order).index), kind="stable", ignore_index=True)


def caveats(context: Context, code: str) -> list[html.P]:
    """What the catalogue warns of about an indicator."""
    catalogue = context.cached(indicators)
    words = text_of(catalogue[catalogue.index == code].iloc[0], "reserves", context.lang)
    return [html.P([html.Strong(context.texts("mesures.reserves")), " ", words], className="note")] if words else []
