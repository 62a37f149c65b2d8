"""Scenes: a map of arrondissements and communes, a quarter at a time, its events, and one territory through time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import chosen, indicator_options, page_form, period_options, values
from dashboard.components.blocs import Chart, chart, numbered_events
from dashboard.components.chiffre import label
from dashboard.components.formulaire import Option, select, slider
from dashboard.context import Context
from dashboard.figures.carte import bornes, carte, classes, methode
from dashboard.figures.series import evenements_numerotes, serie
from dashboard.formats import a_la_periode, date_longue, periode, unite
from dashboard.page import Page, Section
from dashboard.queries import Selection, events, extract, indicators, modalities, observations, periods, territories
from dashboard.router import Lang
from dashboard.summaries import resume_carte, resume_serie
from publish.reader import Release

FLUX = "trend_scenes"
DEFAULT = "scenes_presence_max"
OUTLINES = "cartes/paris_petite_couronne.lambert93.json"
LEVELS = ("arrondissement", "commune")
ALL = "tous"


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def indicators(self) -> list[Option]:
        return indicator_options(self.context, FLUX, "trimestre")

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        return self.context.cached(periods, FLUX, "trimestre")

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return (ALL, *self.context.cached(modalities, FLUX, "trimestre", "genre_scene"))

    @cached_property
    def indicateur(self) -> str:
        return chosen(self.context, "indicateur", values(self.indicators), DEFAULT)

    @cached_property
    def quarter(self) -> str:
        return chosen(self.context, "trimestre", self.quarters, self.quarters[-1])

    @cached_property
    def kind(self) -> str:
        return chosen(self.context, "genre", self.kinds, ALL)

    @cached_property
    def place(self) -> str:
        allowed = [f"{niveau}:{code}" for niveau, code in map_keys(self.context)]
        return chosen(self.context, "territoire", allowed, "arrondissement:75119")

    def selection(self, quarters: tuple[str, ...] = (), place: str = "") -> Selection:
        """Observations of the indicator and of the kind of scene, at the finest levels."""
        niveau, _, code = place.partition(":")
        cut = "ensemble" if self.kind == ALL else "genre_scene"
        levels, codes = ((niveau,), (code,)) if place else (LEVELS, ())
        return Selection((self.indicateur,), levels, codes, ("trimestre",), quarters, (cut,), (self.kind,))


def map_keys(context: Context) -> list[tuple[str, str]]:
    """Territories the map draws: arrondissements of Paris, communes of the inner ring."""
    frame = context.cached(territories)
    paris = (frame["niveau"] == "arrondissement") & frame["code"].str.startswith("75")
    drawn = frame[paris | (frame["niveau"] == "commune")]
    return list(zip(drawn["niveau"], drawn["code"], strict=True))


def controls(context: Context) -> Markup:
    """Indicator, kind of scene, territory to follow, quarter."""
    t, view = context.texts, View(context)
    kinds = [Option(kind, t("scenes.genre.tous") if kind == ALL else label("genre_scene", kind, context.lang)) for kind in view.kinds]
    latest = view.quarters[-1]
    return page_form(
        context,
        select("indicateur", t("champ.indicateur"), view.indicators, chosen=view.indicateur, default=DEFAULT),
        select("genre", t("champ.genre"), kinds, chosen=view.kind, default=ALL),
        select("territoire", t("champ.territoire"), _places(context), chosen=view.place, default="arrondissement:75119"),
        slider("trimestre", t("champ.trimestre"), period_options(context, view.quarters), chosen=view.quarter, default=latest),
    )


def _places(context: Context) -> list[Option]:
    frame, t = context.cached(territories).set_index(["niveau", "code"]), context.texts
    keys = map_keys(context)
    return [Option(f"{niveau}:{code}", context.name(frame.loc[(niveau, code)]), t(f"scenes.groupe.{code[:2]}")) for niveau, code in keys]


def build(context: Context) -> dict[str, Section]:
    """The map, the events of the quarter, the territory through time."""
    view = View(context)
    return {"carte": _map(view), "evenements": _events(view), "territoire": _place(view)}


def _map(view: View) -> Section:
    context, lang = view.context, view.context.lang
    frame, unit = _drawn(view, view.quarter), unite(_unit(view), lang)
    limits = context.cached(_limits, view.selection())
    name = context.name(context.cached(indicators).loc[view.indicateur])
    return chart(
        context,
        Chart(
            title=context.texts("scenes.carte.titre", indicateur=name, periode=periode(view.quarter, lang)),
            rows=frame,
            selection=view.selection((view.quarter,)),
            figure=carte(frame, lang=lang, unit_label=unit, bornes=limits, selection=view.place.partition(":")[2]),
            summary=resume_carte(frame, lang=lang, unit_label=unit, precedent=_before(view)),
            outlines=context.file(OUTLINES),
            extras=_legend(context, frame, unit, limits),
        ),
    )


def _limits(release: Release, selection: Selection) -> tuple[float, ...]:
    """Class limits over every quarter, so that a colour means the same as the slider moves."""
    return bornes(extract(release, selection)["valeur"].astype("float64"))


def _unit(view: View) -> str:
    return str(view.context.cached(indicators).loc[view.indicateur, "unite"])


def _drawn(view: View, quarter: str) -> pd.DataFrame:
    """One row per territory of the map; where no record is expected, the row says « sans objet »."""
    context = view.context
    frame = context.cached(observations, view.selection((quarter,)), context.lang)
    return context.cached(_completed, quarter, view.selection((quarter,)), tuple(map_keys(context)), context.lang) if len(frame) else frame


def _completed(
    release: Release, quarter: str, selection: Selection, keys: tuple[tuple[str, str], ...], lang: Lang
) -> pd.DataFrame:
    frame = observations(release, selection, lang)
    names = territories(release).set_index(["niveau", "code"])
    column = "nom_en" if lang == "en" else "nom"
    index = ["territoire_niveau", "territoire_code"]
    full = frame.set_index(index).reindex(pd.MultiIndex.from_tuples(keys, names=index)).reset_index()
    shared = {name: frame[name].iloc[0] for name in ("indicateur", "periode", "periode_debut", "periode_fin", "granularite", "unite", "origine", "source", "ventilation", "modalite")}
    filled = full.fillna({**shared, "statut": "non_applicable"})
    place_names = [names.loc[key, column] or names.loc[key, "nom"] for key in keys]
    provisional = filled["provisoire"].astype("boolean").fillna(False).astype(bool)
    return filled.assign(nom=place_names, provisoire=provisional).sort_values("valeur", ascending=False, ignore_index=True)


def _before(view: View) -> pd.DataFrame | None:
    place = view.quarters.index(view.quarter)
    return _drawn(view, view.quarters[place - 1]) if place else None


def _legend(context: Context, frame: pd.DataFrame, unit: str, limits: tuple[float, ...]) -> list[Component]:
    items = [
        html.Li(
            [
                html.Span(className=f"pave pave--{one.kind}", style={"--clair": one.color, "--sombre": one.color_dark}),
                one.label,
            ]
        )
        for one in classes(frame, lang=context.lang, unit_label=unit, bornes=limits)
    ]
    note = html.P([methode(context.lang), " ", context.texts("scenes.sans_objet")], className="note")
    return [html.Ul(items, className="legende"), note]


def _events(view: View) -> Section:
    context, t = view.context, view.context.texts
    start = pd.Period(view.quarter.replace("T", "Q"), freq="Q")
    frame = context.cached(events, context.lang)
    mine = frame[(frame["date"] >= start.start_time) & (frame["date"] <= start.end_time)]
    title = html.H2(t("scenes.evenements.titre", periode=periode(view.quarter, context.lang)))
    if mine.empty:
        return Section(before=[title, html.P(t("scenes.evenements.vide", periode=a_la_periode(view.quarter, context.lang)), className="vide")])
    rows = [html.Li(html.Span([html.Strong(date_longue(row["date"], context.lang)), " ", row["libelle"]])) for _, row in mine.iterrows()]
    return Section(before=[title, html.Ul(rows, className="evenements")])


def _place(view: View) -> Section:
    context, lang = view.context, view.context.lang
    selection = view.selection(place=view.place)
    frame, unit = context.cached(observations, selection, lang), unite(_unit(view), lang)
    names = {option.value: option.text for option in _places(context)}
    marked = context.cached(events, lang)
    title = context.texts("scenes.territoire.titre", territoire=names[view.place], indicateur=context.name(context.cached(indicators).loc[view.indicateur]))
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    return chart(
        context,
        Chart(
            title=title,
            rows=frame,
            selection=selection,
            figure=serie(frame, lang=lang, unit_label=unit, events=marked),
            summary=resume_serie(frame, lang=lang, unit_label=unit),
            extras=numbered_events(context, evenements_numerotes(frame, marked, lang=lang)),
        ),
    )


PAGE = Page("scenes", ("carte", "evenements", "territoire"), build, frozenset({"carte", "territoire"}), controls)
