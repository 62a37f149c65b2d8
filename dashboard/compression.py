"""Answers sent compressed to those who can read them: a first page weighs a quarter of what it would.

Files that do not change while the server runs (assets, files of a release) are compressed once and kept.
"""

from __future__ import annotations

import gzip

from flask import Flask, Request, Response, request

from dashboard.cache import Cache

LEVEL = 6
SMALLEST = 1024
KINDS = (
    "text/",
    "application/javascript",
    "application/json",
    "application/geo+json",
    "application/ld+json",
    "image/svg+xml",
)
FINGERPRINT = "m="
FILES = ("/assets/", "/donnees/")
YEAR = "public, max-age=31536000, immutable"


def install(server: Flask, cache: Cache) -> None:
    """Compress what the server answers, where the client accepts gzip."""

    def compress(response: Response) -> Response:
        if request.path.startswith("/assets/") and FINGERPRINT in request.query_string.decode():
            response.headers["Cache-Control"] = YEAR
        if _worth_it(request, response):
            _compress(response, cache)
        return response

    server.after_request(compress)


def _worth_it(asked: Request, response: Response) -> bool:
    accepted = asked.accept_encodings.quality("gzip") > 0
    whole = response.status_code == 200 and "Content-Encoding" not in response.headers
    return bool(accepted and whole and (response.mimetype or "").startswith(KINDS) and not _small(response))


def _small(response: Response) -> bool:
    return response.content_length is not None and response.content_length < SMALLEST


def _compress(response: Response, cache: Cache) -> None:
    response.direct_passthrough = False
    body = response.get_data()
    # Only files, whose number is bounded, are kept: a query string can be anything.
    kept = request.path.startswith(FILES)
    small = cache.get(("gzip", request.path), lambda: _zipped(body)) if kept else _zipped(body)
    response.set_data(small)
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")


def _zipped(body: bytes) -> bytes:
    # A fixed date: the same body always gives the same bytes.
    return gzip.compress(body, LEVEL, mtime=0)
