"""What is written of each answer: one line of JSON, and counts for Prometheus. Nothing of who asked, nor what for.

A line names the pattern of an address, never the address: no query string, no host, no program, no item that was looked
at. Times are UTC.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger

from dashboard.mesures import answer_of, count

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


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
