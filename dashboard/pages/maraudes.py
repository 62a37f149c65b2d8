"""Outreach rounds: where teams go, whom they meet, what they hand out, by territory and by metro line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from dash import html
from markupsafe import Markup

from dashboard.choices import About, about, chosen, page_form, period_options
from dashboard.components.atlas import Vue, atlas, method_note
from dashboard.components.blocs import Chart, chart
from dashboard.components.formulaire import Option, player, select, slider
from dashboard.components.mesures import Rows, measures_table
from dashboard.components.traces import Drawn, bars, caveats, read, series
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import Selection, events, line_name, mapped, periods
from publish.charte.formats import periode
from publish.charte.summaries import resume_carte

FLUX = "plan_maraudes"
REGION = (("region",), ("11",))
FINE = ("arrondissement", "commune")
METRO = "ligne_metro"
PEOPLE = "maraudes_personnes"
DEFAULT = "maraudes_contacts"
MEASURES = (
    *("maraudes_nombre", "maraudes_contacts", "maraudes_contacts_par_maraude"),
    *("maraudes_orientations", "maraudes_kits"),
)


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

    @property
    def month(self) -> str:
        """The last month of the quarter shown: a number of people met holds for a month only."""
        year, number = self.quarter.split("-T")
        return f"{year}-{3 * int(number):02d}"

    @cached_property
    def indicateur(self) -> str:
        """The indicator shown."""
        return chosen(self.context, "indicateur", MEASURES, DEFAULT)

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)

    def on_map(self, quarters: tuple[str, ...]) -> Selection:
        """Observations of the indicator in arrondissements and communes."""
        return Selection((self.indicateur,), FINE, (), ("trimestre",), quarters, ("ensemble",))


def controls(context: Context) -> Markup:
    """Indicator and quarter."""
    view, t = View(context), context.texts
    options = [Option(code, about(context, code).name) for code in MEASURES]
    quarters = period_options(context, view.quarters)
    return page_form(
        context,
        select("indicateur", t("champ.indicateur"), options, chosen=view.indicateur, default=DEFAULT),
        slider(
            "trimestre",
            t("champ.trimestre"),
            quarters,
            chosen=view.quarter,
            default=view.quarters[-1],
            player=player(t),
        ),
    )


def build(context: Context) -> dict[str, Section]:
    """The map, the metro lines, the region through time, people met, every measure in a table."""
    view = View(context)
    return {
        "carte": _map(view),
        "lignes": _lines(view),
        "evolution": _through_time(view),
        "personnes": _people(view),
        "tableau": _every_place(view),
    }


def _map(view: View) -> Section:
    context, lang, unit = view.context, view.context.lang, view.about.unit
    selection = view.on_map((view.quarter,))
    frame = context.cached(mapped, selection, lang)
    title = context.texts("maraudes.carte.titre", indicateur=view.about.name)
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    summary = resume_carte(frame, lang=lang, unit_label=unit)
    drawing = Vue("maraudes", view.on_map(()), view.about.name, unit, "fin", view.quarters, view.quarter)
    picture = atlas(context, drawing, description=summary)
    note = [method_note(context, context.texts("maraudes.sans_objet"))]
    return chart(context, Chart(title, frame, selection, None, summary, extras=note, picture=picture))


def _with_lines(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows where a metro line has its own name, and ``cle`` tells a territory from a line."""
    metro = rows["ventilation"] == METRO
    names = rows["nom"].mask(metro, [line_name(str(code), context.lang) for code in rows["modalite"]])
    return rows.assign(nom=names, cle=rows["territoire_code"].mask(metro, rows["modalite"]))


def _places_then_lines(keys: pd.Series) -> pd.Series:
    """What puts the region first, then territories by code, then metro lines by number."""
    return keys.astype(str).str.replace(r"^M(\d+)$", lambda line: f"M{line[1]:0>2}", regex=True)


def _lines(view: View) -> Section:
    context = view.context
    selection = Selection((view.indicateur,), *REGION, ("trimestre",), (view.quarter,), (METRO,))
    found = _with_lines(context, read(context, selection))
    rows = found.sort_values("cle", key=_places_then_lines, kind="stable", ignore_index=True)
    names = {"indicateur": view.about.name, "periode": periode(view.quarter, context.lang)}
    section = bars(context, Drawn(context.texts("maraudes.lignes.titre", **names), view.indicateur, rows, selection))
    note = html.P(context.texts("maraudes.lignes.note"), className="note")
    return replace(section, after=[*section.after, note])


def _through_time(view: View) -> Section:
    context = view.context
    selection = Selection((view.indicateur,), *REGION, ("trimestre",), (), ("ensemble",))
    title = context.texts("maraudes.evolution.titre", indicateur=view.about.name)
    drawn = Drawn(title, view.indicateur, read(context, selection), selection)
    section = series(context, drawn, marked=context.cached(events, context.lang))
    return replace(section, after=[*section.after, *caveats(context, view.indicateur)])


def _people(view: View) -> Section:
    """People met in one month, place by place and line by line: they add up neither over places nor over months."""
    context = view.context
    selection = Selection((PEOPLE,), ("region", *FINE), (), ("mois",), (view.month,), ("ensemble", METRO))
    found = _with_lines(context, read(context, selection))
    rows = found.sort_values("cle", key=_places_then_lines, kind="stable", ignore_index=True)
    title = context.texts("maraudes.personnes.titre", periode=periode(view.month, context.lang))
    section = bars(context, Drawn(title, PEOPLE, rows, selection))
    note = html.P(context.texts("maraudes.personnes.note"), className="note")
    return replace(section, after=[*section.after, note])


def _every_place(view: View) -> Section:
    """Every measure of the quarter: the region, then territories, then metro lines."""
    context, t = view.context, view.context.texts
    levels, cuts = ("region", *FINE), ("ensemble", METRO)
    selection = Selection(MEASURES, levels, (), ("trimestre",), (view.quarter,), cuts)
    rows = _with_lines(context, read(context, selection))
    title = t("maraudes.tableau.titre", periode=periode(view.quarter, context.lang))
    if rows.empty:
        return chart(context, Chart(title, rows, selection, None, ""))
    words = dict(zip(rows["cle"], rows["nom"], strict=True))
    keys = pd.Series(list(words)).sort_values(key=_places_then_lines)
    what = Rows("cle", list(keys), words, t("maraudes.lieu"))
    table = measures_table(context, rows, codes=MEASURES, rows=what, caption=title)
    return chart(context, Chart(title, rows, selection, None, t("maraudes.tableau.texte"), table=table))


SECTIONS = ("carte", "lignes", "evolution", "personnes", "tableau")
GRAPHS = frozenset({"lignes", "evolution", "personnes"})
PAGE = Page("maraudes", SECTIONS, build, GRAPHS, controls, feed=(FLUX, "trimestre"))
