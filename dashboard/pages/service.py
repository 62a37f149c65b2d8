"""A service: what it is, what happened to it, what documents and feeds say of it, what is not measured yet."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import about, chosen, page_form, values
from dashboard.components import origine
from dashboard.components.archive import archived
from dashboard.components.blocs import Chart, chart, numbered_events
from dashboard.components.cellules import coverage_text, interval_text, value_cell
from dashboard.components.chiffre import anomaly, source_text
from dashboard.components.consultations import measure_rows, measures_table
from dashboard.components.fiche_service import dated, definition_list, facts, feed_name, status_tag
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import pinned
from dashboard.components.provenance import told
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.feeds import feed_page
from dashboard.figures.series import evenements_numerotes, serie
from dashboard.page import Naming, Page, Section
from dashboard.queries import events, indicators, published
from dashboard.registre import (
    SERVICE,
    extract_address,
    feeds,
    filled,
    rows_of,
    series_selection,
    service_series,
    services,
)
from dashboard.router import UnknownPage, href
from publish.charte.formats import periode, quantite, unite
from publish.charte.mots import figure_value, label, period_text, text_of
from publish.charte.summaries import resume_serie

# What is drawn first of a service, by feed; of another feed, the indicator with most published values.
FIRST = ("repos_passages_jour", "caarud_file_active", "lits_ouverts", "hebergement_places", "maraudes_personnes")


def row_of(context: Context) -> pd.Series:
    """The service of the address. Raises UnknownPage if the release has none of that identifier."""
    frame = context.cached(services, context.lang)
    mine = frame[frame["service_id"] == context.item] if len(frame) else frame
    if mine.empty:
        raise UnknownPage(href(context.lang, "service", item=context.item))
    return mine.iloc[0]


def naming(context: Context) -> Naming:
    """The name of the service and, below it, its kind and its territory."""
    row, t = row_of(context), context.texts
    name, kind = context.name(row), label("genre_service", str(row["genre"]), context.lang)
    lede = t("service.chapeau.simule" if row["simule"] else "service.chapeau", genre=kind, territoire=row["territoire"])
    return Naming(name, lede[:1].upper() + lede[1:], t("service.description", nom=name))


def controls(context: Context) -> Markup | None:
    """The indicator drawn, where the service has several."""
    options = _options(context)
    if len(options) < 2:
        return None
    field = select(
        "indicateur",
        context.texts("service.champ.indicateur"),
        options,
        chosen=_indicator(context, options),
        default=_first(context, options),
    )
    return page_form(context, field)


def _options(context: Context) -> list[Option]:
    codes = dict.fromkeys(context.cached(service_series, context.item, context.lang)["indicateur"])
    known = context.cached(indicators).index
    return [Option(code, about(context, code).name) for code in codes if code in known]


def _first(context: Context, options: list[Option]) -> str:
    codes = values(options)
    frame = context.cached(service_series, context.item, context.lang)
    told = frame[(frame["statut"] == "valeur") & (frame["valeur"] > 0)]["indicateur"].value_counts(sort=False)
    fullest = max(codes, key=lambda code: int(told.get(code, 0)), default="")
    return next((code for code in FIRST if code in codes), fullest)


def _indicator(context: Context, options: list[Option]) -> str:
    return chosen(context, "indicateur", values(options), _first(context, options))


def build(context: Context) -> dict[str, Section]:
    """Identity, series, latest values, published figures, events, what is not measured."""
    row = row_of(context)
    return {
        "identite": _identity(context, row),
        "service-courbe": _curve(context),
        "valeurs": _latest(context),
        "chiffres": _published(context),
        "consultation": _consultation(context),
        "evenements": _events(context),
        "mesure": _measured(context, row),
    }


def _identity(context: Context, row: pd.Series) -> Section:
    t, lang = context.texts, context.lang
    more: list[tuple[str, Any]] = [
        ("statut", status_tag(row, t)),
        ("nature", t(f"service.nature.{row['nature']}") if filled(row.get("nature")) else ""),
        (
            "capacite",
            quantite(float(row["capacite"]), unite("places", lang), lang) if pd.notna(row.get("capacite")) else "",
        ),
    ]
    pairs = [pair for pair in (*more, *facts(context, row)) if pair[1]]
    note = text_of(row, "note", lang)
    mark = html.P(origine.mark(context, simulated=bool(row["simule"]), key="service.origine"))
    back = html.P(html.A(t("service.retour"), href=href(lang, "services", pinned(context))))
    parts = [mark, definition_list(context, pairs), html.P(note) if note else None]
    return Section(before=[back, *parts, *archived(context, f"services/{context.item}.html")])


def _curve(context: Context) -> Section:
    options = _options(context)
    if not options:
        return Section()
    code, lang = _indicator(context, options), context.lang
    frame = context.cached(service_series, context.item, lang)
    rows, said = frame[frame["indicateur"] == code], about(context, code)
    marked = context.cached(events, lang)
    figure = serie(rows, lang=lang, unit_label=said.unit, events=marked)
    extras = numbered_events(context, evenements_numerotes(rows, marked, lang=lang))
    summary = resume_serie(rows, lang=lang, unit_label=said.unit, polarite=said.polarity)
    return chart(context, Chart(said.name, rows, series_selection(rows), figure, summary, extras=extras))


def _latest(context: Context) -> Section:
    """The last period of each indicator."""
    t, lang = context.texts, context.lang
    frame = context.cached(service_series, context.item, lang)
    if frame.empty:
        return Section()
    known = context.cached(indicators).index
    last = frame[frame["indicateur"].isin(known)].groupby("indicateur", sort=False).tail(1)
    columns = [
        Column(t("champ.indicateur")),
        Column(t("tableau.periode")),
        Column(t("service.colonne.valeur"), number=True),
        Column(t("service.colonne.unite")),
        Column(t("tableau.intervalle"), number=True),
        Column(t("tableau.couverture"), number=True),
    ]
    rows = [_value_row(context, row) for _, row in last.iterrows()]
    address = f"/extrait/{context.version}.csv?ventilation={SERVICE}&modalite={context.item}"
    links = html.P(html.A(t("service.series.csv"), href=address, download=""), className="liens")
    simulated = origine.simulated(last)
    mark = html.P(origine.mark(context, simulated=simulated))
    return Section(
        before=[
            html.H2(t("service.valeurs")),
            mark,
            table(columns, rows, caption=t("service.valeurs.legende"), cards=True),
            links,
        ]
    )


def _value_row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang = context.lang
    link = html.A(about(context, row["indicateur"]).name, href=context.here(indicateur=str(row["indicateur"])))
    unit = unite(row["unite"], lang)
    return (
        link,
        periode(row["periode"], lang),
        value_cell(row, lang),
        unit,
        interval_text(row, lang),
        coverage_text(row),
    )


def _published(context: Context) -> Section:
    """The figures that documents publish of this very service: those the transcription links to it, no other."""
    t, lang = context.texts, context.lang
    every = context.cached(published, lang)
    frame = every[every["service_id"] == context.item] if "service_id" in every else every.iloc[:0]
    if frame.empty:
        surveyed = context.cached(rows_of, "consultations_cocaine")
        if len(surveyed) and context.item in set(surveyed["service_id"]):
            return Section()
        return Section(before=[html.H2(t("service.chiffres")), html.P(t("service.chiffres.vide"), className="vide")])
    columns = [
        Column(t(f"chiffres.colonne.{name}"), number=name == "valeur")
        for name in ("mesure", "valeur", "quand", "source")
    ]
    rows = [_figure_row(context, row) for _, row in frame.sort_values("periode_debut").iterrows()]
    csv = html.A(
        t("graphe.csv"),
        href=extract_address(context.version, "chiffres_publies", service_id=(context.item,)),
        download="",
    )
    mark = html.P(origine.mark(context, simulated=False))
    grid = table(columns, rows, caption=t("service.chiffres.legende"), cards=True)
    return Section(before=[html.H2(t("service.chiffres")), mark, grid, html.P(csv, className="liens")])


def _figure_row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang, note = context.lang, text_of(row, "note", context.lang)
    remarks = [html.Div(note, className="note") if note else None, anomaly(row, lang)]
    when = period_text(str(row["periode"]), lang)
    return [text_of(row, "mesure", lang), *remarks], figure_value(row, lang), when, source_text(row, lang)[2:]


def _consultation(context: Context) -> Section:
    """The measures of a cocaine consultation, where the service is one of the four."""
    frame = context.cached(rows_of, "consultations_cocaine")
    mine = frame[frame["service_id"] == context.item] if len(frame) else frame
    if mine.empty:
        return Section()
    t = context.texts
    grid = measures_table(context, measure_rows(context, mine), caption=t("service.consultation.legende"))
    link = html.P(html.A(t("service.consultation.lien"), href=href(context.lang, "consultations", pinned(context))))
    mark = html.P(origine.mark(context, simulated=False))
    return Section(before=[html.H2(t("service.consultation")), mark, grid, link])


def _events(context: Context) -> Section:
    t = context.texts
    frame = context.cached(rows_of, "evenements")
    mine = frame[frame["service_id"] == context.item] if "service_id" in frame else frame.iloc[:0]
    title = html.H2(t("service.evenements"))
    if mine.empty:
        return Section(before=[title, html.P(t("service.evenements.vide"), className="vide")])
    items = [_event(context, row) for _, row in mine.sort_values("date_debut").iterrows()]
    return Section(before=[title, html.Ul(items, className="evenements")])


def _event(context: Context, row: pd.Series) -> Component:
    lang = context.lang
    when = dated(row["date_debut"], row["date_precision"], lang)
    words: list[Any] = [
        html.Strong(when),
        " ",
        text_of(row, "intitule", lang),
        " ",
        html.Small(["– ", *told(context, row)]),
    ]
    return html.Li(html.Span([*words, anomaly(row, lang)]))


def _measured(context: Context, row: pd.Series) -> Section:
    """Feed by feed: the indicators it can give, those this service has, those not measured yet."""
    t, codes = context.texts, feeds(row)
    title = html.H2(t("service.mesure"))
    if not codes:
        return Section(before=[title, html.P(t("service.mesure.aucun"))])
    items = [_feed(context, row, code) for code in codes]
    return Section(before=[title, html.Ul(items, className="liste")])


def _feed(context: Context, row: pd.Series, code: str) -> Component:
    t, lang = context.texts, context.lang
    catalogue = context.cached(indicators)
    mine = catalogue[catalogue["flux"] == code]
    have = set(context.cached(service_series, context.item, lang)["indicateur"])
    measured = [context.name(one) for _, one in mine.iterrows() if one["indicateur"] in have]
    missing = [context.name(one) for _, one in mine.iterrows() if one["indicateur"] not in have]
    name = html.Strong(feed_name(code, t))
    page = feed_page(code)
    link = html.A(t("methode.voir"), href=href(lang, page, pinned(context))) if page else None
    if mine.empty:
        return html.Li([name, t("service.mesure.sans_indicateur")])
    parts: list[Any] = [name, t("service.mesure.compte", mesures=len(measured), total=len(mine)), link]
    if missing:
        key = "service.mesure.ensemble" if row.get("nature") == "dispositif" else "service.mesure.manque"
        parts.append(html.Details([html.Summary(t(key)), html.P(", ".join(missing))], className="donnees"))
    return html.Li(parts)


PAGE = Page(
    "service",
    ("identite", "service-courbe", "valeurs", "chiffres", "consultation", "evenements", "mesure"),
    build,
    frozenset({"service-courbe"}),
    controls,
    naming,
)
