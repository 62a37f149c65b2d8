"""The index of releases, as it is read: what exists, what was taken back, which one is the latest."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import ReleaseConflict, UsageError

INDEX = "index.json"
WITHDRAWN = "retire"


@dataclass(frozen=True)
class Withdrawal:
    """What was taken back: one file of a release, or the whole where ``fichier`` is empty. ``date`` is ISO 8601."""

    fichier: str
    date: str
    raison: str


@dataclass(frozen=True)
class Entry:
    """One line of the index: a release that exists.

    ``date`` is ISO 8601, ``statut`` publie or retire; ``simule`` where it holds simulated rows; ``empreinte`` is the
    fingerprint of the warehouse it froze; ``retraits`` what was taken back of it.
    """

    version: str
    date: str
    statut: str
    simule: bool
    empreinte: str = ""
    retraits: tuple[Withdrawal, ...] = ()

    @property
    def retrait(self) -> Withdrawal | None:
        """The withdrawal of the whole release, None where it stands."""
        return next((one for one in self.retraits if not one.fichier), None) if self.statut == WITHDRAWN else None


def entry_of(item: Mapping[str, Any]) -> Entry:
    """The entry that a line of the index says. Raises KeyError or TypeError where it says none."""
    return Entry(
        version=str(item["version"]),
        date=str(item["date"]),
        statut=str(item["statut"]),
        simule=bool(item["simule"]),
        empreinte=str(item.get("empreinte", "")),
        retraits=tuple(Withdrawal(**one) for one in item.get("retraits", ())),
    )


class Withdrawn(UsageError):
    """What was asked for was public once and was taken back: ``withdrawal`` says when and why."""

    def __init__(self, what: str, withdrawal: Withdrawal) -> None:
        self.withdrawal = withdrawal
        super().__init__(f"{what} a été retirée le {withdrawal.date}. Raison : {withdrawal.raison}")


@dataclass(frozen=True)
class Listing:
    """What an index says: ``latest`` is the version it puts forward, None where every one was withdrawn."""

    latest: str | None
    entries: tuple[Entry, ...]


class Index:
    """The file of the index, read again when it is another. ``stands``: whether what it says now could be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said: tuple[tuple[int, ...], Listing] = ((), Listing(None, ()))
        self._unread: tuple[int, ...] | None = None

    @property
    def stands(self) -> bool:
        """False where the file broke since it was last read: what it said then still holds."""
        return self._unread is None

    def read(self) -> Listing:
        """What it says, or said before it broke. Raises ReleaseConflict where there is none or none was ever read."""
        try:
            stat = self._path.stat()
            seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if seen == self._said[0]:
                self._unread = None
            elif seen != self._unread:
                self._said, self._unread = (seen, _parsed(self._path)), None
        except FileNotFoundError as error:
            raise ReleaseConflict(
                f"{self._path} : il n'y a pas d'index, donc aucune publication. "
                "Faites-en une par « observatoire release »."
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            self._keep(seen, error)
        return self._said[1]

    def _keep(self, seen: tuple[int, ...], error: Exception) -> None:
        refusal = ReleaseConflict(
            f"{self._path} : index illisible ({error}). Il doit contenir « latest » et « releases ». "
            "Remettez la copie sauvegardée de ce fichier."
        )
        if not self._said[0]:
            raise refusal from error
        logging.getLogger(__name__).error("%s", refusal)
        self._unread = seen


def _parsed(path: Path) -> Listing:
    """Raises ValueError, KeyError or TypeError where the file is no index."""
    document = json.loads(path.read_text(encoding="utf-8"))
    latest = document["latest"]
    return Listing(None if latest is None else str(latest), tuple(entry_of(item) for item in document["releases"]))
