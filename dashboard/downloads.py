"""Files of releases at addresses that never change, and the rows behind each chart as CSV.

A file of a release is immutable: sent with a year of cache and, as entity tag, the SHA-256 that the release lists.
"""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
from flask import Blueprint, Response, redirect, request, send_file
from flask.typing import ResponseReturnValue

from dashboard.components.erreur import explanation
from dashboard.queries import check_known, extract, selection_from
from publish.entries import Withdrawn
from publish.reader import LATEST, Release, Releases
from schemas.errors import ObservatoireError, ReleaseConflict

IMMUTABLE = "public, max-age=31536000, immutable"
TYPES = {
    "": "text/plain",
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".cff": "text/yaml",
    ".parquet": "application/vnd.apache.parquet",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def blueprint(releases: Releases) -> Blueprint:
    """Routes ``/donnees/<version>/<path>``, ``/donnees/latest/<path>`` and ``/extrait/<version>.csv``."""
    routes = Blueprint("telechargements", __name__)

    @routes.get("/donnees/<version>/<path:relative>")
    def file(version: str, relative: str) -> ResponseReturnValue:
        if version != LATEST and (trace := releases.trace(version, relative)):
            return _trace(trace)
        release = releases.release(version)
        if relative != (first := _first_page(release, relative)):
            return redirect(f"/donnees/{quote(version)}/{quote(first)}", 302)
        if version == LATEST:
            # Looked up before the redirect: nowhere is led to but to a file that is there, by its plain path.
            found = release.path(relative).relative_to(release.folder)
            return redirect(f"/donnees/{release.version}/{quote(found.as_posix())}", 302)
        return _file(release, relative)

    @routes.get("/extrait/<version>.csv")
    def rows(version: str) -> ResponseReturnValue:
        release = releases.release(version)
        selection = selection_from(request.args.items(multi=True))
        check_known(release, selection)
        # Not kept: an address can ask for anything, and DuckDB answers faster than a cache of megabytes would pay.
        return csv_answer(extract(release, selection), "extrait", version)

    routes.register_error_handler(ObservatoireError, refused)
    return routes


def refused(error: ObservatoireError) -> ResponseReturnValue:
    """An error as plain text: 410 for what was withdrawn, 503 without a release, 404 for a file, 400 for a question."""
    if isinstance(error, Withdrawn):
        status = HTTPStatus.GONE
    elif isinstance(error, ReleaseConflict):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    else:
        status = HTTPStatus.NOT_FOUND if request.path.startswith("/donnees/") else HTTPStatus.BAD_REQUEST
    return Response(f"{explanation(error, 'fr')}\n", status, mimetype="text/plain")


def _first_page(release: Release, relative: str) -> str:
    """The first page of a folder of pages, where a folder is asked for; else what is asked for."""
    page = f"{relative.rstrip('/')}/index.html"
    return page if page in release.checksums else relative


def _trace(path: Path) -> ResponseReturnValue:
    """What a withdrawn release leaves: not immutable, since it was not so written."""
    response = send_file(path, mimetype=_type(path.suffix))
    response.headers["Cache-Control"] = "no-cache"
    return response


def _file(release: Release, relative: str) -> ResponseReturnValue:
    path, digest = release.path(relative), release.checksums.get(relative)
    response = send_file(path, mimetype=_type(path.suffix), etag=digest or False)
    response.headers["Cache-Control"] = IMMUTABLE
    return response


def _type(suffix: str) -> str:
    return TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")


def csv_answer(frame: pd.DataFrame, name: str, version: str) -> Response:
    """Rows as the CSV files of the release write them: the same text for the same row."""
    truths = frame.select_dtypes(include=["bool", "boolean", "object"], exclude=["str"])
    written = frame.assign(**{str(column): truths[column].map(_written) for column in truths})
    response = Response(written.to_csv(index=False, lineterminator="\n"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-cache" if version == LATEST else IMMUTABLE
    return response


def _written(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
