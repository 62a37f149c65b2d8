"""Boundaries: communes made whole, departments and regions as unions, simplified with shared edges kept.

Imported only by ``geo.build``: it needs shapely and pyproj, which nothing else may load.

A *coverage* is a set of polygons without overlap whose neighbours have the very same vertices along their shared edge
(https://postgis.net/docs/ST_CoverageSimplify.html describes the notion and the simplification, by Visvalingam–Whyatt).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from geo.sources import Outline
from schemas.errors import ContractBroken

Shape = Any  # a shapely polygon or multipolygon
Shapes = dict[str, Any]

LAMBERT_93 = "EPSG:2154"
GRID_M = 0.5  # grid on which communes are joined, in metres
SLIVER_M = 100.0  # gaps narrower than this between departments are errors of the source, closed
GAP_DEG2 = 1e-6  # about 8 000 m²: a smaller hole between communes is a sliver, not a missing commune
ISLET_M2 = 4e6  # parts and holes of a department under 4 km² are left out of national maps, its largest part never
COARSE_M, FINE_M = 2500.0, 200.0  # tolerance of national maps: of mainland France, and of Paris and around
FINE_RADIUS_M = 30_000.0
PARIS_M = (652_000.0, 6_862_000.0)  # Lambert-93, about the middle of Paris
OVERSEAS_FRACTION = 1 / 200  # tolerance of an overseas department, as a share of its extent


@dataclass(frozen=True)
class Communes:
    """Boundaries of current communes and municipal arrondissements, in longitude and latitude.

    ``completed`` says which commune was given the land of those it absorbed after the boundaries were drawn;
    ``without`` are the communes whose land is still inside the boundary of another.
    """

    communes: Shapes
    arrondissements: Shapes
    completed: tuple[str, ...]
    without: tuple[str, ...]


def whole_communes(
    outlines: Iterable[Outline], absorptions: Mapping[str, str], cantons: Sequence[str] = ()
) -> Communes:
    """Boundaries as of the last edition of codes, from outlines drawn earlier.

    Communes that merged since leave a hole where they were; the hole is given to the commune that absorbed them and
    borders it most. Holes that touch no such commune (a Spanish enclave, water) stay holes. Land lost at a national
    border is no hole: it is what ``cantons`` (WKB) cover beside the commune that absorbed it, and no commune does.
    """
    shapes: dict[str, Shapes] = {"COM": {}, "ARM": {}}
    without = []
    for outline in outlines:
        if outline.wkb:
            shapes[outline.kind][outline.code] = shapely.union_all(shapely.from_wkb(list(outline.wkb)))
        else:
            without.append(outline.code)
    communes = shapes["COM"]
    absorbers = frozenset(absorptions.values()) & communes.keys()
    given = _holes_by_absorber(communes, absorbers)
    _give(communes, given)
    edges = _land_at_the_border(communes, sorted(absorbers - given.keys()), cantons)
    _give(communes, edges)
    return Communes(communes, shapes["ARM"], tuple(sorted({*given, *edges})), tuple(without))


def _give(communes: Shapes, lands: Mapping[str, Sequence[Shape]]) -> None:
    for code, land in lands.items():
        communes[code] = shapely.union_all([communes[code], *land])


def _holes_by_absorber(communes: Shapes, absorbers: frozenset[str]) -> dict[str, list[Shape]]:
    codes = sorted(absorbers)
    shapes = np.array([communes[code] for code in codes], dtype=object)
    tree = shapely.STRtree(shapes)
    given: dict[str, list[Shape]] = defaultdict(list)
    for hole in _holes(shapely.union_all(list(communes.values()))):
        touching = sorted(int(i) for i in tree.query(hole, predicate="intersects"))
        if hole.area > GAP_DEG2 and touching:
            best = max(touching, key=lambda i: shapely.length(shapely.intersection(shapes[i], hole.exterior)))
            given[codes[best]].append(hole)
    return dict(given)


def _land_at_the_border(communes: Shapes, absorbers: Sequence[str], cantons: Sequence[str]) -> dict[str, list[Shape]]:
    covers = np.array(shapely.from_wkb(list(cantons)), dtype=object)
    lands = np.array(list(communes.values()), dtype=object)
    canton_tree, commune_tree = shapely.STRtree(covers), shapely.STRtree(lands)
    given = {}
    for code in absorbers:
        cover = shapely.union_all(covers[canton_tree.query(communes[code], predicate="intersects")])
        left = shapely.difference(cover, shapely.union_all(lands[commune_tree.query(cover, predicate="intersects")]))
        parts = [part for part in shapely.get_parts(left) if part.area > GAP_DEG2 and part.intersects(communes[code])]
        if parts:
            given[code] = parts
    return given


def _holes(shape: Shape) -> list[Shape]:
    return [shapely.Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]


@dataclass(frozen=True)
class Plane:
    """A map projection, both ways between degrees and metres. ``crs`` is anything pyproj understands."""

    crs: str

    def project(self, shape: Shape) -> Shape:
        """Degrees (longitude, latitude) to metres; a shape or an array of them."""
        return _transform(shape, Transformer.from_crs("EPSG:4326", self.crs, always_xy=True))

    def locate(self, shape: Shape) -> Shape:
        """Metres back to degrees."""
        return _transform(shape, Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True))


def _transform(shape: Shape, transformer: Transformer) -> Shape:
    def move(points: Any) -> Any:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shape, move)


MAINLAND = Plane(LAMBERT_93)


def is_overseas(department: str) -> bool:
    """Departments with three characters are overseas (971…976)."""
    return len(department) == 3


def local_plane(shape: Shape) -> Plane:
    """An equal-area plane centred on a shape given in degrees, for what Lambert-93 does not reach."""
    west, south, east, north = shapely.bounds(shape)
    return Plane(f"+proj=laea +lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f} +units=m +type=crs")


def group(shapes: Shapes, parents: Mapping[str, str]) -> dict[str, list[Shape]]:
    """Shapes by parent, in the order of their codes."""
    groups: dict[str, list[Shape]] = defaultdict(list)
    for code in sorted(shapes):
        groups[parents[code]].append(shapes[code])
    return dict(groups)


def mainland_departments(groups: Mapping[str, Sequence[Shape]]) -> Shapes:
    """Mainland departments as a valid coverage in Lambert-93, at full detail, from their communes in degrees."""
    codes = sorted(code for code in groups if not is_overseas(code))
    unions = [
        shapely.union_all(MAINLAND.project(np.array(groups[code], dtype=object)), grid_size=GRID_M) for code in codes
    ]
    # The published type stubs of shapely stop before this function (shapely 2.2).
    cleaned = shapely.coverage_clean(unions, gap_width=SLIVER_M, snapping_distance=2 * GRID_M)  # type: ignore[attr-defined]
    return dict(zip(codes, cleaned, strict=True))


def simplify_mainland(departments: Shapes) -> Shapes:
    """The same coverage with fewer vertices, finer near Paris where departments are small, without islets.

    The simplification ranks vertices, so those it keeps coarsely are among those it keeps finely: both are taken, the
    fine ones near Paris only. A vertex is kept or dropped for all its polygons alike, and edges stay shared.
    """
    shapes = list(departments.values())
    coarse = shapely.coverage_simplify(shapes, COARSE_M)
    kept = {tuple(point) for point in shapely.get_coordinates(coarse)}
    mixed = [_keep_vertices(shape, kept) for shape in shapely.coverage_simplify(shapes, FINE_M)]
    result = {code: without_islets(shape) for code, shape in zip(departments, mixed, strict=True)}
    require_coverage("départements", list(result.values()))
    return result


def _keep_vertices(shape: Shape, kept: set[tuple[float, ...]]) -> Shape:
    rings = []
    for part in shapely.get_parts(shape):
        outer, *inner = (_keep_ring(ring.coords, kept) for ring in (part.exterior, *part.interiors))
        if len(outer) > 3:
            rings.append(shapely.Polygon(outer, [ring for ring in inner if len(ring) > 3]))
    return shapely.MultiPolygon(rings)


def _keep_ring(coords: Iterable[tuple[float, ...]], kept: set[tuple[float, ...]]) -> list[tuple[float, ...]]:
    points = [point for point in coords if point in kept or np.hypot(*np.subtract(point, PARIS_M)) < FINE_RADIUS_M]
    return points if not points or points[0] == points[-1] else [*points, points[0]]


def without_islets(shape: Shape) -> Shape:
    """The shape without its small parts and holes; its largest part always stays."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    kept = [part for i, part in enumerate(parts) if i == 0 or part.area >= ISLET_M2]
    return shapely.MultiPolygon([_without_ponds(part) for part in kept])


def _without_ponds(part: Shape) -> Shape:
    return shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area >= ISLET_M2])


def overseas_department(communes: Sequence[Shape]) -> tuple[Plane, Shape]:
    """An overseas department: its own plane, and its simplified shape in metres there."""
    plane = local_plane(shapely.union_all(list(communes)))
    whole = shapely.union_all(plane.project(np.array(communes, dtype=object)), grid_size=GRID_M)
    west, south, east, north = shapely.bounds(whole)
    simplified = shapely.coverage_simplify([whole], max(east - west, north - south) * OVERSEAS_FRACTION)[0]
    return plane, without_islets(simplified)


def join(shapes: Sequence[Shape]) -> Shape:
    """Union of polygons of one coverage, their outer edges untouched."""
    return shapely.coverage_union_all(list(shapes))


def require_coverage(what: str, shapes: Sequence[Shape]) -> None:
    """Raise ContractBroken unless the shapes are valid and neighbours share their edges exactly."""
    if not (shapely.is_valid(list(shapes)).all() and shapely.coverage_is_valid(list(shapes))):
        raise ContractBroken(f"contours des {what} : des voisins ne partagent pas exactement leur frontière.")


def neighbours(shapes: Mapping[Any, Shape]) -> list[tuple[Any, Any]]:
    """Ordered pairs of keys whose shapes share a border of some length; meeting at a point is not enough."""
    keys = list(shapes)
    geometries = np.array([shapes[key] for key in keys], dtype=object)
    left, right = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    different = left != right
    left, right = left[different], right[different]
    shared = shapely.length(shapely.intersection(geometries[left], geometries[right])) > 0
    return [(keys[i], keys[j]) for i, j in zip(left[shared], right[shared], strict=True)]
