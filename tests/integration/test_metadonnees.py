"""What a release says of itself is valid for those who read it: Data Package, DCAT-AP, citation, quality."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pyshacl
import pytest
import yaml
from rdflib import Graph
from rdflib.compare import isomorphic

from publish.adresses import DEFAULT
from publish.catalogue.dcat import dataset_names
from publish.catalogue.quality import unmet
from tests.integration.house import DAY, House

# rdflib's own JSON-LD reader still uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

VERSION = "2026.3.0+demo"
DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def folder(demo: House) -> Path:
    return demo.releases / VERSION


@pytest.fixture(scope="module")
def package(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "datapackage.json").read_text()))


def profile(name: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads((DATA / "profils" / f"{name}.json").read_text()))


def test_the_profiles_are_those_that_were_published() -> None:
    for entry in json.loads((DATA / "profils" / "PROVENANCE.json").read_text()):
        assert sha256((DATA / "profils" / entry["fichier"]).read_bytes()).hexdigest() == entry["sha256"]


def test_the_descriptor_and_every_schema_are_valid_against_the_official_profiles(
    folder: Path, package: dict[str, Any]
) -> None:
    profile("datapackage").validate(package)
    schemas = {resource["schema"] for resource in package["resources"] if "schema" in resource}
    assert len(schemas) > 20
    for path in schemas:
        profile("tableschema").validate(json.loads((folder / path).read_text()))


def test_every_data_file_is_a_resource_with_its_hash_its_bytes_its_type_and_its_encoding(
    folder: Path, package: dict[str, Any]
) -> None:
    by_path = {resource["path"]: resource for resource in package["resources"]}
    files = [path for place in ("data", "cartes") for path in (folder / place).iterdir()]
    assert {path.relative_to(folder).as_posix() for path in files} == set(by_path)
    for path in files:
        resource = by_path[path.relative_to(folder).as_posix()]
        assert resource["bytes"] == path.stat().st_size
        assert resource["hash"] == f"sha256:{sha256(path.read_bytes()).hexdigest()}"
        assert "/" in resource["mediatype"]
        assert (resource.get("encoding") == "utf-8") is (path.suffix in (".csv", ".geojson", ".json"))
    assert len({resource["name"] for resource in package["resources"]}) == len(package["resources"])


@pytest.mark.parametrize("name", ["services", "territoires", "indicateurs", "budget"])
@pytest.mark.parametrize("suffix", ["", "-xlsx"])
def test_frictionless_finds_the_file_true_to_its_schema(folder: Path, name: str, suffix: str) -> None:
    resource = frictionless.Package(str(folder / "datapackage.json")).get_resource(f"{name}{suffix}")
    report = resource.validate()
    assert report.valid, report.flatten(["type", "note"])


def test_frictionless_does_not_count_the_bytes_of_parquet_which_are_right(
    folder: Path, package: dict[str, Any]
) -> None:
    """Its reader of Parquet counts none and says so of any file: told in docs/donnees_ouvertes.md."""
    resource = frictionless.Package(str(folder / "datapackage.json")).get_resource("budget-parquet")
    notes = [note for _, note in resource.validate().flatten(["type", "note"])]
    declared = next(one for one in package["resources"] if one["name"] == "budget-parquet")["bytes"]
    assert notes == [f'expected is "{declared}" and actual is "None"']
    assert declared == (folder / "data" / "budget.parquet").stat().st_size


def test_the_catalogue_is_one_graph_in_two_files_and_is_what_dcat_ap_asks(folder: Path) -> None:
    one = Graph().parse(folder / "catalog.ttl", format="turtle")
    assert isomorphic(one, Graph().parse(folder / "catalog.jsonld", format="json-ld"))
    valid, _, report = pyshacl.validate(one, shacl_graph=Graph().parse(DATA / "dcat_ap_3.shacl.ttl"))
    assert valid, report


def test_every_dataset_meets_the_nine_criteria_of_data_gouv(folder: Path, package: dict[str, Any]) -> None:
    available = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    assert len(dataset_names(package)) > 20
    assert unmet(package, today=DAY, available=available) == {}


def test_the_coverage_is_that_of_the_rows(package: dict[str, Any]) -> None:
    assert package["temporal"]["start"] < "2022"
    assert date.fromisoformat(package["temporal"]["end"]) >= date(2026, 9, 30)
    assert [(place["level"], place["code"]) for place in package["spatial"]] == [("france", "FR"), ("region", "11")]
    west, south, east, north = package["spatial"][1]["bbox"]
    assert 1 < west < 2 < east < 4
    assert 48 < south < north < 50


def test_the_citation_is_valid_and_names_this_version(folder: Path) -> None:
    held = yaml.safe_load((folder / "CITATION.cff").read_text())
    held["date-released"] = str(held["date-released"])
    profile("cff").validate(held)
    assert (held["version"], held["date-released"]) == (VERSION, DAY.isoformat())
    assert VERSION in (folder / "CITATION.bib").read_text()


def test_addresses_have_the_base_that_the_release_records_and_no_path_of_a_machine(
    folder: Path, package: dict[str, Any]
) -> None:
    assert package["homepage"] == DEFAULT
    names = ("datapackage.json", "catalog.jsonld", "catalog.ttl", "CITATION.cff", "CITATION.bib", "README.md")
    for name in names:
        text = (folder / name).read_text()
        assert f"{DEFAULT}/donnees/2026.3.0%2Bdemo/" in text, name
        assert not any(mark in text for mark in ("/tmp", "/root", "/home", "localhost", "127.0.0.1")), name


@pytest.mark.parametrize("module", ["observatoire, publish.release, publish.dress", "dashboard.app"])
def test_neither_publishing_nor_serving_needs_an_rdf_library(module: str) -> None:
    heavy = "{'rdflib', 'pyshacl', 'geopandas', 'openpyxl', 'xlsxwriter'}"
    code = f"import sys, {module}; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
