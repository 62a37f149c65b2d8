"""An indicator at a glance: its last value, when, how far from a year before, its trend, its course as a small line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.apercus import Lieu, Rows, compared, followed, parent, tested
from dashboard.choices import about
from dashboard.components.cellules import DASH, value_cell
from dashboard.components.etincelle import LAST, sparkline
from dashboard.components.liens import pinned
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.queries import indicators, place_names
from dashboard.router import href
from publish.charte import retours
from publish.charte.formats import nombre, periode, unite
from publish.charte.mots import GIVEN, label, value_text
from publish.reader import Record


def of_theme(context: Context, lieu: Lieu, theme: str) -> list[Rows]:
    """The observations of a territory in the indicators of a theme, one after the other."""
    catalogue = context.cached(indicators)
    mine = set(catalogue[catalogue["theme"] == theme]["indicateur"])
    return [rows for code, rows in context.cached(followed, *lieu.place).items() if code in mine]


def valued(rows: Sequence[Record]) -> list[Record]:
    """The rows that have a value."""
    return [row for row in rows if row.statut in GIVEN]


def last_of(rows: Sequence[Record]) -> Record:
    """The last row that is not provisional, else the last: a period still open is not told as what is."""
    return ([row for row in rows if not row.provisoire] or rows)[-1]


def overview(context: Context, lieu: Lieu, series: Sequence[Rows], *, caption: str) -> Component:
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
    rows = [_row(context, lieu, above, part) for part in series]
    return html.Div(table(columns, rows, caption=caption, cards=True), className="apercus")


def _row(context: Context, lieu: Lieu, above: Lieu | None, rows: Rows) -> tuple[Any, ...]:
    last = last_of(valued(rows) or rows)
    code = last.indicateur
    name = about(context, code).name
    address = href(context.lang, "indicateur", pinned(context, territoire=":".join(lieu.place)), item=code)
    cells: list[Any] = [
        html.A(name, href=address),
        [*_amount(context, last), *_when(context, rows, last)],
        year_gap(context, rows, last),
        trend(context, lieu, code),
        course(context, rows, name),
    ]
    if above:
        cells.insert(3, _benchmark(context, lieu, above, last))
    return tuple(cells)


def _when(context: Context, rows: Rows, last: Record) -> list[Any]:
    """The period of the last value; and, where one has closed since, why it has none."""
    lang, now = context.lang, last_of(rows)
    said = [periode(last.periode, lang)]
    if now.periode_debut > last.periode_debut:
        said.append(context.texts("apercu.depuis", quand=periode(now.periode, lang), mots=value_text(now, lang)))
    return [part for words in said for part in (html.Br(), html.Small(words))]


def _amount(context: Context, row: Record) -> list[Any]:
    cell = value_cell(row, context.lang)
    return [cell, " ", html.Small(unite(row.unite, context.lang))] if row.statut in GIVEN else [cell]


def _benchmark(context: Context, lieu: Lieu, above: Lieu, last: Record) -> list[Any]:
    """The value of the enclosing territory in the same period, and how the share of this one stands to it."""
    there = context.cached(followed, *above.place).get(last.indicateur, ())
    found = next((row for row in there if row.periode == last.periode), None)
    said = context.cached(compared, *lieu.place).get((last.indicateur, last.periode))
    word = [html.Br(), html.Small(label("comparaison", said, context.lang))] if said else []
    return [DASH] if found is None else [*_amount(context, found), *word]


def year_gap(context: Context, rows: Sequence[Record], last: Record) -> str:
    """The difference from the same period a year before, where both are published with all their returns."""
    then = last.periode_debut.replace(year=last.periode_debut.year - 1)
    before = next((row for row in rows if row.periode_debut == then), None)
    if before is None or not {last.statut, before.statut} <= set(GIVEN):
        return DASH
    if retours.incomplete(last) or retours.incomplete(before):
        return context.texts("apercu.incomplet")
    places = 0 if float(last.valeur).is_integer() and float(before.valeur).is_integer() else 1
    gap = round(round(last.valeur, places) - round(before.valeur, places), places)
    unit = f" {context.texts('resume.points')}" if unite(last.unite, context.lang) == "%" else ""
    return ("+" if gap > 0 else "") + nombre(gap, context.lang, places) + unit


def trend(context: Context, lieu: Lieu, code: str) -> str:
    """What the test of the release says, in its words; a dash where the series is not tested."""
    word = context.cached(tested, *lieu.place).get(code)
    return label("formulation", word, context.lang) if word else DASH


def course(context: Context, rows: Sequence[Record], name: str, top: float | None = None) -> Any:
    """The small line of a series, and in words where it starts and ends."""
    shown = rows[-LAST:]
    first, end = shown[0], shown[-1]
    words = context.texts(
        "apercu.cours.mots", nom=name, debut=periode(first.periode, context.lang),
        avant=value_text(first, context.lang), fin=periode(end.periode, context.lang),
        maintenant=value_text(end, context.lang),
    )  # fmt: skip
    return sparkline(_values(shown), words, top=top)


def _values(rows: Sequence[Record]) -> list[float | None]:
    return [row.valeur if row.statut in GIVEN else None for row in rows]


def _last(context: Context, row: Record) -> list[Any]:
    return [value_cell(row, context.lang), " ", html.Small(periode(row.periode, context.lang))]


def multiples(context: Context, groups: Sequence[tuple[str, str, Rows]]) -> Component:
    """The same series in several territories, on one scale: name, address and rows of each."""
    known = [value for _, _, rows in groups for value in _values(rows) if value is not None]
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
