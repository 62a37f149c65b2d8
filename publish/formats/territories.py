"""The table of territories with its boundaries: GeoJSON (RFC 7946) and GeoParquet 1.1.

Both hold every row and every column of the table; a territory without a boundary (a commune that has merged) has a null
geometry. Well-known binary is written here: it is twenty lines, and no geometry library is needed to publish.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.contract import Contract

Geometry = Mapping[str, Any]
Key = tuple[str, str]
NAME = "territoires"
SCHEMA = "territoires-geometrie"
COLUMN = "geometry"
FIELD = {
    "name": COLUMN,
    "type": "any",
    "title": "Géométrie",
    "title_en": "Geometry",
    "description": "Contour en longitude et latitude (OGC:CRS84), en binaire (WKB) ; vide là où il n'y en a pas.",
    "description_en": "Boundary in longitude and latitude (OGC:CRS84), as binary (WKB); empty where there is none.",
}
# OGC 06-103r4: codes of the types, in two dimensions.
CODES = {"Polygon": 3, "MultiPolygon": 6}


def write_territories(draft: Path, contract: Contract, contours: Path) -> None:
    """Write ``territoires.geojson``, give ``territoires.parquet`` its geometry, and write the schema of the latter.

    ``contours`` is a GeoJSON whose features are named by ``niveau`` and ``code``, in longitude and latitude.
    """
    data = draft / "data"
    table = pq.read_table(data / f"{NAME}.parquet")
    shapes = _shapes(contours)
    found = [shapes.get((row["niveau"], row["code"])) for row in table.select(["niveau", "code"]).to_pylist()]
    (data / f"{NAME}.geojson").write_text(_geojson(table.to_pylist(), found), encoding="utf-8")
    geography = table.append_column(COLUMN, pa.array([wkb(shape) if shape else None for shape in found], pa.binary()))
    pq.write_table(
        geography.replace_schema_metadata({"geo": json.dumps(_metadata(found))}),
        data / f"{NAME}.parquet",
        compression="zstd",
    )
    schema = {**contract.descriptor, "name": SCHEMA, "fields": [*contract.descriptor["fields"], FIELD]}
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    (draft / "schemas" / f"{SCHEMA}.json").write_text(f"{text}\n", encoding="utf-8")


def _shapes(contours: Path) -> dict[Key, Geometry]:
    features = json.loads(contours.read_text(encoding="utf-8"))["features"]
    return {(f["properties"]["niveau"], f["properties"]["code"]): f["geometry"] for f in features}


def _geojson(rows: Sequence[Mapping[str, Any]], shapes: Sequence[Geometry | None]) -> str:
    """A FeatureCollection, one feature a line."""
    features = (
        {"type": "Feature", "id": f"{row['niveau']}-{row['code']}", "properties": row, "geometry": shape}
        for row, shape in zip(rows, shapes, strict=True)
    )
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":"), default=date.isoformat) for feature in features
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _metadata(shapes: Sequence[Geometry | None]) -> dict[str, Any]:
    """File metadata (https://geoparquet.org/releases/v1.1.0/): without ``crs``, OGC:CRS84, as in GeoJSON."""
    known = [shape for shape in shapes if shape]
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({shape["type"] for shape in known}),
        "edges": "planar",
        "bbox": bounds(known),
    }
    return {"version": "1.1.0", "primary_column": COLUMN, "columns": {COLUMN: column}}


def bounds(shapes: Sequence[Geometry]) -> list[float]:
    """West, south, east and north of polygons, in their own coordinates."""
    points = [point for shape in shapes for polygon in _polygons(shape) for ring in polygon for point in ring]
    longitudes, latitudes = zip(*points, strict=True)
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def _polygons(shape: Geometry) -> list[Any]:
    return [shape["coordinates"]] if shape["type"] == "Polygon" else list(shape["coordinates"])


def wkb(shape: Geometry) -> bytes:
    """A GeoJSON polygon or multipolygon as little-endian well-known binary (OGC 06-103r4)."""
    polygons = [_polygon(rings) for rings in _polygons(shape)]
    if shape["type"] == "Polygon":
        return polygons[0]
    return struct.pack("<BII", 1, CODES["MultiPolygon"], len(polygons)) + b"".join(polygons)


def _polygon(rings: Sequence[Any]) -> bytes:
    return struct.pack("<BII", 1, CODES["Polygon"], len(rings)) + b"".join(_ring(ring) for ring in rings)


def _ring(points: Sequence[Sequence[float]]) -> bytes:
    return struct.pack(f"<I{2 * len(points)}d", len(points), *_flat(points))


def _flat(points: Sequence[Sequence[float]]) -> Iterator[float]:
    for point in points:
        yield from point[:2]
