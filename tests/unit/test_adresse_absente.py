"""Who publishes or serves files that bear an address leading nowhere is told so; and what a late warehouse lacks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fixtures_release import VERSION, write_releases

import observatoire
from dashboard import serve
from publish import adresses
from publish.release import Published
from schemas.errors import ReleaseConflict


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """What ``release`` says of a version, the release itself being made of nothing."""

    def freeze(version: Any, **_: Any) -> Published:
        return Published(version, tmp_path, {}, 0)

    def said(version: str) -> str:
        observatoire._release(version, observatoire.Paths(tmp_path), tmp_path, date(2026, 11, 22))
        return capsys.readouterr().err

    monkeypatch.setattr("publish.release.release", freeze)
    monkeypatch.delenv(adresses.VARIABLE, raising=False)
    return said


def test_a_release_without_an_address_says_so(published: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = published("2026.3.0")
    assert adresses.nowhere("2026.3.0") in told
    assert adresses.DEFAULT in told
    assert adresses.VARIABLE in told
    assert adresses.DEFAULT not in published("2026.3.0+demo")
    monkeypatch.setenv(adresses.VARIABLE, "https://observatoire.fr")
    assert adresses.DEFAULT not in published("2026.3.0")


@pytest.mark.parametrize(("simulated", "base", "told"), [(False, "", True), (True, "", False), (False, "/x", False)])
def test_a_site_that_shows_such_a_release_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulated: bool, base: str, told: bool
) -> None:
    index = write_releases(tmp_path) / "index.json"
    listed = json.loads(index.read_text(encoding="utf-8"))
    entries = [entry | {"simule": simulated} for entry in listed["releases"]]
    index.write_text(json.dumps(listed | {"releases": entries}), encoding="utf-8")
    monkeypatch.setattr(serve, "named_base", lambda release: base)
    monkeypatch.setattr(serve._Server, "run", lambda server: None)
    said: list[str] = []
    serve.serve(tmp_path, host="127.0.0.1", port=0, workers=1, ready=said.append)
    assert (adresses.nowhere(VERSION) in said) == told


def test_a_late_warehouse_is_told_by_its_feeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = ("declarations", "declarations_plan_lits", "flux_plan_lits", "observations", "services")
    monkeypatch.setattr("etl.build.outdated", lambda *_, **__: tables)
    paths = observatoire.Paths(tmp_path)
    paths.warehouse.touch()
    with pytest.raises(ReleaseConflict, match=r"sur ce qui a été reçu \(plan_lits, services\) : la version"):
        observatoire._release("2026.3.0", paths, tmp_path, date(2026, 11, 22))
    assert observatoire._behind(("ancetres", "observations")) == "le programme, qui calcule autrement"
