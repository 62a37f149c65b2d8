"""Addresses: every page gives one that pins its release, and a reader on a release stays on it from link to link."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fixtures_release import OLDER, VERSION
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.router import SLUGS, href, resolve


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.get_data(as_text=True))


def permanent(text: str) -> str:
    (address,) = re.findall(r'<a href="([^"]*)" data-permanent', text)
    return html.unescape(address)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_gives_the_address_that_pins_its_release(client: Client, slug: str) -> None:
    address = permanent(page(client, href("fr", slug)))
    assert parse_qs(urlsplit(address).query) == {"release": [VERSION]}
    assert permanent(page(client, address)) == address


def test_the_permanent_address_keeps_what_is_shown(client: Client) -> None:
    address = permanent(page(client, "/en/carte?indicateur=scenes_presence_max&periode=2025-T2&compare=2025-T1"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked == {
        "release": VERSION, "indicateur": "scenes_presence_max", "periode": "2025-T2", "compare": "2025-T1",
    }  # fmt: skip


@pytest.mark.parametrize("slug", ["carte", "methode", "consultations", "histoire", "objectifs"])
def test_links_of_a_page_of_an_older_release_stay_on_it(client: Client, slug: str) -> None:
    text = page(client, href("fr", slug, f"?release={OLDER.replace('+', '%2B')}"))
    links = [html.unescape(link) for link in re.findall(r'<a [^>]*?href="(/(?:fr|en)[^"]*)"', text)]
    inner = [urlsplit(link) for link in links if resolve(urlsplit(link).path).known]
    assert len(inner) > 20
    lost = [link.path for link in inner if "release" not in parse_qs(link.query)]
    assert lost == []
