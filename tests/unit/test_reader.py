"""The one door to a release: what it gives, and what it refuses with a message that says what to do."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import duckdb
import pytest
from fixtures_release import OLDER, VERSION, write_releases

from publish.reader import Release, Releases
from schemas.errors import ReleaseConflict, UsageError


@pytest.fixture
def release(small_releases: Path) -> Release:
    return Releases(small_releases).release()


def test_index_lists_releases_newest_first(small_releases: Path) -> None:
    releases = Releases(small_releases)
    assert releases.versions == (VERSION, OLDER)
    assert releases.latest == VERSION
    assert releases.index()[0].simule is True


def test_latest_is_the_release_the_index_names(small_releases: Path) -> None:
    releases = Releases(small_releases)
    assert releases.release("latest").version == VERSION
    assert releases.release(OLDER).folder.name == OLDER
    assert releases.release() is releases.release(VERSION)


def test_query_binds_values(release: Release) -> None:
    sql = "select count(*) as n from observations where indicateur = $code"
    assert release.query(sql, {"code": "caarud_pipes"})["n"][0] == 9
    assert release.query(sql, {"code": "' or true --"})["n"][0] == 0


def test_query_cannot_open_another_file(release: Release, tmp_path: Path) -> None:
    other = tmp_path / "ailleurs.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        release.query("select * from read_csv($path)", {"path": str(other)})
    with pytest.raises(duckdb.Error):
        release.query("set enable_external_access = true")


def test_threads_may_ask_at_once(release: Release) -> None:
    counts: list[int] = []
    ask = lambda: counts.append(int(release.query("select count(*) as n from indicateurs")["n"][0]))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 4
    assert len(set(counts)) == 1


def test_path_gives_the_files_of_the_release(release: Release) -> None:
    assert release.path("data/observations.csv").read_text(encoding="utf-8").startswith("indicateur,")
    assert len(release.checksums["data/observations.csv"]) == 64


@pytest.mark.parametrize(
    "relative", ["../index.json", "data/../../index.json", "/etc/hostname", "data", "data/rien.csv"]
)
def test_path_refuses_what_is_not_a_file_of_the_release(release: Release, relative: str) -> None:
    with pytest.raises(UsageError, match="n'est pas un fichier de la publication"):
        release.path(relative)


def test_path_refuses_a_link_that_leaves_the_release(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    (root / "secret.txt").write_text("x", encoding="utf-8")
    (root / VERSION / "data" / "lien.txt").symlink_to(root / "secret.txt")
    with pytest.raises(UsageError):
        Releases(root).release().path("data/lien.txt")


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseConflict, match="observatoire release"):
        Releases(tmp_path).index()


def test_unreadable_index_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReleaseConflict, match=r"index\.json : index illisible"):
        _ = Releases(tmp_path).latest


def test_an_index_that_breaks_leaves_what_it_said_until_it_is_mended(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    releases = Releases(root)
    assert (releases.latest, releases.index_stands) == (VERSION, True)
    whole = (root / "index.json").read_bytes()
    (root / "index.json").write_bytes(whole[:-40])
    assert (releases.latest, releases.index_stands) == (VERSION, False)
    (root / "index.json").write_bytes(whole)
    assert (releases.latest, releases.index_stands) == (VERSION, True)


def test_unknown_version_lists_those_that_exist(small_releases: Path) -> None:
    with pytest.raises(UsageError, match=VERSION.replace("+", r"\+")):
        Releases(small_releases).release("2020.1.0")


def test_incomplete_release_says_what_is_missing(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    (root / VERSION / "SHA256SUMS").unlink()
    with pytest.raises(ReleaseConflict, match="SHA256SUMS"):
        Releases(root).release(VERSION)


def test_a_new_release_is_seen_without_a_restart(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    releases = Releases(root)
    assert releases.latest == VERSION
    index = json.loads((root / "index.json").read_text(encoding="utf-8"))
    shutil.copytree(root / VERSION, root / "2026.4.0+demo")
    index["releases"].insert(0, {**index["releases"][0], "version": "2026.4.0+demo"})
    (root / "index.json").write_text(json.dumps({**index, "latest": "2026.4.0+demo"}), encoding="utf-8")
    assert releases.release().version == "2026.4.0+demo"


def test_a_closed_folder_opens_again_when_asked(small_releases: Path) -> None:
    releases = Releases(small_releases)
    sql = "select count(*) as n from territoires"
    before = int(releases.release().query(sql)["n"][0])
    releases.close()
    assert int(releases.release().query(sql)["n"][0]) == before
