"""Answers that the processes of a site keep together, as files: what one made, none makes again, restarted or not.

A folder by state of the releases and of the code, a file by question: its headers as a line of JSON, then its body.
The folder belongs to the server, is as short-lived as it, and holds only what the site answers to all.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PACKAGES = ("dashboard", "publish", "schemas")
ROOT = Path(__file__).resolve().parents[1]
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
        kept = {_digest(_code(), state) for state in but}
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _path(self, state: Hashable, question: Hashable) -> Path:
        return self._folder / _digest(_code(), state) / _digest(question)


@cache
def _code() -> str:
    """The code that answers, as far as names, sizes and times say: a site restarted on other code says other things."""
    files = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*")) if path.suffix != ".pyc"]
    return _digest(*((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.is_file()))


def _digest(*parts: Hashable) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
