"""HTML written by the server outside of Dash: the frame of the page and its forms, which need no script to be there."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from dashboard.components.statique import VOID


def tag(name: str, /, *children: Any, **attributes: Any) -> Markup:
    """One element. Children and values are escaped unless already Markup; ``class_`` and ``data_x`` become ``class``
    and ``data-x``; True writes the name alone, None and False nothing.
    """
    opening = (
        Markup("<") + name + Markup("").join(_attribute(key, value) for key, value in attributes.items()) + Markup(">")
    )
    if name in VOID:
        return opening
    return opening + join(*children) + Markup("</") + name + Markup(">")


def join(*parts: Any) -> Markup:
    """Parts one after the other; None writes nothing."""
    return Markup("").join(escape(part) for part in parts if part is not None)


def _attribute(key: str, value: Any) -> Markup:
    if value is None or value is False:
        return Markup("")
    name = key.rstrip("_").replace("_", "-")
    return Markup(" ") + name if value is True else Markup(' {}="{}"').format(name, value)
