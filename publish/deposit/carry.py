"""Carry releases to a host: only what it lacks, the index last, what was withdrawn removed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from etl.files import locked
from publish.deposit.contents import Contents, Item, contents
from publish.deposit.target import HostFailed, Target
from publish.entries import INDEX, Entry, entry_of
from publish.reader import CHECKSUMS
from publish.verify import counted, printed_size
from publish.withdraw import finish
from schemas.errors import ReleaseConflict

LATEST_PAGE = "latest/index.html"
SHOWN = 5
TWIN = ".gz"
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Plan:
    """What a host lacks, holds already, and must hold no more; the feeds to replace; whether its index changes."""

    cible: str
    envois: tuple[Item, ...]
    presents: int
    retraits: tuple[str, ...]
    fils: tuple[str, ...]
    index: bool

    @property
    def octets(self) -> int:
        """Bytes to send, the index left out."""
        return sum(item.octets for item in self.envois)

    def summary(self, *, dry: bool) -> str:
        """What was done, or would be, in one line."""
        return (
            f"{self.cible} : {counted(len(self.envois), 'fichier')} {'à envoyer' if dry else 'en plus'} "
            f"({printed_size(self.octets)}), {self.presents} déjà là, "
            f"{len(self.retraits)} {'à retirer' if dry else 'en moins'} ; "
            f"index {'nouveau' if self.index else 'inchangé'}."
        )

    def to_text(self) -> str:
        """A line for each thing to do, in the order it is done."""
        lines = [f"envoyer {item.name} ({item.octets} octets)" for item in self.envois]
        lines += [f"remplacer {name}" for name in (*self.fils, *([INDEX] if self.index else []))]
        return "\n".join([*lines, *(f"retirer {name}" for name in self.retraits)])


def deposit(
    releases: Path, target: Target, *, dry: bool = False, progress: Callable[[str], None] = lambda _: None
) -> Plan:
    """Copy a folder of releases to a host and return what was done, or would be where ``dry``.

    Killed at any moment, the host's index names whole releases only, and the next run goes on. Raises ReleaseConflict
    where a release here is broken, or where the host publishes something else under the same version; HostFailed where
    the host does.
    """
    with locked(releases):
        # A withdrawal that was interrupted is ended first: what it takes back must not leave.
        finish(releases)
        progress("vérification")
        wanted = contents(releases)
        _check_host(target, wanted)
        plan = _plan(target, wanted)
        if not dry:
            _carry(target, wanted, plan, progress)
    return plan


def _check_host(target: Target, wanted: Contents) -> None:
    """Refuse to forget a version the host publishes, to publish again what it withdrew, or to change any."""
    there = _entries(target)
    here = {entry.version: entry for entry in wanted.entries}
    if lost := sorted(there.keys() - here.keys()):
        raise ReleaseConflict(
            f"{target.describe()} publie {', '.join(lost)}, que ce dossier n'a pas : un lien donné pour toujours "
            "serait perdu. Publiez depuis le dossier qui a toutes les versions."
        )
    if back := [version for version in sorted(there) if set(there[version].retraits) - set(here[version].retraits)]:
        raise ReleaseConflict(
            f"{target.describe()} a retiré {', '.join(back)}, en tout ou partie, et ce dossier le publie encore. "
            "Retirez ici aussi, ou publiez depuis le dossier à jour."
        )
    sums = {item.name: item.path for item in wanted.items if item.name.endswith(f"/{CHECKSUMS}")}
    for version in sorted(there):
        held = target.read(f"{version}/{CHECKSUMS}")
        if held is not None and held != sums[f"{version}/{CHECKSUMS}"].read_bytes():
            raise ReleaseConflict(
                f"{target.describe()} publie une autre version {version} : une version ne change jamais. "
                "Publiez une révision, sous un autre numéro."
            )


def _entries(target: Target) -> Mapping[str, Entry]:
    """What the host's index says of each version; nothing where it has no index."""
    held = target.read(INDEX)
    try:
        entries = [] if held is None else [entry_of(entry) for entry in json.loads(held)["releases"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseConflict(
            f"{target.describe()}/{INDEX} n'est pas un index de versions ({error!r}). Ce dossier est-il le bon ?"
        ) from error
    return {entry.version: entry for entry in entries}


def _plan(target: Target, wanted: Contents) -> Plan:
    lacking = _lacking(target, wanted.items, wanted.tops)
    names = {item.name for item in wanted.items}
    # The compressed twin that a server keeps beside a file goes when it goes.
    twins = {f"{name}{TWIN}" for name in names}
    strays = sorted(set(target.sizes(wanted.tops)) - names - twins)
    feeds = tuple(name for name, body in wanted.fronts.items() if target.read(name) != body)
    index = target.read(INDEX) != wanted.index
    return Plan(target.describe(), lacking, len(wanted.items) - len(lacking), tuple(strays), feeds, index)


def _lacking(target: Target, items: Sequence[Item], tops: Sequence[str]) -> tuple[Item, ...]:
    """The files that the host has not, or not with these bytes."""
    sizes = target.sizes(tops)
    same = [item.name for item in items if sizes.get(item.name) == item.octets]
    digests = dict(zip(same, _each(target, target.digest, same), strict=True))
    return tuple(item for item in items if digests.get(item.name) != item.sha256)


def _each(target: Target, action: Callable[[T], R], values: Iterable[T]) -> list[R]:
    """The action on each value, as many at once as the host takes; the first failure stops what has not begun."""
    with ThreadPoolExecutor(target.parallel) as pool:
        futures = [pool.submit(action, value) for value in values]
        try:
            return [future.result() for future in futures]
        finally:
            pool.shutdown(cancel_futures=True)


def _carry(target: Target, wanted: Contents, plan: Plan, progress: Callable[[str], None]) -> None:
    done = count(1)

    def send(item: Item) -> None:
        target.send(item)
        number = next(done)
        # Twenty lines at most, where each is a line of a log.
        if number * 20 // len(plan.envois) > (number - 1) * 20 // len(plan.envois):
            progress(f"{number} fichiers sur {len(plan.envois)}, {item.name}")

    _each(target, send, plan.envois)
    # Asked of the host itself: what was there has been, what was just sent is now.
    if left := _lacking(target, plan.envois, wanted.tops):
        raise HostFailed(
            f"{target.describe()} n'a pas comme ici : {_some([item.name for item in left])}. "
            "L'index n'a pas été changé. Relancez la même commande."
        )
    for name in plan.fils:
        target.write(name, wanted.fronts[name])
    progress(INDEX)
    if plan.index:
        target.write(INDEX, wanted.index)
    if latest := json.loads(wanted.index)["latest"]:
        target.write(LATEST_PAGE, _latest_page(latest))
    # After the index: it must never name a file that is no longer there.
    _each(target, target.remove, plan.retraits)
    target.finish(wanted.tops)


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" et {len(names) - SHOWN} autres" if len(names) > SHOWN else "")


def _latest_page(version: str) -> bytes:
    """A page that leads to the newest release, for hosts that cannot redirect."""
    return (
        '<!doctype html>\n<html lang="fr">\n<meta charset="utf-8">\n<title>Dernière version</title>\n'
        f'<meta http-equiv="refresh" content="0; url=../{version}/site/index.html">\n'
        f'<p><a href="../{version}/site/index.html">Dernière version : {version}</a> '
        f'<span lang="en">Latest release: {version}</span></p>\n</html>\n'
    ).encode()
