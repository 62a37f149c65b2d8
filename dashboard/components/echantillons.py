"""Samples: the cocaine content of what SINTES analysed, each value with the number of samples it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.choices import about
from dashboard.components.blocs import Chart, chart
from dashboard.components.cellules import value_cell
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.figures.series import serie
from dashboard.marche import CONTENTS, CUTS, SAMPLES, samples, samples_selection
from dashboard.page import Section
from publish.charte.constats import constat
from publish.charte.formats import est_connu
from publish.charte.summaries import resume_serie


def samples_section(context: Context) -> Section:
    """Contents of powder and base cocaine by year, and the table with the number of samples each rests on."""
    t, lang = context.texts, context.lang
    frame = context.cached(samples, CONTENTS, lang)
    title = t("produits.echantillons.titre")
    selection = samples_selection((*SAMPLES, *CONTENTS, *CUTS))
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    named = frame.assign(modalite=frame["indicateur"], nom=[about(context, code).name for code in frame["indicateur"]])
    figure = serie(named, lang=lang, unit_label="%")
    every = context.cached(samples, (*SAMPLES, *CONTENTS, *CUTS), lang)
    grid = _samples_table(context, every, title)
    summary = f"{resume_serie(named, lang=lang, unit_label='%')} {t('produits.echantillons.base')}"
    finding = constat(named, lang=lang)
    drawn = chart(context, Chart(title, every, selection, figure, summary, table=grid, finding=finding))
    caveat = html.P(t("produits.echantillons.reserve"), className="encadre")
    return replace(drawn, before=[*drawn.before, caveat])


def _samples_table(context: Context, frame: pd.DataFrame, title: str) -> Component:
    """One row a year: samples, then each content or share with the number of samples behind it."""
    t, codes = context.texts, (*SAMPLES, *CONTENTS, *CUTS)
    columns = [Column(t("tableau.periode")), *(Column(_headed(context, code), number=True) for code in codes)]
    cells = {(row["periode"], row["indicateur"]): row for _, row in frame.iterrows()}
    years = sorted(set(frame["periode"]), reverse=True)
    rows = [(year, *(with_base(context, cells.get((year, code))) for code in codes)) for year in years]
    return table(columns, rows, caption=title)


def _headed(context: Context, code: str) -> str:
    said = about(context, code)
    return f"{said.name} ({said.unit})"


def with_base(context: Context, row: pd.Series | None) -> Any:
    """A value, and how many samples or people it rests on where that is published."""
    if row is None:
        return context.texts("statut.non_applicable.court")
    cell = value_cell(row, context.lang)
    if row["statut"] != "valeur" or not est_connu(row["denominateur"]):
        return cell
    return [cell, html.Br(), html.Small(context.texts("produits.base", nombre=int(row["denominateur"])))]
