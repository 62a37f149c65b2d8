"""Every id of the Dash tree, in one place."""

from __future__ import annotations

from typing import Any

from dash.dependencies import Wildcard

URL = "adresse"
BODY = "corps"

Id = dict[str, str]


def section(page: str, name: str, part: str) -> Id:
    """Id of a part (``avant``, ``apres``) of a section of a page."""
    return {"page": page, "section": name, "part": part}


def graph(name: str | Wildcard) -> dict[str, Any]:
    """The graph of a section, or of any with a wildcard."""
    return {"nom": name, "objet": "graphe"}


def figure(name: str | Wildcard) -> dict[str, Any]:
    """The store that holds the figure of a section, without the outlines of territories."""
    return {"nom": name, "objet": "figure"}


def outlines(name: str | Wildcard) -> dict[str, Any]:
    """The store that holds the address of the outlines the figure needs, or nothing."""
    return {"nom": name, "objet": "contours"}
