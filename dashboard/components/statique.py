"""A tree of Dash components as HTML text, for the first view: read before any script runs, and without any.

Only what is HTML is written, Markup as it is; a graph becomes an empty box, a store nothing.
"""

from __future__ import annotations

import html as escape
from collections.abc import Iterator
from typing import Any

from dash import dcc
from dash.development.base_component import Component
from markupsafe import Markup

VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "base"})
RENAMED = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan"}
RENAMED |= {"autoComplete": "autocomplete", "dateTime": "datetime", "spellCheck": "spellcheck", "hrefLang": "hreflang"}
HIDDEN = frozenset({"children", "n_clicks", "disable_n_clicks", "key"})


def to_html(node: Any) -> str:
    """HTML text of a component, of a list of them, or of a text."""
    return "".join(_parts(node))


def _parts(node: Any) -> Iterator[str]:
    if node is None:
        return
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _parts(child)
    elif isinstance(node, dcc.Graph):
        yield '<div class="graphe graphe--attente"></div>'
    elif isinstance(node, Component):
        yield from _element(node)
    elif isinstance(node, Markup):
        yield str(node)
    else:
        yield escape.escape(str(node), quote=False)


def _element(node: Component) -> Iterator[str]:
    tag = str(node._type).lower()
    if tag in ("store", "location"):
        return
    yield f"<{tag}{''.join(_attributes(node))}>"
    if tag not in VOID:
        yield from _parts(getattr(node, "children", None))
        yield f"</{tag}>"


def _attributes(node: Component) -> Iterator[str]:
    properties: dict[str, Any] = node.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    for name, value in properties.items():
        if name not in HIDDEN:
            yield from _attribute(RENAMED.get(name, name), value)


def _attribute(name: str, value: Any) -> Iterator[str]:
    # A style, which is a dict, is not written: the policy of the site forbids styles in the text of a page.
    if value is True:
        yield f" {name}"
    elif value is not None and value is not False and not isinstance(value, dict):
        yield f' {name}="{escape.escape(str(value))}"'
