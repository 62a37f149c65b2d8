"""What is saved is enough: restored into an empty folder, the warehouse builds the same, every release reads whole."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publish.release import warehouse_print
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
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
