"""Answers kept: made once for all who ask the same question, anew for another, and never for an error."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from fixtures_release import VERSION
from flask import Flask
from flask.testing import FlaskClient

from dashboard import reponses
from dashboard.app import Site, create_app
from dashboard.page import Page
from dashboard.rappels import CALLBACK
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


def test_every_page_and_its_callback_are_made_ahead_in_both_languages(folder: Path, built: list[str]) -> None:
    site = create_app(folder)
    warm(site, rest=lambda: None)
    assert sorted(built) == sorted(href(lang, slug) for slug in SLUGS for lang in LANGUAGES)
    client = site.server.test_client()
    with patch.object(Page, "sections_of", side_effect=AssertionError("made again")):
        for path in ("/fr/", "/en/carte", "/fr/objectifs"):
            assert client.get(path, headers=ZIPPED).status_code == 200
            assert client.post(CALLBACK, json=_as_browsers_ask(client, path), headers=ZIPPED).status_code == 200
    assert len(built) == 2 * len(SLUGS)


def _as_browsers_ask(client: FlaskClient, path: str) -> dict[str, Any]:
    """The callback that fills a page, from what Dash tells browsers of it."""
    start = f"..textes-{path.rsplit('/', 1)[1] or 'accueil'}.data"
    told = next(one for one in client.get("/_dash-dependencies").json if one["output"].startswith(start))
    outputs = [
        {"id": json.loads(name) if name.startswith("{") else name, "property": part}
        for name, _, part in (one.rpartition(".") for one in told["output"].strip(".").split("..."))
    ]
    return {
        "output": told["output"],
        "outputs": outputs,
        "inputs": [{**one, "value": ""} for one in told["inputs"]],
        "changedPropIds": ["adresse.search"],
        "parsedChangedPropsIds": ["adresse.search"],
        "state": [{**one, "value": path} for one in told["state"]],
    }


def test_nobody_writes_another_address_into_what_is_kept_for_all(server: Flask) -> None:
    client = server.test_client()
    asked = _as_browsers_ask(client, "/fr/produits")
    asked["inputs"][0]["value"] = f"?release={VERSION.replace('+', '%2B')}"
    for elsewhere in ("/fr/secret", "/fr/services/x", "/fr/rien", ""):
        asked["state"][0]["value"] = elsewhere
        assert client.post(CALLBACK, json=asked).status_code == 400
    page = client.get(f"/fr/produits{asked['inputs'][0]['value']}").get_data(as_text=True)
    assert "/fr/secret?release=" not in page.partition("<main")[2].partition("<footer")[0]
    asked["state"][0]["value"] = "/en/produits"
    assert client.post(CALLBACK, json=asked).status_code == 200


def test_a_crowd_that_asks_the_same_question_has_it_answered_once(server: Flask, built: list[str]) -> None:
    together = threading.Barrier(6)
    read: list[bytes] = []

    def ask() -> None:
        together.wait()
        read.append(server.test_client().get("/fr/caarud", headers=ZIPPED).data)

    crowd = [threading.Thread(target=ask) for _ in range(6)]
    for reader in crowd:
        reader.start()
    for reader in crowd:
        reader.join()
    assert built == ["/fr/caarud"]
    assert len(read) == 6
    assert len(set(read)) == 1


class Ahead:
    """A site that makes its pages ahead, only ``PAGE``, and only when it is let."""

    PAGE = "/fr/caarud"

    def __init__(self, site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.let, self.waits = site, threading.Event(), threading.Event()
        monkeypatch.setattr(reponses, "WATCH", 0.05)
        monkeypatch.setattr(reponses, "warm", self._make)
        self._thread = site.answers.keep_warm(site, folder)

    def close(self) -> None:
        """End the thread that makes pages."""
        self.let.set()
        self.site.answers.close()
        self._thread.join(timeout=20)

    def _make(self, app: Site) -> None:
        self.waits.set()
        assert self.let.wait(timeout=20)
        app.server.test_client().get(self.PAGE, headers=ZIPPED, environ_overrides={reponses.AHEAD: True})

    def read(self) -> bytes:
        """The page, as a reader has it."""
        answer = self.site.server.test_client().get(self.PAGE, headers=ZIPPED)
        assert answer.status_code == 200
        return answer.data

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what is made in another thread."""
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Ahead]]:
    """Makes sites on a folder of releases that share their answers."""
    made: list[Ahead] = []

    def make(folder: Path) -> Ahead:
        made.append(Ahead(create_app(folder), tmp_path / "communes", monkeypatch))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _add(folder: Path) -> None:
    """The index of a folder with one release more, a copy of the newest."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    newest = next(one for one in index["releases"] if one["version"] == index["latest"])
    shutil.copytree(folder / newest["version"], folder / "2027.1.0+demo")
    added = {**newest, "version": "2027.1.0+demo"}
    told = {**index, "latest": added["version"], "releases": [added, *index["releases"]]}
    (folder / "index.json").write_text(json.dumps(told), encoding="utf-8")


def _take_back(folder: Path) -> None:
    """The index once a file of its newest release was withdrawn."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    newest = next(one for one in index["releases"] if one["version"] == index["latest"])
    newest["retraits"] = [
        {"fichier": "data/population.csv", "date": "2026-12-24", "raison": "Une cellule était fausse."}
    ]
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")


def _settled(site: Ahead) -> bool:
    return site.site.answers._settled is not None


def test_readers_have_the_answers_of_before_until_the_pages_of_a_new_release_are_made(
    folder: Path, ahead: Callable[[Path], Ahead], built: list[str]
) -> None:
    site = ahead(folder)
    site.let.set()
    before = site.read()
    site.until(lambda: _settled(site))
    site.let.clear()
    site.waits.clear()
    _add(folder)
    assert site.read() == before
    assert site.waits.wait(timeout=20)
    assert site.read() == before
    site.let.set()
    site.until(lambda: site.read() != before)
    assert built == [Ahead.PAGE] * 2


def test_what_was_taken_back_is_not_shown_while_pages_are_made(
    folder: Path, ahead: Callable[[Path], Ahead], built: list[str]
) -> None:
    site = ahead(folder)
    site.let.set()
    site.until(lambda: _settled(site))
    site.read()
    assert built == [Ahead.PAGE]
    site.let.clear()
    _take_back(folder)
    site.read()
    assert built == [Ahead.PAGE] * 2


def test_a_new_release_shows_where_the_disk_refuses_what_processes_share(
    folder: Path, tmp_path: Path, ahead: Callable[[Path], Ahead]
) -> None:
    (tmp_path / "communes").write_text("un fichier, non un dossier", encoding="utf-8")
    site = ahead(folder)
    site.until(lambda: _settled(site))
    before = site.read()
    _add(folder)
    site.until(lambda: site.read() != before)


def test_what_one_process_made_another_does_not_make_again(
    folder: Path, ahead: Callable[[Path], Ahead], built: list[str]
) -> None:
    first = ahead(folder)
    first.let.set()
    first.until(lambda: _settled(first))
    assert ahead(folder).read() == first.read()
    assert built == [Ahead.PAGE]
