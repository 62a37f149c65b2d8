"""Who has answers made: a few at once in all, fewer for one client, so that nobody's questions keep others waiting.

What is kept and what is a file is no concern of this: only what is computed. A client who asks for more than is made at
once waits for its own answers; one who asks for much more is told to come back.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask, g, request
from werkzeug.exceptions import TooManyRequests

from dashboard.demandes import FREE, client

# Answers in the making in a process: in all, and for one client.
AT_ONCE = 4
EACH = 2
# Questions of one client that wait, and for how many seconds. Threads are left for what others ask.
WAITING = 6
PATIENCE = 20.0
# Seconds after which a client who has enough of them may ask again.
SOON = 1


class Busy(Exception):
    """A client who has enough answers in the making."""


class Hands:
    """The answers in the making in this process, by client. This machine may have as many as there are."""

    def __init__(self) -> None:
        self._making: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._freed = threading.Condition()

    @contextmanager
    def making(self, address: str | None) -> Iterator[None]:
        """Hold what making an answer takes. Raises Busy where that client already waits for too many."""
        who = client(address)
        self._take(who)
        try:
            yield
        finally:
            with self._freed:
                self._making -= Counter([who])
                self._freed.notify_all()

    def _take(self, who: str) -> None:
        with self._freed:
            if who and self._full(who) and self._waiting[who] >= WAITING:
                raise Busy
            self._waiting[who] += 1
            try:
                if not self._freed.wait_for(lambda: not self._full(who), PATIENCE):
                    raise Busy
                self._making[who] += 1
            finally:
                self._waiting -= Counter([who])

    def _full(self, who: str) -> bool:
        return self._making.total() >= AT_ONCE or bool(who and self._making[who] >= EACH)


def install(server: Flask, hands: Hands) -> None:
    """Hold what an answer takes while it is made. To be installed last: what is kept, refused or a file takes none."""

    def take() -> None:
        if request.path.startswith(FREE):
            return
        g.hands = ExitStack()
        try:
            g.hands.enter_context(hands.making(request.remote_addr))
        except Busy as busy:
            raise TooManyRequests(retry_after=SOON) from busy

    def leave(_error: BaseException | None) -> None:
        if held := g.pop("hands", None):
            held.close()

    server.before_request(take)
    server.teardown_request(leave)
