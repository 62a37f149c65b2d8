"""The catalogue that portals harvest, over every release: ``/catalog``, in the form that is asked for.

Composed from the catalogues that releases hold, as plain values: no RDF library in the web process.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from dashboard.cache import Cache
from dashboard.router import href
from publish.catalogue.portal import PAGE_SIZE, Paging, paging, portal
from publish.catalogue.terms import Node
from publish.catalogue.turtle import turtle
from publish.entries import Entry
from publish.reader import Release, Releases
from publish.version import parse_version
from schemas.errors import ObservatoireError, ReleaseConflict

FILE = "catalog.jsonld"
PAGE = "text/html"
JSON_LD, TURTLE = "application/ld+json", "text/turtle"
# What may be asked for, and what is then sent; the first where anything will do.
SENT = {JSON_LD: JSON_LD, "application/json": JSON_LD, TURTLE: TURTLE, "application/x-turtle": TURTLE, PAGE: PAGE}
SUFFIXES = {".jsonld": JSON_LD, ".ttl": TURTLE}
WRITERS: dict[str, Callable[[Node], str]] = {
    JSON_LD: lambda document: json.dumps(document, ensure_ascii=False, indent=1) + "\n",
    TURTLE: turtle,
}


def blueprint(releases: Releases, cache: Cache) -> Blueprint:
    """Routes ``/catalog`` (negotiated), ``/catalog.jsonld`` and ``/catalog.ttl``, with ``?page=…&page_size=…``."""
    routes = Blueprint("catalogue", __name__)

    @routes.get("/catalog")
    def negotiated() -> ResponseReturnValue:
        kind = SENT[request.accept_mimetypes.best_match(SENT, default=JSON_LD)]
        response = redirect(href("fr", "donnees"), 303) if kind == PAGE else answer(kind, "")
        response.vary.add("Accept")
        return response

    @routes.get("/catalog<any('.jsonld', '.ttl'):suffix>")
    def explicit(suffix: str) -> ResponseReturnValue:
        return answer(SUFFIXES[suffix], suffix)

    def answer(kind: str, suffix: str) -> Response:
        asked = paging(request.args.get("page", "1"), request.args.get("page_size", str(PAGE_SIZE)), suffix)
        body = _written(releases, cache, asked, kind)
        response = Response(body, mimetype=kind)
        response.set_etag(sha256(body).hexdigest())
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.make_conditional(request)
        return response

    @routes.errorhandler(ObservatoireError)
    def refused(error: ObservatoireError) -> ResponseReturnValue:
        return Response(f"{error}\n", 503 if isinstance(error, ReleaseConflict) else 400, mimetype="text/plain")

    return routes


def _harvested(releases: Releases) -> tuple[Entry, ...]:
    """The releases that stand, newest first, of the nature of the newest: a portal does not mix what is simulated."""
    entries = {entry.version: entry for entry in releases.index()}
    newest = entries[releases.latest]
    versions = sorted(releases.versions, key=parse_version, reverse=True)
    return tuple(entries[version] for version in versions if entries[version].simule == newest.simule)


def _written(releases: Releases, cache: Cache, asked: Paging, kind: str) -> bytes:
    opened = [releases.release(entry.version) for entry in _harvested(releases)]
    catalogues = [
        cache.get(("catalogue", release.entry), partial(_standing, release))
        for release in opened
        if FILE in release.checksums
    ]
    if not catalogues:
        raise ReleaseConflict("Aucune version n'a de catalogue : publiez-en une par « observatoire release ».")
    return WRITERS[kind](portal(catalogues, asked)).encode()


def _standing(release: Release) -> Node:
    """The catalogue of a release without the tables that were taken back."""
    document: Node = json.loads(release.path(FILE).read_text(encoding="utf-8"))
    gone = {withdrawal.fichier for withdrawal in release.entry.retraits}
    kept = [one for one in document["dcat:dataset"] if f"data/{one['@id'].rpartition('#')[2]}.csv" not in gone]
    return document | {"dcat:dataset": kept}
