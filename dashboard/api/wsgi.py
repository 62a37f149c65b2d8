"""The API as a WSGI application, mounted before the site: an answer kept is sent without passing through Flask.

Everything below ``/api/v1`` is answered here, errors included; anything else is left to the site.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from dashboard.api.answers import Answer
from dashboard.api.operations import PREFIX
from dashboard.api.problems import MEDIA_TYPE, Problem
from dashboard.api.requests import Reading, Service, instance, language
from dashboard.demandes import Quotas
from dashboard.mains import SOON, Busy, Hands
from dashboard.mesures import RELEASES, ROUTE
from publish.reader import Releases
from schemas.errors import ReleaseConflict

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = ("GET", "HEAD", "OPTIONS")
ALLOWED = ", ".join(METHODS)
IMMUTABLE = "public, max-age=31536000, immutable"
# “latest” is asked again each time, which costs a 304 as long as it is the same.
FRESH = "public, no-cache"
EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
PREFLIGHT = {
    "Allow": ALLOWED,
    "Access-Control-Allow-Methods": ALLOWED,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
LOG = logging.getLogger(__name__)


class Api:
    """The API on a folder of releases, and ``site``, which answers to everything else."""

    def __init__(self, releases: Releases, site: WSGIApplication, quotas: Quotas, hands: Hands) -> None:
        self._releases, self._service = releases, Service(releases)
        self._site = site
        self._quotas, self._hands = quotas, hands

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request below the prefix; leave any other to the site."""
        environ[RELEASES] = self._releases
        path = environ.get("PATH_INFO", "")
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return self._site(environ, start_response)
        environ[ROUTE] = PREFIX
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            response = self._answered(request)
        except Problem as problem:
            response = _refused(request, problem)
        except ReleaseConflict:
            LOG.exception("no release can be read")
            response = _refused(request, Problem("sans-publication"))
        except Exception:
            LOG.exception("the API failed on %s", request.environ[ROUTE])
            response = _refused(request, Problem("panne"))
        response.headers.extend(EVERYWHERE)
        return response

    def _answered(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204, headers=PREFLIGHT)
        if request.method not in METHODS:
            raise Problem("methode-refusee", method=request.method)
        if seconds := self._quotas.wait("api", request.remote_addr):
            raise Problem("trop-de-demandes", seconds=seconds)
        reading = self._service.read(request)
        request.environ[ROUTE] = PREFIX + reading.asked.operation.path
        return _sent(request, reading, self._service.kept(reading) or self._made(request, reading))

    def _made(self, request: Request, reading: Reading) -> Answer:
        try:
            with self._hands.making(request.remote_addr):
                return self._service.answer(reading)
        except Busy as busy:
            raise Problem("trop-de-demandes", seconds=SOON) from busy


def _sent(request: Request, reading: Reading, made: Answer) -> Response:
    """The answer, compressed for those who read it; only 304 for those who hold it."""
    zipped = made.zipped and request.accept_encodings.quality("gzip") > 0
    tag = f"{made.tag}-gzip" if zipped else made.tag
    known = request.if_none_match.contains_weak(tag)
    body = b"" if known else made.body if zipped or not made.zipped else made.plain()
    response = Response(body, status=304 if known else 200, content_type=made.media_type)
    response.set_etag(tag)
    response.headers.extend(_headers(reading, made))
    if known:
        del response.headers["Content-Type"], response.headers["Content-Length"]
    elif zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _headers(reading: Reading, made: Answer) -> dict[str, str]:
    found = {"Cache-Control": IMMUTABLE if reading.pinned else FRESH, "Vary": "Accept, Accept-Encoding"}
    if not reading.pinned and (location := reading.location):
        found["Content-Location"] = location
    if made.following:
        found["Link"] = f'<{quote(reading.path)}{made.following}>; rel="next"'
    if made.file:
        found["Content-Disposition"] = f'attachment; filename="{made.file}"'
    return found


def _refused(request: Request, problem: Problem) -> Response:
    body = problem.body(language(request), instance(request))
    response = Response(body, status=problem.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store" if problem.status >= 500 else FRESH
    if problem.kind == "methode-refusee":
        response.headers["Allow"] = ALLOWED
    if problem.kind == "trop-de-demandes":
        response.headers["Retry-After"] = problem.words["seconds"]
    return response
