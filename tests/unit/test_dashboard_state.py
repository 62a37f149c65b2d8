"""The state of a page in its address, the router, the catalogue of texts, the cache."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.cache import Cache
from dashboard.filters import BadFilter, Filters, parse
from dashboard.i18n import catalogue, texts
from dashboard.router import LANGUAGES, SLUGS, Route, href, other, resolve
from schemas.errors import UsageError

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", Filters()),
        (None, Filters()),
        ("?trimestre=2026-T3", Filters(trimestre="2026-T3")),
        ("release=2026.3.0%2Bdemo&q=a+b", Filters(release="2026.3.0+demo", q="a b")),
        ("?release=2026.3.0+demo", Filters(release="2026.3.0+demo")),
        ("?territoire=commune:93001", Filters(territoire="commune:93001")),
        ("?trimestre=", Filters()),
    ],
)
def test_parse(search: str | None, expected: Filters) -> None:
    assert parse(search) == expected


@pytest.mark.parametrize(
    ("search", "field"),
    [
        ("?trimestre=2026-T5", "trimestre"),
        ("?trimestre=2026-09", "trimestre"),
        ("?release=demain", "release"),
        ("?annee=26", "annee"),
        ("?indicateur=<script>", "indicateur"),
        ("?territoire=75118", "territoire"),
        ("?couleur=bleu", "couleur"),
        ("?q=" + "x" * 101, "q"),
    ],
)
def test_bad_values_are_errors_that_name_the_field(search: str, field: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(search)
    assert caught.value.field == field
    assert f"« {field} »" in str(caught.value)


def test_search_and_parse_are_inverse_and_leave_defaults_out() -> None:
    state = Filters(release="2026.3.0+demo", trimestre="2026-T1", q="crack & co")
    assert parse(state.search()) == state
    assert Filters().search() == ""
    assert state.search(release="latest", q="") == "?trimestre=2026-T1"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/fr/", Route("fr", "accueil")),
        ("/fr", Route("fr", "accueil")),
        ("/en/scenes", Route("en", "scenes")),
        ("/en/scenes/", Route("en", "scenes")),
        ("/fr/accueil", Route("fr", "", known=False)),
        ("/en/rien", Route("en", "", known=False)),
        ("/de/scenes", Route("fr", "", known=False)),
        ("/fr/scenes/75118", Route("fr", "", known=False)),
    ],
)
def test_resolve(path: str, route: Route) -> None:
    assert resolve(path) == route


def test_href_is_what_resolve_reads() -> None:
    for lang in LANGUAGES:
        for slug in SLUGS:
            assert resolve(href(lang, slug)) == Route(lang, slug)
    assert other("fr") == "en"
    with pytest.raises(UsageError, match="Pages"):
        href("fr", "rien")


def test_both_languages_have_the_same_keys_and_the_same_blanks() -> None:
    french, english = catalogue("fr"), catalogue("en")
    assert set(french) == set(english)
    blanks = re.compile(r"\{\w+\}")
    assert [key for key in french if set(blanks.findall(french[key])) != set(blanks.findall(english[key]))] == []
    assert [key for key, text in (*french.items(), *english.items()) if not text.strip()] == []


def test_texts_are_translated() -> None:
    same = {key for key, text in catalogue("fr").items() if text == catalogue("en")[key] and len(text.split()) > 3}
    allowed = {"pied.licence"}
    assert {key for key in same if "{" not in catalogue("fr")[key]} <= allowed


def _literal_keys() -> Iterator[str]:
    """Keys written in full in the code: ``t("…")``, ``context.texts("…")``."""
    for path in DASHBOARD.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in ("t", "texts") and "." in str(node.args[0].value):
                    yield str(node.args[0].value)


def test_every_key_of_the_code_is_in_the_catalogue() -> None:
    keys = set(_literal_keys())
    assert len(keys) > 40
    assert keys - set(catalogue("fr")) == set()


def test_french_typography() -> None:
    ours = json.loads((DASHBOARD / "i18n" / "fr.json").read_text(encoding="utf-8"))
    wrong = re.compile(r"(?<=[^\s]) [:;!?%»]|« |'|(?<=[a-zé])[;!?](?!\w)")
    assert [text for text in ours.values() if wrong.search(text)] == []


def test_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts("fr")("rien.du.tout")


def test_cache_computes_once_and_forgets_the_oldest() -> None:
    cache, calls = Cache(2), []

    def ask(key: str) -> str:
        return cache.get(key, lambda: calls.append(key) or key.upper())

    assert [ask(key) for key in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    assert calls == ["a", "b", "c", "b"]
