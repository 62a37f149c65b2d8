"""Answers kept as the bytes that are sent: a release never changes, so an answer made once is right for ever."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

LEVEL = 6
ROOM = 64 * 2**20
# An answer larger than this share of the room would push out all others.
SHARE = 16


@dataclass(frozen=True)
class Answer:
    """The body of an answer, ``zipped`` unless its format is compressed already.

    ``tag`` is what its entity tag is made of; ``following`` the query of the next page, "" for none.
    """

    body: bytes
    zipped: bool
    media_type: str
    tag: str
    file: str = ""
    following: str = ""

    def plain(self) -> bytes:
        """The body for those who do not read gzip."""
        return gzip.decompress(self.body) if self.zipped else self.body


def answer(body: bytes, media_type: str, *, zipped: bool, file: str = "", following: str = "") -> Answer:
    """An answer with its tag, compressed if ``zipped``; the same body always gives the same bytes."""
    sent = gzip.compress(body, LEVEL, mtime=0) if zipped else body
    return Answer(sent, zipped, media_type, hashlib.sha256(body).hexdigest()[:32], file, following)


class Answers:
    """The answers last used, ``room`` bytes of them at most. Safe between threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._held = room, 0
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer kept under a key, made if absent. Two threads may make the same one; either is right."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        if len(made.body) <= self._room // SHARE:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: Answer) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self._held += len(made.body)
            while self._held > self._room:
                self._held -= len(self._kept.popitem(last=False)[1].body)
