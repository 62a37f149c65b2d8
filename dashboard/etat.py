"""What machines ask of the site: is the process alive, can it answer, what did it do."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from dashboard.components.erreur import explanation
from dashboard.demandes import client
from publish.reader import Releases
from schemas.errors import ObservatoireError

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def blueprint(releases: Releases, *, metrics: bool) -> Blueprint:
    """Routes ``/sante``, ``/pret`` and ``/metrics``, the last only where it is wanted and for this machine alone."""
    routes = Blueprint("etat", __name__)

    def route(address: str) -> Callable[[Callable[[], ResponseReturnValue]], Callable[[], ResponseReturnValue]]:
        return routes.get(address)

    @route("/sante")
    def alive() -> ResponseReturnValue:
        return _fresh(jsonify(etat="ok"))

    @route("/pret")
    def ready() -> ResponseReturnValue:
        try:
            return _fresh(jsonify(etat="pret", publication=check(releases), publications=list(releases.versions)))
        except (ObservatoireError, OSError, ValueError, KeyError) as error:
            return _fresh(jsonify(etat="pas_pret", raison=_reason(error)), 503)

    @route("/metrics")
    def counted() -> ResponseReturnValue:
        if not metrics or not _from_here():
            raise NotFound
        return _fresh(Response(written(), content_type=KIND))

    return routes


def check(releases: Releases) -> str:
    """The version served. Raises ReleaseConflict where the index cannot be read, or names a release that is not whole."""
    for version in releases.versions:
        releases.release(version)
    release = releases.release()
    release.rows("select 1 from observations limit 1")
    return release.version


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


KIND = "text/plain; version=0.0.4; charset=utf-8"


def written() -> bytes:
    """What every process counted, in the text format of Prometheus."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess

    registry: Any = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)
