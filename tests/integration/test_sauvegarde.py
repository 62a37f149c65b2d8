"""What is saved is enough: restored into an empty folder, the warehouse builds the same, every release reads whole."""

from __future__ import annotations

import gzip
import os
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from publish.release import warehouse_print
from publish.withdraw import withdraw
from tests.integration.house import REFERENCE, House

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
EVERYTHING = "select * from observations order by all"


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "OBSERVATOIRE": f"{shlex.quote(sys.executable)} -m observatoire",
        "OBSERVATOIRE_REFERENCE": str(REFERENCE),
    }
    command = [str(DEPLOY / script), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Files by their path, the locks of writers left out."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def archive(six: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sauvegardes")
    done = run("sauvegarder.sh", six.data, folder)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_what_is_restored_builds_and_reads_the_same(six: House, archive: Path, tmp_path: Path) -> None:
    done = run("restaurer.sh", archive, tmp_path / "neuf")
    assert done.returncode == 0, done.stderr
    back = House(tmp_path / "neuf")
    assert warehouse_print(back.warehouse) == warehouse_print(six.warehouse)
    assert back.ask(EVERYTHING) == six.ask(EVERYTHING)
    assert contents(back.releases) == contents(six.releases)
    assert contents(back.data / "snapshots") == contents(six.data / "snapshots")
    assert contents(back.data / "reference") == contents(REFERENCE)


def test_an_archive_that_was_changed_and_a_folder_in_use_are_refused(archive: Path, tmp_path: Path) -> None:
    used = tmp_path / "plein"
    used.mkdir()
    (used / "note.txt").write_text("à garder", encoding="utf-8")
    refused = run("restaurer.sh", archive, used)
    assert (refused.returncode, [path.name for path in used.iterdir()]) == (2, ["note.txt"])
    assert "n'est pas vide" in refused.stderr
    broken = Path(shutil.copy(archive, tmp_path))
    shutil.copy(f"{archive}.sha256", tmp_path)
    broken.write_bytes(broken.read_bytes()[:-7] + b"1234567")
    refused = run("restaurer.sh", broken, tmp_path / "neuf")
    assert refused.returncode == 10
    assert not (tmp_path / "neuf").exists()


def test_nothing_to_save_is_said(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    done = run("sauvegarder.sh", tmp_path / "vide", tmp_path)
    assert done.returncode == 2
    assert "rien à sauvegarder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["vide"]


def test_what_writers_do_meanwhile_does_not_spoil_the_archive(six: House, tmp_path: Path) -> None:
    data = Path(shutil.copytree(six.data, tmp_path / "donnees"))
    (data / "snapshots" / ".lecture.x").mkdir()
    (data / "snapshots" / ".lecture.x" / "brouillon.parquet").write_bytes(b"")
    (tmp_path / "sauvegardes").mkdir()
    done = run("sauvegarder.sh", data, tmp_path / "sauvegardes")
    assert (done.returncode, done.stderr) == (0, "")
    assert run("restaurer.sh", done.stdout.strip(), tmp_path / "neuf").returncode == 0
    assert not (tmp_path / "neuf" / "snapshots" / ".lecture.x").exists()
    assert contents(tmp_path / "neuf" / "snapshots") == contents(six.data / "snapshots")


def test_the_served_copy_keeps_a_whole_twin_beside_each_text(six: House, tmp_path: Path) -> None:
    data, served = Path(shutil.copytree(six.data, tmp_path / "donnees")), tmp_path / "servi"
    served.mkdir()

    def twins() -> dict[Path, int]:
        assert run("servir.sh", data, served).returncode == 0
        found = sorted(served.rglob("*.gz"))
        assert all(gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes() for path in found)
        return {path: path.stat().st_ino for path in found}

    first = twins()
    assert len(first) > 20
    # What did not change is not written again: no reader is ever sent half of a twin.
    assert twins() == first
    version = next(path.parts[-3] for path in first if path.name == "observations.csv.gz")
    withdraw(version, releases=data / "releases", reason="Essai.", day=date(2028, 1, 5))
    assert not [path for path in twins() if f"/{version}/data/" in path.as_posix()]
