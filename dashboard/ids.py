"""Every id of the Dash tree, in one place."""

from __future__ import annotations

URL = "adresse"
BODY = "corps"

Id = dict[str, str]


def section(page: str, name: str, part: str) -> Id:
    """Id of a part (``avant``, ``apres``) of a section of a page."""
    return {"page": page, "section": name, "part": part}


def graph(name: str) -> Id:
    """The graph of a section."""
    return {"graphe": name}


def figure(name: str) -> Id:
    """The store that holds the figure of a section, without the outlines of territories."""
    return {"figure": name}


def outlines(name: str) -> Id:
    """The store that holds the address of the outlines the figure needs, or nothing."""
    return {"contours": name}
