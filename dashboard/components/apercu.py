"""An indicator at a glance: its last value, when, how far from a year before, its trend, its course as a small line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.apercus import Lieu, compared, followed, parent, tested
from dashboard.choices import about
from dashboard.components.cellules import DASH, value_cell
from dashboard.components.etincelle import LAST, sparkline
from dashboard.components.liens import pinned
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.figures.cadre import values_of
from dashboard.queries import indicators, place_names
from dashboard.router import href
from publish.charte import retours
from publish.charte.formats import nombre, periode, unite
from publish.charte.mots import GIVEN, label, value_text


def of_theme(context: Context, lieu: Lieu, theme: str) -> pd.DataFrame:
    """The observations of a territory in the indicators of a theme."""
    frame = context.cached(followed, *lieu.place)
    catalogue = context.cached(indicators)
    return frame[frame["indicateur"].isin(catalogue[catalogue["theme"] == theme]["indicateur"])]


def last_of(rows: pd.DataFrame) -> pd.Series:
    """The last row that is not provisional, else the last: a period still open is not told as what is."""
    final = rows[~rows["provisoire"].astype(bool)]
    return (final if len(final) else rows).iloc[-1]


def overview(context: Context, lieu: Lieu, frame: pd.DataFrame, *, caption: str) -> Component:
    """A table of indicators in their order, one a line, beside the territory that encloses this one."""
    t, above = context.texts, context.cached(parent, lieu)
    columns = [
        Column(t("apercu.indicateur")),
        Column(t("apercu.valeur"), number=True),
        Column(t("apercu.un_an"), number=True),
        Column(t("apercu.tendance")),
        Column(t("apercu.cours")),
    ]
    if above:
        columns.insert(3, Column(context.cached(place_names, context.lang)[above.place], number=True))
    rows = [_row(context, lieu, above, part) for _, part in frame.groupby("indicateur", sort=False)]
    return html.Div(table(columns, rows, caption=caption, cards=True), className="apercus")


def _row(context: Context, lieu: Lieu, above: Lieu | None, rows: pd.DataFrame) -> tuple[Any, ...]:
    last = last_of(rows)
    code = str(last["indicateur"])
    name = about(context, code).name
    address = href(context.lang, "indicateur", pinned(context, territoire=":".join(lieu.place)), item=code)
    cells: list[Any] = [
        html.A(name, href=address),
        [*_amount(context, last), html.Br(), html.Small(periode(str(last["periode"]), context.lang))],
        year_gap(context, rows, last),
        trend(context, lieu, code),
        course(context, rows, name),
    ]
    if above:
        cells.insert(3, _benchmark(context, lieu, above, last))
    return tuple(cells)


def _amount(context: Context, row: pd.Series) -> list[Any]:
    cell = value_cell(row, context.lang)
    return [cell, " ", html.Small(unite(str(row["unite"]), context.lang))] if row["statut"] in GIVEN else [cell]


def _benchmark(context: Context, lieu: Lieu, above: Lieu, last: pd.Series) -> list[Any]:
    """The value of the enclosing territory in the same period, and how the share of this one stands to it."""
    there = context.cached(followed, *above.place)
    found = there[(there["indicateur"] == last["indicateur"]) & (there["periode"] == last["periode"])]
    said = context.cached(compared, *lieu.place).get(str(last["indicateur"]))
    word = [html.Br(), html.Small(label("comparaison", said, context.lang))] if said else []
    return [DASH] if found.empty else [*_amount(context, found.iloc[0]), *word]


def year_gap(context: Context, rows: pd.DataFrame, last: pd.Series) -> str:
    """The difference from the same period a year before, where both are published with all their returns."""
    then = last["periode_debut"] - pd.DateOffset(years=1)
    before = rows[rows["periode_debut"] == then]
    if before.empty or last["statut"] not in GIVEN or before.iloc[0]["statut"] not in GIVEN:
        return DASH
    if retours.incomplete(last) or retours.incomplete(before.iloc[0]):
        return context.texts("apercu.incomplet")
    places = 0 if float(last["valeur"]).is_integer() and float(before.iloc[0]["valeur"]).is_integer() else 1
    gap = round(round(last["valeur"], places) - round(before.iloc[0]["valeur"], places), places)
    unit = f" {context.texts('resume.points')}" if unite(str(last["unite"]), context.lang) == "%" else ""
    return ("+" if gap > 0 else "") + nombre(gap, context.lang, places) + unit


def trend(context: Context, lieu: Lieu, code: str) -> str:
    """What the test of the release says, in its words; a dash where the series is not tested."""
    word = context.cached(tested, *lieu.place).get(code)
    return label("formulation", word, context.lang) if word else DASH


def course(context: Context, rows: pd.DataFrame, name: str, top: float | None = None) -> Any:
    """The small line of a series, and in words where it starts and ends."""
    shown = rows.tail(LAST)
    first, end = shown.iloc[0], shown.iloc[-1]
    words = context.texts(
        "apercu.cours.mots", nom=name, debut=periode(str(first["periode"]), context.lang),
        avant=value_text(first, context.lang), fin=periode(str(end["periode"]), context.lang),
        maintenant=value_text(end, context.lang),
    )  # fmt: skip
    return sparkline(values_of(shown), words, top=top)


def _last(context: Context, row: pd.Series) -> list[Any]:
    return [value_cell(row, context.lang), " ", html.Small(periode(str(row["periode"]), context.lang))]


def multiples(context: Context, groups: Sequence[tuple[str, str, pd.DataFrame]]) -> Component:
    """The same series in several territories, on one scale: name, address and rows of each."""
    known = [value for _, _, rows in groups for value in values_of(rows) if value is not None]
    top = max(known, default=1.0)
    items = [
        html.Li([
            html.P(html.A(name, href=address), className="multiples__nom"),
            course(context, rows, name, top) or html.P(context.texts("apercu.sans_valeur"), className="vide"),
            html.P(_last(context, last_of(rows))),
        ])
        for name, address, rows in groups
    ]  # fmt: skip
    return html.Ul(items, className="multiples")
