"""What is told instead of an answer: a page in the reader's language, or a line where no page was asked for."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import flask
from dash.exceptions import DependencyException
from werkzeug.exceptions import HTTPException, NotFound

from dashboard.components.cadre import Frame, document
from dashboard.components.erreur import problem
from dashboard.i18n import texts
from dashboard.mesures import route_of
from dashboard.router import UnknownPage, resolve
from publish.entries import Withdrawn
from schemas.errors import ObservatoireError, UsageError

LINES = ("/_", "/assets/", "/donnees/", "/extrait/", "/catalog", "/sante", "/pret", "/metrics")
# Statuses that have words of their own; another is told as the first of its hundred.
TOLD = frozenset({400, 404, 405, 410, 411, 413, 414, 416, 429, 500, 503})
LOG = logging.getLogger(__name__)


def install(server: flask.Flask) -> None:
    """Tell every failure in our words."""

    def known(error: ObservatoireError) -> flask.typing.ResponseReturnValue:
        status = status_of(error)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            LOG.error("%s", error)
        return _page(status, error), status

    def any_other(error: HTTPException) -> flask.typing.ResponseReturnValue:
        status = error.code if error.code in TOLD else 400 if (error.code or 500) < 500 else 500
        response = _answer(status)
        response.status_code = error.code or 500
        for name, value in error.get_headers():
            if name != "Content-Type":
                response.headers[name] = value
        return response

    def no_such_script(_: DependencyException) -> flask.typing.ResponseReturnValue:
        return any_other(NotFound())

    def failed(exc_info: Any) -> None:
        # Flask would name the address: what was looked at.
        LOG.error("the site failed on %s", route_of(flask.request.environ), exc_info=exc_info)

    server.register_error_handler(ObservatoireError, known)
    server.register_error_handler(HTTPException, any_other)
    server.register_error_handler(DependencyException, no_such_script)
    server.log_exception = failed  # type: ignore[method-assign]


def status_of(error: ObservatoireError) -> int:
    """404 no such page, 410 withdrawn, 400 a bad filter, 503 no release."""
    kinds = ((UnknownPage, 404), (Withdrawn, 410), (UsageError, 400))
    return next((status for kind, status in kinds if isinstance(error, kind)), 503)


def _answer(status: int) -> flask.Response:
    if flask.request.path.startswith(LINES):
        text = texts("fr")(f"erreur.{status}.texte")
        return flask.Response(f"{text}\n", mimetype="text/plain")
    return flask.Response(_page(status, None))


def _page(status: int, error: ObservatoireError | None) -> str:
    lang = resolve(flask.request.path).lang
    t = texts(lang)
    frame = Frame(lang, "", "", t(f"erreur.{status}.titre"), t(f"erreur.{status}.texte"), None, "")
    return document(frame, t, main=problem(lang, status, error))
