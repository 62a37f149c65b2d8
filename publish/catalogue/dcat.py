"""A release as a DCAT-AP 3 catalogue, from its Data Package: one dataset a table, one distribution a file.

Profile: https://semiceu.github.io/DCAT-AP/releases/3.0.0/. The values are JSON-LD; ``turtle`` writes the same graph.
What data.gouv.fr reads of it (udata, ``dataset_from_rdf``) decides between equivalent forms: a blank period, a coverage
as GeoJSON, a licence with its title.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from publish import adresses
from publish.catalogue.terms import AUTHORITY, GEOJSON, MEDIA, PREFIXES, Node, concept, term, text, thing, typed
from publish.notice import LICENCE, READING, TITLE, archive_name

Descriptor = Mapping[str, Any]
# The title under which data.gouv.fr knows the licence.
LICENCE_TITLE = "Licence Ouverte / Open Licence version 2.0"
FILE_TYPES = {"csv": "CSV", "parquet": "PARQUET", "xlsx": "XLSX", "geojson": "GEOJSON", "zip": "ZIP"}
THEMES = [
    concept("data-theme", "HEAL", "Santé", "Health"),
    concept("data-theme", "SOCI", "Population et société", "Population and society"),
]
TAXONOMY = thing(
    f"{AUTHORITY}/data-theme",
    "skos:ConceptScheme",
    **{"dct:title": text("Thèmes de données de l'Union européenne", "European Union data themes")},
)
FORM = {
    "csv": ("CSV (UTF-8, virgule)", "CSV (UTF-8, comma)"),
    "parquet": ("Parquet", "Parquet"),
    "xlsx": ("Classeur, avec une feuille de définitions", "Workbook, with a sheet of definitions"),
    "geojson": ("GeoJSON, avec les contours", "GeoJSON, with boundaries"),
}


def release_catalogue(package: Descriptor) -> Node:
    """The catalogue of one release, its context first."""
    return {"@context": PREFIXES} | {
        "@id": file_of(package, "catalog.jsonld"),
        "@type": "dcat:Catalog",
        **described(package),
        "dcat:version": package["version"],
        "dcat:distribution": _archive(package),
        "dcat:dataset": [dataset(package, name) for name in dataset_names(package)],
    }


def described(package: Descriptor) -> Node:
    """What a catalogue of this release, or of several of which it is the newest, says of itself."""
    return {
        "dct:title": text(package["title"], package["title_en"]),
        "dct:description": text(package["description"], package["description_en"]),
        "dct:publisher": publisher(package),
        "dct:issued": _date(package),
        "dct:modified": _date(package),
        "dct:language": languages(),
        "dct:license": licence(),
        "dct:spatial": [_place(place) for place in package["spatial"]],
        "foaf:homepage": thing(package["homepage"], "foaf:Document"),
        "dcat:themeTaxonomy": TAXONOMY,
    }


def dataset_names(package: Descriptor) -> list[str]:
    """Names of the tables of a release, in its order."""
    return list(dict.fromkeys(_table_of(resource) for resource in _data(package)))


def resources_of(package: Descriptor, name: str) -> list[Mapping[str, Any]]:
    """The files of a table."""
    return [resource for resource in _data(package) if _table_of(resource) == name]


def _data(package: Descriptor) -> Iterable[Mapping[str, Any]]:
    return (resource for resource in package["resources"] if resource["path"].startswith("data/"))


def _table_of(resource: Mapping[str, Any]) -> str:
    return str(resource["path"]).removeprefix("data/").split(".")[0]


def file_of(package: Descriptor, relative: str) -> str:
    """Permanent address of a file of the release."""
    return adresses.permanent(package["homepage"], package["version"], relative)


def long_description(package: Descriptor, resource: Mapping[str, Any]) -> tuple[str, str]:
    """What a table is, what the release is, how to read a cell: French, English."""
    fr = f"{resource['title']}. {resource['description']}\n\n{package['description']}\n\n{READING.fr}"
    en = f"{resource['title_en']}. {resource['description_en']}\n\n{package['description_en']}\n\n{READING.en}"
    return fr, en


def dataset(package: Descriptor, name: str) -> Node:
    """One table of a release as a dcat:Dataset with its distributions."""
    files = resources_of(package, name)
    first = files[0]
    pages = [adresses.dataset_page(package["homepage"], package["version"], name, lang) for lang in ("fr", "en")]
    return {
        "@id": f"{file_of(package, 'catalog.jsonld')}#{name}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{package['name']}/{package['version']}/{name}",
        "dct:title": text(f"{first['title']} – {TITLE.fr}", f"{first['title_en']} – {TITLE.en}"),
        "dct:description": text(*long_description(package, first)),
        "dct:publisher": publisher(package),
        "dcat:contactPoint": _contact(package),
        "dcat:keyword": [{"@value": word, "@language": "fr"} for word in package["keywords"]],
        "dcat:theme": THEMES,
        "dct:issued": _date(package),
        "dct:modified": _date(package),
        "dct:accrualPeriodicity": term("frequency", "QUARTERLY", "dct:Frequency"),
        "dct:language": languages(),
        "dct:license": licence(),
        "dct:accessRights": term("access-right", "PUBLIC", "dct:RightsStatement"),
        "dct:spatial": [_place(place) for place in package["spatial"]],
        "dct:temporal": _period(first.get("temporal") or package["temporal"]),
        "dct:provenance": [_provenance(source) for source in first["sources"]],
        "dcat:landingPage": thing(pages[0], "foaf:Document"),
        "foaf:page": [thing(page, "foaf:Document") for page in pages],
        "dcat:version": package["version"],
        "dcat:distribution": [_distribution(package, resource) for resource in files],
    }


def _distribution(package: Descriptor, resource: Mapping[str, Any]) -> Node:
    form, address = resource["format"], file_of(package, resource["path"])
    file_name = resource["path"].removeprefix("data/")
    node = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": text(f"{file_name} – {FORM[form][0]}", f"{file_name} – {FORM[form][1]}"),
        "dct:description": text(resource["description"], resource["description_en"]),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": term("file-type", FILE_TYPES[form], "dct:MediaTypeOrExtent"),
        "dcat:mediaType": thing(f"{MEDIA}/{resource['mediatype']}", "dct:MediaType"),
        "dcat:byteSize": typed(str(resource["bytes"]), "xsd:nonNegativeInteger"),
        "spdx:checksum": _checksum(resource["hash"]),
        "dct:issued": _date(package),
        "dct:modified": _date(package),
        "dct:language": languages(),
        "dct:license": licence(),
        "dcatap:availability": concept("planned-availability", "STABLE", "stable", "stable"),
    }
    if "schema" in resource:
        node["dct:conformsTo"] = thing(file_of(package, resource["schema"]), "dct:Standard")
    return node


def _archive(package: Descriptor) -> Node:
    """The whole release in one file: it holds this very catalogue, which can tell neither its size nor its checksum."""
    address = file_of(package, archive_name(package["version"]))
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": text("Toute la version, dans une archive ZIP", "The whole release, in one ZIP archive"),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": term("file-type", "ZIP", "dct:MediaTypeOrExtent"),
        "dcat:packageFormat": thing(f"{MEDIA}/application/zip", "dct:MediaType"),
        "dct:license": licence(),
    }


def publisher(package: Descriptor) -> Node:
    """Who publishes: the observatory itself."""
    return thing(
        f"{package['homepage']}/#observatoire",
        "foaf:Agent",
        **{"foaf:name": text(TITLE.fr, TITLE.en), "foaf:homepage": thing(package["homepage"], "foaf:Document")},
    )


def _contact(package: Descriptor) -> Node:
    return {
        "@id": f"{package['homepage']}/#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": TITLE.fr,
        "vcard:hasURL": {"@id": package["homepage"]},
    }


def licence() -> Node:
    """Licence Ouverte 2.0, with the title by which portals recognise it."""
    return thing(LICENCE["path"], "dct:LicenseDocument", **{"rdfs:label": LICENCE_TITLE})


def languages() -> list[Node]:
    """French and English."""
    return [term("language", code, "dct:LinguisticSystem") for code in ("FRA", "ENG")]


def _date(package: Descriptor) -> Node:
    return typed(package["created"][:10], "xsd:date")


def _period(span: Mapping[str, str]) -> Node:
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": typed(span["start"], "xsd:date"),
        "dcat:endDate": typed(span["end"], "xsd:date"),
    }


def _place(place: Mapping[str, Any]) -> Node:
    """A place with its box, as well-known text (the standard) and as GeoJSON (what data.gouv.fr reads)."""
    west, south, east, north = place["bbox"]
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    wkt = ", ".join(f"{x} {y}" for x, y in ring)
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))
    return {
        "@id": place_address(place),
        "@type": "dct:Location",
        "skos:prefLabel": text(place["name"], place["name_en"]),
        "dcat:bbox": typed(f"POLYGON(({wkt}))", "geo:wktLiteral"),
        "locn:geometry": typed(shape, GEOJSON),
    }


def place_address(place: Mapping[str, Any]) -> str:
    """Address of a place: INSEE's for a region, the European Union's for the country."""
    if place["level"] == "france":
        return "http://publications.europa.eu/resource/authority/country/FRA"
    return f"http://id.insee.fr/geo/region/{place['code']}"


def _provenance(source: Mapping[str, str]) -> Node:
    return {"@type": "dct:ProvenanceStatement", "rdfs:label": text(source["title"], source["title_en"])}


def _checksum(digest: str) -> Node:
    return {
        "@type": "spdx:Checksum",
        "spdx:algorithm": thing(f"{PREFIXES['spdx']}checksumAlgorithm_sha256", "spdx:ChecksumAlgorithm"),
        "spdx:checksumValue": typed(digest.removeprefix("sha256:"), "xsd:hexBinary"),
    }
