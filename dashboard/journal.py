"""What is written of each answer: one line of JSON, and counts for Prometheus. Nothing of who asked, nor what they typed.

A line names the pattern of an address, never the address: no query string, no host, no program, no item that was looked
at. Times are UTC.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger

from dashboard.router import ITEM_PAGES, WITHIN, resolve
from publish.reader import Releases
from schemas.errors import ObservatoireError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Where an application leaves the pattern of the address it answered at, and the releases it answered from.
ROUTE = "observatoire.route"
RELEASES = "observatoire.publications"
UNKNOWN = "(inconnue)"
OTHER = "(autre)"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# Seconds: a kept answer, a view, a long view, a trouble.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Line(logging.Formatter):
    """A record as one line of JSON. An error keeps its trace, which is for the operator."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; what ``extra`` holds under ``reponse`` is what is told of an answer."""
        when = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"temps": when, "niveau": record.levelname.lower()}
        told |= getattr(record, "reponse", None) or {"message": record.getMessage()}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class Journal(Logger):  # type: ignore[misc]
    """The logger of gunicorn, as lines of JSON where ``accesslog`` is ``-``; counts where metrics are wanted."""

    metrics = False

    def setup(self, cfg: Any) -> None:
        """Write where gunicorn is told to, in our form."""
        super().setup(cfg)
        if cfg.accesslog:
            _write_lines(self.access_log, sys.stdout)
            _write_lines(self.error_log, sys.stderr)
            _write_lines(logging.getLogger("dashboard"), sys.stderr)

    def access(self, resp: Any, req: Any, environ: WSGIEnvironment, request_time: dt.timedelta) -> None:  # noqa: ARG002
        """Tell an answer that was sent."""
        told = answer_of(environ, int(str(resp.status).split()[0]), resp.sent, request_time)
        if self.cfg.accesslog:
            self.access_log.info("", extra={"reponse": told})
        if self.metrics:
            count(told)


class CountingJournal(Journal):
    """The same, which counts."""

    metrics = True


def _write_lines(logger: logging.Logger, stream: Any) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line())
    logger.handlers[:] = [handler]
    logger.propagate = False


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

    with _LOCK:
        labels = ("route", "methode", "statut")
        size = Counter("observatoire_octets", "Octets envoyés.", ("route",))
        return Histogram("observatoire_duree_secondes", "Durée des réponses.", labels, buckets=BUCKETS), size


_LOCK = threading.Lock()


def count(told: dict[str, Any]) -> None:
    """Add an answer to the counts of this process."""
    time, size = _counters()
    time.labels(told["route"], told["methode"], str(told["statut"])).observe(told["duree_ms"] / 1000)
    size.labels(told["route"]).inc(told["octets"])
