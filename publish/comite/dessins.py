"""Drawings of the report: those of the static site, and one of its own, each with its legend inside and its style.

Shades go from light to dark and absences have patterns, so that a page printed in grey is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from publish.charte.classes import RAMP, ZERO
from publish.charte.formats import nombre
from publish.charte.i18n import Lang
from publish.site import svg
from publish.site.carte import Key
from publish.site.courbe import ABSENT, ticks

STYLE = (Path(__file__).resolve().parent / "impression.css").read_text(encoding="utf-8")
LINE, SWATCH, GAP, LETTER = 24.0, 16.0, 22.0, 7.2
"""Height of a line of the legend, side of a swatch, room between two entries, width of a letter on average."""
TOP, LEFT, BOTTOM, RIGHT = 12.0, 44.0, 30.0, 8.0
WIDTH, HEIGHT = 720.0, 270.0
CROSSED = "abandonnee"


def framed(key: str, drawing: str, *, width: float, height: float, legend: Sequence[Key]) -> str:
    """A whole SVG: a drawing of that size, above the legend of its marks; ``key`` is that of its patterns."""
    room = list(_placed(legend, width))
    bottom = height + (room[-1][2] + LINE if room else 0)
    entries = (part for entry, x, y in room for part in _entry(key, entry, x, height + y))
    return svg.element(
        "svg",
        svg.element("style", STYLE + _ramp()),
        drawing,
        *entries,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {svg.number(width)} {svg.number(bottom)}",
        width=width,
        height=bottom,
    )


def nested(picture: str, *, width: float, height: float) -> str:
    """A picture of the static site as a part of another drawing."""
    return picture.replace("<svg ", f'<svg width="{svg.number(width)}" height="{svg.number(height)}" ', 1)


def _ramp() -> str:
    return (
        "".join(f".k{rank} {{ fill: {value}; }}\n" for rank, value in enumerate(RAMP)) + f".zero {{ fill: {ZERO[0]}; }}"
    )


def _placed(legend: Iterable[Key], width: float) -> Iterator[tuple[Key, float, float]]:
    """Each entry with its place: one after the other, on as many lines as it takes."""
    x, y = 4.0, 8.0
    for entry in legend:
        wide = SWATCH + 8 + LETTER * len(entry.words)
        if x > 4.0 and x + wide > width:
            x, y = 4.0, y + LINE
        yield entry, x, y
        x += wide + GAP


def _entry(key: str, entry: Key, x: float, y: float) -> Iterator[str]:
    yield _swatch(key, entry.mark.removeprefix("pave--"), x, y)
    yield svg.element("text", svg.words(entry.words), x=x + SWATCH + 8, y=y + 13)


def _swatch(key: str, mark: str, x: float, y: float) -> str:
    middle = y + SWATCH / 2
    if mark in ("trait", "cible"):
        return svg.element("line", x1=x, x2=x + SWATCH, y1=middle, y2=middle, class_=mark)
    if mark == "zero" and key.startswith("serie"):
        return svg.element("circle", cx=x + SWATCH / 2, cy=middle, r=4.5, class_="point--zero")
    pattern = f"url(#{key}-{mark})" if mark in (*ABSENT, CROSSED) else None
    class_ = {"provisoire": "provisoire-zone", "bande": "bande"}.get(mark, f"pave {mark}")
    return svg.element("rect", x=x, y=y, width=SWATCH, height=SWATCH, fill=pattern, class_=class_)


def stacked(key: str, columns: Sequence[tuple[str, Mapping[str, int]]], statuses: Sequence[str], *, lang: Lang) -> str:
    """Columns of counts, one on the other from the first status up; each has a name under it."""
    marks = ticks(float(max((sum(counts.values()) for _, counts in columns), default=0)))
    floor, room = HEIGHT - BOTTOM, (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    parts = [_pattern(key), *_scale(marks, floor, lang)]
    for place, (name, counts) in enumerate(columns):
        x = LEFT + room * place
        parts += _column(key, counts, statuses, x + room * 0.12, room * 0.76, floor, marks[-1])
        parts.append(svg.element("text", svg.words(name), x=x + room / 2, y=HEIGHT - 9, class_="graduation milieu"))
    return "".join(parts)


def _pattern(key: str) -> str:
    """Crossed lines for what was given up."""
    return svg.element(
        "defs",
        svg.element(
            "pattern",
            svg.element("path", d="M0,0 l6,6 M6,0 l-6,6", class_="trame"),
            id=f"{key}-{CROSSED}", width=6, height=6, patternUnits="userSpaceOnUse",
        ),
    )  # fmt: skip


def _scale(marks: Sequence[float], floor: float, lang: Lang) -> Iterator[str]:
    for mark in marks:
        y = floor - (floor - TOP) * mark / marks[-1]
        yield svg.element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grille-ligne" if mark else "axe")
        yield svg.element("text", svg.words(nombre(mark, lang)), x=LEFT - 7, y=y + 5, class_="graduation droite")


def _column(
    key: str, counts: Mapping[str, int], statuses: Sequence[str], x: float, width: float, floor: float, top: float
) -> Iterator[str]:
    base = floor
    for status in statuses:
        height = (floor - TOP) * counts.get(status, 0) / top
        if height:
            base -= height
            fill = f"url(#{key}-{CROSSED})" if status == CROSSED else None
            yield svg.element("rect", x=x, y=base, width=width, height=height, fill=fill, class_=f"barre {status}")
