"""The feeds and the calendar that stand beside the index: true to it, replaced before it, sent to a host with it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from publish.atom import ATOM
from publish.deposit.carry import deposit
from publish.deposit.folder import FolderTarget
from publish.entries import INDEX
from publish.feeds import FRONTS
from publish.index import read_index, write_index
from publish.withdraw import withdraw
from tests.integration.house import REFERENCE, House
from tests.unit.fixtures_depot import write_releases

FIRST, SECOND = "2026.3.0+demo", "2026.3.1+demo"
NAMES = {"a": ATOM}


def entries(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall("a:entry", NAMES)


def titles(root: Path, name: str) -> list[str]:
    return [entry.findtext("a:title", "", NAMES) for entry in entries((root / name).read_text(encoding="utf-8"))]


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Two releases of a few bytes and the index that our own writer makes of them."""
    root = write_releases(tmp_path / "releases", FIRST, SECOND)
    write_index(root, read_index(root))
    return root


def test_a_folder_of_releases_has_a_feed_in_each_language_and_the_calendar(six: House) -> None:
    versions = [entry["version"] for entry in json.loads((six.releases / INDEX).read_text())["releases"]]
    assert titles(six.releases, "flux.atom") == [f"Version {version}" for version in reversed(versions)]
    french, english = (entries((six.releases / name).read_text(encoding="utf-8")) for name in FRONTS[:2])
    assert "révision" in french[-2].findtext("a:summary", "", NAMES)
    assert "revision" in english[-2].findtext("a:summary", "", NAMES)
    for entry in french:
        for link in entry.findall("a:link[@rel='related']", NAMES):
            assert (six.releases / link.get("href", "").partition("/donnees/")[2].replace("%2B", "+")).is_file()
    told = (six.releases / "calendrier.ics").read_bytes().decode()
    announced = (REFERENCE / "calendrier.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert told.count("BEGIN:VEVENT\r\n") == len(announced) > 0


def test_the_index_is_replaced_after_all_that_stands_beside_it(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr("publish.index.write_atomically", lambda path, _: written.append(path.name))
    write_index(releases, read_index(releases))
    assert sorted(written[:-1]) == sorted(FRONTS)
    assert written[-1] == INDEX


def test_a_withdrawal_is_told_by_the_feeds_with_its_reason(releases: Path) -> None:
    withdraw(FIRST, releases=releases, reason="Erreur de saisie.", day=date(2026, 11, 23))
    assert titles(releases, "flux.atom") == [f"Version {SECOND}", f"Version {FIRST} (retirée)"]
    assert titles(releases, "flux.en.atom")[1] == f"Version {FIRST} (withdrawn)"
    gone = entries((releases / "flux.atom").read_text(encoding="utf-8"))[1]
    assert "Erreur de saisie." in gone.findtext("a:summary", "", NAMES)
    assert gone.findall("a:link[@rel='related']", NAMES) == []


def test_a_host_receives_them_before_its_index_and_only_when_they_change(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, written = tmp_path / "hote", []
    target = FolderTarget(root)
    whole = target.write
    monkeypatch.setattr(target, "write", lambda name, body: written.append(name) or whole(name, body))
    assert deposit(releases, target, dry=True).to_text().splitlines()[-4:] == [
        *(f"remplacer {name}" for name in (*FRONTS, INDEX))
    ]
    deposit(releases, target)
    assert written[: len(FRONTS) + 1] == [*FRONTS, INDEX]
    assert all((root / name).read_bytes() == (releases / name).read_bytes() for name in FRONTS)
    assert deposit(releases, target).fils == ()
    withdraw(FIRST, releases=releases, reason="Essai.", day=date(2026, 11, 23))
    assert deposit(releases, target).fils == FRONTS[:2]
    assert titles(root, "flux.atom") == [f"Version {SECOND}", f"Version {FIRST} (retirée)"]


def test_where_every_release_is_withdrawn_the_feeds_still_say_so(releases: Path) -> None:
    for version in (FIRST, SECOND):
        withdraw(version, releases=releases, reason="Essai.", day=date(2026, 11, 23))
    assert titles(releases, "flux.atom") == [f"Version {version} (retirée)" for version in (SECOND, FIRST)]
    assert json.loads((releases / INDEX).read_text())["latest"] is None
