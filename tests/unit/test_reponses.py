"""Answers kept: made once for all who ask the same question, anew for another, and never for an error."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

from dashboard.app import create_app
from dashboard.page import Page
from dashboard.reponses import warm
from dashboard.router import LANGUAGES, SLUGS, href

ZIPPED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def folder(small_releases: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_releases, tmp_path / "publications"))


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that were written, in order."""
    found: list[str] = []
    first_view = Page.first_view

    def written(page: Page, context):
        found.append(context.here())
        return first_view(page, context)

    monkeypatch.setattr(Page, "first_view", written)
    return found


@pytest.fixture
def server(folder: Path) -> Flask:
    return create_app(folder).server


def test_the_same_question_is_answered_once_with_the_same_bytes(server: Flask, built: list[str]) -> None:
    client = server.test_client()
    first, second = (client.get("/fr/caarud", headers=ZIPPED) for _ in range(2))
    assert built == ["/fr/caarud"]
    assert first.data == second.data
    assert {name: value for name, value in first.headers if name != "Date"} == {
        name: value for name, value in second.headers if name != "Date"
    }


def test_another_language_another_state_and_another_encoding_are_other_questions(server: Flask) -> None:
    client = server.test_client()
    asked = [("/fr/caarud", ZIPPED), ("/en/caarud", ZIPPED), ("/fr/caarud?annee=2024", ZIPPED), ("/fr/caarud", {})]
    assert len({client.get(path, headers=headers).data for _ in range(2) for path, headers in asked}) == len(asked)


def test_an_error_is_not_kept(server: Flask, folder: Path) -> None:
    client = server.test_client()
    index = (folder / "index.json").read_text(encoding="utf-8")
    (folder / "index.json").unlink()
    assert client.get("/fr/caarud").status_code == 503
    (folder / "index.json").write_text(index, encoding="utf-8")
    assert client.get("/fr/caarud").status_code == 200
    assert client.get("/fr/caarud?annee=1789").status_code == 400


def test_a_new_index_makes_every_answer_anew(server: Flask, folder: Path, built: list[str]) -> None:
    client = server.test_client()
    client.get("/fr/caarud")
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    index["releases"][0]["date"] = "2026-12-24"
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert "24 décembre 2026" in client.get("/fr/caarud").get_data(as_text=True).replace("\u00a0", " ")
    assert len(built) == 2


def test_every_page_is_made_ahead_in_both_languages(server: Flask, built: list[str]) -> None:
    warm(server, rest=lambda: None)
    assert sorted(built) == sorted(href(lang, slug) for slug in SLUGS for lang in LANGUAGES)
    for path in ("/fr/", "/en/carte", "/fr/objectifs"):
        assert server.test_client().get(path, headers=ZIPPED).status_code == 200
    assert len(built) == 2 * len(SLUGS)
