"""CAARUD: what harm reduction centres do each year, by department, and the equipment they hand out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from dashboard.choices import About, about, chosen, indicator_options, page_form, values
from dashboard.components.blocs import Chart, chart
from dashboard.components.formulaire import Option, select
from dashboard.context import Context
from dashboard.figures.barres import barres
from dashboard.figures.series import serie
from dashboard.page import Page, Section
from dashboard.queries import Selection, observations, periods
from publish.charte.formats import unite
from publish.charte.summaries import resume_barres, resume_serie

FLUX = "caarud_activite"
DEFAULT = "caarud_file_active"
EQUIPMENT = ("caarud_kits_base", "caarud_pipes", "caarud_seringues")
REGION = (("region",), ("11",))


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def indicators(self) -> list[Option]:
        """The indicators that can be chosen."""
        return indicator_options(self.context, FLUX, "annee")

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years that have observations, oldest first."""
        return self.context.cached(periods, FLUX, "annee")

    @property
    def indicateur(self) -> str:
        """The indicator shown."""
        return chosen(self.context, "indicateur", values(self.indicators), DEFAULT)

    @property
    def year(self) -> str:
        """The year shown."""
        return chosen(self.context, "annee", self.years, self.years[-1])

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)


def controls(context: Context) -> Markup:
    """Indicator, and year of the comparison between departments."""
    t, view = context.texts, View(context)
    years = [Option(year, year) for year in reversed(view.years)]
    return page_form(
        context,
        select("indicateur", t("champ.indicateur"), view.indicators, chosen=view.indicateur, default=DEFAULT),
        select("annee", t("champ.annee_departements"), years, chosen=view.year, default=view.years[-1]),
    )


def build(context: Context) -> dict[str, Section]:
    """The region by year, departments in one year, equipment by year."""
    view = View(context)
    return {"annees": _years(view), "departements": _departments(view), "materiel": _equipment(view)}


def _years(view: View) -> Section:
    context, lang = view.context, view.context.lang
    selection = Selection((view.indicateur,), *REGION, ("annee",), ventilation=("ensemble",))
    frame = context.cached(observations, selection, lang)
    title = context.texts("caarud.annees.titre", indicateur=view.about.name)
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    figure = serie(frame, lang=lang, unit_label=view.about.unit)
    return chart(
        context,
        Chart(
            title,
            frame,
            selection,
            figure,
            resume_serie(frame, lang=lang, unit_label=view.about.unit, polarite=view.about.polarity),
        ),
    )


def _departments(view: View) -> Section:
    context, lang = view.context, view.context.lang
    selection = Selection((view.indicateur,), ("departement",), (), ("annee",), (view.year,), ("ensemble",))
    frame = context.cached(observations, selection, lang).sort_values("valeur", ascending=False, ignore_index=True)
    title = context.texts("caarud.departements.titre", indicateur=view.about.name, annee=view.year)
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    figure = barres(frame, lang=lang, unit_label=view.about.unit)
    return chart(
        context, Chart(title, frame, selection, figure, resume_barres(frame, lang=lang, unit_label=view.about.unit))
    )


def _equipment(view: View) -> Section:
    """Three kinds of equipment on one chart: they share a unit, and each keeps its line."""
    context, lang = view.context, view.context.lang
    selection = Selection(EQUIPMENT, *REGION, ("annee",), ventilation=("ensemble",))
    rows = context.cached(observations, selection, lang)
    names = [about(context, code).name for code in rows["indicateur"]]
    frame = rows.assign(modalite=rows["indicateur"], nom=names)
    title = context.texts("caarud.materiel.titre")
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    unit = unite("materiels", lang)
    figure = serie(frame, lang=lang, unit_label=unit)
    return chart(context, Chart(title, frame, selection, figure, resume_serie(frame, lang=lang, unit_label=unit)))


PAGE = Page(
    "caarud",
    ("annees", "departements", "materiel"),
    build,
    frozenset({"annees", "departements", "materiel"}),
    controls,
    feed=(FLUX, "annee"),
)
