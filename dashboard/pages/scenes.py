"""Scenes: a map of arrondissements and communes, a quarter at a time, its events, and one territory through time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from dash import html
from markupsafe import Markup

from dashboard.choices import About, about, chosen, indicator_options, page_form, period_options, values
from dashboard.components.atlas import Vue, atlas, method_note
from dashboard.components.blocs import Chart, chart, numbered_events
from dashboard.components.formulaire import Option, player, select, slider
from dashboard.components.ressemblance import resemblance
from dashboard.components.tendance import trend_words
from dashboard.components.voisins import neighbourhood
from dashboard.context import Context
from dashboard.figures.series import evenements_numerotes, serie
from dashboard.page import Page, Section
from dashboard.queries import (
    Selection,
    events,
    map_places,
    mapped,
    modalities,
    neighbours,
    observations,
    periods,
    place_names,
)
from dashboard.tendances import autocorrelation_of
from publish.charte.dates import date_dite
from publish.charte.formats import a_la_periode, periode
from publish.charte.mots import label
from publish.charte.summaries import resume_carte, resume_serie

FLUX = "trend_scenes"
DEFAULT = "scenes_presence_max"
LEVELS = ("arrondissement", "commune")
ALL = "tous"
FOLLOWED = "arrondissement:75119"


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def indicators(self) -> list[Option]:
        """The indicators that can be chosen."""
        return indicator_options(self.context, FLUX, "trimestre")

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters that have observations, oldest first."""
        return self.context.cached(periods, FLUX, "trimestre")

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of scene that can be chosen, all of them together first."""
        return (ALL, *self.context.cached(modalities, FLUX, "trimestre", "genre_scene"))

    @cached_property
    def indicateur(self) -> str:
        """The indicator shown."""
        return chosen(self.context, "indicateur", values(self.indicators), DEFAULT)

    @cached_property
    def quarter(self) -> str:
        """The quarter shown."""
        return chosen(self.context, "trimestre", self.quarters, self.quarters[-1])

    @cached_property
    def kind(self) -> str:
        """The kind of scene shown."""
        return chosen(self.context, "genre", self.kinds, ALL)

    @cached_property
    def place(self) -> str:
        """The territory followed, as level:code."""
        allowed = [f"{niveau}:{code}" for niveau, code in self.context.cached(map_places)]
        return chosen(self.context, "territoire", allowed, FOLLOWED)

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)

    @property
    def named(self) -> str:
        """Name of the indicator, and of the kind of scene where only one is shown."""
        kind = "" if self.kind == ALL else f" ({label('genre_scene', self.kind, self.context.lang)})"
        return self.about.name + kind

    def selection(self, quarters: tuple[str, ...] = (), place: str = "") -> Selection:
        """Observations of the indicator and of the kind of scene, at the finest levels."""
        niveau, _, code = place.partition(":")
        cut = "ensemble" if self.kind == ALL else "genre_scene"
        levels, codes = ((niveau,), (code,)) if place else (LEVELS, ())
        return Selection((self.indicateur,), levels, codes, ("trimestre",), quarters, (cut,), (self.kind,))


def controls(context: Context) -> Markup:
    """Indicator, kind of scene, territory to follow, quarter."""
    t, view = context.texts, View(context)
    kinds = [
        Option(kind, t("scenes.genre.tous") if kind == ALL else label("genre_scene", kind, context.lang))
        for kind in view.kinds
    ]
    latest = view.quarters[-1]
    return page_form(
        context,
        select("indicateur", t("champ.indicateur"), view.indicators, chosen=view.indicateur, default=DEFAULT),
        select("genre", t("champ.genre"), kinds, chosen=view.kind, default=ALL),
        select("territoire", t("champ.territoire"), _places(context), chosen=view.place, default=FOLLOWED),
        slider(
            "trimestre",
            t("champ.trimestre"),
            period_options(context, view.quarters),
            chosen=view.quarter,
            default=latest,
            player=player(t),
        ),
    )


def _places(context: Context) -> list[Option]:
    names, t = context.cached(place_names, context.lang), context.texts
    return [
        Option(f"{niveau}:{code}", names[(niveau, code)], t(f"scenes.groupe.{code[:2]}"))
        for niveau, code in context.cached(map_places)
    ]


def build(context: Context) -> dict[str, Section]:
    """The map, the territory and its neighbours, the events of the quarter, the territory through time."""
    view = View(context)
    return {
        "carte": _map(view),
        "voisins": _neighbours(view),
        "evenements": _events(view),
        "territoire": _place(view),
    }


def _map(view: View) -> Section:
    context, lang, unit = view.context, view.context.lang, view.about.unit
    selection = view.selection((view.quarter,))
    frame = context.cached(mapped, selection, lang)
    title = context.texts("scenes.carte.titre", indicateur=view.named)
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    summary = resume_carte(frame, lang=lang, unit_label=unit, precedent=_before(view))
    niveau, _, code = view.place.partition(":")
    drawing = Vue(
        "scenes", view.selection(), view.named, unit, "fin", view.quarters, view.quarter, chosen=(niveau, code)
    )
    picture = atlas(context, drawing, description=summary)
    note = [method_note(context, context.texts("scenes.sans_objet"))]
    return chart(context, Chart(title, frame, selection, None, summary, extras=note, picture=picture))


def _before(view: View) -> pd.DataFrame | None:
    place = view.quarters.index(view.quarter)
    if place == 0:
        return None
    return view.context.cached(mapped, view.selection((view.quarters[place - 1],)), view.context.lang)


def _neighbours(view: View) -> Section:
    """The territory followed and those it touches."""
    context, (niveau, _, code) = view.context, view.place.partition(":")
    now = context.cached(mapped, view.selection((view.quarter,)), context.lang)
    if now.empty:
        return Section()
    places = [(niveau, code), *context.cached(neighbours, niveau, code)]
    name = context.cached(place_names, context.lang)[(niveau, code)]
    title = context.texts("voisins.titre", territoire=name, periode=periode(view.quarter, context.lang))
    found = neighbourhood(context, places, now, _before(view), title=title)
    likeness = context.cached(autocorrelation_of, view.indicateur, view.quarter) if view.kind == ALL else None
    return found if likeness is None else replace(found, after=[*found.after, resemblance(context, likeness)])


def _events(view: View) -> Section:
    context, t = view.context, view.context.texts
    start = pd.Period(view.quarter.replace("T", "Q"), freq="Q")
    frame = context.cached(events, context.lang)
    mine = frame[(frame["date"] >= start.start_time) & (frame["date"] <= start.end_time)]
    title = html.H2(t("scenes.evenements.titre", periode=periode(view.quarter, context.lang)))
    if mine.empty:
        return Section(
            before=[
                title,
                html.P(t("scenes.evenements.vide", periode=a_la_periode(view.quarter, context.lang)), className="vide"),
            ]
        )
    rows = [
        html.Li(
            html.Span(
                [html.Strong(date_dite(row["date"], str(row["date_precision"]), context.lang)), " ", row["libelle"]]
            )
        )
        for _, row in mine.iterrows()
    ]
    return Section(before=[title, html.Ul(rows, className="evenements")])


def _place(view: View) -> Section:
    context, lang = view.context, view.context.lang
    selection = view.selection(place=view.place)
    frame, unit = context.cached(observations, selection, lang), view.about.unit
    names = {option.value: option.text for option in _places(context)}
    marked = context.cached(events, lang)
    title = context.texts(
        "scenes.territoire.titre",
        territoire=names[view.place],
        indicateur=view.named,
    )
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    return chart(
        context,
        Chart(
            title=title,
            rows=frame,
            selection=selection,
            figure=serie(frame, lang=lang, unit_label=unit, events=marked),
            summary=resume_serie(frame, lang=lang, unit_label=unit, polarite=view.about.polarity),
            extras=numbered_events(context, evenements_numerotes(frame, marked, lang=lang)),
            conclusions=trend_words(context, frame),
        ),
    )


PAGE = Page(
    "scenes",
    ("carte", "voisins", "evenements", "territoire"),
    build,
    frozenset({"territoire"}),
    controls,
    feed=(FLUX, "trimestre"),
)
