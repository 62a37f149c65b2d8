"""Answers that the processes of a site keep together, as files: what one made, none makes again, restarted or not.

A folder by state of the releases, a file by question: its headers as a line of JSON, then its body. It belongs to one
server, whose processes are forked from the same code, is as short-lived as it, and holds only what is answered to all.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "verrou"

Answer = tuple[bytes, list[tuple[str, str]]]


class Shared:
    """Answers in ``folder``, which is made, closed to others, where it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, state: Hashable, question: Hashable) -> Answer | None:
        """What was answered to that question in that state; None where nothing was."""
        try:
            headers, _, body = self._path(state, question).read_bytes().partition(b"\n")
        except OSError:
            return None
        return body, [(name, value) for name, value in json.loads(headers)]

    def write(self, state: Hashable, question: Hashable, answer: Answer) -> None:
        """Keep an answer. Where the disk refuses it is not kept: every process then makes its own."""
        path = self._path(state, question)
        new = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True, parents=True)
            new.write_bytes(json.dumps(answer[1]).encode() + b"\n" + answer[0])
            new.replace(path)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time; one that dies lets the next in."""
        # It may have been cleaned away since the last time.
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with (self._folder / LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def forget(self, *, but: Iterable[Hashable]) -> None:
        """Remove the answers of every other state."""
        kept = {_digest(state) for state in but}
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _path(self, state: Hashable, question: Hashable) -> Path:
        return self._folder / _digest(state) / _digest(question)


def _digest(part: Hashable) -> str:
    return hashlib.sha256(repr(part).encode()).hexdigest()
