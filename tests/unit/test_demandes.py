"""What may be asked: sizes, the shape of callbacks, and how often what costs may be asked for."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from fixtures_release import VERSION
from werkzeug.test import Client, TestResponse

from dashboard import demandes
from dashboard.app import Site, create_app
from dashboard.demandes import LARGEST_BODY, LONGEST_QUERY, LONGEST_VALUE, Quotas, client
from dashboard.rappels import CALLBACK
from dashboard.router import LANGUAGES

READER, OTHER = "203.0.113.7", "203.0.113.8"
ASKED: dict[str, Any] = {
    "output": "corps.children",
    "outputs": {"id": "corps", "property": "children"},
    "inputs": [{"id": "adresse", "property": "pathname", "value": "/fr/scenes"}],
    "changedPropIds": ["adresse.pathname"],
    "parsedChangedPropsIds": ["adresse.pathname"],
}


@pytest.fixture(scope="module")
def site(small_releases: Path) -> Site:
    return create_app(small_releases)


@pytest.fixture(scope="module")
def asker(site: Site) -> Client:
    return site.server.test_client()


@pytest.fixture
def hurried(small_releases: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A site that lets each client ask for three views and two answers of the API a minute."""
    monkeypatch.setattr(demandes, "QUOTAS", {"vues": "3/minute", "api": "2/minute"})
    return create_app(small_releases).server.test_client()


def ask(asker: Client, path: str, address: str = READER) -> TestResponse:
    return asker.get(path, environ_overrides={"REMOTE_ADDR": address}, buffered=True)


def post(asker: Client, body: Any) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return asker.post(CALLBACK, data=data, content_type="application/json")


def test_what_a_browser_sends_is_answered(asker: Client, site: Site) -> None:
    assert post(asker, ASKED).status_code == 200
    output = next(name for name in site.callback_map if name.startswith("..textes-scenes"))
    ids = [{"id": one.component_id, "property": "data"} for one in site.callback_map[output]["output"]]
    fill = {
        "output": output,
        "outputs": ids,
        "inputs": [{"id": "adresse", "property": "search", "value": ""}],
        "state": [{"id": "adresse", "property": "pathname", "value": "/fr/scenes"}],
        "changedPropIds": [],
    }
    assert post(asker, fill).status_code == 200
    nothing = copy.deepcopy(fill)
    nothing["inputs"][0]["value"] = None
    assert post(asker, nothing).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"output": "rien.children"},
        {"output": None},
        {"output": ["corps.children"]},
        {"output": "..textes-scenes.data.."},
        {"outputs": {"id": "corps", "property": "style"}},
        {"outputs": []},
        {"inputs": []},
        {"inputs": "adresse"},
        {"inputs": [{"id": "adresse", "property": "pathname"}]},
        {"inputs": [{"id": "adresse", "property": "pathname", "value": None}]},
        {"inputs": [{"id": "adresse", "property": "pathname", "value": 10**400}]},
        {"inputs": [{"id": "adresse", "property": "pathname", "value": "/" + "a" * LONGEST_VALUE}]},
        {"inputs": [{"id": "adresse", "property": "pathname", "value": "/fr/\ud800"}]},
        {"inputs": [{"id": "ailleurs", "property": "pathname", "value": "/fr/"}]},
        {"state": [{"id": "adresse", "property": "search", "value": ""}]},
        {"changedPropIds": {"a": 1}},
        {"changedPropIds": [{}]},
        {"autre": True},
    ],
)
def test_what_no_browser_sends_is_refused(asker: Client, change: dict[str, Any]) -> None:
    answer = post(asker, {**ASKED, **change})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"NaN", b"[" * 9_000, b'"texte"'])
def test_what_is_no_question_is_refused(asker: Client, body: bytes) -> None:
    assert post(asker, body).status_code == 400


def test_a_body_that_does_not_say_how_long_it_is_is_refused(asker: Client) -> None:
    said = {"Transfer-Encoding": "chunked"}
    answer = asker.post(CALLBACK, headers=said, data=json.dumps(ASKED), content_type="application/json")
    assert answer.status_code == 411
    assert asker.get("/fr/scenes", headers=said).status_code == 411


@pytest.mark.parametrize(
    "path", ["dash/rien.js", "rien/rien.js", "dash/../../etc/passwd", "dash/__init__.py", "dash/dcc/metadata.json"]
)
def test_a_script_that_is_not_served_is_not_found(asker: Client, path: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = asker.get(f"/_dash-component-suites/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert not caplog.records


def test_too_large_a_body_and_too_long_an_address_are_told(asker: Client) -> None:
    assert post(asker, b" " * (LARGEST_BODY + 1)).status_code == 413
    answer = asker.get(f"/en/scenes?q={'a' * LONGEST_QUERY}")
    assert answer.status_code == 414
    assert "Address too long" in answer.get_data(as_text=True)
    assert asker.get(f"/extrait/{VERSION}.csv?periode={'2' * LONGEST_QUERY}").status_code == 414


@pytest.mark.parametrize("lang", LANGUAGES)
def test_too_many_views_are_refused_for_a_while_on_a_page_of_words(hurried: Client, lang: str) -> None:
    found = [ask(hurried, f"/{lang}/scenes?trimestre={year}-T1").status_code for year in (2023, 2024, 2025, 2026)]
    refused = ask(hurried, f"/{lang}/scenes?trimestre=2026-T2")
    text = refused.get_data(as_text=True)
    assert 429 not in found[:3]
    assert found[3] == refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert f'<html lang="{lang}">' in text
    assert {"fr": "Trop de demandes", "en": "Too many requests"}[lang] in text
    assert ask(hurried, f"/{lang}/scenes?trimestre=2026-T2", OTHER).status_code == 200


def test_what_is_kept_and_what_is_a_file_is_never_refused(hurried: Client) -> None:
    paths = ["/fr/caarud", "/assets/site.js", "/sante", f"/donnees/{VERSION}/datapackage.json"]
    ask(hurried, "/fr/caarud")
    assert {ask(hurried, path).status_code for path in paths for _ in range(6)} == {200}


def test_too_many_questions_to_the_api_are_a_problem_in_its_form(hurried: Client) -> None:
    assert [ask(hurried, "/api/v1/releases").status_code for _ in range(3)] == [200, 200, 429]
    problem = ask(hurried, "/api/v1/releases?lang=en")
    assert problem.mimetype == "application/problem+json"
    assert problem.get_json()["type"] == "/en/api#trop-de-demandes"
    assert problem.get_json()["title"] == "Too many requests"
    assert 0 < int(problem.headers["Retry-After"]) <= 60
    # The API and the pages are counted apart.
    assert ask(hurried, "/fr/scenes").status_code == 200


def test_extracts_and_searches_are_counted(hurried: Client) -> None:
    paths = (f"/extrait/{VERSION}.csv?periode=2025", "/fr/recherche?q=crack", "/catalog.jsonld")
    assert 429 not in [ask(hurried, path).status_code for path in paths]
    refused = ask(hurried, paths[0])
    assert (refused.status_code, refused.mimetype) == (429, "text/plain")


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        (None, ""),
        ("@", "@"),
    ],
)
def test_a_client_is_its_address_or_the_network_of_its_house(address: str | None, counted_as: str) -> None:
    assert client(address) == counted_as


def test_this_machine_is_never_refused() -> None:
    quotas = Quotas({"vues": "1/minute"})
    assert [quotas.wait("vues", "127.0.0.1") for _ in range(5)] == [0] * 5
    assert quotas.wait("vues", READER) == 0
    assert quotas.wait("vues", READER) > 0


def test_a_reader_behind_a_server_in_front_is_counted_by_its_own_address(
    small_releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.reglages import Settings

    monkeypatch.setattr(demandes, "QUOTAS", {"vues": "1/minute", "api": "1/minute"})
    proxied = create_app(small_releases, Settings(proxies=1)).server.test_client()

    def status(*forwarded: str) -> int:
        return proxied.get("/api/v1/releases", headers={"X-Forwarded-For": ", ".join(forwarded)}).status_code

    assert [status(READER), status(READER), status(OTHER)] == [200, 429, 200]
    # What a reader writes itself stands before what the server in front adds.
    assert status("198.51.100.1", READER) == 429
