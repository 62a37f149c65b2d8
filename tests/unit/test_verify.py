"""A release is checked to the last byte, and what is wrong is named."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fixtures_depot import FILES, sha, write_release, write_releases

from publish.verify import archive_of, checksum_of, listed, verify, verify_all
from publish.withdraw import withdraw
from schemas.errors import ReleaseConflict, UsageError

VERSION = "2026.3.0+demo"


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return write_releases(tmp_path / "releases", "2026.2.0+demo", VERSION)


def test_a_whole_release_has_no_fault_and_says_its_size(releases: Path) -> None:
    verdict = verify(releases, VERSION)
    assert verdict.fautes == ()
    assert verdict.fichiers == len(FILES) + 1
    assert verdict.archive
    assert "entière" in verdict.to_text()
    assert [found.version for found in verify_all(releases)] == ["2026.2.0+demo", VERSION]


def alter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def relist(folder: Path, name: str, body: bytes) -> None:
    """Change a file and its line in the list, as one who wants to hide it would."""
    before = sha((folder / name).read_bytes())
    (folder / name).write_bytes(body)
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(before, sha(body)))


def describe(folder: Path, change: Callable[[dict], None]) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    change(package)
    relist(folder, "datapackage.json", json.dumps(package).encode())


def without_a_member(folder: Path) -> None:
    path = archive_of(folder.parent, folder.name)
    with zipfile.ZipFile(path) as opened:
        kept = {name: opened.read(name) for name in opened.namelist() if not name.endswith("README.md")}
    with zipfile.ZipFile(path, "w") as opened:
        for name, body in kept.items():
            opened.writestr(name, body)
    checksum_of(path).write_text(f"{sha(path.read_bytes())}  {path.name}\n")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte": (lambda f: alter(f / "data/observations.csv"), "data/observations.csv : ses octets"),
    "a file lost": (lambda f: (f / "README.md").unlink(), "README.md : manque"),
    "a file more": (lambda f: (f / "data/.reste").write_text("x"), "data/.reste : n'est pas de la version"),
    "a link": (
        lambda f: ((f / "README.md").unlink(), (f / "README.md").symlink_to(f.parent / "2026.2.0+demo" / "README.md")),
        "README.md : manque",
    ),
    "no list": (lambda f: (f / "SHA256SUMS").unlink(), "SHA256SUMS"),
    "a list that leaves the folder": (
        lambda f: (f / "SHA256SUMS").write_text(f"{'0' * 64}  ../index.json\n"),
        "n'est pas une ligne",
    ),
    "a line twice": (
        lambda f: (f / "SHA256SUMS").write_text((f / "SHA256SUMS").read_text() * 2),
        "n'est pas une ligne",
    ),
    "another version's descriptor": (
        lambda f: describe(f, lambda package: package.update(version="2026.1.0")),
        "dit être la version 2026.1.0",
    ),
    "bytes in the descriptor": (
        lambda f: describe(f, lambda package: package["resources"][0].update(bytes=1)),
        "la taille de data/observations.csv",
    ),
    "hash in the descriptor": (
        lambda f: describe(f, lambda package: package["resources"][1].update(hash="sha256:00")),
        "la taille de data/observations.parquet",
    ),
    "a resource that is not there": (
        lambda f: describe(f, lambda package: package["resources"][0].update(path="data/autre.csv")),
        "data/autre.csv n'est pas dans",
    ),
    "a schema that is not there": (
        lambda f: describe(f, lambda package: package["resources"][0].update(schema="schemas/autre.json")),
        "schemas/autre.json",
    ),
    "a descriptor that is none": (lambda f: relist(f, "datapackage.json", b"[]"), "datapackage.json : illisible"),
    "the archive": (lambda f: alter(archive_of(f.parent, f.name)), "ne dit pas l'empreinte"),
    "the archive's checksum": (lambda f: checksum_of(archive_of(f.parent, f.name)).unlink(), ".sha256 : manque"),
    "a member of the archive": (without_a_member, "README.md n'y est pas comme"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_every_damage_is_found_and_named(releases: Path, what: str) -> None:
    damage, told = DAMAGE[what]
    damage(releases / VERSION)
    verdict = verify(releases, VERSION)
    assert any(told in fault for fault in verdict.fautes), verdict.fautes
    assert told in verdict.to_text()
    assert verify(releases, "2026.2.0+demo").fautes == ()


def test_what_is_wrong_stays_on_one_screen(releases: Path) -> None:
    for number in range(60):
        (releases / VERSION / f"reste_{number}").write_text("x")
    text = verify(releases, VERSION).to_text()
    assert len(text.splitlines()) < 25
    assert "60 défauts" in text
    assert "et 40 autres" in text


def test_a_version_that_the_index_does_not_name_is_refused_by_name(releases: Path) -> None:
    write_release(releases, "2026.4.0+demo")
    with pytest.raises(UsageError, match=r"ne nomme pas « 2026.4.0\+demo »"):
        verify(releases, "2026.4.0+demo")


def test_there_is_nothing_to_verify_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(ReleaseConflict, match="pas d'index"):
        verify_all(tmp_path)


def test_the_list_is_read_by_name(releases: Path) -> None:
    sums = listed(releases / VERSION)
    assert sums["README.md"] == sha(FILES["README.md"])
    assert set(sums) == {*FILES, "datapackage.json"}


def test_what_was_withdrawn_is_gone_and_the_rest_is_whole(releases: Path) -> None:
    kept = (releases / VERSION / "data" / "observations.csv").read_bytes()
    withdraw(VERSION, releases=releases, reason="Erreur de calcul.", day=date(2026, 11, 23))
    verdict = verify(releases, VERSION)
    assert (verdict.fautes, verdict.fichiers, verdict.retiree) == ((), 0, True)
    assert "retirée, sa trace est entière" in verdict.to_text()
    (releases / VERSION / "data").mkdir()
    (releases / VERSION / "data" / "observations.csv").write_bytes(kept)
    (releases / VERSION / "RETRAIT.md").unlink()
    assert verify(releases, VERSION).fautes == (
        "RETRAIT.md : manque.",
        "data/observations.csv : a été retiré et est encore là.",
    )


def test_one_withdrawn_dataset_may_be_absent_and_must_be(tmp_path: Path) -> None:
    releases = write_releases(tmp_path / "releases", VERSION, files={**FILES, "data/lits.csv": b"lits\n4\n"})
    folder = releases / VERSION
    withdraw(VERSION, releases=releases, reason="Erreur.", day=date(2026, 11, 23), dataset="lits")
    verdict = verify(releases, VERSION)
    assert (verdict.fautes, verdict.archive) == ((), False)
    (folder / "data" / "lits.csv").write_bytes(b"lits\n4\n")
    assert verify(releases, VERSION).fautes == ("data/lits.csv : a été retiré et est encore là.",)


def test_an_archive_with_any_byte_of_its_directory_altered_is_a_fault_that_is_told(releases: Path) -> None:
    path = archive_of(releases, VERSION)
    content = path.read_bytes()
    for place in range(content.rindex(b"PK\x01\x02"), len(content)):
        for sign in {0, 0x7F, 0xFF} - {content[place]}:
            path.write_bytes(content[:place] + bytes([sign]) + content[place + 1 :])
            assert any(path.name in fault for fault in verify(releases, VERSION).fautes)
