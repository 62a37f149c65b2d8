"""The works that are killed at random moments: a release, the writing of its files, the sending to a host."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import publish.deposit.folder
import publish.release
from publish.deposit.carry import deposit
from publish.deposit.target import Target
from publish.entries import INDEX, WITHDRAWN, Entry, entry_of
from publish.feeds import FRONTS
from publish.index import read_index
from publish.reader import TRACES
from publish.verify import published, verify_all
from tests.integration.house import House

FIRST, SECOND, NEXT = (f"2026.{number}+demo" for number in ("1.0", "2.0", "3.0"))
BUCKET = "donnees"
# Steps of a release told by themselves; before the audit the others are tables, after it workbooks.
STEPS = ("secret", "lecture", "équations", "fichiers", "differences", "metadonnees", "site", "archive")
Tell = Callable[[str], object]


class Trial(Protocol):
    """A work that is killed: how to begin it anew, to do it, and what must hold after a kill and after the next run."""

    name: str

    def reset(self) -> None: ...

    def work(self, tell: Tell) -> None: ...

    def after_kill(self) -> Iterator[str]: ...

    def indexed(self) -> bool: ...

    def after_next(self) -> Iterator[str]: ...


class ReleaseTrial:
    """A second release, made beside a first one."""

    name = "release"

    def __init__(self, house: House) -> None:
        self.house = house
        self.start, self.model = house.data / "depart", house.data / "modele"
        self.whole = digests(self.model)

    def reset(self) -> None:
        shutil.rmtree(self.house.releases)
        shutil.copytree(self.start, self.house.releases)

    def work(self, tell: Tell) -> None:
        self.house.release(NEXT, progress=lambda step: tell(step_of(step)))

    def indexed(self) -> bool:
        return NEXT in {entry.version for entry in read_index(self.house.releases)}

    def after_kill(self) -> Iterator[str]:
        named = {entry.version for entry in read_index(self.house.releases)}
        if named not in ({FIRST}, {FIRST, NEXT}):
            yield f"the index names {named}"
        yield from (verdict.to_text() for verdict in verify_all(self.house.releases) if verdict.fautes)

    def after_next(self) -> Iterator[str]:
        yield from self.after_kill()
        if not self.indexed():
            yield "the next run made no release"
        if drafts := [path.name for path in self.house.releases.glob(".*") if path.name != ".verrou"]:
            yield f"left behind: {drafts}"
        found = digests(self.house.releases / NEXT)
        if found != self.whole:
            yield f"other bytes: {sorted(name for name in found if found[name] != self.whole.get(name))}"


class FreezeTrial(ReleaseTrial):
    """A release whose files are copied, not computed: kills fall while they are written, synced, named, indexed."""

    name = "freeze"

    def work(self, tell: Tell) -> None:
        def copy(*words: object, **_: object) -> tuple[dict[str, int], int]:
            shutil.copytree(self.model, Path(str(words[1])), dirs_exist_ok=True)
            return {}, 0

        publish.release._fill = copy  # type: ignore[assignment]
        super().work(tell)


class PublishTrial:
    """A new release sent and an old one withdrawn, on a host that has the two older ones."""

    def __init__(self, name: str, *, before: Path, now: Path, host: Callable[[], Target], clear: Callable[[], None]):
        self.name, self.before, self.now, self.host, self.clear = name, before, now, host, clear
        # What asks the host what it has; the work has its own, as another process would.
        self.seen = host()
        self.wanted = {name: digest for name, digest in digests(now).items() if not name.startswith(".")}

    def reset(self) -> None:
        self.clear()
        deposit(self.before, self.seen)

    def work(self, tell: Tell) -> None:
        deposit(self.now, self.host(), progress=lambda step: tell("envoi" if " sur " in step else step))

    def _entries(self) -> list[Entry]:
        return [entry_of(item) for item in json.loads(self.seen.read(INDEX) or b"")["releases"]]

    def indexed(self) -> bool:
        return NEXT in {entry.version for entry in self._entries()}

    def after_kill(self) -> Iterator[str]:
        """Every file of every release that the host's index names, read again from the host."""
        entries = self._entries()
        if [entry.version for entry in entries] not in ([FIRST, SECOND], [FIRST, SECOND, NEXT]):
            yield f"the index names {entries}"
        for entry in entries:
            source = self.before if (entry.version, entry.statut) == (FIRST, "publie") else self.now
            wanted = published(source / entry.version, entry)
            for name in TRACES if entry.statut == WITHDRAWN else TRACES[:1]:
                wanted[name] = digest((source / entry.version / name).read_bytes())
            held = self._held([f"{entry.version}/{name}" for name in wanted])
            yield from (
                f"{name} is not whole on the host" for name in wanted if held[f"{entry.version}/{name}"] != wanted[name]
            )

    def _held(self, names: Iterable[str]) -> dict[str, str]:
        """SHA-256 of files of the host, from their bytes."""
        names = list(names)
        with ThreadPoolExecutor(self.seen.parallel) as pool:
            return dict(zip(names, pool.map(lambda name: digest(self.seen.read(name) or b""), names), strict=True))

    def after_next(self) -> Iterator[str]:
        yield from self.after_kill()
        held = self._held([*self.seen.sizes((FIRST, SECOND, NEXT)), *FRONTS, INDEX])
        if held != self.wanted:
            yield f"the host differs: {sorted({*held.items()} ^ {*self.wanted.items()})[:5]}"
        yield from self._left(self.seen)

    def _left(self, host: Target) -> Iterator[str]:
        if isinstance(host, publish.deposit.folder.FolderTarget) and (host.root / ".envoi").exists():
            yield "drafts left on the host"
        client = getattr(host, "_client", None)
        if client and client.list_multipart_uploads(Bucket=BUCKET).get("Uploads"):
            yield "uploads left on the host"


def step_of(said: str) -> str:
    """The step of a release to which belongs what it says it does."""
    return said if said in STEPS else "formats" if said.endswith(".xlsx") else "tables"


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}
