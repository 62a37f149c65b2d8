"""Map files: GeoJSON in degrees for everybody, and plain coordinates in Lambert-93 metres for filled scatter traces.

Imported only by ``geo.build``. GeoJSON follows RFC 7946: WGS84, outer rings counter-clockwise, five decimals (about a
metre). In the Lambert-93 files overseas departments stand in insets drawn beside the mainland, each at its own scale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.boundaries import LAMBERT_93, Shape
from geo.territories import Key

DECIMALS = 5
# Insets stand in the Bay of Biscay, two columns of three, filled from the top left.
INSET_SIDE_M, INSET_GAP_M, INSET_MARGIN = 120_000, 15_000, 0.08
INSET_LEFT_M, INSET_TOP_M = 15_000, 6_560_000
LABEL_TOLERANCE_M = 50.0


@dataclass(frozen=True)
class Inset:
    """Where an overseas department is drawn: its square in metres, and how many drawn metres make a metre of ground."""

    code: str
    nom: str
    box: tuple[int, int, int, int]
    scale: float


@dataclass(frozen=True)
class Feature:
    """A territory to draw: ``shape`` in the unit of the file it goes to."""

    key: Key
    nom: str
    shape: Shape


def rounded(shape: Shape, decimals: int) -> Shape:
    """The shape on a decimal grid, rings in a canonical order and direction, parts that vanish there left out.

    Vertices are rounded one by one, so that a vertex shared by neighbours stays shared.
    """
    parts = [
        shapely.Polygon(outer, [inner for inner in inners if inner is not None])
        for part in shapely.get_parts(shape)
        if (outer := _ring(part.exterior, decimals)) is not None
        for inners in [[_ring(ring, decimals) for ring in part.interiors]]
    ]
    whole = shapely.orient_polygons(shapely.normalize(shapely.MultiPolygon(parts)), exterior_cw=False)
    return whole.geoms[0] if len(whole.geoms) == 1 else whole


def _ring(ring: Any, decimals: int) -> Any:
    points = np.round(shapely.get_coordinates(ring), decimals) + 0.0
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    points = points[np.concatenate([[True], moved])]
    return points if len(points) > 3 and shapely.Polygon(points).area > 0 else None


def geojson(features: Iterable[Feature]) -> bytes:
    """A FeatureCollection, one feature a line, properties ``niveau``, ``code``, ``nom``."""
    lines = ",\n".join(_dumps(_feature(feature)) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _feature(feature: Feature) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": f"{feature.key.niveau}-{feature.key.code}",
        "properties": {"niveau": feature.key.niveau, "code": feature.key.code, "nom": feature.nom},
        "geometry": shapely.geometry.mapping(feature.shape),
    }


def lambert(features: Sequence[Feature], insets: Sequence[Inset] = ()) -> bytes:
    """Traces in metres: ``x`` and ``y`` of every closed ring, a null between rings, and a point to write a label at."""
    boxes = [feature.shape.bounds for feature in features] + [inset.box for inset in insets]
    head = {
        "unit": "m",
        "crs": LAMBERT_93,
        "bounds": [int(v) for v in (*np.min(boxes, axis=0)[:2], *np.max(boxes, axis=0)[2:])],
        "insets": [{"code": i.code, "nom": i.nom, "box": list(i.box), "scale": i.scale} for i in insets],
    }
    lines = ",\n".join(_dumps(_trace(feature)) for feature in features)
    return f'{_dumps(head)[:-1]},"territories":[\n{lines}\n]}}\n'.encode()


def _trace(feature: Feature) -> dict[str, Any]:
    x: list[int | None] = []
    y: list[int | None] = []
    for part in shapely.get_parts(feature.shape):
        for ring in (part.exterior, *part.interiors):
            points = shapely.get_coordinates(ring).astype(int)
            separator: list[int | None] = [None] if x else []
            x += separator + points[:, 0].tolist()
            y += separator + points[:, 1].tolist()
    return {
        "niveau": feature.key.niveau,
        "code": feature.key.code,
        "nom": feature.nom,
        "x": x,
        "y": y,
        "label": label_point(feature.shape),
    }


def label_point(shape: Shape) -> list[int]:
    """Centre of the largest circle inside the largest part, in whole metres."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=LABEL_TOLERANCE_M))[0]
    return [round(float(value)) for value in centre]


def inset_box(rank: int) -> tuple[int, int, int, int]:
    """The square of the inset of that rank (0 is top left)."""
    row, column = divmod(rank, 2)
    step = INSET_SIDE_M + INSET_GAP_M
    left, top = INSET_LEFT_M + column * step, INSET_TOP_M - row * step
    return left, top - INSET_SIDE_M, left + INSET_SIDE_M, top


def inset(code: str, nom: str, *, shape: Shape, rank: int) -> tuple[Inset, Shape]:
    """An inset of that rank for a shape in metres of its own plane, and the shape moved and scaled into it."""
    box = inset_box(rank)
    west, south, east, north = shapely.bounds(shape)
    scale = round(INSET_SIDE_M * (1 - 2 * INSET_MARGIN) / max(east - west, north - south), 3)
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    middle = np.array([(west + east) / 2, (south + north) / 2])
    return Inset(code, nom, box, scale), shapely.transform(shape, lambda points: (points - middle) * scale + centre)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
