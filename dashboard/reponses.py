"""Whole answers kept: a view of a release never changes, so its bytes are made once for all who ask for it.

A page or a callback is a function of the releases that stand, of its address and of its body: the same question has the
same answer as long as the index stands. One that names the host it was asked from says so (`g.names_host`): another
reader may have another, so it is not kept.

Pages are made ahead, one at a time, for the views that addresses without a query show. When a release appears, what was
answered until then is answered still, until every page is made anew: nobody waits, however many come to read of it. But
what was taken back is never shown again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dash import Dash
from flask import Flask, Response, g, request

from dashboard.cache import Cache, Turns
from dashboard.communes import Answer, Shared
from dashboard.pages import PAGES
from dashboard.rappels import CALLBACK, depends_on, filling
from dashboard.router import LANGUAGES, SLUGS, href, resolve
from publish.entries import Entry
from publish.reader import Releases
from schemas.errors import ObservatoireError

# Bytes of answers that a process keeps.
ROOM = 128 * 2**20
# Seconds: between two looks at the index where nobody asks anything; between two pages; behind another who asks.
WATCH = 30.0
REST = 0.05
PATIENCE = 20.0
# Marks the questions that the site asks itself ahead.
AHEAD = "observatoire.avance"
ZIPPED = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class State:
    """What every answer depends on: the index, and the release shown first (not the last one where it is damaged)."""

    entries: tuple[Entry, ...]
    latest: str

    def stands_in(self, later: State) -> bool:
        """Whether all it says is still said later: releases were added, none was changed nor taken back."""
        return self.entries != later.entries and set(self.entries) <= set(later.entries)


class Answers:
    """The answers of a site, by state and question. ``settled`` is the state whose pages are all made."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._cache, self._turns = Cache(ROOM, weigh=lambda answer: len(answer[0])), Turns()
        self._shared: Shared | None = None
        self._settled: State | None = None
        self._changed = threading.Event()
        self._closed = False

    def state(self) -> State | None:
        """The state now; None where nothing can be shown."""
        try:
            return State(self._releases.index(), self._releases.latest)
        except (ObservatoireError, OSError):
            return None

    def find(self, question: Hashable) -> Answer | None:
        """The answer to that question now, or before a release that pages are still being made of."""
        return next((found for state in self._states() if (found := self._kept(state, question))), None)

    def turn(self, question: Hashable) -> threading.Lock:
        """What whoever makes the answer to that question holds meanwhile."""
        lock: threading.Lock = self._turns.of(question)
        return lock

    def keep(self, state: State, question: Hashable, answer: Answer) -> None:
        """Keep an answer made in that state; for all processes where it was made ahead."""
        self._cache.put((state, question), answer)
        if self._shared and AHEAD in request.environ:
            self._shared.write(state, question, answer)

    def _states(self) -> Iterator[State]:
        now, before = self.state(), self._settled
        if now:
            yield now
        if now and before and before != now:
            self._changed.set()
            if before.stands_in(now) and AHEAD not in request.environ:
                yield before

    def _kept(self, state: State, question: Hashable) -> Answer | None:
        found: Answer | None = self._cache.peek((state, question))
        if found is None and self._shared and (found := self._shared.read(state, question)):
            self._cache.put((state, question), found)
        return found

    def keep_warm(self, app: Dash, folder: Path) -> threading.Thread:
        """Ask for every page in both languages, now and after each new release, in a thread that dies with the process.

        Processes share what they make in ``folder``, and one makes it at a time.
        """
        self._shared = Shared(folder)
        thread = threading.Thread(target=self._watch, args=(app, self._shared), daemon=True, name="pages")
        thread.start()
        return thread

    def close(self) -> None:
        """Make no more pages ahead."""
        self._closed = True
        self._changed.set()

    def _watch(self, app: Dash, shared: Shared) -> None:
        while not self._closed:
            self._changed.clear()
            now, before = self.state(), self._settled
            if now and now != before:
                # Where the disk refuses the folder, each process makes what it is asked for: nothing older stands.
                with suppress(OSError), shared.alone():
                    warm(app)
                    shared.forget(but=(now, before))
                self._settled = now
            self._changed.wait(WATCH)


def install(server: Flask, releases: Releases) -> Answers:
    """Answer again what was answered. To be installed after what checks questions, before what finishes answers."""
    answers = Answers(releases)

    def again() -> Response | None:
        question = _question()
        if question is None:
            return None
        kept = answers.find(question)
        if kept is None and (turn := answers.turn(question)).acquire(timeout=PATIENCE):
            g.turn = turn
            kept = answers.find(question)
        if kept is None:
            g.question, g.state = question, answers.state()
            return None
        return Response(kept[0], headers=kept[1])

    def keep(response: Response) -> Response:
        state = g.get("state")
        if state and response.status_code == 200 and not g.get("names_host"):
            response.direct_passthrough = False
            headers = [(name, value) for name, value in response.headers if name != "Date"]
            answers.keep(state, g.question, (response.get_data(), headers))
        return response

    def leave(_error: BaseException | None) -> None:
        if turn := g.pop("turn", None):
            turn.release()

    server.before_request(again)
    server.after_request(keep)
    server.teardown_request(leave)
    return answers


def _question() -> Hashable | None:
    """What is asked; None for what is not kept here: files, errors, and what the API answers."""
    zipped = request.accept_encodings.quality("gzip") > 0
    if request.method in ("GET", "HEAD") and resolve(request.path).known:
        return (request.method, request.path, request.query_string, zipped)
    if request.method == "POST" and request.path == CALLBACK:
        return (CALLBACK, depends_on(request.get_data()), zipped)
    return None


def warm(app: Dash, *, rest: Callable[[], None] = lambda: time.sleep(REST)) -> None:
    """Make the answers of the pages and of their callbacks; ``rest`` leaves the processor to readers in between."""
    client, said = app.server.test_client(), {"headers": ZIPPED, "environ_overrides": {AHEAD: True}}
    for slug in SLUGS:
        for path in (href(lang, slug) for lang in LANGUAGES):
            client.get(path, **said)
            if PAGES[slug].moves:
                body = filling(app.callback_map, slug, path)
                client.post(CALLBACK, data=body, content_type="application/json", **said)
            rest()
