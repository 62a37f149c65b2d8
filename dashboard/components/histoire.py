"""A chart of transcribed figures and all that stands around it: real figures, each with its source and its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components import origine
from dashboard.components.chiffre import anomaly, source_text
from dashboard.components.consultations import base_words, value_words
from dashboard.components.graphique import heading
from dashboard.components.provenance import told
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Section
from publish.charte.formats import unite
from publish.charte.mots import figure_value, label, period_text, text_of


@dataclass(frozen=True)
class History:
    """What a chart of real figures shows: ``finding`` in the words of its title, ``rows`` the rows behind it.

    ``csv`` is the address of exactly them.
    """

    title: str
    finding: str
    rows: pd.DataFrame
    figure: dict[str, Any]
    summary: str
    csv: str
    notes: tuple[str, ...] = ()


def real_chart(context: Context, spec: History) -> Section:
    """The section of a chart of real figures."""
    t = context.texts
    mark = origine.mark(context, simulated=False)
    title = heading(spec.title, spec.finding)
    before = [title, html.P([_subtitle(context, spec.rows), " · ", mark], className="sous-titre")]
    after: list[Component] = [
        html.P(spec.summary, className="resume"),
        *(html.P(note, className="note") for note in spec.notes),
        html.P(t("histoire.source", version=context.version), className="source"),
        _table(context, spec),
        html.P(html.A(t("graphe.csv"), href=spec.csv, download=""), className="liens"),
    ]
    return Section(before, spec.figure, after, spec.title)


def _subtitle(context: Context, rows: pd.DataFrame) -> str:
    units = ", ".join(unite(code, context.lang) for code in dict.fromkeys(rows["unite"]))
    years = sorted({int(part[:4]) for period in rows["periode"] for part in str(period).split("/")})
    when = str(years[0]) if len(years) == 1 else context.texts("graphe.periodes", debut=years[0], fin=years[-1])
    return context.texts("graphe.sous_titre", unite=units, periode=when)


def _table(context: Context, spec: History) -> Component:
    t = context.texts
    consultation = "structure" in spec.rows
    columns = [
        Column(t("histoire.colonne.quoi")),
        Column(t("tableau.periode")),
        Column(t("chiffres.colonne.valeur"), number=True),
        Column(t("chiffres.colonne.imprime")),
        Column(t("chiffres.colonne.source")),
    ]
    make = _consultation_row if consultation else _figure_row
    rows = [make(context, row) for _, row in spec.rows.iterrows()]
    caption = f"{spec.title}. {_subtitle(context, spec.rows)}"
    return html.Details(
        [html.Summary(t("graphe.tableau")), table(columns, rows, caption=caption, cards=True)], className="donnees"
    )


def _consultation_row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang = context.lang
    name = f"{row['structure']}, {label('mesure_consultation', str(row['mesure']), lang)}"
    base = base_words(row, context)
    value = value_words(row, context) + (f" ({base})" if base else "")
    return name, period_text(str(row["periode"]), lang), value, _printed(context, row), _place(context, row)


def _figure_row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang = context.lang
    population = text_of(row, "population", lang)
    name = text_of(row, "mesure", lang) + (f", {population}" if population else "")
    source = source_text(row, lang)[2:]
    return name, period_text(str(row["periode"]), lang), figure_value(row, lang), _printed(context, row), source


def _printed(context: Context, row: pd.Series) -> list[Any]:
    note = text_of(row, "note", context.lang)
    remarks = [html.Div(note, className="note") if note else None, anomaly(row, context.lang)]
    return [html.Q(str(row["tel_qu_imprime"]), lang="fr"), *remarks]


def _place(context: Context, row: pd.Series) -> Component:
    return html.Span(told(context, row))
