"""The house style served: its sheets and its sign, at addresses that change with their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import Flask, Response, send_from_directory
from markupsafe import Markup

from dashboard.components.balises import join, tag
from publish.charte import ASSETS, SHEETS, SIGN

DAY = 86_400


@cache
def versioned(file: Path, address: str) -> str:
    """Where a file is served; the query says its version, so that it may be kept for ever."""
    return f"{address}?m={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def linked(addresses: Iterable[str]) -> Markup:
    """Links to style sheets, in their order."""
    return join(*(tag("link", rel="stylesheet", href=one) for one in addresses))


def address(name: str) -> str:
    """Where a file of the house style is served."""
    return versioned(ASSETS / name, f"/assets/charte/{name}")


def sheets() -> Markup:
    """Links to its style sheets, to be read after all others."""
    return linked(map(address, SHEETS))


def install(server: Flask) -> None:
    """Serve its files, and its sign as the icon that browsers ask for."""

    def file(name: str) -> Response:
        return send_from_directory(ASSETS, name)

    def icon() -> Response:
        return send_from_directory(ASSETS, SIGN, max_age=DAY)

    server.add_url_rule("/assets/charte/<name>", "charte", file)
    server.add_url_rule("/favicon.ico", "icone", icon)
