"""Flows: arcs from one territory to others over a map, as wide as what they carry.

An arc is a trace with ``meta = {role: flux, depart, niveau, code}`` and neither ``x`` nor ``y``: ``assets/carte.js``
bends it from the label point of the origin to that of the destination, in the same outlines file as the polygons. Its
width is proportional to the value, as the bands of Minard's flow maps are; a flow that is secret or not reported has no
width to show, so that it is thin and told by its dash; a flow of zero has no arc.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.axes import records
from dashboard.figures.carte import HALO, carte
from dashboard.figures.modele import MUTED, Figure, Trace, statut_mot, statut_phrase
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats

WIDEST = 12.0
THINNEST = 1.5
ARC = "#d9480f"
CASING = "#ffffff"
DASHED = {"secret": "dash", "non_rapporte": "dot"}
INKS = ("#15202e", "#ffffff")
# Regions whose name stands above their point, for below it would cover that of a neighbour: Hauts-de-France.
ABOVE = frozenset({("region", "32")})


@dataclass(frozen=True)
class Trait:
    """An entry of the legend of arcs: its words, its width in pixels, its dash (``solid``, ``dash``, ``dot``)."""

    label: str
    width: float
    dash: str


def _published(row: Any) -> bool:
    return bool(row.statut == "valeur" and pd.notna(row.valeur) and row.valeur > 0)


def _largest(flows: pd.DataFrame) -> float:
    return max((float(row.valeur) for row in records(flows) if _published(row)), default=0.0)


def epaisseur(value: float, largest: float) -> float:
    """Width in pixels of an arc: proportional to its value, never too thin to be seen."""
    return max(THINNEST, WIDEST * value / largest)


def traits(flows: pd.DataFrame, *, lang: Lang, unit_label: str) -> list[Trait]:
    """Legend of the arcs: the smallest and the largest value drawn, then the statuses without width that are met.

    Round numbers would be simpler to read, but might be of those that are never published.
    """
    values, largest = [float(row.valeur) for row in records(flows) if _published(row)], _largest(flows)
    ends = sorted({min(values), largest}) if values else []
    scale = [Trait(formats.quantite(value, unit_label, lang), epaisseur(value, largest), "solid") for value in ends]
    found = set(flows["statut"])
    return scale + [
        Trait(statut_mot(statut, lang), THINNEST, dash) for statut, dash in DASHED.items() if statut in found
    ]


def _words(row: Any, lang: Lang, *, origin: str, unit_label: str) -> str:
    known = formats.quantite(row.valeur, unit_label, lang) if _published(row) else statut_phrase(row.statut, lang)
    lines = [f"<b>{origin} \u2192 {row.nom}</b>", formats.periode(row.periode, lang), known]
    return "<br>".join(lines + ([texts(lang)("fig.provisoire")] if row.provisoire else []))


def _arc(row: Any, *, origin: tuple[str, str], words: str, width: float, colour: str, dash: str = "solid") -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "text",
        "text": words,
        "name": str(row.nom),
        "line": {"color": colour, "width": width, "dash": dash},
        "meta": {
            "role": "flux",
            "depart": "/".join(origin),
            "niveau": row.territoire_niveau,
            "code": row.territoire_code,
        },
        "showlegend": False,
    }


def _arcs(row: Any, *, origin: tuple[str, str], words: str, largest: float) -> list[Trace]:
    """The arc on its casing, which parts it from the colours it crosses; a thin dash where it has no width to show."""
    known = _published(row)
    width = epaisseur(float(row.valeur), largest) if known else THINNEST + 1
    casing = _arc(row, origin=origin, words=words, width=width + 2, colour=CASING)
    colour, dash = (ARC, "solid") if known else (MUTED, DASHED[row.statut])
    return [casing, _arc(row, origin=origin, words=words, width=width, colour=colour, dash=dash)]


def _names(places: pd.DataFrame) -> Trace:
    """Names of the territories, on a halo of the colour of the page: they stand on any colour of the ramp."""
    rows = records(places)
    halos = {theme: [", ".join([f"0px 0px 3px {colour}"] * 6)] * len(rows) for theme, colour in _themes(HALO)}
    inks = {theme: [ink] * len(rows) for theme, ink in _themes(INKS)}
    return {
        "type": "scatter",
        "mode": "text",
        "text": [_broken(str(row.nom)) for row in rows],
        "textposition": [_side(row) for row in rows],
        "textfont": {"size": 11, "color": inks["clair"], "shadow": halos["clair"]},
        "meta": {
            "role": "etiquettes",
            "niveau": str(rows[0].territoire_niveau),
            "codes": [row.territoire_code for row in rows],
            "encre": inks,
            "halo": halos,
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _side(row: Any) -> str:
    above = (row.territoire_niveau, row.territoire_code) in ABOVE
    return "top center" if above else "bottom center"


def _themes(pair: tuple[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("clair", pair[0]), ("sombre", pair[1])


def _broken(name: str) -> str:
    """A long name on two lines, cut at the first hyphen or space past its first letters."""
    cut = next((place for place, mark in enumerate(name) if place > 3 and mark in "- "), len(name))
    if len(name) < 12 or cut == len(name):
        return name
    return f"{name[: cut + 1].rstrip()}<br>{name[cut + 1 :]}"


def carte_flux(
    places: pd.DataFrame, flows: pd.DataFrame, *, lang: Lang, origin: tuple[str, str], origin_name: str,
    unit_label: str, flow_unit: str, bornes: tuple[float, ...],
) -> Figure:  # fmt: skip
    """A map of ``places`` coloured by class, with an arc from ``origin`` (level, code) to each row of ``flows``.

    Both frames have one row per territory, in the columns of the observations with ``nom``; values of ``flows`` are in
    ``flow_unit``. The widest arcs are drawn first, so that they hide no thinner one.
    """
    figure = carte(places, lang=lang, unit_label=unit_label, bornes=bornes, selection=origin[1])
    polygons = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    drawn = [row for row in records(flows) if _published(row) or row.statut in DASHED]
    ordered = sorted(drawn, key=lambda row: -float(row.valeur) if _published(row) else 0.0)
    largest = _largest(flows)
    arcs = [
        trace
        for row in ordered
        for trace in _arcs(
            row,
            origin=origin,
            words=_words(row, lang, origin=origin_name, unit_label=flow_unit),
            largest=largest,
        )
    ]
    return {"data": [*polygons, *arcs, _names(places)], "layout": figure["layout"]}
