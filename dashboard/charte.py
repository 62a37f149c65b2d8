"""The house style served: its sheets and its sign, at addresses that change with their bytes."""

from __future__ import annotations

import hashlib
from functools import cache

from flask import Flask, Response, send_from_directory
from markupsafe import Markup

from dashboard.components.balises import join, tag
from publish.charte import ASSETS, SHEETS, SIGN

DAY = 86_400


@cache
def address(name: str) -> str:
    """Where a file of the house style is served; the query says its version, so that it may be kept for ever."""
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()
    return f"/assets/charte/{name}?m={digest[:12]}"


def sheets() -> Markup:
    """Links to its style sheets, to be read after all others."""
    return join(*(tag("link", rel="stylesheet", href=address(name)) for name in SHEETS))


def install(server: Flask) -> None:
    """Serve its files, and its sign as the icon that browsers ask for."""

    def file(name: str) -> Response:
        return send_from_directory(ASSETS, name)

    def icon() -> Response:
        return send_from_directory(ASSETS, SIGN, max_age=DAY)

    server.add_url_rule("/assets/charte/<name>", "charte", file)
    server.add_url_rule("/favicon.ico", "icone", icon)
