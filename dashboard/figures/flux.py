"""Flows: arcs from one territory to others over a map, as wide as what they carry.

Width is proportional to the value, as the bands of Minard's flow maps are; a flow that is secret or not reported has no
width to show, so that it is thin and told by its dash; a flow of zero has no arc. Arcs bend to the left of their way,
so that they part early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.axes import records
from dashboard.figures.fond import Fond
from dashboard.figures.modele import statut_mot, statut_phrase
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats
from publish.site import svg
from publish.site.carte import Outline, Place

WIDEST = 12.0
THINNEST = 1.5
CASING = 2.0
BEND = 0.16
UNTOLD = ("secret", "non_rapporte")
# Regions whose name stands above their point, for below it would cover that of a neighbour: Hauts-de-France.
ABOVE = frozenset({("region", "32")})


@dataclass(frozen=True)
class Trait:
    """An entry of the legend of arcs: its words, its width in pixels, its mark (``valeur`` or a status)."""

    label: str
    width: float
    mark: str


def _published(row: Any) -> bool:
    return bool(row.statut == "valeur" and pd.notna(row.valeur) and row.valeur > 0)


def _largest(flows: pd.DataFrame) -> float:
    return max((float(row.valeur) for row in records(flows) if _published(row)), default=0.0)


def epaisseur(value: float, largest: float) -> float:
    """Width of an arc in pixels: proportional to its value, never too thin to be seen."""
    return max(THINNEST, WIDEST * value / largest)


def traits(flows: pd.DataFrame, *, lang: Lang, unit_label: str) -> list[Trait]:
    """Legend of the arcs: the smallest and the largest value drawn, then the statuses without width that are met.

    Round numbers would be simpler to read, but might be of those that are never published.
    """
    values, largest = [float(row.valeur) for row in records(flows) if _published(row)], _largest(flows)
    ends = sorted({min(values), largest}) if values else []
    scale = [Trait(formats.quantite(value, unit_label, lang), epaisseur(value, largest), "valeur") for value in ends]
    found = set(flows["statut"])
    return scale + [Trait(statut_mot(one, lang), THINNEST, one) for one in UNTOLD if one in found]


def _words(row: Any, lang: Lang, *, origin: str, unit_label: str) -> str:
    known = formats.quantite(row.valeur, unit_label, lang) if _published(row) else statut_phrase(row.statut, lang)
    return ", ".join(
        [f"{origin} \u2192 {row.nom}", known] + ([texts(lang)("fig.provisoire")] if row.provisoire else [])
    )


def arcs(
    ground: Fond, flows: pd.DataFrame, *, lang: Lang, origin: Place, origin_name: str, unit_label: str
) -> Iterator[str]:
    """An arc from ``origin`` to the territory of each row of ``flows``, with its words; the widest first.

    ``assets/atlas.js`` says the words of an arc with those of the territory it leads to.
    ``flows`` has one row per territory, in the columns of the observations with ``nom``.
    """
    points = {outline.place: outline.label for outline in ground.outlines}
    ranks = {outline.place: rank for rank, outline in enumerate(ground.outlines)}
    drawn = [row for row in records(flows) if _published(row) or row.statut in UNTOLD]
    largest = _largest(flows)
    for row in sorted(drawn, key=lambda row: -float(row.valeur) if _published(row) else 0.0):
        place = (row.territoire_niveau, row.territoire_code)
        if place in points and place != origin:
            words = _words(row, lang, origin=origin_name, unit_label=unit_label)
            told = {"data_vers": str(ranks[place]), "data_mots": words}
            yield from _arc(row, _curve(points[origin], points[place]), told, largest)


def _curve(start: svg.Point, end: svg.Point) -> str:
    """A quadratic curve, bent to the left of its way."""
    (x0, y0), (x1, y1) = start, end
    middle = ((x0 + x1) / 2 + BEND * (y1 - y0), (y0 + y1) / 2 - BEND * (x1 - x0))
    points = [" ".join(svg.number(one) for one in point) for point in (start, middle, end)]
    return f"M{points[0]}Q{points[1]} {points[2]}"


def _arc(row: Any, curve: str, told: Mapping[str, str], largest: float) -> Iterator[str]:
    """The arc on its casing, which parts it from the colours it crosses; a thin dash where it has no width to show."""
    known = _published(row)
    width = epaisseur(float(row.valeur), largest) if known else THINNEST + 1
    mark = "atlas__arc" if known else f"atlas__arc atlas__arc--{row.statut}"
    yield svg.element("path", d=curve, class_="atlas__gaine", stroke_width=drawn_width(width + CASING))
    yield svg.element("path", d=curve, class_=mark, stroke_width=drawn_width(width), **told)


def drawn_width(pixels: float) -> str:
    """A width as an attribute, since the policy of the site forbids styles in a text; less than that on a telephone."""
    return f"calc(var(--trait) * {svg.number(pixels)}px)"


def noms(ground: Fond, names: Mapping[Place, str]) -> list[str]:
    """Names of the territories, on a halo of the colour of the page: they stand on any colour of the ramp."""
    return [_name(outline, names[outline.place]) for outline in ground.outlines]


def _name(outline: Outline, name: str) -> str:
    lines, (x, y) = _broken(name), outline.label
    first = -1.1 * len(lines) + 0.4 if outline.place in ABOVE else 1.3
    spans = [
        svg.element("tspan", svg.words(line), x=x, dy=f"{1.1 if place else first:.1f}em")
        for place, line in enumerate(lines)
    ]
    return svg.element("text", *spans, y=y, class_="atlas__nom")


def _broken(name: str) -> list[str]:
    """A long name on two lines, cut at the first hyphen or space past its first letters."""
    cut = next((place for place, mark in enumerate(name) if place > 3 and mark in "- "), len(name))
    return [name] if len(name) < 12 or cut == len(name) else [name[: cut + 1].rstrip(), name[cut + 1 :]]
