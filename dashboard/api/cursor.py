"""Cursors: where a page of rows ends, as an opaque text that is of use for the same question only.

A cursor holds the release it was given for, a digest of the question, and the key of the last row sent: pages follow
each other in the order of the key, whatever is published meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass

from dashboard.api.problems import Problem
from dashboard.demandes import writable


@dataclass(frozen=True)
class Cursor:
    """The key of the last row of a page, each part as text."""

    version: str
    question: str
    key: tuple[str, ...]

    def text(self) -> str:
        """The cursor as it stands in an address."""
        parts = json.dumps([self.version, self.question, *self.key], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")


def digest(question: Hashable) -> str:
    """A short name of a question, the same on every machine."""
    return hashlib.sha256(repr(question).encode()).hexdigest()[:12]


def read(text: str, *, version: str, question: str, width: int) -> Cursor:
    """The cursor that a text is. Raises Problem where it is none, or was given for another question or release."""
    parts = _parts(text)
    if len(parts) != width + 2 or parts[:2] != [version, question]:
        raise refusal(text)
    return Cursor(version, question, tuple(parts[2:]))


def refusal(text: str) -> Problem:
    """The problem of a cursor that is of no use."""
    return Problem("curseur-inutile", parameter="curseur", value=text)


def _parts(text: str) -> list[str]:
    try:
        parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode())
    except (binascii.Error, ValueError, RecursionError):
        return []
    texts = isinstance(parts, list) and all(isinstance(part, str) and writable(part) for part in parts)
    return parts if texts else []
