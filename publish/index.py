"""The index of releases as a writer sees it: read whole, replaced last and in one step, after the feeds beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from etl.files import write_atomically
from publish.entries import INDEX, WITHDRAWN, Entry
from publish.feeds import fronts
from publish.reader import Releases
from publish.version import Version, parse_version


def read_index(releases: Path) -> tuple[Entry, ...]:
    """The releases that exist, in the order they were published; none where there is no index yet.

    Raises ReleaseConflict where the index cannot be read.
    """
    return Releases(releases).index() if (releases / INDEX).exists() else ()


def write_index(releases: Path, entries: tuple[Entry, ...]) -> None:
    """Replace the index in one step; ``latest`` is the greatest version that is not withdrawn, null where none is.

    The feeds and the calendar are replaced before it: it is what makes a release exist, and nothing is written after.
    """
    newest = max((parse_version(entry.version) for entry in entries if entry.statut != WITHDRAWN), default=None)
    latest = str(newest) if newest else None
    for name, text in fronts(releases, entries).items():
        write_atomically(releases / name, text)
    document = {"latest": latest, "releases": [asdict(entry) for entry in entries]}
    write_atomically(releases / INDEX, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def before(version: Version, entries: tuple[Entry, ...]) -> Entry | None:
    """The release that a version is compared with: the greatest lower one of the same nature that stands."""
    lower = [entry for entry in standing(version, entries) if parse_version(entry.version) < version]
    return lower[-1] if lower else None


def standing(version: Version, entries: tuple[Entry, ...]) -> list[Entry]:
    """The releases of the same nature (simulated or not) that are not withdrawn, lowest version first."""
    kept = [entry for entry in entries if entry.statut != WITHDRAWN and entry.simule == version.demo]
    return sorted(kept, key=lambda entry: parse_version(entry.version))
