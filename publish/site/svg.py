"""A small writer of SVG: the same arguments always give the same bytes, and every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import cache

from markupsafe import Markup

Point = tuple[float, float]


def number(value: float) -> str:
    """A coordinate with one decimal at most, without a useless zero."""
    written = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def element(name: str, /, *children: str, **attributes: str | float | None) -> str:
    """One element around markup. ``class_`` and ``stroke_width`` become ``class`` and ``stroke-width``; None, nothing.

    Children are markup already: a text becomes one by ``words``.
    """
    written = "".join([_attribute(key, value) for key, value in attributes.items() if value is not None])
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def words(text: str) -> str:
    """A text as markup."""
    return html.escape(text)


def _attribute(key: str, value: str | float) -> str:
    return f' {_name(key)}="{words(value) if isinstance(value, str) else number(value)}"'


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def path(points: Iterable[Point], *, closed: bool = False) -> str:
    """The ``d`` of a line through points."""
    steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}"


def rings(xs: Sequence[float | None], ys: Sequence[float | None]) -> list[list[Point]]:
    """Rings of a polygon whose coordinates are parted by None."""
    found: list[list[Point]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if x is None or y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return [ring for ring in found if ring]


def picture(
    key: str, *, width: float, height: float, title: str, description: str, content: Iterable[str], class_: str
) -> Markup:
    """A whole picture with its name and its description, which screen readers say in its place.

    ``key`` makes its identifiers unique within a page.
    """
    drawn = element(
        "svg",
        element("title", words(title), id=f"{key}-t"),
        element("desc", words(description), id=f"{key}-d"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
        class_=f"image {class_}",
    )
    return Markup(drawn)


def patterns(key: str, statuses: Iterable[str], *, scale: float | None = None) -> str:
    """Fillings that tell why a value is absent: hatched secret, dotted not reported, crossed not applicable.

    ``scale`` is the units of the drawing in a pixel, where it is not one.
    """
    drawn = {
        "secret": (6, "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2"),
        "non_rapporte": (5, "M2,2 h1.2 v1.2 h-1.2z"),
        "non_applicable": (8, "M0,0 l8,8 M0,8 l8,-8"),
    }
    return element(
        "defs",
        *(
            element(
                "pattern",
                element("path", d=drawn[status][1], class_=f"trame trame--{status}"),
                id=f"{key}-{status}",
                width=drawn[status][0],
                height=drawn[status][0],
                patternUnits="userSpaceOnUse",
                patternTransform=None if scale is None else f"scale({number(scale)})",
            )
            for status in statuses
        ),
    )
