"""What search engines read in a page: schema.org Dataset and DataCatalog, from the Data Package of a release.

Shape: https://developers.google.com/search/docs/appearance/structured-data/dataset. Pure functions of the descriptor:
the site and the static pages say the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from publish import adresses
from publish.catalogue.dcat import dataset_names, file_of, long_description, resources_of
from publish.notice import LICENCE, TITLE

Document = dict[str, Any]
CONTEXT = "https://schema.org"


def dataset(package: Mapping[str, Any], name: str, *, lang: str) -> Document:
    """One table of a release. Raises KeyError where the release has no such table."""
    files = resources_of(package, name)
    if not files:
        raise KeyError(name)
    first, span = files[0], files[0].get("temporal") or package["temporal"]
    fr, en = long_description(package, first)
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{file_of(package, 'catalog.jsonld')}#{name}",
        "name": f"{_said(first, 'title', lang)} – {TITLE[lang]}",
        "description": en if lang == "en" else fr,
        "url": adresses.dataset_page(package["homepage"], package["version"], name, lang),
        "identifier": f"{package['name']}/{package['version']}/{name}",
        "version": package["version"],
        "datePublished": package["created"][:10],
        "dateModified": package["created"][:10],
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "inLanguage": ["fr", "en"],
        "keywords": package["keywords"],
        "creator": _publisher(package, lang),
        "publisher": _publisher(package, lang),
        "temporalCoverage": f"{span['start']}/{span['end']}",
        "spatialCoverage": [_place(place, lang) for place in package["spatial"]],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": TITLE[lang], "url": f"{package['homepage']}/catalog"},
        "distribution": [_download(package, resource) for resource in files],
    }


def catalogue(package: Mapping[str, Any], *, lang: str) -> Document:
    """Every table of a release, for the page that lists them."""
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": f"{package['homepage']}/catalog",
        "name": TITLE[lang],
        "description": _said(package, "description", lang),
        "url": package["homepage"],
        "license": LICENCE["path"],
        "publisher": _publisher(package, lang),
        "dataset": [_inside(package, name, lang) for name in dataset_names(package)],
    }


def script(document: Document) -> str:
    """The document as the content of ``<script type="application/ld+json">``: nothing in it can end the element."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _inside(package: Mapping[str, Any], name: str, lang: str) -> Document:
    """A dataset among others: what the catalogue says of all is not said again, its page says the rest."""
    shared = ("@context", "includedInDataCatalog", "creator", "publisher")
    whole = dataset(package, name, lang=lang)
    short = {"description": _said(resources_of(package, name)[0], "description", lang)}
    return {key: value for key, value in whole.items() if key not in shared} | short


def _said(values: Mapping[str, Any], name: str, lang: str) -> str:
    return str(values[f"{name}_en" if lang == "en" else name])


def _publisher(package: Mapping[str, Any], lang: str) -> Document:
    return {"@type": "Organization", "name": TITLE[lang], "url": package["homepage"]}


def _place(place: Mapping[str, Any], lang: str) -> Document:
    west, south, east, north = place["bbox"]
    # GeoShape gives latitude first: south-west corner, then north-east.
    box = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return {"@type": "Place", "name": _said(place, "name", lang), "geo": box}


def _download(package: Mapping[str, Any], resource: Mapping[str, Any]) -> Document:
    return {
        "@type": "DataDownload",
        "name": resource["path"].removeprefix("data/"),
        "contentUrl": file_of(package, resource["path"]),
        "encodingFormat": resource["mediatype"],
        "contentSize": str(resource["bytes"]),
        "sha256": resource["hash"].removeprefix("sha256:"),
    }
