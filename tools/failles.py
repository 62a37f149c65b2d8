"""Known vulnerabilities of what the lock pins, told without a network, from advisories kept with the code.

``python -m tools.failles [--lock FILE] [--avis FILE]``. Advisories are in the format of OSV
(https://ossf.github.io/osv-schema/): one JSON file with their date, their source and their list, or a folder or ZIP of
single advisories as OSV publishes them for PyPI. The exit code is 1 where a pinned version is affected.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from tools.verrou import LOCK, Package, canonical, packages

KEPT = Path(__file__).resolve().parent / "donnees" / "avis.json"
UNDATED = "date inconnue"


@dataclass(frozen=True)
class Advisories:
    """Advisories with the day they were taken (ISO 8601) and where from."""

    date: str
    source: str
    every: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Finding:
    """A pinned version that an advisory says is affected; ``fixed`` the versions that are not."""

    package: str
    version: str
    advisory: str
    aliases: tuple[str, ...]
    fixed: tuple[str, ...]

    def __str__(self) -> str:
        also = f" ({', '.join(self.aliases)})" if self.aliases else ""
        remedy = f"prenez {' ou '.join(self.fixed)}" if self.fixed else "aucune version corrigée n'est connue"
        return f"{self.package} {self.version} : {self.advisory}{also} ; {remedy}."


def read(path: Path) -> Advisories:
    """Advisories of a file, a folder or a ZIP. Those that come without a date have that of the newest of them."""
    if path.suffix == ".json":
        document = json.loads(path.read_text(encoding="utf-8"))
        return Advisories(document["date"], document["source"], tuple(document["avis"]))
    every = tuple(_single(path))
    newest = max((str(one.get("modified", "")) for one in every), default="")[:10]
    return Advisories(newest or UNDATED, path.name, every)


def _single(path: Path) -> Iterator[Mapping[str, Any]]:
    if path.is_dir():
        yield from (json.loads(file.read_text(encoding="utf-8")) for file in sorted(path.glob("**/*.json")))
        return
    with zipfile.ZipFile(path) as archive:
        yield from (json.loads(archive.read(name)) for name in sorted(archive.namelist()) if name.endswith(".json"))


def findings(pinned: Sequence[Package], advisories: Advisories) -> list[Finding]:
    """Every pinned version that an advisory affects, in the order of the lock."""
    found = []
    for package in pinned:
        for advisory in advisories.every:
            for affected in advisory.get("affected", ()):
                if not advisory.get("withdrawn") and _names(affected, package) and _hit(affected, package.version):
                    found.append(_finding(package, advisory, affected))
    return found


def _names(affected: Mapping[str, Any], package: Package) -> bool:
    told = affected.get("package", {})
    return told.get("ecosystem") == "PyPI" and canonical(str(told.get("name", ""))) == package.name


def _hit(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    return any(_within(one["events"], version) for one in affected.get("ranges", ()) if one["type"] == "ECOSYSTEM")


def _within(events: Sequence[Mapping[str, str]], text: str) -> bool:
    """Whether a version stands between an event that introduces and one that ends; one that cannot be read does."""
    try:
        version, inside = Version(text), False
        for event in sorted(events, key=_place):
            kind, limit = next(iter(event.items()))
            if kind == "introduced" and version >= Version(limit):
                inside = True
            elif (kind == "fixed" and version >= Version(limit)) or (
                kind == "last_affected" and version > Version(limit)
            ):
                inside = False
    except InvalidVersion:
        return True
    return inside


def _place(event: Mapping[str, str]) -> tuple[Version, bool]:
    kind, limit = next(iter(event.items()))
    return Version(limit), kind == "introduced"


def _finding(package: Package, advisory: Mapping[str, Any], affected: Mapping[str, Any]) -> Finding:
    events = [event for one in affected.get("ranges", ()) for event in one["events"]]
    fixed = tuple(event["fixed"] for event in events if "fixed" in event and _later(event["fixed"], package.version))
    return Finding(package.name, package.version, advisory["id"], tuple(advisory.get("aliases", ())), fixed)


def _later(fixed: str, version: str) -> bool:
    return Version(fixed) > Version(version)


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell what is affected, and how old the advisories are. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Failles connues des dépendances, sans réseau.")
    parser.add_argument("--lock", type=Path, default=LOCK, help="verrou à vérifier")
    parser.add_argument("--avis", type=Path, default=KEPT, help="avis : fichier JSON, dossier ou ZIP au format OSV")
    asked = parser.parse_args(arguments)
    pinned, advisories = packages(asked.lock), read(asked.avis)
    found = findings(pinned, advisories)
    for one in found:
        print(one)
    print(
        f"{len(pinned)} dépendances, {len(advisories.every)} avis du {advisories.date} ({advisories.source}) : ", end=""
    )
    print(f"{len(found)} faille(s) connue(s)." if found else "aucune faille connue à cette date.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
