"""Boundaries on toy squares: holes given back, neighbours by edge, simplification that keeps shared edges."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from geo.boundaries import (
    MAINLAND,
    PARIS_M,
    neighbours,
    require_coverage,
    simplify_mainland,
    whole_communes,
    without_islets,
)
from geo.maps import Feature, geojson, inset, inset_box, label_point, lambert, rounded
from geo.sources import Outline
from geo.territories import Key
from schemas.errors import ContractBroken

PARIS = Key("departement", "75")


def outline(code: str, *boxes: tuple[float, float, float, float], kind: str = "COM") -> Outline:
    return Outline(code, kind, tuple(shapely.to_wkb(shapely.box(*box), hex=True) for box in boxes))


def ring_around_a_hole() -> list[Outline]:
    """A commune left of a square hole, another on the three other sides in three pieces."""
    return [
        outline("93066", (0, 0, 1, 3)),
        outline("93072", (1, 0, 2, 1), (1, 2, 2, 3), (2, 0, 3, 3)),
    ]


def test_a_hole_is_given_to_the_commune_that_absorbed_its_neighbour() -> None:
    communes = whole_communes(ring_around_a_hole(), {"93059": "93066"})
    assert communes.completed == ("93066",)
    assert shapely.equals(communes.communes["93066"], shapely.union(shapely.box(0, 0, 1, 3), shapely.box(1, 1, 2, 2)))


def test_a_hole_no_absorbing_commune_touches_stays_a_hole() -> None:
    communes = whole_communes([*ring_around_a_hole(), outline("93001", (9, 9, 10, 10))], {"93059": "93001"})
    assert communes.completed == ()
    assert communes.communes["93066"].area == 3


def test_land_lost_at_the_border_is_what_cantons_cover_and_no_commune_does() -> None:
    outlines = [outline("25390", (0, 0, 1, 1)), outline("25001", (0, 1, 1, 2))]
    canton = shapely.to_wkb(shapely.box(0, 0, 2, 2), hex=True)
    elsewhere = shapely.to_wkb(shapely.box(5, 5, 6, 6), hex=True)
    communes = whole_communes(outlines, {"25303": "25390"}, [canton, elsewhere])
    assert communes.completed == ("25390",)
    assert shapely.equals(communes.communes["25390"], shapely.union(shapely.box(0, 0, 2, 1), shapely.box(1, 1, 2, 2)))
    assert shapely.equals(communes.communes["25001"], shapely.box(0, 1, 1, 2))


def test_a_commune_without_outline_is_reported() -> None:
    assert whole_communes([outline("93066", (0, 0, 1, 1)), outline("15031")], {}).without == ("15031",)


def test_meeting_at_a_corner_does_not_make_neighbours() -> None:
    shapes = {"a": shapely.box(0, 0, 1, 1), "b": shapely.box(1, 0, 2, 1), "c": shapely.box(1, 1, 2, 2)}
    assert sorted(neighbours(shapes)) == [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")]


def wavy(x: float, *, left: bool) -> shapely.Polygon:
    """A block whose border at ``x`` zigzags every 500 m; its twin has the same border on its other side."""
    border = [(x + (150 if i % 2 else 0), PARIS_M[1] + 500 * i) for i in range(-80, 81)]
    far = x - 60_000 if left else x + 60_000
    return shapely.Polygon([*border, (far, border[-1][1]), (far, border[0][1])])


@pytest.mark.parametrize(("x", "most", "least"), [(PARIS_M[0] + 250_000, 8, 0), (PARIS_M[0], 400, 100)])
def test_simplification_is_coarse_far_from_paris_fine_near_it_and_keeps_shared_edges(
    x: float, most: int, least: int
) -> None:
    departments = {"01": wavy(x, left=True), "02": wavy(x, left=False)}
    simple = simplify_mainland(departments)
    counts = [shapely.get_num_coordinates(shape) for shape in simple.values()]
    assert shapely.coverage_is_valid(list(simple.values()))
    assert all(least <= count <= most for count in counts), counts


def test_islets_and_ponds_are_left_out_but_never_the_largest_part() -> None:
    island, islet = shapely.box(0, 0, 5000, 5000), shapely.box(9000, 0, 10_000, 1000)
    pond = shapely.box(2000, 2000, 2500, 2500)
    whole = shapely.MultiPolygon([shapely.difference(island, pond), islet])
    assert shapely.equals(without_islets(whole), island)
    assert shapely.equals(without_islets(islet), islet)


def test_overlapping_shapes_are_no_coverage() -> None:
    with pytest.raises(ContractBroken, match="départements"):
        require_coverage("départements", [shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])


def test_projection_knows_where_paris_is_and_comes_back() -> None:
    point = MAINLAND.project(shapely.Point(2.3522, 48.8566))
    assert (round(point.x), round(point.y)) == pytest.approx((652_469, 6_862_035), abs=5)
    back = MAINLAND.locate(point)
    assert (back.x, back.y) == pytest.approx((2.3522, 48.8566), abs=1e-9)


def test_rounding_keeps_shared_vertices_shared_and_turns_rings_the_right_way() -> None:
    a = shapely.Polygon([(0, 0), (0, 1), (0.3333333, 1), (0.3333333, 0)])
    b = shapely.Polygon([(0.3333333, 0), (0.3333333, 1), (1, 1), (1, 0)])
    shapes = [rounded(a, 5), rounded(b, 5)]
    assert shapely.coverage_is_valid(shapes)
    assert all(shape.exterior.is_ccw for shape in shapes)
    assert np.array_equal(shapely.get_coordinates(shapes[0]), np.round(shapely.get_coordinates(shapes[0]), 5))


def test_parts_that_vanish_on_the_grid_are_left_out() -> None:
    shape = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20.1, 20.1, 20.2, 20.2)])
    assert shapely.equals(rounded(shape, 0), shapely.box(0, 0, 10, 10))


def test_traces_separate_closed_rings_with_nulls() -> None:
    shape = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    document = json.loads(lambert([Feature(PARIS, "Paris", rounded(shape, 0))]))
    trace = document["territories"][0]
    assert (document["unit"], document["crs"], document["bounds"]) == ("m", "EPSG:2154", [0, 0, 30, 10])
    assert trace["x"].index(None) == trace["y"].index(None) == 5
    assert (trace["x"][0], trace["y"][0]) == (trace["x"][4], trace["y"][4])


def test_a_label_stands_inside_a_crescent() -> None:
    crescent = shapely.difference(shapely.box(0, 0, 10_000, 10_000), shapely.box(2_000, 2_000, 10_000, 8_000))
    assert crescent.contains(shapely.Point(label_point(crescent)))


def test_insets_hold_their_shape_and_do_not_overlap() -> None:
    frame, drawn = inset("973", "Guyane", shape=shapely.box(-200_000, -200_000, 200_000, 150_000), rank=3)
    assert shapely.box(*frame.box).contains(drawn)
    assert shapely.bounds(drawn)[2] - shapely.bounds(drawn)[0] == pytest.approx(400_000 * frame.scale)
    boxes = [shapely.box(*inset_box(rank)) for rank in range(5)]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_geojson_names_level_and_code() -> None:
    document = json.loads(geojson([Feature(PARIS, "Paris", shapely.box(0, 0, 1, 1))]))
    feature = document["features"][0]
    assert feature["properties"] == {"niveau": "departement", "code": "75", "nom": "Paris"}
    assert feature["id"] == "departement-75"
