"""Rest spaces: attendance day by day with events marked, then any measure month by month, service beside service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from dashboard.choices import About, about, chosen, indicator_options, page_form, service_options, values
from dashboard.components.blocs import Chart, chart, numbered_events
from dashboard.components.controle import control_address, control_table, control_words
from dashboard.components.formulaire import Option, select
from dashboard.context import Context
from dashboard.figures.barres import barres
from dashboard.figures.controle import has_limits
from dashboard.figures.series import evenements_numerotes, quotidien, serie
from dashboard.page import Page, Section
from dashboard.queries import Selection, events, modalities, observations, periods
from dashboard.tendances import controlled
from publish.charte.formats import periode, unite
from publish.charte.summaries import resume_barres, resume_quotidien, resume_serie

FLUX = "plan_espaces_repos"
DAILY = "repos_passages"
FIRST = "espace-repos-chapelle"
DEFAULT = "repos_passages_jour"
REGION = (("region",), ("11",))


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def services(self) -> list[Option]:
        """The services that can be chosen."""
        return service_options(self.context, self.context.cached(modalities, FLUX, "jour", "service"))

    @cached_property
    def indicators(self) -> list[Option]:
        """The indicators that can be chosen."""
        return indicator_options(self.context, FLUX, "mois")

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years that have observations, oldest first."""
        return tuple(dict.fromkeys(day[:4] for day in self.context.cached(periods, FLUX, "jour")))

    @property
    def service(self) -> str:
        """The service shown."""
        return chosen(self.context, "service", values(self.services), self.first)

    @property
    def first(self) -> str:
        """The rest space shown when the address names none: the one that most documents speak of, if it is there."""
        return FIRST if FIRST in values(self.services) else self.services[0].value

    @property
    def year(self) -> str:
        """The year shown."""
        return chosen(self.context, "annee", self.years, self.years[-1])

    @property
    def indicateur(self) -> str:
        """The indicator shown."""
        return chosen(self.context, "indicateur", values(self.indicators), DEFAULT)

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)


def controls(context: Context) -> Markup:
    """Service and year of the daily chart, indicator of the two others."""
    t, view = context.texts, View(context)
    years = [Option(year, year) for year in reversed(view.years)]
    return page_form(
        context,
        select("service", t("champ.service"), view.services, chosen=view.service, default=view.first),
        select("annee", t("champ.annee"), years, chosen=view.year, default=view.years[-1]),
        select("indicateur", t("champ.indicateur_mensuel"), view.indicators, chosen=view.indicateur, default=DEFAULT),
    )


def build(context: Context) -> dict[str, Section]:
    """Day by day, month by month, service by service."""
    view = View(context)
    return {"quotidien": _daily(view), "mensuel": monthly(view), "services": _services(view)}


def _daily(view: View) -> Section:
    context, lang = view.context, view.context.lang
    every = context.cached(controlled, DAILY, view.service, lang)
    frame = every[every["periode"].str.startswith(view.year)]
    name = {option.value: option.text for option in view.services}[view.service]
    title = context.texts("repos.quotidien.titre", service=name, annee=view.year)
    selection = Selection((DAILY,), granularite=("jour",), modalite=(view.service,), annee=(view.year,))
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    unit, marked = unite("passages", lang), context.cached(events, lang)
    figure = quotidien(frame, lang=lang, unit_label=unit, events=marked)
    extras = numbered_events(context, evenements_numerotes(frame, marked, lang=lang))
    summary = resume_quotidien(frame, lang=lang, unit_label=unit)
    return chart(
        context,
        Chart(
            title,
            frame,
            selection,
            figure,
            summary,
            extras=extras,
            table=control_table(frame, lang, caption=title),
            conclusions=control_words(context, frame, view.year),
            csv=_days_csv(view, frame),
        ),
    )


def _days_csv(view: View, frame: pd.DataFrame) -> str:
    """The address of the days with their limits; empty where they have none, the observations being all there is."""
    return control_address(view.context.version, DAILY, view.service, view.year) if has_limits(frame) else ""


def monthly(view: View) -> Section:
    """The indicator month by month, a line per rest space, events marked."""
    context, lang = view.context, view.context.lang
    selection = Selection((view.indicateur,), *REGION, ("mois",), ventilation=("service",))
    frame = context.cached(observations, selection, lang)
    title = context.texts("repos.mensuel.titre", indicateur=view.about.name)
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    marked = context.cached(events, lang)
    figure = serie(frame, lang=lang, unit_label=view.about.unit, events=marked)
    extras = numbered_events(context, evenements_numerotes(frame, marked, lang=lang))
    summary = resume_serie(frame, lang=lang, unit_label=view.about.unit, polarite=view.about.polarity)
    return chart(context, Chart(title, frame, selection, figure, summary, extras=extras))


def _services(view: View) -> Section:
    context, lang = view.context, view.context.lang
    quarter = context.cached(periods, FLUX, "trimestre")[-1]
    selection = Selection((view.indicateur,), *REGION, ("trimestre",), (quarter,), ("service",))
    frame = context.cached(observations, selection, lang)
    title = context.texts("repos.services.titre", indicateur=view.about.name, periode=periode(quarter, lang))
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    figure = barres(frame, lang=lang, unit_label=view.about.unit)
    return chart(
        context, Chart(title, frame, selection, figure, resume_barres(frame, lang=lang, unit_label=view.about.unit))
    )


PAGE = Page(
    "repos",
    ("quotidien", "mensuel", "services"),
    build,
    frozenset({"quotidien", "mensuel", "services"}),
    controls,
    feed=(FLUX, "jour"),
)
