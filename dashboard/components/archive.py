"""Ways to the static pages of a release: the same subject, as it was published, at an address that never changes."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.context import Context


def archived(context: Context, path: str, *, key: str = "archive.page") -> list[Component]:
    """A link to a static page by its path below the language; nothing where the release has no such page."""
    file = f"site/{context.lang}/{path}"
    if file not in context.release.checksums:
        return []
    return [html.P(html.A(context.texts(key), href=context.file(file)), className="liens")]
