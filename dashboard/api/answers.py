"""Answers kept as the bytes that are sent: a release never changes, so an answer made once is right for ever."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

LEVEL = 6
# Bytes of them that a process keeps.
ROOM = 64 * 2**20


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
