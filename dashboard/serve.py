"""The site behind gunicorn. Each worker builds its own app: a DuckDB opened before a fork would lose its threads."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http import errors
from gunicorn.workers import gthread

from dashboard.app import Site, create_app
from dashboard.i18n import texts
from dashboard.journal import CountingJournal, Journal
from dashboard.mains import EACH, WAITING
from dashboard.mesures import SHARED
from dashboard.reglages import ALONE, Settings
from dashboard.securite import ALWAYS
from publish.adresses import nowhere
from publish.feeds import named_base
from publish.reader import Releases
from schemas.errors import UsageError

# Twice what one client may hold: kept answers and files never wait behind what is computed for it.
THREADS = 2 * (EACH + WAITING)
KEEP_ALIVE = 75
# A worker that stops answers the next question on each connection and says that it closes it. Gunicorn leaves two
# seconds for that question to come: who reads a page for longer before asking for another was cut off while asking.
LINGER = 25.0
MOST_HEADERS = 64
REFUSALS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """A worker of gunicorn that tells what it could not read in our words, and nobody who asked, nor for what."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:  # noqa: ARG002
        """Answer a request that no application was given, and write down why it was refused or what failed."""
        status = refusal(exc)
        if status != HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.warning("a request was refused: %s", type(exc).__name__)
        else:
            self.log.exception("a request could not be answered")
        with suppress(OSError):
            client.sendall(unreadable(status))


def refusal(error: Exception) -> HTTPStatus:
    """The status of a request that gunicorn could not read, 500 where the fault is not the reader's."""
    ours = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName, errors.ConfigurationProblem)
    if isinstance(error, ours) or not isinstance(error, errors.ParseException):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return next((status for kind, status in REFUSALS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def unreadable(status: HTTPStatus) -> bytes:
    """The answer to a request that could not be read, as it is sent: it ends the connection."""
    text = f"{texts('fr')('erreur.illisible')}\n{texts('en')('erreur.illisible')}\n".encode()
    said = {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        **ALWAYS,
    }
    head = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*head, "", ""]).encode("ascii") + text


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with its options as values, and the app made by the worker that answers with it."""

    site: Site | None = None

    def __init__(self, releases: Path, settings: Settings, kept: Path, options: dict[str, Any]) -> None:
        self.releases, self.settings, self.kept = releases, settings, kept
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        self.site = create_app(self.releases, self.settings)
        server: Flask = self.site.server
        self.site.answers.keep_warm(self.site, self.kept)
        return server


def _close(_server: Any, worker: Any) -> None:
    """End a worker: close what it opened, then leave at once.

    Libraries imported before the fork hold threads the worker does not have, and their destructors would abort it; so a
    forked process leaves as those of ``multiprocessing`` do, without running them.
    """
    if worker.app.site is not None:
        worker.app.site.answers.close()
        worker.app.site.releases.close()
    os._exit(0)


def _check_address(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"{host}:{port} : cette adresse est prise ou ne peut pas être écoutée ({error.strerror}). "
                "Donnez-en une autre, par exemple « --port 8051 »."
            ) from error


def serve(
    releases: Path,
    *,
    host: str,
    port: int,
    workers: int,
    settings: Settings = ALONE,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Answer on ``host:port`` with ``workers`` processes of sixteen threads, until interrupted.

    ``ready`` is told the address once it is known to be free, and that the latest release was given none where it is
    so. Raises ReleaseConflict where there is no release to serve, UsageError where the address cannot be had.
    """
    shown = Releases(releases).release()
    gthread.STOP_KEEPALIVE_LINGER = LINGER
    _check_address(host, port)
    ready(f"Observatoire : http://{host}:{port}/ (Ctrl-C pour arrêter)")
    if not (shown.entry.simule or named_base(shown)):
        ready(nowhere(shown.version))
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": Worker,
        # Longer than nginx keeps a connection: who may send on it is never the last to know that it is closed.
        "keepalive": KEEP_ALIVE,
        "worker_exit": _close,
        "accesslog": "-" if settings.journal else None,
        "logger_class": CountingJournal if settings.metrics else Journal,
        "loglevel": "warning",
        # Who forwards is told by the settings alone.
        "forwarded_allow_ips": "",
        "limit_request_fields": MOST_HEADERS,
        # As long as gunicorn counts: a question to the API may name fifty indicators.
        "limit_request_line": 8190,
    }
    with TemporaryDirectory(prefix="observatoire-") as folder:
        if settings.metrics:
            # Named before the library that counts is imported: each process leaves its counts there.
            os.environ[SHARED] = folder
        _Server(releases, settings, Path(folder) / "reponses", options).run()
