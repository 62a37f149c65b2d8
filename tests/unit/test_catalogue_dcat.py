"""What portals and search engines read: DCAT-AP, its pages, schema.org, the criteria of data.gouv.fr, citations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pyshacl
import pytest
import yaml
from fixtures_release import seal
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS
from rdflib.term import BNode

from dashboard.cache import Cache
from dashboard.catalogue import blueprint
from dashboard.components.structure import structured
from publish.catalogue import schema_org
from publish.catalogue.dcat import release_catalogue
from publish.catalogue.portal import Paging, paging, portal
from publish.catalogue.quality import criteria, unmet
from publish.catalogue.terms import GEOJSON, PREFIXES, text, typed
from publish.catalogue.turtle import turtle
from publish.citation import bibtex, citation_file
from publish.notice import Notice
from publish.reader import Releases
from publish.version import parse_version
from schemas.errors import UsageError

# rdflib's own JSON-LD reader still uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DATA = Path(__file__).resolve().parents[1] / "data"
HYDRA = PREFIXES["hydra"]
BASE = "https://exemple.fr"
NAMES = ("observations", "indicateurs", "territoires")


def package(version: str = "2026.3.0", names: tuple[str, ...] = NAMES, day: str = "2026-11-21") -> dict[str, Any]:
    """A Data Package as a release writes it, with three formats a table."""
    about = {"title": "Titre « x »", "title_en": "Title", "description": "Une ligne.", "description_en": "A row."}
    return {
        "name": "observatoire-plan-crack",
        **about,
        "description": "Les indicateurs de suivi du plan à Paris et en Île-de-France, pour l'essai de ce catalogue.",
        "homepage": BASE,
        "version": version,
        "created": f"{day}T00:00:00Z",
        "licenses": [{"name": "etalab-2.0"}],
        "keywords": ["crack", "Paris"],
        "accrualPeriodicity": "R/P3M",
        "temporal": {"start": "2019-01-01", "end": "2026-09-30"},
        "spatial": [
            {"level": "france", "code": "FR", "name": "France", "name_en": "France", "bbox": [-5, 41.0, 9.5, 51.1]},
            {
                "level": "region",
                "code": "11",
                "name": "Île-de-France",
                "name_en": "IdF",
                "bbox": [1.4, 48.1, 3.6, 49.2],
            },
        ],
        "resources": [
            {
                **about,
                "path": f"data/{name}.{form}",
                "format": form,
                "mediatype": f"text/{form}",
                "bytes": 12,
                "hash": f"sha256:{'0123456789abcdef' * 4}",
                "sources": [{"title": "Déclarations", "title_en": "Returns"}],
                "schema": f"schemas/{name}.json",
                **({"temporal": {"start": "2020-01-01", "end": "2020-12-31"}} if name == "observations" else {}),
            }
            for name in names
            for form in ("csv", "parquet", "xlsx")
        ],
    }


def graph(document: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


def conforms(document: dict[str, Any]) -> tuple[bool, str]:
    shapes = Graph().parse(DATA / "dcat_ap_3.shacl.ttl")
    valid, _, report = pyshacl.validate(graph(document), shacl_graph=shapes)
    return valid, report


# ── Two writings of one graph ─────────────────────────────────────────────────────────────────────────────────────────


def test_turtle_and_json_ld_are_the_same_graph() -> None:
    document = release_catalogue(package())
    written = Graph().parse(data=turtle(document), format="turtle")
    assert len(written) > 300
    assert isomorphic(written, graph(document))


def test_turtle_escapes_what_would_end_a_text_or_an_address() -> None:
    awkward = 'un "mot"\\ \t sur\ndeux\r lignes – é'
    document = {
        "@context": PREFIXES,
        "@id": "https://exemple.fr/a b<c>",
        "@type": ["dcat:Catalog", "hydra:Collection"],
        "dct:title": text(awkward, "dct:title"),
        "dct:identifier": "dct:identifier",
        "dct:issued": typed("2026-11-21", "xsd:date"),
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dct:title": awkward},
    }
    written = Graph().parse(data=turtle(document), format="turtle")
    subject = URIRef("https://exemple.fr/a%20b%3Cc%3E")
    assert set(written.objects(subject, DCTERMS.title)) == {
        Literal(awkward, lang="fr"),
        Literal("dct:title", lang="en"),
    }
    assert written.value(subject, DCTERMS.identifier) == Literal("dct:identifier")
    assert len(written) == 9


# ── DCAT-AP and what data.gouv.fr reads ───────────────────────────────────────────────────────────────────────────────


def test_the_catalogue_of_a_release_is_what_dcat_ap_asks() -> None:
    valid, report = conforms(release_catalogue(package()))
    assert valid, report


@pytest.mark.parametrize("name", ["dct:title", "dct:publisher", "dct:license", "dct:spatial", "dct:temporal"])
def test_the_shapes_find_a_dataset_that_lacks_a_property(name: str) -> None:
    document = release_catalogue(package())
    del document["dcat:dataset"][0][name]
    assert not conforms(document)[0]


@pytest.mark.parametrize("name", ["dcat:accessURL", "dct:format", "spdx:checksum", "dcat:byteSize"])
def test_the_shapes_find_a_file_that_lacks_a_property(name: str) -> None:
    document = release_catalogue(package())
    del document["dcat:dataset"][0]["dcat:distribution"][0][name]
    assert not conforms(document)[0]


def test_data_gouv_finds_period_coverage_licence_frequency_files_and_checksums() -> None:
    """The forms udata reads (``dataset_from_rdf``), where DCAT allows several."""
    held = graph(release_catalogue(package()))
    dataset = next(held.subjects(DCTERMS.identifier, Literal("observatoire-plan-crack/2026.3.0/observations")))
    assert held.value(dataset, DCTERMS.title).language == "fr"
    assert held.value(dataset, DCTERMS.description).language == "fr"
    period = held.value(dataset, DCTERMS.temporal)
    assert isinstance(period, BNode)
    assert held.value(period, DCAT.startDate).toPython() == date(2020, 1, 1)
    shapes = [
        json.loads(value)
        for place in held.objects(dataset, DCTERMS.spatial)
        for value in held.objects(place)
        if isinstance(value, Literal) and str(value.datatype) == GEOJSON
    ]
    assert {shape["type"] for shape in shapes} == {"Polygon"}
    assert len(shapes) == 2
    licence = held.value(dataset, DCTERMS.license)
    assert str(held.value(licence, RDFS.label)) == "Licence Ouverte / Open Licence version 2.0"
    assert str(held.value(dataset, DCTERMS.accrualPeriodicity)).endswith("/frequency/QUARTERLY")
    assert str(held.value(dataset, DCAT.landingPage)) == f"{BASE}/donnees/2026.3.0/site/fr/jeux/observations.html"
    files = list(held.objects(dataset, DCAT.distribution))
    assert {str(held.value(file, DCAT.downloadURL)).rpartition(".")[2] for file in files} == {"csv", "parquet", "xlsx"}
    spdx = PREFIXES["spdx"]
    sums = [held.value(file, URIRef(f"{spdx}checksum")) for file in files]
    assert {held.value(one, URIRef(f"{spdx}algorithm")) for one in sums} == {URIRef(f"{spdx}checksumAlgorithm_sha256")}
    assert {held.value(file, DCAT.byteSize).toPython() for file in files} == {12}


def test_a_table_without_a_period_of_its_own_has_that_of_the_release() -> None:
    datasets = release_catalogue(package())["dcat:dataset"]
    starts = [dataset["dct:temporal"]["dcat:startDate"]["@value"] for dataset in datasets]
    assert starts == ["2020-01-01", "2019-01-01", "2019-01-01"]


# ── Over releases ─────────────────────────────────────────────────────────────────────────────────────────────────────

OLD = package("2026.2.0", ("observations", "ancienne"), "2026-08-20")
CATALOGUES = [release_catalogue(package()), release_catalogue(OLD)]


def test_a_table_is_one_dataset_whose_files_are_the_newest_and_whose_versions_are_linked() -> None:
    page = portal(CATALOGUES, Paging())
    found = {dataset["@id"]: dataset for dataset in page["dcat:dataset"]}
    assert list(found) == [f"{BASE}/catalog#{name}" for name in (*NAMES, "ancienne")]
    observations = found[f"{BASE}/catalog#observations"]
    assert observations["dct:identifier"] == "observatoire-plan-crack/observations"
    assert observations["dct:issued"]["@value"] == "2026-08-20"
    assert observations["dct:modified"]["@value"] == "2026-11-21"
    assert [link["@id"] for link in observations["dcat:hasVersion"]] == [
        f"{BASE}/donnees/{version}/catalog.jsonld#observations" for version in ("2026.3.0", "2026.2.0")
    ]
    assert {file["@id"].split("/")[4] for file in observations["dcat:distribution"]} == {"2026.3.0"}
    assert {file["@id"].split("/")[4] for file in found[f"{BASE}/catalog#ancienne"]["dcat:distribution"]} == {
        "2026.2.0"
    }
    assert [one["dcat:version"] for one in page["dcat:catalog"]] == ["2026.3.0", "2026.2.0"]
    valid, report = conforms(page)
    assert valid, report


@pytest.mark.parametrize("link", ["next", "nextPage"])
def test_every_dataset_is_reached_once_by_following_the_pages(link: str) -> None:
    seen, asked, pages = [], Paging(size=3, suffix=".ttl"), 0
    while True:
        held = graph(portal(CATALOGUES, asked))
        seen += [str(node) for node in held.subjects(RDF.type, DCAT.Dataset)]
        view = next(held.subjects(RDF.type, URIRef(f"{HYDRA}PartialCollectionView")))
        assert (view, RDF.type, URIRef(f"{HYDRA}PagedCollection")) in held
        assert held.value(view, URIRef(f"{HYDRA}totalItems")).toPython() == 4
        pages += 1
        following = held.value(view, URIRef(f"{HYDRA}{link}"))
        if following is None:
            break
        assert str(following) == f"{BASE}/catalog.ttl?page={asked.page + 1}&page_size=3"
        asked = Paging(asked.page + 1, 3, ".ttl")
    assert pages == 2
    assert sorted(seen) == sorted(f"{BASE}/catalog#{name}" for name in (*NAMES, "ancienne"))


@pytest.mark.parametrize(("page", "size"), [("0", "5"), ("1", "0"), ("1", "101"), ("-1", "5"), ("x", "5"), ("1", "²")])
def test_a_page_that_cannot_be_is_refused(page: str, size: str) -> None:
    with pytest.raises(UsageError, match="Catalogue"):
        paging(page, size, "")


def test_a_page_after_the_last_is_refused() -> None:
    with pytest.raises(UsageError, match="2 page"):
        portal(CATALOGUES, Paging(3, 3))


# ── Served ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_release(folder: Path, descriptor: dict[str, Any]) -> dict[str, Any]:
    """A release of which only the catalogue matters; returns its line of the index."""
    version = descriptor["version"]
    place = folder / version
    (place / "data").mkdir(parents=True)
    (place / "datapackage.json").write_text(json.dumps(descriptor))
    (place / "catalog.jsonld").write_text(json.dumps(release_catalogue(descriptor)))
    (place / "data" / "observations.parquet").touch()
    seal(place)
    simulated = version.endswith("+demo")
    return {"version": version, "date": descriptor["created"][:10], "statut": "publie", "simule": simulated}


def write_index(folder: Path, entries: list[dict[str, Any]], latest: str) -> None:
    (folder / "index.json").write_text(json.dumps({"latest": latest, "releases": entries}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = [write_release(tmp_path, one) for one in (package("2026.2.1+demo"), OLD, package())]
    write_index(tmp_path, entries, "2026.3.0")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    app, releases = Flask("essai"), Releases(folder)
    app.register_blueprint(blueprint(releases, Cache()))
    with app.test_client() as client:
        yield client
    releases.close()


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("application/x-turtle;q=0.9, application/ld+json;q=0.5", "text/turtle"),
        ("image/png", "application/ld+json"),
    ],
)
def test_the_form_is_the_one_asked_for(client: FlaskClient, accept: str, kind: str) -> None:
    for method in (client.get, client.head):
        response = method("/catalog", headers={"Accept": accept})
        assert (response.status_code, response.mimetype) == (200, kind)
        assert "Accept" in response.headers["Vary"]
    assert client.get("/catalog", headers={"Accept": accept}).headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_is_led_to_the_page_of_data(client: FlaskClient) -> None:
    response = client.get("/catalog", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (response.status_code, response.headers["Location"]) == (303, "/fr/donnees")


def test_both_files_are_one_graph_over_the_releases_that_are_not_simulated(client: FlaskClient) -> None:
    ttl, jsonld = client.get("/catalog.ttl"), client.get("/catalog.jsonld")
    one, other = Graph().parse(data=ttl.data, format="turtle"), Graph().parse(data=jsonld.data, format="json-ld")
    views = [next(held.subjects(RDF.type, URIRef(f"{HYDRA}PagedCollection"))) for held in (one, other)]
    assert [str(view).split("?")[0] for view in views] == [f"{BASE}/catalog.ttl", f"{BASE}/catalog.jsonld"]
    assert set(one.subjects(RDF.type, DCAT.Dataset)) == set(other.subjects(RDF.type, DCAT.Dataset))
    assert len(set(one.subjects(RDF.type, DCAT.Dataset))) == 4
    assert "demo" not in ttl.text


def test_an_unchanged_catalogue_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/catalog.ttl").headers["ETag"]
    assert client.get("/catalog.ttl", headers={"If-None-Match": tag}).status_code == 304


def test_a_page_asked_for_wrongly_says_why(client: FlaskClient) -> None:
    response = client.get("/catalog.ttl?page=9&page_size=2")
    assert response.status_code == 400
    assert "2 page" in response.text


def test_what_was_withdrawn_is_harvested_no_more(folder: Path, client: FlaskClient) -> None:
    index = json.loads((folder / "index.json").read_text())
    taken = [
        {"fichier": f"data/indicateurs.{form}", "date": "2026-12-01", "raison": "faux"} for form in ("csv", "xlsx")
    ]
    index["releases"][2]["retraits"] = taken
    index["releases"][1] |= {"statut": "retire", "retraits": [{"fichier": "", "date": "2026-12-01", "raison": "faux"}]}
    (folder / "index.json").write_text(json.dumps(index))
    page = json.loads(client.get("/catalog.jsonld").data)
    assert [one["@id"].rpartition("#")[2] for one in page["dcat:dataset"]] == ["observations", "territoires"]
    assert "2026.2.0" not in json.dumps(page)


def test_without_a_catalogue_the_answer_is_503(tmp_path: Path) -> None:
    entry = write_release(tmp_path, package())
    (tmp_path / "2026.3.0" / "catalog.jsonld").unlink()
    seal(tmp_path / "2026.3.0")
    write_index(tmp_path, [entry], "2026.3.0")
    app = Flask("essai")
    app.register_blueprint(blueprint(Releases(tmp_path), Cache()))
    assert app.test_client().get("/catalog.ttl").status_code == 503


# ── Search engines ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_schema_org_says_what_a_search_engine_asks(lang: str) -> None:
    found = schema_org.dataset(package(), "observations", lang=lang)
    assert 50 <= len(found["description"]) <= 5000
    assert found["name"].startswith("Title" if lang == "en" else "Titre")
    assert found["url"] == f"{BASE}/donnees/2026.3.0/site/{lang}/jeux/observations.html"
    assert found["temporalCoverage"] == "2020-01-01/2020-12-31"
    assert found["spatialCoverage"][1]["geo"]["box"] == "48.1 1.4 49.2 3.6"
    assert [file["contentUrl"] for file in found["distribution"]] == [
        f"{BASE}/donnees/2026.3.0/data/observations.{form}" for form in ("csv", "parquet", "xlsx")
    ]
    assert {len(file["sha256"]) for file in found["distribution"]} == {64}
    with pytest.raises(KeyError):
        schema_org.dataset(package(), "inconnue", lang=lang)


def test_the_page_of_data_describes_every_table_and_no_other_page_does(folder: Path) -> None:
    release = Releases(folder).release("2026.3.0")
    element = structured(release, "donnees", "fr")
    assert element is not None
    assert element.startswith('<script type="application/ld+json">')
    held = json.loads(element.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
    assert held["@type"] == "DataCatalog"
    assert [one["identifier"].rpartition("/")[2] for one in held["dataset"]] == list(NAMES)
    assert structured(release, "accueil", "fr") is None


def test_nothing_in_a_document_can_end_its_element() -> None:
    document = {"name": "</script><script>alert(1)</script> \u2028"}
    written = schema_org.script(document)
    assert "<" not in written
    assert json.loads(written) == document


# ── The nine criteria of data.gouv.fr ─────────────────────────────────────────────────────────────────────────────────

TODAY = date(2026, 12, 1)
THERE = frozenset(resource["path"] for resource in package()["resources"])


def test_every_table_meets_the_nine_criteria() -> None:
    assert len(criteria(package(), "observations", today=TODAY, available=THERE)) == 9
    assert unmet(package(), today=TODAY, available=THERE) == {}


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"licenses": []}, "licence"),
        ({"temporal": None}, "couverture_temporelle"),
        ({"spatial": []}, "couverture_spatiale"),
        ({"accrualPeriodicity": ""}, "frequence"),
        ({"created": "2026-06-01T00:00:00Z"}, "mise_a_jour"),
    ],
)
def test_a_release_that_lacks_something_fails_its_criterion(change: dict[str, Any], failed: str) -> None:
    found = criteria(package() | change, "territoires", today=TODAY, available=THERE)
    assert [code for code, met in found.items() if not met] == [failed]


def test_a_table_that_lacks_something_fails_its_criterion() -> None:
    closed = package(names=("territoires",))
    closed["resources"] = [one | {"description": ""} for one in closed["resources"] if one["format"] == "xlsx"]
    assert unmet(closed, today=TODAY, available=frozenset()) == {
        "territoires": ["formats_ouverts", "ressources_disponibles", "ressources_documentees"]
    }


# ── Citations ─────────────────────────────────────────────────────────────────────────────────────────────────────────

NOTICE = Notice(parse_version("2026.3.0+demo"), date(2026, 11, 21), BASE)


def test_the_citation_file_is_valid() -> None:
    held = yaml.safe_load(citation_file(NOTICE))
    assert held["date-released"] == date(2026, 11, 21) or held["date-released"] == "2026-11-21"
    held["date-released"] = str(held["date-released"])
    schema = json.loads((DATA / "profils" / "cff.json").read_text())
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(held)
    assert held["version"] == "2026.3.0+demo"
    assert held["url"] == f"{BASE}/donnees/2026.3.0%2Bdemo/site/index.html"


def test_bibtex_has_balanced_braces_and_the_version() -> None:
    entry = bibtex(NOTICE)
    assert entry.startswith("@misc{observatoire-plan-crack-2026.3.0-demo,")
    assert entry.count("{") == entry.count("}")
    assert "version = {2026.3.0+demo}" in entry
    assert "year = {2026}" in entry
