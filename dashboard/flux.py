"""Feeds to subscribe to: releases, releases that changed a dataset, and the calendar."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from dashboard.downloads import refused
from dashboard.router import Lang, href
from publish.atom import write
from publish.feeds import ALL, ATOM, Place, calendar_of, feed, named_base
from publish.reader import Release, Releases
from schemas.errors import ObservatoireError, UsageError

ENGLISH = ".en"


def blueprint(releases: Releases) -> Blueprint:
    """Routes ``/donnees/flux.atom``, ``/donnees/<dataset>.atom`` (``.en.atom`` in English) and ``/calendrier.ics``."""
    routes = Blueprint("flux", __name__)

    @routes.get("/donnees/<name>.atom")
    def told(name: str) -> ResponseReturnValue:
        lang: Lang = "en" if name.endswith(ENGLISH) else "fr"
        return _fresh(Response(_feed(releases, name.removesuffix(ENGLISH), lang), mimetype=ATOM))

    @routes.get("/calendrier.ics")
    def calendar() -> ResponseReturnValue:
        release = releases.release()
        text = calendar_of(release, _place(release).home("fr") + "#calendrier")
        return _fresh(Response(text, mimetype="text/calendar"))

    @routes.get("/flux.atom")
    def short() -> ResponseReturnValue:
        return redirect("/donnees/flux.atom", 301)

    routes.register_error_handler(ObservatoireError, refused)
    return routes


def _fresh(response: Response) -> Response:
    """Asked again each time, and answered by 304 while nothing changed."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _place(release: Release) -> Place:
    """This site: at the address that the release names, where it names one, else at the one that was asked."""
    base = named_base(release) or request.url_root.rstrip("/")

    def home(lang: Lang) -> str:
        return base + href(lang, "versions")

    return Place(base, home, lambda lang, version: f"{home(lang)}#v-{version}")


def _feed(releases: Releases, name: str, lang: Lang) -> bytes:
    """The feed of all releases, or of those that changed a dataset. Raises UsageError for no such dataset."""
    latest = releases.release()
    if name != ALL and name not in latest.tables:
        raise UsageError(f"« {name} » n'est pas un flux. Flux : {ALL}, {', '.join(latest.tables)}.")
    opened = [(entry, None if entry.retrait else releases.release(entry.version)) for entry in releases.index()]
    return write(feed(opened, name, lang, _place(latest), updated=latest.entry.date))
