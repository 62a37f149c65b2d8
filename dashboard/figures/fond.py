"""The ground of a map: the outlines of its territories in the units of a drawing, and the frames to see it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from publish.site.carte import Outline, Place, background

WIDTH = 1000.0
MARGIN = 6.0
INNER_RING = ("75", "92", "93", "94")
LAST_OVERSEAS = "09"


@dataclass(frozen=True)
class Cadre:
    """What is seen of a ground, in its units: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Fond:
    """Outlines in the order they are drawn, and frames by name, the widest first."""

    outlines: tuple[Outline, ...]
    cadres: Mapping[str, Cadre]


@dataclass(frozen=True)
class Niveau:
    """A level of the map: its levels of territory, its outlines file, the codes drawn, its frames by name."""

    levels: tuple[str, ...]
    file: str
    drawn: Callable[[str], bool]
    cadres: Mapping[str, Callable[[str], bool]]


def _everywhere(_: str) -> bool:
    return True


def _inner_ring(code: str) -> bool:
    return code[:2] in INNER_RING


NIVEAUX: Mapping[str, Niveau] = {
    "fin": Niveau(
        ("arrondissement", "commune"),
        "cartes/paris_petite_couronne.lambert93.json",
        _everywhere,
        {"couronne": _everywhere, "paris": lambda code: code.startswith("75")},
    ),
    "departement": Niveau(
        ("departement",),
        "cartes/departements.lambert93.json",
        lambda code: code in (*INNER_RING, "77", "78", "91", "95"),
        {"ile_de_france": _everywhere, "couronne": _inner_ring},
    ),
    "region": Niveau(
        ("region",), "cartes/regions.lambert93.json", lambda code: code > LAST_OVERSEAS, {"metropole": _everywhere}
    ),
}


def fond(document: Mapping[str, Any], niveau: Niveau) -> Fond:
    """The ground of a level, from an outlines file in metres: ``territories`` with ``x``, ``y`` and ``label``."""
    kept = [one for one in document["territories"] if one["niveau"] in niveau.levels and niveau.drawn(one["code"])]
    bounds = _bounds(kept)
    ground = background({"bounds": bounds, "territories": kept}, width=WIDTH)
    cadres = {
        name: _cadre(_bounds(one for one in kept if within(one["code"])), bounds)
        for name, within in niveau.cadres.items()
    }
    return Fond(ground.outlines, cadres)


def _bounds(territories: Iterable[Mapping[str, Any]]) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of all their rings, in metres."""
    listed = list(territories)
    xs = [x for one in listed for x in one["x"] if x is not None]
    ys = [y for one in listed for y in one["y"] if y is not None]
    return min(xs), min(ys), max(xs), max(ys)


def _cadre(inner: tuple[float, ...], outer: tuple[float, ...]) -> Cadre:
    factor = WIDTH / (outer[2] - outer[0])
    left, top = (inner[0] - outer[0]) * factor, (outer[3] - inner[3]) * factor
    width, height = (inner[2] - inner[0]) * factor, (inner[3] - inner[1]) * factor
    return Cadre(left - MARGIN, top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)


def places(ground: Fond) -> tuple[Place, ...]:
    """Territories of a ground, as (level, code), in the order they are drawn."""
    return tuple(outline.place for outline in ground.outlines)
