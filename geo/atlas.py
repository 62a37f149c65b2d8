"""The maps of the observatory and the neighbourhoods they show, drawn from boundaries of communes.

Imported only by ``geo.build``: it loads shapely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.boundaries import (
    MAINLAND,
    Communes,
    Shape,
    group,
    is_overseas,
    join,
    mainland_departments,
    neighbours,
    overseas_department,
    require_coverage,
    simplify_mainland,
)
from geo.maps import DECIMALS, Feature, Inset, geojson, inset, lambert, rounded
from geo.sources import Codes
from geo.tables import INNER_RING, order
from geo.territories import FRANCE, Key, Territory
from schemas.errors import ContractBroken

PARIS = "75"
Shapes = Mapping[Key, Shape]
Names = Mapping[Key, str]


@dataclass(frozen=True)
class Atlas:
    """Map files by name, ordered pairs of neighbours, and the communes they were drawn from."""

    files: Mapping[str, bytes]
    neighbours: Sequence[tuple[Key, Key]]
    communes: Communes


@dataclass(frozen=True)
class National:
    """Departments, regions and France. ``degrees`` is where they are; ``drawn`` has overseas ones in ``insets``."""

    degrees: Shapes
    drawn: Shapes
    insets: tuple[Inset, ...]
    neighbours: tuple[tuple[Key, Key], ...]


def draw(territories: Sequence[Territory], communes: Communes, codes: Codes) -> Atlas:
    """Draw everything. Raises ContractBroken if a current territory has no boundary or a map is not a coverage."""
    names = {place.key: place.nom for place in territories if place.date_fin is None}
    local = _local(communes, codes)
    national = _national(communes, codes, names)
    _require_all(names, {**local, **national.degrees})
    close = {key: shape for key, shape in local.items() if key.code[:2] in (PARIS, *INNER_RING)}
    files = {
        "paris_petite_couronne.geojson": geojson(_features(names, close, decimals=DECIMALS)),
        "paris_petite_couronne.lambert93.json": lambert(_features(names, _projected(close), decimals=0)),
        "territoires.geojson": geojson(_features(names, {**local, **national.degrees}, decimals=DECIMALS)),
    }
    for level, name in (("departement", "departements"), ("region", "regions")):
        files[f"{name}.geojson"] = geojson(_features(names, _level(national.degrees, level), decimals=DECIMALS))
        traces = _features(names, _level(national.drawn, level), decimals=0)
        files[f"{name}.lambert93.json"] = lambert(traces, national.insets)
    return Atlas(files, [*neighbours(local), *national.neighbours], communes)


def _local(communes: Communes, codes: Codes) -> dict[Key, Shape]:
    """Municipal arrondissements and communes of the inner ring, in degrees."""
    arrondissements = {
        Key("arrondissement", code): shape
        for code, shape in communes.arrondissements.items()
        if code in codes.arrondissements
    }
    inner = {
        Key("commune", code): shape
        for code, shape in communes.communes.items()
        if code in codes.communes and codes.communes[code]["departement"] in INNER_RING
    }
    require_coverage("arrondissements et communes", [*arrondissements.values(), *inner.values()])
    return arrondissements | inner


def _national(communes: Communes, codes: Codes, names: Names) -> National:
    departments = {code: item["departement"] for code, item in codes.communes.items()}
    known = {code: shape for code, shape in communes.communes.items() if code in departments}
    groups = group(known, departments)
    detailed = mainland_departments(groups)
    drawn = simplify_mainland(detailed)
    degrees = {code: MAINLAND.locate(shape) for code, shape in drawn.items()}
    insets = []
    for rank, code in enumerate(sorted(filter(is_overseas, groups))):
        plane, shape = overseas_department(groups[code])
        degrees[code] = plane.locate(shape)
        frame, drawn[code] = inset(code, names[Key("departement", code)], shape=shape, rank=rank)
        insets.append(frame)
    return National(
        degrees=_nested(degrees, codes),
        drawn=_nested(drawn, codes),
        insets=tuple(insets),
        neighbours=_national_neighbours(_nested(detailed, codes)),
    )


def _nested(departments: Mapping[str, Shape], codes: Codes) -> dict[Key, Shape]:
    """France, regions and departments, from departments: they keep the same edges."""
    regions = group(dict(departments), {code: item["region"] for code, item in codes.departements.items()})
    return {
        FRANCE: join(list(departments.values())),
        **{Key("region", code): join(shapes) for code, shapes in regions.items()},
        **{Key("departement", code): shape for code, shape in departments.items()},
    }


def _national_neighbours(shapes: Shapes) -> tuple[tuple[Key, Key], ...]:
    return tuple(pair for level in ("departement", "region") for pair in neighbours(_level(shapes, level)))


def _level(shapes: Shapes, level: str) -> dict[Key, Shape]:
    return {key: shape for key, shape in shapes.items() if key.niveau == level}


def _projected(shapes: Shapes) -> dict[Key, Shape]:
    return {key: MAINLAND.project(shape) for key, shape in shapes.items()}


def _features(names: Names, shapes: Shapes, *, decimals: int) -> list[Feature]:
    return [Feature(key, names[key], rounded(shapes[key], decimals)) for key in sorted(shapes, key=order)]


def _require_all(names: Names, shapes: Mapping[Key, Any]) -> None:
    if missing := sorted(names.keys() - shapes.keys()):
        listed = ", ".join(f"{key.niveau} {key.code}" for key in missing[:10])
        raise ContractBroken(
            f"contours : {len(missing)} territoire(s) sans contour ({listed}). Les paquets de codes et de contours ne "
            "sont pas de la même année : épinglez-en qui s'accordent."
        )
