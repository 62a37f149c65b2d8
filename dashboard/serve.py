"""The site behind gunicorn: the app is built once, before the workers fork, and each opens its own connections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from dashboard.app import create_app

THREADS = 4


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, application: Any, options: dict[str, Any]) -> None:
        self.application = application
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.application


def serve(releases: Path, *, host: str, port: int, workers: int) -> None:
    """Answer on ``host:port`` with ``workers`` processes of four threads, until interrupted."""
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "preload_app": True,
        "accesslog": None,
        "loglevel": "warning",
    }
    app = create_app(releases)
    # DuckDB aborts a process that ends with open connections in other threads.
    options["worker_exit"] = lambda _server, _worker: app.releases.close()
    _Server(app.server, options).run()
