"""Coverage: who was expected to report, who did, feed by feed and period by period; which returns are missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.chaine import codes_of
from dashboard.choices import chosen, page_form
from dashboard.components import origine
from dashboard.components.fiche_service import feed_name
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import indicator_list
from dashboard.components.origine import feed_text
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.couverture import MONTHS, TABLE, by_period, by_year, feeds, missing, reporter_name, short_period, years
from dashboard.page import Page, Section
from dashboard.registre import extract_address, rows_of
from publish.charte.formats import nombre, periode, unite
from publish.charte.mots import label
from schemas.contract import code_list, contract_names, load_contract

MOST = 200  # rows of the list of missing returns; the file has them all


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years in which a return was expected, oldest first."""
        return self.context.cached(years)

    @property
    def year(self) -> str:
        """The year shown period by period."""
        return chosen(self.context, "annee", self.years, self.years[-1] if self.years else "")

    @property
    def feed(self) -> str:
        """The feed shown, empty for all."""
        return chosen(self.context, "flux", contract_names("feeds"), "")

    def of_feed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the feed chosen, or all."""
        return frame[frame["flux"] == self.feed] if self.feed else frame


def controls(context: Context) -> Markup | None:
    """The feed and the year."""
    view, t = View(context), context.texts
    if not view.years:
        return None
    options = [Option("", t("couverture.flux.tous"))]
    options += sorted((Option(code, feed_name(code, t)) for code in contract_names("feeds")), key=lambda o: o.text)
    latest = [Option(year, year) for year in reversed(view.years)]
    return page_form(
        context,
        select("flux", t("couverture.flux"), options, chosen=view.feed),
        select("annee", t("couverture.annee"), latest, chosen=view.year, default=view.years[-1]),
    )


def build(context: Context) -> dict[str, Section]:
    """By year, by period of a year, what is missing, what each feed gives."""
    view = View(context)
    if not view.years:
        return {"annees": Section(before=[html.P(context.texts("couverture.vide"), className="vide")])}
    return {"annees": _by_year(view), "periodes": _by_period(view), "manquantes": _missing(view), "flux": _feeds(view)}


def _legend(context: Context) -> Component:
    items = [
        html.Li(
            [
                html.Span(className=f"pave couvre--{item['value']}"),
                label("statut_couverture", item["value"], context.lang),
            ]
        )
        for item in code_list("statut_couverture")
    ]
    none = html.Li([html.Span(className="pave couvre--sans"), context.texts("couverture.sans")])
    return html.Ul([*items, none], className="legende")


def _mark(context: Context, row: pd.Series | None, *, short: bool = False) -> Component:
    """A cell: the word of the status and the returns received out of those expected."""
    if row is None:
        return html.Span(context.texts("couverture.sans.court"), className="couvre couvre--sans")
    word = context.texts(f"couverture.mot.{row['statut']}")
    count = f"{nombre(int(row['recues']), context.lang)}/{nombre(int(row['attendues']), context.lang)}"
    size = " couvre--court" if short else ""
    return html.Span([word, html.Br(), html.Small(count)], className=f"couvre couvre--{row['statut']}{size}")


def _by_year(view: View) -> Section:
    """Feed by year: every feed of the release."""
    context, t = view.context, view.context.texts
    frame = view.of_feed(context.cached(by_year))
    title = t("couverture.annees")
    if frame.empty:
        return Section(before=[html.H2(title), html.P(t("couverture.sans_retour"), className="vide")])
    cells = {(row["flux"], row["annee"]): row for _, row in frame.iterrows()}
    shown = sorted(set(frame["annee"]), reverse=True)
    rows = [
        (feed_name(flux, t), *(_mark(context, cells.get((flux, year))) for year in shown))
        for flux in sorted(set(frame["flux"]))
    ]
    columns = [Column(t("couverture.colonne.flux")), *(Column(year) for year in shown)]
    units = t("graphe.sous_titre", unite=unite("declarations", context.lang), periode=f"{shown[-1]}\u2013{shown[0]}")
    return Section(
        before=[
            html.H2(title),
            html.P(units, className="sous-titre"),
            html.P(_words(context, frame), className="resume"),
            _legend(context),
            table(columns, rows, caption=title),
            *_foot(view),
        ]
    )


def _words(context: Context, frame: pd.DataFrame) -> str:
    """How many returns came out of how many, and from which feeds most are missing."""
    t, lang = context.texts, context.lang
    sums = frame.groupby("flux")[["recues", "attendues"]].sum()
    lacking = (sums["attendues"] - sums["recues"]).sort_values(ascending=False)
    worst = [f"{feed_name(str(code), t)} ({nombre(int(n), lang)})" for code, n in lacking.head(3).items() if n > 0]
    received, expected = (nombre(int(sums[name].sum()), lang) for name in ("recues", "attendues"))
    said = t("couverture.resume", recues=received, attendues=expected)
    return f"{said} {t('couverture.resume.manquent', liste=', '.join(worst))}" if worst else said


def _foot(view: View, **wanted: tuple[str, ...]) -> list[Component]:
    """Source, origin, CSV and permanent link."""
    context, t = view.context, view.context.texts
    rows = rows_of(context.release, TABLE)
    mark = origine.mark(context, simulated=origine.simulated(rows))
    flux = (view.feed,) if view.feed else ()
    csv = extract_address(context.version, TABLE, flux=flux, **wanted)
    return [
        html.P([t("couverture.source", version=context.version), " ", mark], className="source"),
        origine.links(context, csv),
    ]


def _by_period(view: View) -> Section:
    """A year in twelve columns: a month takes one, a quarter three, a half-year six, a year twelve."""
    context, t = view.context, view.context.texts
    frame = view.of_feed(context.cached(by_period, view.year))
    title = t("couverture.periodes", annee=view.year)
    if frame.empty:
        return Section(before=[html.H2(title), html.P(t("couverture.sans_retour"), className="vide")])
    rows = [_year_row(context, str(flux), part) for flux, part in frame.groupby("flux", sort=True)]
    heads = [html.Th(t("couverture.colonne.flux"), scope="col"), html.Th(t("couverture.mois"), scope="col", colSpan=12)]
    grid = html.Table(
        [html.Caption(title), html.Thead(html.Tr(heads)), html.Tbody(rows)], className="tableau tableau--annee"
    )
    label_of: dict[str, Any] = {"aria-label": title}
    return Section(
        before=[
            html.H2(title),
            html.P(t("couverture.periodes.texte")),
            html.Div(grid, className="defilement", tabIndex=0, role="region", **label_of),
            *_foot(view, periode=_periods(frame)),
        ]
    )


def _periods(frame: pd.DataFrame) -> tuple[str, ...]:
    """The periods shown, once each: what cuts the CSV."""
    return tuple(dict.fromkeys(str(code) for code in frame["periode"]))


def _year_row(context: Context, flux: str, rows: pd.DataFrame) -> Component:
    """One feed: a cell per period where a return was expected, an empty one said as such elsewhere."""
    span = MONTHS[str(rows["granularite"].iloc[0])]
    by_start = {(pd.Timestamp(row["periode_debut"]).month - 1) // span: row for _, row in rows.iterrows()}
    cells = [
        html.Td(_period_cell(context, by_start.get(place), span), colSpan=span, className="couvert")
        for place in range(12 // span)
    ]
    return html.Tr([html.Th(feed_name(flux, context.texts), scope="row"), *cells])


def _period_cell(context: Context, row: pd.Series | None, span: int) -> list[Component]:
    if row is None:
        return [_mark(context, None)]
    when = html.Small(short_period(str(row["periode"]), context.lang), className="couvert__quand")
    return [when, _mark(context, row, short=span == 1)]


def _missing(view: View) -> Section:
    """The reporters of whom a return is missing: services and places, never a person."""
    context, t, lang = view.context, view.context.texts, view.context.lang
    frame = context.cached(missing, view.year, view.feed)
    title = t("couverture.manquantes", annee=view.year)
    if frame.empty:
        return Section(before=[html.H2(title), html.P(t("couverture.rien_ne_manque"))])
    columns = [Column(t(f"couverture.colonne.{key}")) for key in ("declarant", "flux", "periode")]
    columns.append(Column(t("tableau.couverture"), number=True))
    rows = [
        (
            reporter_name(context.release, str(row["flux"]), str(row["declarant"]), lang),
            feed_name(str(row["flux"]), t),
            periode(str(row["periode"]), lang),
            f"{row['recues']}/{row['attendues']}",
        )
        for _, row in frame.head(MOST).iterrows()
    ]
    lost = int((frame["attendues"] - frame["recues"]).sum())
    more = t("couverture.coupe", nombre=MOST) if len(frame) > MOST else ""
    words = t("couverture.manquantes.texte", nombre=nombre(lost, lang), declarants=frame["declarant"].nunique())
    return Section(
        before=[
            html.H2(title),
            html.P(f"{words} {more}".strip(), className="resume"),
            table(columns, rows, caption=title, cards=True),
            *_foot(view, periode=_periods(frame), statut=("partielle", "aucune")),
        ]
    )


def _feeds(view: View) -> Section:
    """Each feed: what it is, what it gives; where a return is not expected at a fixed date, it says so."""
    context, t = view.context, view.context.texts
    shown = [view.feed] if view.feed else sorted(contract_names("feeds"), key=lambda code: feed_name(code, t))
    blocks = [_feed(context, code, expected=code in context.cached(feeds)) for code in shown]
    return Section(before=[html.H2(t("couverture.flux.titre")), html.P(t("couverture.flux.texte")), *blocks])


def _feed(context: Context, code: str, *, expected: bool) -> Component:
    t, contract = context.texts, load_contract(code)
    grain = contract.descriptor["grain" if context.lang == "fr" else "grain_en"]
    links = context.cached(codes_of, code)
    return html.Details(
        [
            html.Summary(feed_text(code, context.lang)),
            html.P(contract.description[context.lang]),
            html.P(t("contrat.grain", grain=grain, version=contract.version), className="note"),
            None if expected else html.P(t("couverture.flux.sans_date"), className="note"),
            html.P(t("couverture.flux.indicateurs", nombre=len(links))),
            indicator_list(context, links),
        ],
        className="fiche",
        id=f"flux-{code}",
    )


PAGE = Page(TABLE, ("annees", "periodes", "manquantes", "flux"), build, controls=controls)
