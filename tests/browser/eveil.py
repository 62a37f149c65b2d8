"""Dash sleeps until a reader needs it: what tests do to have the page as it is once it is awake."""

from __future__ import annotations

from playwright.sync_api import Page


def awake(page: Page) -> None:
    """Start Dash, where the page has it, and wait until it has taken the place of the first view."""
    page.wait_for_load_state()
    page.evaluate("window.dispatchEvent(new Event('_dashprivate_pushstate'))")
    page.wait_for_selector("#premier-rendu", state="detached")
