"""A chart and all that must stand around it: title, unit, period, summary in words, source, table, CSV, link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.components import origine
from dashboard.components.graphique import heading
from dashboard.components.tableau import observations_table
from dashboard.context import Context
from dashboard.filters import Filters
from dashboard.page import Section
from dashboard.queries import Selection
from dashboard.router import href
from dashboard.tendances import TRENDS, has, series_key, trend_of
from publish.charte.constats import constat
from publish.charte.formats import periode, unite
from publish.charte.mots import GIVEN
from publish.charte.retours import subtitle

# Statuses whose word in the table is a code in the file.
CODED = ("non_rapporte", "non_applicable", "secret")


@dataclass(frozen=True)
class Chart:
    """What a chart shows. ``rows`` are the observations behind it, ``selection`` what asks for exactly them.

    ``table`` stands in place of the table of observations; without a figure it is shown open. ``csv`` is the address of
    the rows where they are no selection of observations; ``conclusions`` stand under the summary. ``picture`` is a
    drawing made by the server, in place of a figure. ``within``: the chart stands under the title of a section;
    ``aims`` are the targets its finding is read against, in words; ``finding`` stands in place of the one that
    ``constat`` makes of rows in one unit.
    """

    title: str
    rows: pd.DataFrame
    selection: Selection
    figure: dict[str, Any] | None
    summary: str
    extras: Sequence[Component] = ()
    table: Component | None = None
    conclusions: Sequence[Component] = ()
    csv: str = ""
    picture: Markup | None = None
    within: bool = False
    aims: Sequence[str] = ()
    finding: str = ""


def chart(context: Context, spec: Chart) -> Section:
    """The section of a chart; a sentence in its place where there is no row at all."""
    if spec.rows.empty:
        return Section(
            before=[heading(spec.title, "", within=spec.within), html.P(context.texts("graphe.vide"), className="vide")]
        )
    # A chart of no value would be axes around nothing; what it numbers goes with it.
    if spec.figure and not spec.rows["statut"].isin(GIVEN).any():
        words = html.P(context.texts("graphe.sans_valeur"), className="vide")
        spec = replace(spec, figure=None, extras=[words])
    before = [_heading(context, spec), html.P(_subtitle(context, spec), className="sous-titre"), spec.picture]
    summary = html.P(spec.summary, className="resume")
    after = [
        *spec.extras,
        summary,
        *spec.conclusions,
        origine.source(context, spec.rows, *dict.fromkeys(spec.rows["source"])),
        _table(context, spec),
        _links(context, spec),
    ]
    return Section(before, spec.figure, after, spec.title, origine.simulated(spec.rows))


def _heading(context: Context, spec: Chart) -> Component:
    """The finding as the figures and the tests of the release have it."""
    key = series_key(spec.rows)
    trend = context.cached(trend_of, key) if key and has(context.release, TRENDS) else None
    finding = spec.finding or constat(spec.rows, lang=context.lang, trend=trend, aims=spec.aims)
    return heading(spec.title, finding, within=spec.within)


def _subtitle(context: Context, spec: Chart) -> str:
    """Unit, period and missing returns; a table of its own tells the returns of each row."""
    rows = spec.rows
    units = ", ".join(unite(code, context.lang) for code in dict.fromkeys(rows["unite"]))
    ordered = rows.sort_values("periode_debut")["periode"]
    first, last = (periode(ordered.iloc[place], context.lang) for place in (0, -1))
    when = first if first == last else context.texts("graphe.periodes", debut=first, fin=last)
    said = context.texts("graphe.sous_titre", unite=units, periode=when)
    missing = "" if spec.table is not None else subtitle(rows, context.lang)
    return " · ".join(part for part in (said, missing) if part)


def _table(context: Context, spec: Chart) -> Component:
    if spec.table is not None and spec.figure is None and spec.picture is None:
        return spec.table
    caption = f"{spec.title}. {_subtitle(context, spec)}"
    grid = spec.table or observations_table(spec.rows, context.lang, caption=caption)
    return html.Details([html.Summary(context.texts("graphe.tableau")), grid], className="donnees")


def _asked(spec: Chart) -> Selection:
    """The selection without the measures that the release has no row of: its CSV would refuse a name it lacks."""
    shown = set(spec.rows["indicateur"])
    return replace(spec.selection, indicateur=tuple(code for code in spec.selection.indicateur if code in shown))


def _links(context: Context, spec: Chart) -> Component:
    t = context.texts
    address = spec.csv or f"/extrait/{context.version}.csv{_asked(spec).search()}"
    csv = html.A(t("graphe.csv"), href=address, download="")
    pinned = Filters(release=context.filters.release).search()
    meaning = href(context.lang, "indicateur", pinned, item=str(spec.rows["indicateur"].iloc[0]))
    return html.P([csv, html.A(t("graphe.definition"), href=meaning), _codes(context, spec.rows)], className="liens")


def _codes(context: Context, rows: pd.DataFrame) -> Component | None:
    """How the file writes the statuses that the table says in words; nothing where every row has a value."""
    t = context.texts
    said = [
        part
        for code in CODED
        if (rows["statut"] == code).any()
        for part in (", ", html.Code(code), f" ({t(f'statut.{code}.court')})")
    ]
    return html.Small([t("graphe.codes"), " ", *said[1:]]) if said else None


def numbered_events(context: Context, items: Sequence[tuple[int, str, str]]) -> list[Component]:
    """The events a chart marks with numbers, in words."""
    if not items:
        return []
    rows = [
        html.Li([html.Span(str(number), className="pastille"), html.Span([html.Strong(date), " ", text])])
        for number, date, text in items
    ]
    return [html.H3(context.texts("graphe.evenements")), html.Ol(rows, className="evenements")]
