"""What may be told of an answer, and its count: the pattern of an address, never the address, nor who asked."""

from __future__ import annotations

import datetime as dt
import os
import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from dashboard.router import ITEM_PAGES, WITHIN, resolve
from publish.reader import Releases
from schemas.errors import ObservatoireError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Where an application leaves the pattern of the address it answered at, and the releases it answered from.
ROUTE = "observatoire.route"
RELEASES = "observatoire.publications"
# The folder through which processes add up what they counted: a name of the library.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
UNKNOWN, OTHER = "(inconnue)", "(autre)"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# What Dash answers with the document of whatever page is asked for.
ANY_PAGE = ("/", "/<path:path>")
# Seconds: a kept answer, a view, a long view, a trouble.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
KIND = "text/plain; version=0.0.4; charset=utf-8"
_LOCK = threading.Lock()


def install(server: Flask) -> None:
    """Leave the pattern of each address that is not a page."""

    def name() -> None:
        if request.url_rule and request.url_rule.rule not in ANY_PAGE:
            request.environ[ROUTE] = request.url_rule.rule

    server.before_request(name)


def answer_of(environ: WSGIEnvironment, status: int, sent: int | None, spent: dt.timedelta) -> dict[str, Any]:
    """What may be told of an answer: ``duree_ms`` in milliseconds, ``octets`` of its body."""
    method = environ.get("REQUEST_METHOD", "")
    return {
        "methode": method if method in METHODS else OTHER,
        "route": route_of(environ),
        "statut": status,
        "duree_ms": round(spent.total_seconds() * 1000, 1),
        "octets": sent or 0,
        "publication": _release(environ.get(RELEASES)),
    }


def route_of(environ: WSGIEnvironment) -> str:
    """The pattern of the address: what the application said, or the page, its item left out."""
    if ROUTE in environ:
        return str(environ[ROUTE])
    route = resolve(environ.get("PATH_INFO", ""))
    if not route.known:
        return UNKNOWN
    listed = WITHIN[route.slug] if route.slug in ITEM_PAGES.values() else route.slug
    return f"/{route.lang}/{listed}" + ("/<element>" if route.item else "")


def _release(releases: Releases | None) -> str | None:
    if releases is not None:
        with suppress(ObservatoireError):
            return releases.latest
    return None


@cache
def _counters() -> tuple[Any, Any]:
    # Imported by the process that answers: the library decides when it is imported whether processes add up.
    from prometheus_client import Counter, Histogram

    labels = ("route", "methode", "statut")
    size = Counter("observatoire_octets", "Octets envoyés.", ("route",))
    return Histogram("observatoire_duree_secondes", "Durée des réponses.", labels, buckets=BUCKETS), size


def count(told: dict[str, Any]) -> None:
    """Add an answer to the counts of this process."""
    with _LOCK:
        time, size = _counters()
    time.labels(told["route"], told["methode"], str(told["statut"])).observe(told["duree_ms"] / 1000)
    size.labels(told["route"]).inc(told["octets"])


def written() -> bytes:
    """What every process counted, in the text format of Prometheus."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess

    if SHARED not in os.environ:
        return generate_latest(REGISTRY)
    every = CollectorRegistry()
    multiprocess.MultiProcessCollector(every)  # type: ignore[no-untyped-call]
    return generate_latest(every)
