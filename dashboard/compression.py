"""Answers sent compressed to those who can read them: a first page weighs a quarter of what it would.

Files that do not change while the server runs (assets, files of a release) are compressed once and kept.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

from dashboard.cache import Cache

LEVEL = 6
SMALLEST = 1024
# A larger file is sent as it is: nginx serves it from its compressed twin.
LARGEST = 64 * 2**20
# Bytes of compressed files that a process keeps.
ROOM = 128 * 2**20
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


def install(server: Flask) -> None:
    """Compress what the server answers, where the client accepts gzip."""
    cache = Cache(ROOM, weigh=len)

    def compress(response: Response) -> Response:
        if request.path.startswith("/assets/") and FINGERPRINT in request.query_string.decode():
            response.headers["Cache-Control"] = YEAR
        if _worth_it(response):
            response.vary.add("Accept-Encoding")
            if request.accept_encodings.quality("gzip") > 0:
                _compress(response, cache)
        return response

    server.after_request(compress)


def _worth_it(response: Response) -> bool:
    whole = response.status_code == 200 and "Content-Encoding" not in response.headers
    size = response.content_length
    return whole and (response.mimetype or "").startswith(KINDS) and (size is None or SMALLEST <= size <= LARGEST)


def _compress(response: Response, cache: Cache) -> None:
    """Other bytes than the plain ones, so another entity tag: a download cut off never goes on in the other."""
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(f"{tag}-gzip")
    response.headers["Content-Encoding"] = "gzip"
    if tag and request.if_none_match.contains_weak(f"{tag}-gzip"):
        response.close()
        response.status_code = 304
        small = b""
    elif request.path.startswith(FILES):
        # Only files, whose number is bounded, are kept: a query string can be anything. What a withdrawal leaves takes
        # the place of a file.
        file = (request.path, tag, response.content_length, response.last_modified)
        small = cache.get(file, lambda: _zipped(response))
        response.close()
    else:
        small = _zipped(response)
    response.direct_passthrough = False
    response.set_data(small)


def _zipped(response: Response) -> bytes:
    # A fixed date: the same body always gives the same bytes.
    response.direct_passthrough = False
    return gzip.compress(response.get_data(), LEVEL, mtime=0)
