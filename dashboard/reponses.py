"""Whole answers kept: a view of a release never changes, so its bytes are made once for all who ask for it.

A page or a callback is a function of the releases that stand, of its address and of its body: the same question has the
same answer as long as the index stands. One that names the host it was asked from says so (`g.names_host`): another
reader may have another, so it is not kept. Answers are made ahead, a page at a time, for the views that addresses
without a query show, so that nobody waits for them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

from flask import Flask, Response, g, request

from dashboard.cache import Cache
from dashboard.router import LANGUAGES, SLUGS, href, resolve
from publish.reader import Releases
from schemas.errors import ObservatoireError

CALLBACK = "/_dash-update-component"
KEPT = 768
WATCH = 30.0
REST = 0.05


def install(server: Flask, releases: Releases) -> None:
    """Answer again what was answered. To be installed before what finishes answers, so as to keep them finished."""
    cache = Cache(KEPT)

    def again() -> Response | None:
        g.question = _question(releases)
        kept = None if g.question is None else cache.peek(g.question)
        return None if kept is None else Response(kept[0], headers=kept[1])

    def keep(response: Response) -> Response:
        question = g.get("question")
        if question is not None and response.status_code == 200 and not g.get("names_host"):
            response.direct_passthrough = False
            headers = [(name, value) for name, value in response.headers if name != "Date"]
            answer = (response.get_data(), headers)
            cache.get(question, lambda: answer)
        return response

    server.before_request(again)
    server.after_request(keep)


def _question(releases: Releases) -> Hashable | None:
    """What an answer depends on; None for what is not kept here: files, errors, and what the API answers."""
    page = request.method in ("GET", "HEAD") and resolve(request.path).known
    if not page and not (request.method == "POST" and request.path == CALLBACK):
        return None
    state = _state(releases)
    if state is None:
        return None
    # Dash names each load of a page in the address of its callbacks: it changes nothing to the answer.
    asked = b"" if request.path == CALLBACK else request.query_string
    zipped = request.accept_encodings.quality("gzip") > 0
    return (state, request.method, request.path, asked, request.get_data(), zipped)


def keep_warm(server: Flask, releases: Releases) -> threading.Thread:
    """Ask for every page in both languages, now and after each new release, in a thread that dies with the process."""

    def watch() -> None:
        warmed: Hashable = None
        while True:
            state = _state(releases)
            if state and state != warmed:
                warm(server)
                warmed = state
            time.sleep(WATCH)

    thread = threading.Thread(target=watch, daemon=True, name="pages")
    thread.start()
    return thread


def _state(releases: Releases) -> Hashable:
    """The index and the release shown first, which is not the last one where that was damaged; None where none can."""
    try:
        return (releases.index(), releases.latest)
    except ObservatoireError:
        return None


def warm(server: Flask, *, rest: Callable[[], None] = lambda: time.sleep(REST)) -> None:
    """Make the answers of the pages and of their callbacks; ``rest`` leaves the processor to readers in between."""
    client = server.test_client()
    for slug in SLUGS:
        for lang in LANGUAGES:
            client.get(href(lang, slug), headers={"Accept-Encoding": "gzip"})
            rest()
