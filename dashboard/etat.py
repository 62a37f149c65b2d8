"""What machines ask of the site: is the process alive, can it answer, what did it do."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from dashboard.components.erreur import explanation
from dashboard.demandes import client
from dashboard.mesures import KIND, written
from publish.entries import INDEX
from publish.reader import Releases
from schemas.errors import ObservatoireError, ReleaseConflict

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def blueprint(releases: Releases, *, metrics: bool) -> Blueprint:
    """Routes ``/sante``, ``/pret`` and ``/metrics``, the last only where it is wanted and for this machine alone."""
    routes = Blueprint("etat", __name__)

    @routes.get("/sante")
    def alive() -> ResponseReturnValue:
        return _fresh(jsonify(etat="ok"))

    @routes.get("/pret")
    def ready() -> ResponseReturnValue:
        try:
            releases.look()
            served = check(releases)
            return _fresh(
                jsonify(
                    etat="pret", publication=served, publications=list(releases.versions), abimees=damaged(releases)
                )
            )
        except (ObservatoireError, OSError, ValueError, KeyError) as error:
            return _fresh(jsonify(etat="pas_pret", raison=_reason(error)), 503)

    @routes.get("/metrics")
    def counted() -> ResponseReturnValue:
        if not metrics or not _from_here():
            raise NotFound
        return _fresh(Response(written(), content_type=KIND))

    return routes


def check(releases: Releases) -> str:
    """The version served. Raises ReleaseConflict where there is no index, or it names no release that is whole."""
    release = releases.release()
    release.rows("select 1 from observations limit 1")
    return release.version


def damaged(releases: Releases) -> list[str]:
    """What cannot be read, for somebody to mend: the index (the last one read stands), versions that it names."""
    index = [] if releases.index_stands else [INDEX]
    return [*index, *(version for version in releases.versions if not _whole(releases, version))]


def _whole(releases: Releases, version: str) -> bool:
    try:
        return bool(releases.release(version))
    except ReleaseConflict:
        return False


def _reason(error: Exception) -> str:
    """Why it cannot answer, without the folders of the server."""
    return explanation(error, "fr") if isinstance(error, ObservatoireError) else "L'index des versions est illisible."


def _from_here() -> bool:
    """Whether a program of this machine asks, and not a reader through a server in front."""
    return client(request.remote_addr) == "" and not any(name in request.headers for name in FORWARDED)


def _fresh(response: Response, status: int = 200) -> Response:
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
