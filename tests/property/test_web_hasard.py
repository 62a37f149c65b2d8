"""Whatever is asked of the site, it never fails nor tells its insides: paths, parameters, bodies made to break it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fixtures_release import VERSION
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from dashboard.app import Site, create_app
from dashboard.extraits import CUT_BY
from dashboard.filters import PATTERNS
from dashboard.rappels import CALLBACK
from dashboard.router import SLUGS, href

NASTY = (
    *("'", "' OR 1=1 --", "'; drop table observations; --", "\" union select * from read_csv('/etc/passwd') --", "%"),
    *("\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\u202e1202", "\u2066x\u2069", "\ufeff", "𝟚𝟘𝟚𝟞", "١٢٣", "é" * 90),
    *("9" * 400, "-1", "1e309", "NaN", "Infinity", "0x10", "2026-T9", "9999-T4", "0000", "2026-13", "1e5"),
    *("../../../../etc/passwd", "..%2f..", "/etc/passwd", "file:///etc/passwd", "C:\\x", "~", ".", "..", "//hote.test"),
    *("<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n", "=cmd|' /C calc'!A0", "javascript:alert(1)", ""),
)
TOLD = ("Traceback", "site-packages", 'File "', "duckdb.", "werkzeug")
FEW = settings(max_examples=30)
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
names = st.one_of(st.sampled_from([*PATTERNS, "granularite", "page", "page_size", "lang", "format", "taille"]), words)
versions = st.one_of(st.sampled_from(["latest", VERSION]), words)
queries = st.lists(st.tuples(names, words), max_size=4)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(words, inside, max_size=3),
    max_leaves=8,
)
KEPT: dict[str, Path] = {}


@pytest.fixture(autouse=True, scope="module")
def _releases(small_releases: Path) -> None:
    KEPT["releases"] = small_releases


@cache
def site() -> Site:
    return create_app(KEPT["releases"])


@cache
def asker() -> Client:
    return site().server.test_client()


def sound(answer: TestResponse) -> None:
    """An answer that is one: no failure of ours, nothing of our insides, no header slipped in."""
    text = answer.get_data(as_text=True)
    assert answer.status_code < 500
    assert not [word for word in TOLD if word in text]
    assert "Set-Cookie" not in answer.headers
    assert "root:x:0" not in text
    assert "<script>alert(1)</script>" not in text or answer.mimetype != "text/html"
    assert not answer.headers.get("Location", "/").startswith(("//", "http"))


def get(path: str, query: list[tuple[str, str]]) -> TestResponse:
    asked = "&".join(f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in query)
    return asker().get(path, query_string=asked, buffered=True)


def safe(text: str) -> str:
    return quote(text, safe="", errors="replace")


@FEW
@given(st.sampled_from([href(lang, slug) for lang in ("fr", "en") for slug in SLUGS]), queries)
def test_pages(path: str, query: list[tuple[str, str]]) -> None:
    sound(get(path, query))


@FEW
@given(st.sampled_from(["services", "indicateurs", "territoires", "themes"]), words, queries)
def test_pages_of_one_item(listed: str, item: str, query: list[tuple[str, str]]) -> None:
    sound(get(f"/fr/{listed}/{safe(item)}", query))


@pytest.mark.parametrize("name", PATTERNS)
def test_every_parameter_of_a_page(name: str) -> None:
    for value in NASTY:
        sound(get("/fr/donnees" if name == "q" else "/fr/scenes", [(name, value)]))


@FEW
@given(versions, st.one_of(words, st.sampled_from([*CUT_BY, "jours"])), queries)
def test_extracts(version: str, table: str, query: list[tuple[str, str]]) -> None:
    for path in (f"/extrait/{safe(version)}.csv", f"/extrait/{safe(version)}/{safe(table)}.csv"):
        sound(get(path, query))


@settings(max_examples=100)
@given(versions, st.lists(words, min_size=1, max_size=3))
def test_files(version: str, parts: list[str]) -> None:
    for relative in ("/".join(map(safe, parts)), safe("/".join(parts)), "data/" + safe("../" * len(parts) + parts[0])):
        answer = get(f"/donnees/{safe(version)}/{relative}", [])
        sound(answer)
        assert answer.status_code in (302, 308, 400, 404, 410) or version in ("latest", VERSION)


@FEW
@given(st.one_of(words, st.sampled_from(["observations", "releases", "datasets", "openapi.json"])), queries)
def test_api(path: str, query: list[tuple[str, str]]) -> None:
    answer = get(f"/api/v1/{safe(path)}", query)
    sound(answer)
    assert answer.status_code < 300 or answer.mimetype == "application/problem+json"


@FEW
@given(st.sampled_from(["/calendrier.ics", "/donnees/flux.atom", "/pret", "/robots.txt"]), queries)
def test_the_rest(path: str, query: list[tuple[str, str]]) -> None:
    sound(get(path, query))


@FEW
@given(anything)
def test_callbacks_that_are_anything(body: Any) -> None:
    answer = asker().post(CALLBACK, data=json.dumps(body).encode(), content_type="application/json")
    sound(answer)
    assert answer.status_code == 400


@FEW
@given(st.data(), words, words)
def test_callbacks_of_the_right_shape(data: st.DataObject, search: str, pathname: str) -> None:
    callbacks = {name: one for name, one in site().callback_map.items() if "callback" in one}
    output = data.draw(st.sampled_from(sorted(callbacks)))
    declared = callbacks[output]["output"]
    ids = (
        [{"id": one.component_id, "property": one.component_property} for one in declared]
        if isinstance(declared, list)
        else {"id": declared.component_id, "property": declared.component_property}
    )
    place = data.draw(st.sampled_from([pathname, "/fr/scenes", "/en/carte", "/fr/services/x", "/", ""]))
    values = {"search": data.draw(st.sampled_from([search, "?" + search, "?vue=" + search, ""])), "pathname": place}
    given_values = {
        part: [{**one, "value": values[one["property"]]} for one in callbacks[output][part]]
        for part in ("inputs", "state")
    }
    body = {"output": output, "outputs": ids, "changedPropIds": [], **given_values}
    sound(asker().post(CALLBACK, data=json.dumps(body).encode(), content_type="application/json"))
