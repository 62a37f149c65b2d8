"""Every id of the Dash tree, in one place."""

from __future__ import annotations

from typing import Any

from dash.dependencies import Wildcard

URL = "adresse"
BODY = "corps"


def element(page: str, section: str, part: str) -> str:
    """Id of the part (``avant``, ``apres``) of a section that holds its text."""
    return f"{page}-{section}-{part}"


def written(page: str) -> str:
    """The store of the texts of a page: HTML by id of element."""
    return f"textes-{page}"


def named(page: str, section: str) -> str:
    """What the two ids below call a section: two pages may have a section of the same name."""
    return f"{page}-{section}"


def graph(name: str | Wildcard) -> dict[str, Any]:
    """The graph of a section, or of any with a wildcard."""
    return {"nom": name, "objet": "graphe"}


def figure(name: str | Wildcard) -> dict[str, Any]:
    """The store that holds the figure of a section."""
    return {"nom": name, "objet": "figure"}
