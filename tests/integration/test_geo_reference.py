"""The committed territories: complete, coherent, drawn with shared edges, light, and traceable to their packages."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from etl.validate import check
from geo.packages import PINNED
from geo.territories import (
    FRANCE,
    Key,
    Population,
    Territory,
    children,
    index,
    load_neighbours,
    load_populations,
    load_territories,
)
from schemas.contract import contract_folder, load_contract

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "data" / "reference"
MAPS = REFERENCE / "contours"
TABLES = ("territoires", "population", "adjacences", "codes_postaux")
YEARS = (2019, 2021, 2022, 2023, 2024, 2025, 2026)
GEOJSON = ("paris_petite_couronne", "departements", "regions", "territoires")
TRACES = ("paris_petite_couronne", "departements", "regions")


@pytest.fixture(scope="module")
def places() -> tuple[Territory, ...]:
    return load_territories(REFERENCE)


@pytest.fixture(scope="module")
def people() -> dict[Key, dict[int, Population]]:
    return {key: dict(years) for key, years in load_populations(REFERENCE).items()}


def features(name: str) -> list[dict[str, Any]]:
    document = json.loads((MAPS / f"{name}.geojson").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = document["features"]
    return found


def shapes(name: str) -> dict[Key, Any]:
    return {
        Key(item["properties"]["niveau"], item["properties"]["code"]): shapely.geometry.shape(item["geometry"])
        for item in features(name)
    }


def rings(geometry: dict[str, Any]) -> Iterator[list[list[list[float]]]]:
    """Rings of each polygon of a GeoJSON geometry, the outer one first."""
    yield from [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


# Tables ---------------------------------------------------------------------------------------------------------------


def test_every_level_is_complete(places: tuple[Territory, ...]) -> None:
    now = Counter(place.niveau for place in places if place.date_fin is None)
    assert now == {"france": 1, "region": 18, "departement": 101, "arrondissement": 45, "commune": 122}
    codes = {place.code for place in places if place.niveau == "arrondissement"}
    assert {f"751{number:02}" for number in range(1, 21)} < codes
    assert {f"132{number:02}" for number in range(1, 17)} < codes
    assert {f"6938{number}" for number in range(1, 10)} < codes


def test_inner_ring_is_complete(places: tuple[Territory, ...]) -> None:
    by_department = Counter(place.code[:2] for place in places if place.niveau == "commune" and not place.date_fin)
    assert by_department == {"92": 36, "93": 39, "94": 47}


def test_pierrefitte_ended_when_it_joined_saint_denis(places: tuple[Territory, ...]) -> None:
    ended = {place.code: str(place.date_fin) for place in places if place.date_fin}
    assert ended == {"93059": "2024-12-31"}


def test_every_parent_exists_and_all_lead_to_france(places: tuple[Territory, ...]) -> None:
    known = index(places)
    assert all(place.parent in known for place in places if place.key != FRANCE)
    assert len(children(places, FRANCE)) == 18


def test_five_character_codes_are_unique(places: tuple[Territory, ...]) -> None:
    codes = [place.code for place in places if len(place.code) == 5]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("table", TABLES)
def test_tables_and_examples_follow_their_contract(table: str) -> None:
    contract = load_contract(table, kind="reference")
    folder = contract_folder(table, kind="reference")
    for path in (REFERENCE / f"{table}.csv", folder / "valid.csv"):
        report = check(path, contract, references=REFERENCE)
        assert report.valid, report.errors[:3]


@pytest.mark.parametrize("table", TABLES)
def test_the_invalid_example_breaks_every_rule_and_key(table: str) -> None:
    contract = load_contract(table, kind="reference")
    folder = contract_folder(table, kind="reference")
    errors = check(folder / "invalid.csv", contract, references=REFERENCE).errors
    assert {rule.name for rule in contract.rules} <= {error.rule for error in errors}
    expected = {"primary-key", "foreign-key", "constraint-error", "row-constraint"}
    assert expected <= {error.type for error in errors}


# Populations ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_populations_add_up(places: tuple[Territory, ...], people: dict[Key, dict[int, Population]], year: int) -> None:
    def total(parent: Key) -> int:
        return sum(
            people[place.key][year].population for place in children(places, parent) if year in people[place.key]
        )

    for whole in (FRANCE, Key("region", "11"), *(Key("departement", code) for code in ("75", "92", "93", "94"))):
        assert total(whole) == people[whole][year].population, whole


def test_paris_has_its_published_populations(people: dict[Key, dict[int, Population]]) -> None:
    paris = people[Key("departement", "75")]
    assert {year: (row.annee_legale, row.population) for year, row in paris.items()} == {
        2019: (2016, 2_190_327),
        2021: (2019, 2_165_423),
        2022: (2020, 2_145_906),
        2023: (2020, 2_145_906),
        2024: (2022, 2_113_705),
        2025: (2023, 2_103_778),
        2026: (2023, 2_103_778),
    }


def test_a_department_has_one_population_by_legal_year(people: dict[Key, dict[int, Population]]) -> None:
    """A legal population does not depend on the map of communes; a list that forgets merged communes would."""
    for key, years in people.items():
        if key.niveau in ("departement", "region"):
            assert years[2022].population == years[2023].population, key


def test_every_current_territory_has_every_year(
    places: tuple[Territory, ...], people: dict[Key, dict[int, Population]]
) -> None:
    assert all(set(people[place.key]) == set(YEARS) for place in places if place.date_fin is None)
    assert set(people[Key("commune", "93059")]) == {2019, 2021, 2022, 2023, 2024}


def test_no_department_doubles_or_halves_between_editions(people: dict[Key, dict[int, Population]]) -> None:
    for key, years in people.items():
        if key.niveau in ("france", "region", "departement"):
            for before, after in itertools.pairwise(years[year].population for year in YEARS):
                assert 0.94 < after / before < 1.08, key


# Neighbours -----------------------------------------------------------------------------------------------------------


def test_neighbours_are_symmetric_and_never_oneself() -> None:
    neighbours = load_neighbours(REFERENCE)
    pairs = {(key, other) for key, others in neighbours.items() for other in others}
    assert all((other, key) in pairs and other != key for key, other in pairs)


def test_known_neighbours() -> None:
    neighbours = load_neighbours(REFERENCE)
    nineteenth = set(neighbours[Key("arrondissement", "75119")])
    for expected in (("arrondissement", "75118"), ("commune", "93055"), ("commune", "93001")):
        assert expected in nineteenth
    assert ("arrondissement", "75118") not in neighbours[Key("arrondissement", "75101")]
    assert ("commune", "93072") in neighbours[Key("commune", "93066")]  # Stains, through former Pierrefitte
    assert set(neighbours[Key("departement", "75")]) == {("departement", code) for code in ("92", "93", "94")}
    assert Key("departement", "971") not in neighbours


# Maps -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GEOJSON)
def test_neighbours_share_their_edges_exactly(name: str) -> None:
    by_level: dict[str, list[Any]] = {}
    for key, shape in shapes(name).items():
        by_level.setdefault("local" if len(key.code) == 5 else key.niveau, []).append(shape)
    for level, found in by_level.items():
        assert shapely.is_valid(found).all(), level
        assert shapely.coverage_is_valid(found), level


@pytest.mark.parametrize("name", GEOJSON)
def test_geojson_follows_rfc_7946(name: str) -> None:
    for feature in features(name):
        assert set(feature["properties"]) == {"niveau", "code", "nom"}
        for polygon in rings(feature["geometry"]):
            for rank, ring in enumerate(polygon):
                assert ring[0] == ring[-1]
                assert shapely.LinearRing(ring).is_ccw == (rank == 0), feature["id"]
                assert all(-180 <= x <= 180 and -90 <= y <= 90 and round(x, 5) == x for x, y in ring)


def test_maps_show_whom_they_say(places: tuple[Territory, ...]) -> None:
    current = {place.key for place in places if place.date_fin is None}
    assert set(shapes("territoires")) == current
    close = {key for key in current if len(key.code) == 5 and key.code[:2] in ("75", "92", "93", "94")}
    assert set(shapes("paris_petite_couronne")) == close
    assert len(close) == 142
    assert set(shapes("departements")) == {key for key in current if key.niveau == "departement"}
    assert set(shapes("regions")) == {key for key in current if key.niveau == "region"}


def test_saint_denis_holds_the_land_of_pierrefitte() -> None:
    town_hall_of_pierrefitte = shapely.Point(2.3614, 48.9656)
    assert shapes("paris_petite_couronne")[Key("commune", "93066")].contains(town_hall_of_pierrefitte)


def test_overseas_is_at_its_true_place_in_geojson() -> None:
    assert shapes("regions")[Key("region", "04")].contains(shapely.Point(55.53, -21.13))  # La Réunion


@pytest.mark.parametrize("name", TRACES)
def test_traces_are_closed_rings_inside_their_bounds(name: str) -> None:
    document = json.loads((MAPS / f"{name}.lambert93.json").read_text(encoding="utf-8"))
    west, south, east, north = document["bounds"]
    assert (document["unit"], document["crs"]) == ("m", "EPSG:2154")
    for trace in document["territories"]:
        points = list(zip(trace["x"], trace["y"], strict=True))
        for is_gap, run in itertools.groupby(points, key=lambda point: point == (None, None)):
            ring = list(run)
            if not is_gap:
                assert ring[0] == ring[-1], trace["nom"]
                assert len(ring) > 3, trace["nom"]
        assert all(x is None or (west <= x <= east and south <= y <= north) for x, y in points)
    labels = [tuple(trace["label"]) for trace in document["territories"]]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", ["departements", "regions"])
def test_overseas_is_drawn_in_insets(name: str) -> None:
    document = json.loads((MAPS / f"{name}.lambert93.json").read_text(encoding="utf-8"))
    assert [inset["code"] for inset in document["insets"]] == ["971", "972", "973", "974", "976"]
    traces = {trace["nom"]: trace for trace in document["territories"]}
    for inset in document["insets"]:
        west, south, east, north = inset["box"]
        trace = traces[inset["nom"]]
        assert all(x is None or west <= x <= east for x in trace["x"])
        assert all(y is None or south <= y <= north for y in trace["y"])


def test_maps_are_light() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in MAPS.iterdir()}
    assert max(sizes.values()) < 150_000
    assert max(sizes["paris_petite_couronne.geojson"], sizes["paris_petite_couronne.lambert93.json"]) < 40_000


# Provenance -----------------------------------------------------------------------------------------------------------


def test_provenance_matches_pins_and_files() -> None:
    document = json.loads((MAPS / "PROVENANCE.json").read_text(encoding="utf-8"))
    assert [item["sha256"] for item in document["paquets"]] == [item.sha256 for item in PINNED.packages]
    assert "IGN" in document["attribution"]["fr"]
    for name, item in document["fichiers"].items():
        assert hashlib.sha256((REFERENCE / name).read_bytes()).hexdigest() == item["sha256"], name
    assert "93066" in document["ecarts"]["communes_completees"]


def test_reading_territories_loads_no_geometry_library() -> None:
    script = (
        "import sys; from pathlib import Path; from geo.territories import *;"
        f"folder = Path({str(REFERENCE)!r});"
        "load_territories(folder), load_neighbours(folder), load_populations(folder);"
        "print(sorted({'geopandas', 'shapely', 'pyproj', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
