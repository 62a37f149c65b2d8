"""The vocabulary of the catalogue: prefixes, authority tables, and the few shapes of an RDF value as JSON-LD."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA = "https://www.iana.org/assignments/media-types"
# The type under which data.gouv.fr reads a coverage (udata, spatial_from_rdf).
GEOJSON = f"{MEDIA}/application/vnd.geo+json"


def text(fr: str, en: str) -> list[Node]:
    """A text in both languages, French first: a reader that takes only one takes the first."""
    return [{"@value": fr, "@language": "fr"}, {"@value": en, "@language": "en"}]


def typed(value: str, datatype: str) -> Node:
    """A literal of a datatype (``xsd:date``, or a whole address)."""
    return {"@value": value, "@type": datatype}


def thing(address: str, kind: str, **properties: Any) -> Node:
    """A resource that is elsewhere, with its class: who reads the catalogue alone knows what it is."""
    return {"@id": address, "@type": kind, **properties}


def term(table: str, code: str, kind: str) -> Node:
    """An entry of a table of the European Union's Publications Office."""
    return thing(f"{AUTHORITY}/{table}/{code}", kind)


def concept(table: str, code: str, fr: str, en: str) -> Node:
    """An entry that is a concept, with its name: portals make a keyword of it."""
    return thing(f"{AUTHORITY}/{table}/{code}", "skos:Concept", **{"skos:prefLabel": text(fr, en)})
