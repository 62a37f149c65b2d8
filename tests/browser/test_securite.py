"""The policy in a real browser: libraries write no style but those it knows, and every style it knows is in use."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from dashboard.securite import ATTRIBUTES, STYLES

Visit = Callable[..., int]
WRITTEN = "[...document.querySelectorAll('style')].map(one => one.textContent)"
REFUSED = """
document.addEventListener('securitypolicyviolation', event => {
    (window.refuses ??= []).push(`${event.violatedDirective} ${event.sourceFile} ${event.sample}`);
});
"""


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_knows_every_style_that_libraries_write_and_no_other(page: Page, visit: Visit, seen: Any) -> None:
    page.add_init_script(REFUSED)
    visit("/fr/repos")
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 3")
    assert page.evaluate("window.refuses ?? []") == []
    assert {digest(text) for text in page.evaluate(WRITTEN)} == set(STYLES)
    assert {digest("font-weight:bold"), digest("font-style:italic")} == set(ATTRIBUTES)
    assert seen.errors == []


def test_a_script_and_a_style_that_are_not_ours_do_nothing(page: Page, visit: Visit) -> None:
    page.add_init_script(REFUSED)
    visit("/fr/repos")
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.intrus = true';
        document.body.append(script);
        document.querySelector('h1').setAttribute('style', 'position: fixed');
    }""")
    assert page.evaluate("window.intrus") is None
    assert page.locator("h1").first.evaluate("node => getComputedStyle(node).position") == "static"
    assert len(page.evaluate("window.refuses")) == 2
