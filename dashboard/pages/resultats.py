"""Outcomes: what becomes of the people of a quarter's cohort, outcome by outcome, with the interval of each share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from dash import html
from markupsafe import Markup

from dashboard.choices import About, about, chosen, page_form, period_options, values
from dashboard.components.blocs import Chart, chart
from dashboard.components.formulaire import Option, select
from dashboard.components.mesures import Rows, measures_table
from dashboard.components.traces import Drawn, bars, caveats, in_order, named_by_indicator, read, series
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import Selection, extract, periods, place_names
from publish.charte.formats import periode
from publish.reader import Release

FLUX = "plan_resultats"
COHORT = "resultats_cohorte"
SHARES = (
    *("resultats_part_revu_j8", "resultats_part_soins_3_mois", "resultats_part_soins_6_mois"),
    *("resultats_part_soins_12_mois", "resultats_part_logement_6_mois", "resultats_part_droits_ouverts"),
    *("resultats_part_sortie_precoce", "resultats_part_passage_urgences"),
)
MEASURES = (COHORT, *SHARES)
LEVELS = ("region", "departement")
FIRST = "region:11"


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years of cohorts, oldest first."""
        return self.context.cached(periods, FLUX, "annee")

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters of cohorts, oldest first."""
        return self.context.cached(periods, FLUX, "trimestre")

    @property
    def last(self) -> str:
        """The last year of which every quarter is there, so that most follow-ups are told."""
        whole = [year for year in self.years if f"{year}-T4" in self.quarters]
        return (whole or list(self.years))[-1]

    @cached_property
    def period(self) -> str:
        """The cohort shown: people who entered that year, or that quarter."""
        return chosen(self.context, "periode", (*self.years, *self.quarters), self.last)

    @property
    def grain(self) -> str:
        """What the period is: a year or a quarter."""
        return "annee" if len(self.period) == 4 else "trimestre"

    @cached_property
    def places(self) -> list[Option]:
        """Territories that have cohorts, the region first."""
        return [Option(place, name) for place, name in self.context.cached(_places, self.context.lang)]

    @cached_property
    def place(self) -> str:
        """The territory shown, as level:code."""
        return chosen(self.context, "territoire", values(self.places), self.first)

    @property
    def first(self) -> str:
        """The territory shown when the address names none: Île-de-France if it has cohorts."""
        return FIRST if FIRST in values(self.places) else self.places[0].value

    @property
    def name(self) -> str:
        """The territory shown, in words."""
        return {option.value: option.text for option in self.places}[self.place]

    @cached_property
    def indicateur(self) -> str:
        """The outcome shown through time."""
        return chosen(self.context, "indicateur", SHARES, SHARES[0])

    @property
    def about(self) -> About:
        """Name, unit and polarity of the outcome."""
        return about(self.context, self.indicateur)

    def selection(self, codes: tuple[str, ...], grain: str, period: str = "") -> Selection:
        """Observations of the territory shown."""
        niveau, _, code = self.place.partition(":")
        return Selection(codes, (niveau,), (code,), (grain,), (period,) if period else (), ("ensemble",))


def _places(release: Release, lang: str) -> tuple[tuple[str, str], ...]:
    """Territories that have a cohort, as level:code and name, regions before departments."""
    names = place_names(release, "en" if lang == "en" else "fr")
    frame = extract(release, Selection((COHORT,), LEVELS, granularite=("annee",)))
    found = set(zip(frame["territoire_niveau"], frame["territoire_code"], strict=True))
    ordered = sorted(found, key=lambda place: (LEVELS.index(place[0]), place[1]))
    return tuple((":".join(place), names[place]) for place in ordered)


def controls(context: Context) -> Markup:
    """Territory, outcome through time, cohort of the rest."""
    view, t = View(context), context.texts
    outcomes = [Option(code, about(context, code).name) for code in SHARES]
    years = [Option(year, year, t("champ.periode.annees")) for year in reversed(view.years)]
    quarters = [
        Option(one.value, one.text, t("champ.periode.trimestres")) for one in period_options(context, view.quarters)
    ]
    cohorts = [*years, *reversed(quarters)]
    return page_form(
        context,
        select("indicateur", t("resultats.champ.resultat"), outcomes, chosen=view.indicateur, default=SHARES[0]),
        select(
            "territoire", t("resultats.champ.territoire"), view.places, chosen=view.place, default=view.places[0].value
        ),
        select("periode", t("resultats.champ.cohorte"), cohorts, chosen=view.period, default=view.last),
    )


def build(context: Context) -> dict[str, Section]:
    """The outcome cohort by cohort, every outcome of one cohort, every cohort in a table, departments side by side."""
    view = View(context)
    return {
        "cohortes": _cohorts(view),
        "ensemble": _outcomes(view),
        "tableau": _every_cohort(view),
        "departements": _departments(view),
    }


def _cohorts(view: View) -> Section:
    context, selection = view.context, view.selection((view.indicateur,), "trimestre")
    names = {"resultat": view.about.name, "territoire": view.name}
    drawn = Drawn(
        context.texts("resultats.cohortes.titre", **names), view.indicateur, read(context, selection), selection
    )
    section = series(context, drawn)
    return replace(section, after=[*section.after, *caveats(context, view.indicateur)])


def _outcomes(view: View) -> Section:
    """Every outcome of one cohort. Each is a share of the same people, not a part of one whole: they do not add up."""
    context, selection = view.context, view.selection(SHARES, view.grain, view.period)
    rows = in_order(named_by_indicator(context, read(context, selection)), "indicateur", SHARES)
    when = periode(view.period, context.lang)
    title = context.texts("resultats.ensemble.titre", territoire=view.name, periode=when)
    section = bars(context, Drawn(title, SHARES[0], rows, selection))
    note = html.P(context.texts("resultats.ensemble.note"), className="note")
    return replace(section, after=[*section.after, note])


def _every_cohort(view: View) -> Section:
    """A row per quarter of entry, the latest first: what is not told yet says so."""
    context, t = view.context, view.context.texts
    selection = view.selection(MEASURES, "trimestre")
    rows = read(context, selection)
    title = t("resultats.tableau.titre", territoire=view.name)
    if rows.empty:
        return chart(context, Chart(title, rows, selection, None, ""))
    quarters = sorted(set(rows["periode"]), reverse=True)
    words = {code: periode(code, context.lang) for code in quarters}
    what = Rows("periode", quarters, words, t("resultats.cohorte"))
    table = measures_table(context, rows, codes=MEASURES, rows=what, caption=title)
    return chart(context, Chart(title, rows, selection, None, t("resultats.tableau.texte"), table=table))


def _departments(view: View) -> Section:
    """A row per department for the cohort shown: where few people entered, the word is « secret »."""
    context, t = view.context, view.context.texts
    selection = Selection(MEASURES, ("departement",), (), (view.grain,), (view.period,), ("ensemble",))
    rows = read(context, selection)
    title = t("resultats.departements.titre", periode=periode(view.period, context.lang))
    if rows.empty:
        return chart(context, Chart(title, rows, selection, None, ""))
    words = dict(zip(rows["territoire_code"], rows["nom"], strict=True))
    what = Rows("territoire_code", sorted(words), words, t("resultats.departement"))
    table = measures_table(context, rows, codes=MEASURES, rows=what, caption=title)
    return chart(context, Chart(title, rows, selection, None, t("resultats.departements.texte"), table=table))


SECTIONS = ("cohortes", "ensemble", "tableau", "departements")
PAGE = Page("resultats", SECTIONS, build, frozenset({"cohortes", "ensemble"}), controls, feed=(FLUX, "trimestre"))
