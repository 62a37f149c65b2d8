"""Map: a drawing of territories coloured by class, with every period of it in the page, so that time needs no server.

Classes are quantiles of the values above zero with rounded limits (Slocum et al., Thematic Cartography and
Geovisualization, ch. 4), computed once over all periods so that a colour means the same all along the slider. Zero has
a colour outside the ramp; secret is hatched, not reported dotted, not applicable crossed. ``assets/atlas.js`` changes
the marks of the shapes, moves among them with the keyboard and says their words; without it the drawing is whole.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.figures.axes import records
from dashboard.figures.fond import Cadre, Fond
from dashboard.figures.modele import ABSENT, statut_mot, statut_phrase
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats
from publish.charte.classes import class_label, shades
from publish.site import svg
from publish.site.carte import Cell, Outline, Place, mark_of

WITHOUT = "non_applicable"
LAPTOP_MAP = 660.0
NARROW_MAP = 340.0
ROOM = 17.0


@dataclass(frozen=True)
class Classe:
    """An entry of the legend: the class of the style sheet of its swatch, and its words."""

    mark: str
    words: str


@dataclass(frozen=True)
class Etat:
    """What a territory may show: the class of the style sheet of its shape, and its words."""

    mark: str
    words: str


@dataclass(frozen=True)
class Feuille:
    """Every period of a map: ``cells`` has, for each territory, the place in ``etats`` of what it shows in each."""

    periods: tuple[str, ...]
    etats: tuple[Etat, ...]
    cells: Mapping[Place, tuple[int, ...]]
    names: Mapping[Place, str]
    edges: tuple[float, ...]

    def shown(self, place: Place, period: str) -> Etat:
        """What a territory shows in a period."""
        return self.etats[self.cells[place][self.periods.index(period)]]

    @property
    def marks(self) -> frozenset[str]:
        """Every mark met in any period."""
        return frozenset(self.etats[rank].mark for cells in self.cells.values() for rank in cells)


def feuille(
    frame: pd.DataFrame, *, periods: Sequence[str], names: Mapping[Place, str], edges: Sequence[float], lang: Lang,
    unit_label: str,
) -> Feuille:  # fmt: skip
    """The sheet of one indicator, from a row per territory and period; « sans objet » where there is no row."""
    absent = Etat(WITHOUT, statut_phrase(WITHOUT, lang))
    known = {
        ((row.territoire_niveau, row.territoire_code), row.periode): _etat(row, edges, lang, unit_label)
        for row in records(frame)
    }
    shown = {place: [known.get((place, period), absent) for period in periods] for place in names}
    etats = tuple(dict.fromkeys(etat for cells in shown.values() for etat in cells))
    rank = {etat: place for place, etat in enumerate(etats)}
    cells = {place: tuple(rank[etat] for etat in found) for place, found in shown.items()}
    return Feuille(tuple(periods), etats, cells, names, tuple(edges))


def _etat(row: Any, edges: Sequence[float], lang: Lang, unit_label: str) -> Etat:
    mark = mark_of(Cell(row.statut, row.valeur), edges)
    if row.statut in ABSENT:
        return Etat(mark, statut_phrase(row.statut, lang))
    t, said = texts(lang), [formats.quantite(row.valeur, unit_label, lang)]
    if pd.notna(row.borne_basse) and pd.notna(row.borne_haute):
        limits = formats.intervalle(row.borne_basse, row.borne_haute, lang, unit_label)
        said.append(t("fig.intervalle_survol", intervalle=limits))
    return Etat(mark, ", ".join(said + ([t("fig.provisoire")] if row.provisoire else [])))


def classes(marks: Collection[str], edges: Sequence[float], *, lang: Lang, unit_label: str) -> list[Classe]:
    """Legend: zero, every class of the scale from low to high, then the statuses of ``marks`` and no other."""
    pairs = list(pairwise(edges))
    scale = [
        Classe(f"k{shade}", class_label(low, high, last=rank == len(pairs) - 1, lang=lang, unit_label=unit_label))
        for rank, ((low, high), shade) in enumerate(zip(pairs, shades(len(pairs)), strict=True))
    ]
    zero = [Classe("zero", f"0 ({statut_mot('zero', lang)})")] if "zero" in marks else []
    return [*zero, *scale, *(Classe(statut, statut_mot(statut, lang)) for statut in ABSENT if statut in marks)]


def methode(lang: Lang) -> str:
    """The method of classification, in words."""
    return texts(lang)("fig.methode")


def dessin(
    key: str, ground: Fond, sheet: Feuille, period: str, *, cadre: Cadre, title: str, description: str,
    selection: Place | None = None, over: Sequence[str] = (), labels: Sequence[str] | None = None,
) -> Markup:  # fmt: skip
    """The drawing of a period. ``selection`` is outlined; ``over`` stands above the shapes, ``labels`` above all.

    ``key`` makes the identifiers unique within a page; without ``labels``, territories bear their number.
    """
    numbers = _numbers(ground, sheet, period, cadre) if labels is None else labels
    drawn = svg.element(
        "svg",
        svg.element("title", svg.words(title), id=f"{key}-t"),
        svg.element("desc", svg.words(description), id=f"{key}-d"),
        svg.patterns(key, sorted(sheet.marks & set(ABSENT)), scale=cadre.width / LAPTOP_MAP),
        *_shapes(key, ground, sheet, period),
        _outlined(ground, selection),
        *over,
        *numbers,
        svg.element("path", d="M0 0", class_="atlas__vise"),
        viewBox=" ".join(svg.number(one) for one in (cadre.x, cadre.y, cadre.width, cadre.height)),
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
        class_="atlas__dessin",
        data_cle=key,
    )
    return Markup(drawn)


def _shapes(key: str, ground: Fond, sheet: Feuille, period: str) -> Iterator[str]:
    for rank, outline in enumerate(ground.outlines):
        mark = sheet.shown(outline.place, period).mark
        filling = f"url(#{key}-{mark})" if mark in ABSENT else None
        yield svg.element("path", d=outline.shape, class_=mark, fill=filling, data_lieu=str(rank))


def _outlined(ground: Fond, selection: Place | None) -> str:
    shape = next((outline.shape for outline in ground.outlines if outline.place == selection), "")
    return svg.element("path", d=shape, class_="atlas__choisi") if shape else ""


def _numbers(ground: Fond, sheet: Feuille, period: str, cadre: Cadre) -> Iterator[str]:
    """Numbers of arrondissements and departments; one that has no room on a telephone is not written there."""
    for rank, outline in enumerate(ground.outlines):
        if written := outline.number or (outline.place[1] if outline.place[0] == "departement" else ""):
            small = " numero--petit" if outline.room * NARROW_MAP / cadre.width < ROOM else ""
            marked = f"numero sur-{sheet.shown(outline.place, period).mark}{small}"
            yield _label(outline, written, marked, rank, cadre)


def _label(outline: Outline, written: str, marked: str, rank: int, cadre: Cadre) -> str:
    """Its size follows the frame, so that it is the same on the screen whatever is seen of the ground."""
    x, y = outline.label
    size = f"calc(var(--numero) * {svg.number(cadre.width)}px)"
    return svg.element("text", written, x=x, y=y, dy="0.36em", class_=marked, font_size=size, data_de=str(rank))


def donnees(ground: Fond, sheet: Feuille, *, lang: Lang, shown: str, fixed: bool = False) -> str:
    """What ``assets/atlas.js`` reads, as JSON: periods, states, and the states of each territory in drawing order."""
    lieux = [[sheet.names[one.place], sheet.cells[one.place]] for one in ground.outlines]
    document = {
        "periodes": [[period, formats.periode(period, lang)] for period in sheet.periods],
        "etats": [[etat.mark, etat.words] for etat in sheet.etats],
        "lieux": lieux,
        "affichee": shown,
        "fixe": fixed,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
