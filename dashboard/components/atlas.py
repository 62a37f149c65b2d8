"""A map and what goes with it: what it shows and when, its drawing, the words under the hand, its legend."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.components.balises import tag
from dashboard.context import Context
from dashboard.figures.carte import Classe, Feuille, classes, dessin, donnees, feuille, methode
from dashboard.figures.fond import NIVEAUX, Fond, fond, places
from dashboard.queries import Selection, extract, observations, place_names
from dashboard.router import Lang
from publish.charte.classes import bornes
from publish.charte.formats import periode
from publish.reader import Release
from publish.site.carte import Place

NEVER = "non_applicable"


@dataclass(frozen=True)
class Vue:
    """A map to draw: the rows asked for in every period, the unit in words, the level, the periods, the one shown.

    ``key`` makes its identifiers unique in the page. A map ``fixed`` keeps its period when time moves.
    """

    key: str
    selection: Selection
    name: str
    unit: str
    niveau: str
    periods: tuple[str, ...]
    period: str
    cadre: str = ""
    chosen: Place | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Drawn:
    """A map made: the drawing before its parts are put together."""

    ground: Fond
    sheet: Feuille


def ground_of(release: Release, niveau: str) -> Fond:
    """The ground of a level of map, from the outlines of the release."""
    level = NIVEAUX[niveau]
    return fond(json.loads(release.path(level.file).read_text(encoding="utf-8")), level)


def limits_of(release: Release, selection: Selection) -> tuple[float, ...]:
    """Class limits over every period of a selection, so that a colour means the same all along."""
    return bornes(extract(release, selection)["valeur"].astype("float64"))


def sheet_of(
    release: Release, selection: Selection, niveau: str, periods: tuple[str, ...], unit: str, lang: Lang
) -> Feuille:
    """Every period of a selection on the territories of a level."""
    named = place_names(release, lang)
    names = {place: named.get(place, place[1]) for place in places(ground_of(release, niveau))}
    frame, edges = observations(release, selection, lang), limits_of(release, selection)
    return feuille(frame, periods=periods, names=names, edges=edges, lang=lang, unit_label=unit)


def drawn(context: Context, view: Vue) -> Drawn:
    """The ground and the sheet of a view, kept with the release."""
    ground = context.cached(ground_of, view.niveau)
    sheet = context.cached(sheet_of, view.selection, view.niveau, view.periods, view.unit, context.lang)
    return Drawn(ground, sheet)


def on_map(context: Context, rows: pd.DataFrame, niveau: str) -> pd.DataFrame:
    """The rows whose territory is on the ground of a level, highest value first: those of the table under the map."""
    there = set(places(context.cached(ground_of, niveau)))
    kept = [place in there for place in zip(rows["territoire_niveau"], rows["territoire_code"], strict=True)]
    return rows[kept].sort_values("valeur", ascending=False, kind="stable", ignore_index=True)


def atlas(
    context: Context, view: Vue, *, description: str, over: Sequence[str] = (), labels: Sequence[str] | None = None
) -> Markup:
    """A map with its title, its legend and the words of its method."""
    made, lang = drawn(context, view), context.lang
    when = periode(view.period, lang)
    cadre = made.ground.cadres.get(view.cadre) or next(iter(made.ground.cadres.values()))
    picture = dessin(
        view.key, made.ground, made.sheet, view.period, cadre=cadre, title=f"{view.name}, {when}",
        description=description, selection=view.chosen, over=over, labels=labels,
    )  # fmt: skip
    title = tag(
        "figcaption", tag("strong", view.name), " ", tag("span", when, data_periode=True), class_="atlas__titre"
    )
    bubble = tag("p", class_="atlas__bulle", hidden=True)
    facts = donnees(made.ground, made.sheet, lang=lang, shown=view.period, fixed=view.fixed)
    script = tag("script", Markup(facts), type="application/json")
    frame = tag("div", picture, bubble, class_="atlas__cadre")
    return tag("figure", title, frame, legend(context, made.sheet, view.unit), script, class_="atlas")


def legend(context: Context, sheet: Feuille, unit: str) -> Markup:
    """Swatches in the order of the scale, under the unit they are in."""
    entries = classes(sheet.marks, sheet.edges, lang=context.lang, unit_label=unit)
    head = tag("p", unit[:1].upper() + unit[1:], class_="legende__titre")
    return head + tag("ul", *(_swatch(one) for one in entries), class_="legende")


def _swatch(one: Classe) -> Markup:
    return tag("li", tag("span", class_=f"pave pave--{one.mark}"), one.words)


def side_by_side(*maps: Markup) -> Markup:
    """Maps beside each other where there is room, one under the other elsewhere."""
    return tag("div", *maps, class_="atlas-paire") if len(maps) > 1 else maps[0]


def method_note(context: Context, *more: str) -> Component:
    """How classes are made, how to read the map without a mouse, and what else has to be known."""
    return html.P(" ".join([methode(context.lang), context.texts("atlas.aide"), *more]), className="note")
