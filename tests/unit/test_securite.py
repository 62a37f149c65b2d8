"""What answers say to browsers: graded by the rules of the Observatory; hosts, transport, frames, cookies."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import observatory
import pytest
from fixtures_release import VERSION
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.reglages import Settings, settings_of
from dashboard.router import LANGUAGES, SLUGS, href
from schemas.errors import UsageError

ADDRESS = "https://observatoire.test"
TLS = {"X-Forwarded-Proto": "https"}
EMBEDDED = "/fr/scenes?vue=territoire"
ANSWERS = {
    "page": ("/fr/scenes", 200),
    "english page": ("/en/", 200),
    "embed": (EMBEDDED, 200),
    "redirect": ("/", 302),
    "api": ("/api/v1/releases", 200),
    "problem": ("/api/v1/nulle-part", 404),
    "download": (f"/donnees/{VERSION}/data/observations.csv", 200),
    "extract": (f"/extrait/{VERSION}.csv?indicateur=caarud_pipes", 200),
    "asset": ("/assets/site.js", 200),
    "style sheet": ("/assets/charte/tokens.css", 200),
    "script of Dash": ("/_dash-dependencies", 200),
    "no such page": ("/fr/nulle-part", 404),
    "no such file": ("/assets/rien.js", 404),
    "bad filter": ("/fr/scenes?trimestre=demain", 400),
    "health": ("/sante", 200),
    "readiness": ("/pret", 200),
}


@pytest.fixture(scope="module")
def proxied(small_releases: Path) -> Client:
    """The site behind one server that ends TLS."""
    return create_app(small_releases, Settings(ADDRESS, proxies=1)).server.test_client()


@pytest.fixture(scope="module")
def bare(small_releases: Path) -> Client:
    """The site alone, its address unknown."""
    return create_app(small_releases).server.test_client()


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_graded_a_plus(proxied: Client, kind: str) -> None:
    path, status = ANSWERS[kind]
    answer = proxied.get(path, headers=TLS, buffered=True)
    body = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    points = observatory.score(answer.headers, body)
    assert answer.status_code == status
    assert (points, observatory.grade(points)) >= (100, "A+")
    assert "Set-Cookie" not in answer.headers


def test_the_rules_tell_a_bare_answer_from_a_sound_one() -> None:
    assert observatory.score({}) == 30
    sound = {
        "Content-Security-Policy": "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
        "Strict-Transport-Security": "max-age=63072000",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert observatory.score(sound) == 130
    loose = sound | {"Content-Security-Policy": "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'"}
    assert observatory.score(loose) == 80
    assert observatory.score(sound, '<script src="//ailleurs.test/x.js"></script>') == 50


@pytest.mark.parametrize("address", [href(lang, slug) for lang in LANGUAGES for slug in SLUGS])
def test_pages_hold_no_style_and_no_script_but_the_hashed_one(bare: Client, address: str) -> None:
    answer = bare.get(address)
    text = answer.get_data(as_text=True)
    assert not re.findall(r"<[^>]+\sstyle=", text)
    assert not re.findall(r"<[^>]+\son[a-z]+=", text)
    assert "<style" not in text
    inline = re.findall(r"<script(?![^>]*(?: src=|application/))[^>]*>", text)
    assert len(inline) <= 1


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_tells_the_version_of_the_interpreter(bare: Client, kind: str) -> None:
    answer = bare.get(ANSWERS[kind][0], buffered=True)
    said = str(answer.headers) + answer.get_data(as_text=True)
    assert f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}" not in said


def test_policy_lets_nothing_in_but_our_own(bare: Client) -> None:
    policy = observatory.policy_of(bare.get("/fr/").headers)
    assert policy["default-src"] == {"'none'"}
    assert {source for source in policy["script-src"] if not source.startswith("'sha256-")} == {"'self'"}
    assert {source for source in policy["style-src"] if not source.startswith("'sha256-")} == {
        "'self'",
        "'unsafe-hashes'",
    }
    assert policy["base-uri"] == policy["frame-ancestors"] == {"'none'"}
    assert policy["form-action"] == {"'self'"}


@pytest.mark.parametrize(
    ("address", "ancestors", "resources"),
    [
        ("/fr/caarud", "'none'", "same-origin"),
        (EMBEDDED, "*", "cross-origin"),
        ("/fr/caarud?vue=rien", "'none'", "same-origin"),
        ("/fr/caarud?vue=", "'none'", "same-origin"),
        ("/fr/caarud?vue=%20", "'none'", "same-origin"),
        (f"{EMBEDDED}&vue=", "'none'", "same-origin"),
        ("/sante?vue=territoire", "'none'", "same-origin"),
        ("/assets/site.js?vue=territoire", "'none'", "same-origin"),
        (f"/donnees/{VERSION}/datapackage.json?vue=territoire", "'none'", "cross-origin"),
        ("/api/v1/releases", "'none'", "cross-origin"),
        (f"/donnees/{VERSION}/datapackage.json", "'none'", "cross-origin"),
    ],
)
def test_only_charts_meant_for_it_stand_in_the_pages_of_others(
    bare: Client, address: str, ancestors: str, resources: str
) -> None:
    headers = bare.get(address, buffered=True).headers
    assert observatory.policy_of(headers)["frame-ancestors"] == {ancestors}
    assert headers["Cross-Origin-Resource-Policy"] == resources


@pytest.mark.parametrize(
    "address",
    ["/api/v1/releases", "/catalog.jsonld", "/donnees/latest/datapackage.json", f"/extrait/{VERSION}.csv?periode=2025"],
)
def test_what_is_published_can_be_read_from_any_site(bare: Client, address: str) -> None:
    answer = bare.get(address, headers={"Origin": "https://ailleurs.test"}, follow_redirects=True, buffered=True)
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in bare.get("/fr/").headers


def test_transport_is_told_behind_tls_and_only_there(proxied: Client, bare: Client) -> None:
    assert "max-age=31536000" in proxied.get("/fr/", headers=TLS).headers["Strict-Transport-Security"]
    # Kept answers are the same for both.
    assert "Strict-Transport-Security" not in proxied.get("/fr/").headers
    assert "Strict-Transport-Security" not in bare.get("/fr/", headers=TLS).headers
    assert "Strict-Transport-Security" in bare.get("/fr/", base_url="https://localhost").headers


@pytest.mark.parametrize("headers", [{"Host": "pirate.test"}, {"X-Forwarded-Host": "pirate.test"}])
@pytest.mark.parametrize("path", ["/fr/api", "/en/versions", "/donnees/flux.atom", "/calendrier.ics", "/fr/", EMBEDDED])
def test_no_request_makes_the_site_name_another_host(proxied: Client, path: str, headers: dict[str, str]) -> None:
    answer = proxied.get(path, headers=headers, buffered=True)
    assert answer.status_code == 200
    assert b"pirate.test" not in answer.get_data()
    assert "pirate" not in str(answer.headers)


def test_the_site_names_the_address_it_is_given(proxied: Client) -> None:
    assert f"{ADDRESS}/api/v1/observations" in proxied.get("/fr/api").get_data(as_text=True)


def test_a_host_that_is_made_up_is_not_kept_for_the_next_reader(bare: Client) -> None:
    bare.get("/fr/api", headers={"Host": "pirate.test"})
    assert "pirate.test" not in bare.get("/fr/api").get_data(as_text=True)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT", "INVENTE"])
@pytest.mark.parametrize("path", ["/fr/", f"/donnees/{VERSION}/datapackage.json", "/api/v1/releases", "/sante"])
def test_nothing_but_reading_is_answered(bare: Client, method: str, path: str) -> None:
    answer = bare.open(path, method=method, headers={"X-Secret": "echo"}, buffered=True)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert b"echo" not in answer.get_data()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "address", ["observatoire.fr", "https://observatoire.fr/sous/dossier", "ftp://observatoire.fr"]
)
def test_an_address_that_is_not_a_host_is_refused_in_words(address: str) -> None:
    with pytest.raises(UsageError, match="Forme attendue"):
        settings_of(address=address, proxies=0, journal=False, metrics=False)
