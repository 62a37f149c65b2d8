"""Drawings of the static site: what is not known is never drawn as a value, and each absence says why."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.charte.classes import RAMP, RAMP_DARK, ZERO
from publish.site import svg
from publish.site.carte import Cell, background, choropleth, colours, legend, locator
from publish.site.courbe import FRAMES, Point, Target, line_chart, ticks

SVG = "{http://www.w3.org/2000/svg}"
CORNERS = {n: 100 * (n - 1) for n in range(1, 5)}
SQUARES = {
    "bounds": [0, 0, 640, 320],
    "territories": [
        {
            "niveau": "arrondissement",
            "code": f"7510{n}",
            "x": [x, x + 99, x + 99, x],
            "y": [0, 0, 99, 99],
            "label": [x, 50],
        }
        for n, x in CORNERS.items()
    ],
}
PLACES = [("arrondissement", f"7510{n}") for n in range(1, 5)]
WORDS = {"zero": "0", "secret": "secret", "non_rapporte": "non rapporté", "non_applicable": "sans objet"}


def quarter(rank: int) -> tuple[dt.date, dt.date]:
    year, part = 2020 + rank // 4, rank % 4
    start = dt.date(year, 3 * part + 1, 1)
    end = (dt.date(year + 1, 1, 1) if part == 3 else dt.date(year, 3 * part + 4, 1)) - dt.timedelta(days=1)
    return start, end


def series(*said: float | str | None, provisional: int = 0) -> list[Point]:
    """Quarters from the first of 2020: a number is a value, a word a status."""
    points = []
    for rank, one in enumerate(said):
        start, end = quarter(rank)
        status = one if isinstance(one, str) else "zero" if one == 0 else "valeur"
        value = float(one) if isinstance(one, int | float) else None
        limits = (value - 1, value + 1) if value else (None, None)
        points.append(Point(start, end, status, value, *limits, rank >= len(said) - provisional))
    return points


def drawn(points: list[Point], target: Target | None = None) -> list[ElementTree.Element]:
    """The two drawings of a series, read as XML: a wrong tag or a text that is not escaped would not parse."""
    markup = line_chart("k", points, title="<Titre> & co", description="desc", lang="fr", target=target)
    return list(ElementTree.fromstring(f"<div>{markup}</div>"))


def of_class(drawing: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in drawing.iter() if name in node.get("class", "").split()]


def test_a_series_is_drawn_for_a_wide_page_and_for_a_phone_each_with_its_name() -> None:
    wide, narrow = drawn(series(3, 4, 5))
    for drawing, frame in ((wide, FRAMES[0]), (narrow, FRAMES[1])):
        assert drawing.get("viewBox") == f"0 0 {frame.width:.0f} {frame.height:.0f}"
        title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert title.text == "<Titre> & co"
        assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert wide.find(f"{SVG}title").get("id") != narrow.find(f"{SVG}title").get("id")  # type: ignore[union-attr]


def test_a_line_breaks_where_a_value_is_not_there_and_the_lane_says_why() -> None:
    drawing = drawn(series(3, 4, "secret", "secret", 5, 6, "non_rapporte", 7))[0]
    assert len(of_class(drawing, "trait")) == 2
    assert len(of_class(drawing, "point")) == 5
    fills = [node.get("fill") for node in of_class(drawing, "case")]
    assert fills == ["url(#k-large-secret)", "url(#k-large-non_rapporte)"]
    declared = {node.get("id") for node in drawing.iter(f"{SVG}pattern")}
    assert declared == {"k-large-secret", "k-large-non_rapporte"}


def test_secret_is_told_apart_from_not_reported_and_from_zero() -> None:
    drawing = drawn(series(0, "secret", "non_rapporte", "non_applicable", 5))[0]
    shapes = {node.get("id"): node[0].get("d") for node in drawing.iter(f"{SVG}pattern")}
    assert len(set(shapes.values())) == 3
    (zero,) = of_class(drawing, "point--zero")
    floor = max(float(node.get("y2", "0")) for node in of_class(drawing, "axe") if node.get("y1") == node.get("y2"))
    assert float(zero.get("cy", "0")) == pytest.approx(floor)


def test_the_interval_is_a_band_that_stops_with_the_line() -> None:
    drawing = drawn(series(3, 4, "secret", 6, 7, 8))[0]
    bands = [node.get("d", "") for node in of_class(drawing, "bande")]
    assert [band.count(",") for band in bands] == [4, 6]
    assert all(band.endswith("Z") for band in bands)


def test_a_provisional_period_is_shaded() -> None:
    assert of_class(drawn(series(3, 4, 5))[0], "provisoire-zone") == []
    (zone,) = of_class(drawn(series(3, 4, 5, 6, provisional=1))[0], "provisoire-zone")
    points = [float(node.get("cx", "0")) for node in of_class(drawn(series(3, 4, 5, 6, provisional=1))[0], "point")]
    left, width = float(zone.get("x", "0")), float(zone.get("width", "0"))
    assert [left <= point <= left + width for point in points] == [False, False, False, True]


def test_the_target_is_a_line_at_its_level_within_the_plot() -> None:
    drawing = drawn(series(3, 4, 5), Target(40, "objectif : 40 lits"))[0]
    (line,) = of_class(drawing, "cible")
    (words,) = of_class(drawing, "cible-mots")
    assert words.text == "objectif : 40 lits"
    assert 0 < float(line.get("y1", "0")) < min(float(node.get("cy", "0")) for node in of_class(drawing, "point"))


@given(st.floats(min_value=1e-3, max_value=1e9, allow_nan=False))
def test_ticks_are_round_few_and_cover_every_value(highest: float) -> None:
    marks = ticks(highest)
    assert marks[0] == 0
    assert marks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(marks) <= 6
    steps = {round((after - before) / marks[1], 6) for before, after in pairwise(marks)}
    assert steps == {1.0}


SAID = st.one_of(st.integers(0, 500), st.sampled_from(["secret", "non_rapporte", "non_applicable"]))


@given(st.lists(SAID, min_size=1, max_size=40))
def test_every_period_is_drawn_once_within_the_frame(said: list[int | str]) -> None:
    for drawing, frame in zip(drawn(series(*said)), FRAMES, strict=True):
        points = of_class(drawing, "point")
        places = [(float(node.get("cx", "0")), float(node.get("cy", "0"))) for node in points]
        assert len(points) == sum(not isinstance(one, str) for one in said)
        assert all(frame.left <= x <= frame.width - frame.right for x, _ in places)
        assert all(frame.top - 0.1 <= y <= frame.height - frame.bottom + 0.1 for _, y in places)


def test_a_map_gives_each_territory_its_class_or_its_pattern() -> None:
    ground = background(SQUARES)
    cells = dict(zip(PLACES[:3], (Cell("valeur", 12.0), Cell("zero", 0.0), Cell("secret", None)), strict=True))
    picture = ElementTree.fromstring(choropleth("c", ground, cells, (10, 20, 30), title="t", description="d"))
    shapes = of_class(picture, "lieu-forme")
    assert [node.get("class", "").split()[1] for node in shapes] == ["k0", "zero", "secret", "vierge"]
    assert shapes[2].get("fill") == "url(#c-secret)"
    assert [node.text for node in of_class(picture, "numero")] == ["1", "2", "3", "4"]
    entries = legend(cells.values(), (10, 20, 30), lang="fr", unit="", words=WORDS)
    assert [entry.mark for entry in entries] == ["zero", "k0", "k4", "pave--secret"]


def test_a_locator_shows_a_place_among_those_it_touches() -> None:
    markup = locator("l", background(SQUARES), PLACES[0], [PLACES[1]], title="t", description="d")
    shapes = of_class(ElementTree.fromstring(markup), "lieu-forme")
    assert [node.get("class", "").split()[1] for node in shapes] == ["ici", "voisin", "vierge", "vierge"]


def test_the_colours_of_maps_are_those_of_the_dashboard() -> None:
    light, dark = colours().split("@media")
    for rank in range(len(RAMP)):
        assert f".k{rank} {{ fill: {RAMP[rank]};" in light
        assert f".k{rank} {{ fill: {RAMP_DARK[rank]};" in dark
    assert [part.count(colour) for part, colour in zip((light, dark), ZERO, strict=True)] == [2, 2]


def test_rings_are_parted_where_a_coordinate_is_missing() -> None:
    assert svg.rings([0, 1, None, 2], [0, 1, None, 3]) == [[(0, 0), (1, 1)], [(2, 3)]]


@given(st.floats(-1e5, 1e5, allow_nan=False))
def test_a_coordinate_has_one_decimal_at_most(value: float) -> None:
    written = svg.number(value)
    assert re.fullmatch(r"-?\d+(\.[1-9])?", written)
    assert float(written) == pytest.approx(value, abs=0.051)
    assert written != "-0"
