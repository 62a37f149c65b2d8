"""What strikes a command: kills, disks, damage, clocks, other operators; each says how it is mended.

A blow is prepared on a data folder before a command runs there; some act inside its process, some kill it.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import etl.snapshots
import observatoire

FIRST, SECOND, NEXT = (f"2026.3.{revision}+demo" for revision in range(3))
ACTS = ("ingest", "build", "release")
WAREHOUSE = "warehouse.duckdb"
DISK, CONFLICT, FINE = 14, 13, 0
# Linux: the rights by which root writes and reads what modes forbid, as bits; the form of capset's arguments.
OVERRIDE, CAPABILITIES = (1 << 1) | (1 << 2), 0x20080522


def nothing() -> None:
    """What is done where there is nothing to do."""


@dataclass(frozen=True)
class Blow:
    """What is done to a command.

    ``codes`` are the codes it may end with; ``inside`` is called in its process; ``moment``, in seconds, is when it is
    killed; ``others`` are commands run at the same time; ``spoiled`` is the release that was damaged, ``lost`` the
    folder of the received file that was; ``mend`` is what an operator does next; a blow that ``may_miss`` and after
    which the command ended well is not counted. A release is told its date unless the blow is that it is not.
    """

    codes: tuple[int, ...] = (FINE,)
    inside: Callable[[], None] = nothing
    moment: float | None = None
    others: tuple[str, ...] = ()
    spoiled: str = ""
    lost: Path | None = None
    mend: Callable[[], object] = nothing
    may_miss: bool = False
    dated: bool = True
    told: str = ""


@dataclass
class Place:
    """Where a blow falls: a data folder in the state that an act begins with, and the same state kept aside."""

    data: Path
    saved: Path
    act: str
    rng: random.Random
    usual: dict[str, float] = field(default_factory=dict)

    @property
    def releases(self) -> Path:
        """What is public."""
        return self.data / "releases"

    def restored(self, path: Path) -> Callable[[], object]:
        """What puts the saved copy of a file or folder back."""
        saved = self.saved / path.relative_to(self.data)

        def restore() -> None:
            if saved.is_dir():
                shutil.rmtree(path, ignore_errors=True)
                shutil.copytree(saved, path)
            else:
                shutil.copyfile(saved, path)

        return restore

    def one(self, pattern: str) -> Path:
        """One of the files of that pattern."""
        return self.rng.choice(sorted(path for path in self.data.glob(pattern) if path.is_file()))


# ── Damage to files ───────────────────────────────────────────────────────────────────────────────────────────────────


def cut(path: Path, share: float = 0.5) -> None:
    """Leave the beginning of a file."""
    os.truncate(path, int(path.stat().st_size * share))


def flipped(path: Path, share: float = 0.5) -> None:
    """Change all bits of one byte of a file."""
    with path.open("r+b") as file:
        at = min(int(path.stat().st_size * share), path.stat().st_size - 1)
        file.seek(at)
        [byte] = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))


def damaged(place: Place, path: Path) -> str:
    """Damage a file at random; returns what was done."""
    how, share = place.rng.choice((cut, flipped)), place.rng.random()
    how(path, share)
    return f"{how.__name__} {path.relative_to(place.data)} at {share:.3f}"


# ── Blows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def kill(place: Place) -> Blow:
    """SIGKILL at a moment of the usual time of the command."""
    moment = place.rng.uniform(0, place.usual[place.act])
    return Blow(moment=moment, may_miss=True, told=f"{moment:.3f} s of {place.usual[place.act]:.3f}")


def file_limit(size: int) -> Callable[[], None]:
    """No file may be larger than ``size`` bytes: what a write sees of a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def full_disk(place: Place) -> Blow:
    """A disk that fills up, at any size of a file."""
    size = int(10 ** place.rng.uniform(1.5, 6.8))
    return Blow(codes=(FINE, DISK), inside=file_limit(size), may_miss=True, told=f"{size} bytes")


def closed(place: Place) -> Blow:
    """The data folder, or a part of it, may not be written."""
    folder = place.data / place.rng.choice((".", "snapshots", "releases", WAREHOUSE))
    kept = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path in kept:
        path.chmod(0o555 if path.is_dir() else 0o444)

    def mend() -> None:
        for path, mode in kept.items():
            if path.exists():
                path.chmod(mode)

    return Blow(codes=(FINE, DISK), inside=obey_modes, mend=mend, told=folder.name)


def obey_modes() -> None:
    """Root obeys the modes of files from now on, as any user does."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head, rights = (ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    libc.capget(head, rights)
    rights[0] &= ~OVERRIDE
    if libc.capset(head, rights):
        raise OSError(ctypes.get_errno(), "capset")


def table(place: Place) -> Blow:
    """A table of a release is cut or altered."""
    version = place.rng.choice((FIRST, SECOND))
    path = place.one(f"releases/{version}/data/*.parquet")
    mend = place.restored(path)
    return Blow(codes=(FINE, CONFLICT), spoiled=version, mend=mend, told=damaged(place, path))


def received(place: Place) -> Blow:
    """A received file, what is said of it or its typed rows are cut or altered."""
    path = place.one("snapshots/*/*/[!.]*")
    mend = place.restored(path.parent)
    return Blow(codes=(FINE, DISK), lost=path.parent, mend=mend, told=damaged(place, path))


def warehouse(place: Place) -> Blow:
    """The warehouse is cut or altered: it is removed, and made again."""
    path = place.data / WAREHOUSE
    return Blow(codes=(FINE, DISK), mend=path.unlink, told=damaged(place, path))


def missing(place: Place) -> Blow:
    """The index names a release that is not there."""
    path = place.releases / place.rng.choice((FIRST, SECOND))
    shutil.rmtree(path)
    return Blow(codes=(FINE, CONFLICT), spoiled=path.name, mend=place.restored(path), told=path.name)


def half_copied(place: Place) -> Blow:
    """A release of which a part was copied: one that the index names, or the one to come, which it does not."""
    version = place.rng.choice((FIRST, SECOND, NEXT))
    folder = place.releases / version
    if version == NEXT:
        shutil.copytree(place.releases / SECOND, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in place.rng.sample(files, place.rng.randint(1, len(files) - 1)):
        path.unlink()
    if version == NEXT:
        # It might have been published: a release does not replace it.
        codes = (CONFLICT if place.act == "release" else FINE,)
        return Blow(codes=codes, told=version, mend=lambda: shutil.rmtree(folder))
    return Blow(codes=(FINE, CONFLICT), spoiled=version, mend=place.restored(folder), told=version)


class Past(date):
    """A clock set back by years."""

    @classmethod
    def today(cls) -> date:
        """The day it says."""
        return date(2019, 3, 4)


def clock(place: Place) -> Blow:
    """The clock of the machine is years late."""

    def inside() -> None:
        observatoire.date = Past  # type: ignore[misc]
        etl.snapshots._now = lambda: "2019-03-04T00:00:00+00:00"

    return Blow(codes=(CONFLICT if place.act == "release" else FINE,), inside=inside, dated=False)


def two_at_once(place: Place) -> Blow:
    """Other operators run the same command, or the next one."""
    # A release beside an ingest may rightly come before it, and then holds other rows.
    acts = ACTS[:2] if place.act == "ingest" else ACTS[1:]
    others = tuple(place.rng.choice(acts) for _ in range(place.rng.randint(1, 2)))
    return Blow(codes=(FINE, CONFLICT), others=others, told=" ".join(others))


BLOWS: dict[str, Callable[[Place], Blow]] = {
    "kill": kill,
    "disk full": full_disk,
    "folder closed": closed,
    "table damaged": table,
    "received file damaged": received,
    "warehouse damaged": warehouse,
    "index names a missing release": missing,
    "release half copied": half_copied,
    "clock set back": clock,
    "two at once": two_at_once,
}


def said(path: Path) -> dict[str, object]:
    """What a sidecar says, but for the hour."""
    return {name: value for name, value in json.loads(path.read_text(encoding="utf-8")).items() if name != "recu_le"}
