"""The menu: every page once, in a group that opens without a script, the page shown marked in its group."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.router import HOME, MENU, SLUGS, WITHIN, href


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def menu_of(client: Client, address: str) -> str:
    text = client.get(address).get_data(as_text=True)
    found = re.search(r'<nav class="navigation".*?</nav>', text, re.DOTALL)
    return found.group(0) if found else ""


def test_every_page_is_in_the_menu_once() -> None:
    listed = [HOME, *(slug for slugs in MENU.values() for slug in slugs)]
    assert sorted(listed) == sorted(set(SLUGS) - set(WITHIN))


def test_menu_leads_to_every_page(client: Client) -> None:
    menu = menu_of(client, "/en/")
    for slug in set(SLUGS) - set(WITHIN):
        assert f'href="{href("en", slug)}"' in menu


def test_page_shown_is_marked_with_its_group(client: Client) -> None:
    menu = menu_of(client, "/fr/hopital")
    assert menu.count('aria-current="page"') == 1
    assert 'href="/fr/hopital" aria-current="page"' in menu
    marked = re.findall(r'<summary class="menu__ici">(.*?)</summary>', menu)
    assert marked == ["Constats"]


def test_page_within_another_marks_the_one_the_menu_lists(client: Client) -> None:
    assert 'href="/fr/histoire" aria-current="true"' in menu_of(client, "/fr/consultations")
