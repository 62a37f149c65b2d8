"""The site behind gunicorn. Each worker builds its own app: a DuckDB opened before a fork would lose its threads."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from dashboard.app import Site, create_app
from dashboard.journal import CountingJournal, Journal
from dashboard.mesures import SHARED
from dashboard.reglages import ALONE, Settings
from dashboard.reponses import keep_warm
from publish.reader import Releases
from schemas.errors import UsageError

THREADS = 4
MOST_HEADERS = 64


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with its options as values, and the app made by the worker that answers with it."""

    site: Site | None = None

    def __init__(self, releases: Path, settings: Settings, options: dict[str, Any]) -> None:
        self.releases, self.settings = releases, settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        self.site = create_app(self.releases, self.settings)
        server: Flask = self.site.server
        keep_warm(server, self.site.releases)
        return server


def _close(_server: Any, worker: Any) -> None:
    """End a worker: close what it opened, then leave at once.

    Libraries imported before the fork hold threads the worker does not have, and their destructors would abort it; so a
    forked process leaves as those of ``multiprocessing`` do, without running them.
    """
    if worker.app.site is not None:
        worker.app.site.releases.close()
    os._exit(0)


@contextmanager
def _counted_together(settings: Settings) -> Iterator[None]:
    """A folder where the processes leave their counts, named before the library that counts is imported."""
    if not settings.metrics:
        yield
        return
    with TemporaryDirectory(prefix="observatoire-") as folder:
        os.environ[SHARED] = folder
        yield


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
    """Answer on ``host:port`` with ``workers`` processes of four threads, until interrupted.

    ``ready`` is told the address once it is known to be free. Raises ReleaseConflict where there is no release to
    serve, UsageError where the address cannot be had.
    """
    Releases(releases).release()
    _check_address(host, port)
    ready(f"Observatoire : http://{host}:{port}/ (Ctrl-C pour arrêter)")
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
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
    with _counted_together(settings):
        _Server(releases, settings, options).run()
