"""The page of the API in a real browser: whole, accessible, on a phone, without a script; the API from elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

Visit = Callable[..., int]
LINES = 6


def violations(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in found]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_page_is_whole_quiet_and_accessible(lang: str, page: Page, visit: Visit, seen: Any) -> None:
    assert visit(f"/{lang}/api") == 200
    assert page.locator(".code--ligne").count() == LINES
    assert violations(page) == []
    assert (seen.errors, seen.strangers) == ([], [])


def test_lines_are_read_whole_on_a_phone(page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit("/fr/api")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    overflowing = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth).length"
    assert page.locator(".code--ligne").evaluate_all(overflowing) == 0


def test_page_is_there_without_a_script(browser: Browser, server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(f"{server.url}/fr/api")
    assert bare.locator(".code--ligne").count() == LINES
    bare.goto(f"{server.url}/fr/api#valeur-inconnue")
    assert bare.locator("#valeur-inconnue").is_visible()
    context.close()


class _Elsewhere(BaseHTTPRequestHandler):
    """Another site, of one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>Ailleurs</title>")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as other:
        thread = threading.Thread(target=other.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{other.server_port}/"
        other.shutdown()
        thread.join()


def test_a_page_of_another_site_may_read_it(browser: Browser, server: Any, elsewhere: str) -> None:
    context = browser.new_context()
    stranger = context.new_page()
    stranger.goto(elsewhere)
    read = "async url => { const a = await fetch(url); return [a.status, a.headers.get('link') !== null]; }"
    assert stranger.evaluate(read, f"{server.url}/api/v1/observations?taille=1") == [200, True]
    assert stranger.evaluate(read, f"{server.url}/api/v1/rien") == [404, False]
    context.close()
