"""A choropleth of Paris and its inner ring, from the outlines of the release, without a tile or a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from publish.charte.classes import RAMP, RAMP_DARK, ZERO, class_index, class_label, shades
from publish.charte.i18n import Lang
from publish.site import svg
from publish.site.courbe import ABSENT

Place = tuple[str, str]
WIDTH = 640.0


@dataclass(frozen=True)
class Outline:
    """One territory: its rings in the units of the drawing, where its number stands, that number, and the room it has.

    ``room`` is the narrowest side of its box.
    """

    place: Place
    shape: str
    label: tuple[float, float]
    number: str
    room: float


@dataclass(frozen=True)
class Background:
    """Outlines drawn once and used by every map, and the height that goes with their width."""

    outlines: tuple[Outline, ...]
    height: float


@dataclass(frozen=True)
class Cell:
    """What a territory shows: its status, and its value where it has one."""

    status: str
    value: float | None


@dataclass(frozen=True)
class Key:
    """An entry of the legend: the class of its swatch and its words."""

    mark: str
    words: str


def background(document: Mapping[str, Any], *, width: float = WIDTH) -> Background:
    """Outlines of a ``cartes/*.lambert93.json``, in metres, brought to the size of a page."""
    left, bottom, right, top = document["bounds"]
    factor = width / (right - left)
    drawn = []
    for item in document["territories"]:
        rings = svg.rings(item["x"], item["y"])
        moved = [[((x - left) * factor, (top - y) * factor) for x, y in ring] for ring in rings]
        x, y = item["label"]
        drawn.append(
            Outline(
                place=(item["niveau"], item["code"]),
                shape="".join(_shape(ring) for ring in moved),
                label=((x - left) * factor, (top - y) * factor),
                number=str(int(item["code"][-2:])) if item["niveau"] == "arrondissement" else "",
                room=_room([point for ring in moved for point in ring]),
            )
        )
    return Background(tuple(drawn), (top - bottom) * factor)


def _room(points: Sequence[svg.Point]) -> float:
    xs, ys = zip(*points, strict=True)
    return float(min(max(xs) - min(xs), max(ys) - min(ys)))


def _shape(ring: Sequence[svg.Point]) -> str:
    """A closed ring in whole units, as steps from each point to the next: half the bytes of coordinates."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = "".join(f"{bx - ax} {by - ay} " for (ax, ay), (bx, by) in pairwise(whole) if (ax, ay) != (bx, by))
    return f"M{whole[0][0]} {whole[0][1]}l{steps.rstrip()}z" if steps else ""


def choropleth(
    key: str, ground: Background, cells: Mapping[Place, Cell], edges: Sequence[float], *, title: str, description: str
) -> Markup:
    """The map of the territories that have a cell; others are left blank."""
    return svg.picture(
        key,
        width=WIDTH,
        height=ground.height,
        title=title,
        description=description,
        content=_polygons(key, ground, cells, edges),
        class_="image--carte",
    )


def _polygons(key: str, ground: Background, cells: Mapping[Place, Cell], edges: Sequence[float]) -> Iterator[str]:
    yield svg.patterns(key, sorted({cell.status for cell in cells.values()} & set(ABSENT)))
    for outline in ground.outlines:
        cell = cells.get(outline.place)
        mark = mark_of(cell, edges)
        filling = f"url(#{key}-{cell.status})" if cell and cell.status in ABSENT else None
        yield svg.element("path", d=outline.shape, class_=f"lieu-forme {mark}".strip(), fill=filling)
    for outline in ground.outlines:
        if outline.number:
            x, y = outline.label
            mark = mark_of(cells.get(outline.place), edges)
            yield svg.element("text", outline.number, x=x, y=y + 4, class_=f"numero sur-{mark}")


def mark_of(cell: Cell | None, edges: Sequence[float]) -> str:
    """Class of the style sheet for a cell: a shade of the ramp, zero, a status, or nothing known of it."""
    if cell is None:
        return "vierge"
    if cell.status in ABSENT:
        return cell.status
    if not cell.value:
        return "zero"
    return f"k{shades(max(len(edges) - 1, 1))[class_index(cell.value, edges)]}"


def legend(
    cells: Iterable[Cell], edges: Sequence[float], *, lang: Lang, unit: str, words: Mapping[str, str]
) -> list[Key]:
    """Zero, the classes from low to high, then the statuses that are on the map, each with its words."""
    found = {"zero" if cell.status not in ABSENT and not cell.value else cell.status for cell in cells}
    pairs = list(pairwise(edges))
    scale = [
        Key(f"k{shade}", class_label(low, high, last=rank == len(pairs) - 1, lang=lang, unit_label=unit))
        for rank, ((low, high), shade) in enumerate(zip(pairs, shades(len(pairs)), strict=True))
    ]
    zero = [Key("zero", words["zero"])] if "zero" in found else []
    return [*zero, *scale, *(Key(f"pave--{status}", words[status]) for status in ABSENT if status in found)]


def locator(
    key: str, ground: Background, place: Place, near: Iterable[Place], *, title: str, description: str
) -> Markup:
    """Where a territory is: itself dark, the ones it touches pale."""
    marks = dict.fromkeys(near, "voisin") | {place: "ici"}
    content = (
        svg.element("path", d=outline.shape, class_=f"lieu-forme {marks.get(outline.place, 'vierge')}")
        for outline in ground.outlines
    )
    return svg.picture(
        key, width=WIDTH, height=ground.height, title=title, description=description, content=content,
        class_="image--reperage",
    )  # fmt: skip


def colours() -> str:
    """The colours of the ramp as rules of a style sheet, light then dark: they are chosen with the dashboard's."""
    light = "".join(f".k{rank} {{ fill: {value}; background: {value}; }}\n" for rank, value in enumerate(RAMP))
    dark = "".join(f"  .k{rank} {{ fill: {value}; background: {value}; }}\n" for rank, value in enumerate(RAMP_DARK))
    zero = [f".image .zero, .pave.zero {{ fill: {value}; background: {value}; }}\n" for value in ZERO]
    return f"{light}{zero[0]}@media (prefers-color-scheme: dark) {{\n{dark}  {zero[1]}}}\n"
