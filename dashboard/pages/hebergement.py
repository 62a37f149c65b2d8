"""Supported housing: places and how full they are, entries, and where people go when they leave, by service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from dash import html
from markupsafe import Markup

from dashboard.choices import About, about, chosen, page_form, period_options, service_options, values
from dashboard.components import origine
from dashboard.components.blocs import Chart, chart
from dashboard.components.chiffre import source_text
from dashboard.components.formulaire import Option, select, slider
from dashboard.components.liens import pinned
from dashboard.components.mesures import Rows, measures_table
from dashboard.components.traces import Drawn, bars, caveats, in_order, named_by_indicator, read, series
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import Selection, events, modalities, periods, published
from dashboard.registre import services
from dashboard.router import href
from publish.charte.formats import COLON, periode
from publish.charte.mots import figure_value, label, period_text, text_of

FLUX = "plan_hebergement"
REGION = (("region",), ("11",))
ALL = "tous"
PLACES = "hebergement_places"
RATE = "hebergement_taux_occupation"
FLOWS = ("hebergement_entrees", "hebergement_sorties")
DESTINATIONS = tuple(f"hebergement_part_sorties_{where}" for where in ("logement", "soins", "rue", "autres"))
MEASURES = (PLACES, RATE, *FLOWS, *DESTINATIONS)
# Published figures that speak of places, real, never on the line of the simulated ones.
PUBLISHED = ("PF024", "PF025")


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters that have observations, oldest first."""
        return self.context.cached(periods, FLUX, "trimestre")

    @cached_property
    def quarter(self) -> str:
        """The quarter shown."""
        return chosen(self.context, "trimestre", self.quarters, self.quarters[-1])

    @cached_property
    def services(self) -> list[Option]:
        """All services together, then each that can be chosen."""
        found = service_options(self.context, self.context.cached(modalities, FLUX, "trimestre", "service"))
        return [Option(ALL, self.context.texts("hebergement.tous")), *found]

    @cached_property
    def service(self) -> str:
        """The service shown, or all of them together."""
        return chosen(self.context, "service", values(self.services), ALL)

    @property
    def name(self) -> str:
        """The service shown, in words."""
        return {option.value: option.text for option in self.services}[self.service]

    @cached_property
    def indicateur(self) -> str:
        """The indicator shown through time."""
        return chosen(self.context, "indicateur", MEASURES, PLACES)

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)

    def selection(self, codes: tuple[str, ...], quarters: tuple[str, ...] = ()) -> Selection:
        """Observations of the region for the service shown."""
        cut = "ensemble" if self.service == ALL else "service"
        return Selection(codes, *REGION, ("trimestre",), quarters, (cut,), (self.service,))


def controls(context: Context) -> Markup:
    """Service, indicator through time, quarter of the rest."""
    view, t = View(context), context.texts
    options = [Option(code, about(context, code).name) for code in MEASURES]
    quarters = period_options(context, view.quarters)
    return page_form(
        context,
        select("service", t("hebergement.champ.service"), view.services, chosen=view.service, default=ALL),
        select("indicateur", t("champ.indicateur"), options, chosen=view.indicateur, default=PLACES),
        slider("trimestre", t("champ.trimestre"), quarters, chosen=view.quarter, default=view.quarters[-1]),
    )


def build(context: Context) -> dict[str, Section]:
    """The indicator through time, exits by destination, every measure by service."""
    view = View(context)
    return {
        "evolution": _through_time(view),
        "destinations": _destinations(view),
        "services": _services(view),
    }


def besides(context: Context) -> dict[str, Section]:
    """What documents say."""
    return {"publies": _published(context)}


def _through_time(view: View) -> Section:
    context, selection = view.context, view.selection((view.indicateur,))
    title = context.texts("hebergement.evolution.titre", service=view.name, indicateur=view.about.name)
    drawn = Drawn(title, view.indicateur, read(context, selection), selection)
    return series(context, drawn, marked=context.cached(events, context.lang))


def _destinations(view: View) -> Section:
    """Four shares of the same whole, each with its interval: they are read together and make one hundred."""
    context, selection = view.context, view.selection(DESTINATIONS, (view.quarter,))
    rows = in_order(named_by_indicator(context, read(context, selection)), "indicateur", DESTINATIONS)
    when = periode(view.quarter, context.lang)
    title = context.texts("hebergement.destinations.titre", service=view.name, periode=when)
    section = bars(context, Drawn(title, DESTINATIONS[0], rows, selection))
    return replace(section, after=[*section.after, *caveats(context, DESTINATIONS[0])])


def _services(view: View) -> Section:
    """Every measure of the quarter, a row per service, kinds of service together."""
    context, t = view.context, view.context.texts
    selection = Selection(MEASURES, *REGION, ("trimestre",), (view.quarter,), ("service",))
    rows = read(context, selection)
    title = t("hebergement.services.titre", periode=periode(view.quarter, context.lang))
    if rows.empty:
        return chart(context, Chart(title, rows, selection, None, ""))
    register = services(context.release, context.lang)
    mine = register[register["service_id"].isin(rows["modalite"])]
    words = {str(row["service_id"]): _service(context, row) for _, row in mine.iterrows()}
    what = Rows("modalite", list(words), words, t("hebergement.service"))
    table = measures_table(context, rows, codes=MEASURES, rows=what, caption=title)
    return chart(context, Chart(title, rows, selection, None, context.said("hebergement.services.texte"), table=table))


def _service(context: Context, row: Any) -> list[Any]:
    """The name of a service, which leads to its page, and its kind."""
    address = href(context.lang, "service", pinned(context), item=str(row["service_id"]))
    kind = label("genre_service", str(row["genre"]), context.lang)
    return [html.A(context.name(row), href=address), html.Small(f" {kind}")]


def _published(context: Context) -> Section:
    """Real figures of documents: places told once, on a date, by a named source."""
    t, lang = context.texts, context.lang
    frame = context.cached(published, lang)
    rows = frame[frame["id"].isin(PUBLISHED)].sort_values("id")
    if rows.empty:
        return Section()
    mark = origine.mark(context, simulated=False)
    items = [_document(row, context) for _, row in rows.iterrows()]
    return Section(
        before=[
            html.H2(t("hebergement.publies.titre")),
            html.P([context.said("hebergement.publies.texte"), " ", mark]),
            html.Ul(items, className="liste"),
        ]
    )


def _document(row: Any, context: Context) -> html.Li:
    lang = context.lang
    words = f"{text_of(row, 'mesure', lang)}, {period_text(str(row['periode']), lang)}{COLON[lang]}"
    note = text_of(row, "note", lang)
    source = html.Div([f"{note}. " if note else "", *source_text(row, lang)], className="note")
    return html.Li([words, html.Strong(figure_value(row, lang)), source])


SECTIONS = ("evolution", "destinations", "services", "publies")
PAGE = Page(
    "hebergement",
    SECTIONS,
    build,
    frozenset({"evolution", "destinations"}),
    controls,
    feed=(FLUX, "trimestre"),
    besides=besides,
)
