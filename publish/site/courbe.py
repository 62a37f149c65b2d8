"""A series as a line: its interval as a band, provisional periods shaded, its target dashed, absences told apart.

A value that is not there is never drawn at zero: the line breaks, and a lane under the plot says why. An observed zero
is a hollow point on the line.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from publish.charte import formats
from publish.charte.i18n import Lang
from publish.site import svg

ABSENT = ("secret", "non_rapporte", "non_applicable")
LANE = 9.0
TICKS = 5


@dataclass(frozen=True)
class Point:
    """One period of a series. ``low`` and ``high`` are the limits of its interval, None without one."""

    start: dt.date
    end: dt.date
    status: str
    value: float | None
    low: float | None
    high: float | None
    provisional: bool

    @property
    def middle(self) -> float:
        """Ordinal of the day in the middle of the period."""
        return (self.start.toordinal() + self.end.toordinal() + 1) / 2


@dataclass(frozen=True)
class Target:
    """A level to reach, with the words that name it."""

    value: float
    words: str


@dataclass(frozen=True)
class Frame:
    """Size of a drawing and room left for its axes; ``years`` is the least number of years between two labels."""

    name: str
    width: float
    height: float
    left: float
    per_year: float

    top: float = 16.0
    right: float = 14.0
    bottom: float = 44.0


FRAMES = (Frame("large", 720, 300, 58, 46), Frame("etroit", 360, 290, 48, 42))


@dataclass(frozen=True)
class Scale:
    """From days and values to places in the drawing."""

    frame: Frame
    first: float
    last: float
    highest: float

    def x(self, day: float) -> float:
        """Abscissa of an ordinal day."""
        room = self.frame.width - self.frame.left - self.frame.right
        return self.frame.left + room * (day - self.first) / max(self.last - self.first, 1)

    def y(self, value: float) -> float:
        """Ordinate of a value."""
        return self.floor - (self.floor - self.frame.top) * value / self.highest

    @property
    def floor(self) -> float:
        """Ordinate of zero."""
        return self.frame.height - self.frame.bottom


def ticks(highest: float) -> list[float]:
    """Round values from zero to at least ``highest``, about five of them."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / (TICKS - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough)
    return [round(step * place, 10) for place in range(math.ceil(round(highest / step, 9)) + 1)]


def line_chart(
    key: str, points: Sequence[Point], *, title: str, description: str, lang: Lang, target: Target | None = None
) -> Markup:
    """The same chart twice, for a wide page and for a phone, of which the style sheet shows one."""
    return Markup("").join(
        svg.picture(
            f"{key}-{frame.name}",
            width=frame.width,
            height=frame.height,
            title=title,
            description=description,
            content=content(f"{key}-{frame.name}", points, frame, lang, [target] if target else []),
            class_=f"image--{frame.name}",
        )
        for frame in FRAMES
    )


def content(
    key: str, points: Sequence[Point], frame: Frame, lang: Lang, targets: Sequence[Target] = ()
) -> Iterator[str]:
    """What is inside the picture of a series, at the size of a frame."""
    levels = [level for point in points for level in (point.value, point.high) if level is not None]
    marks = ticks(max([*levels, *(target.value for target in targets)], default=0.0))
    first, last = points[0].start.toordinal(), points[-1].end.toordinal() + 1
    scale = Scale(frame, first, last, marks[-1])
    yield svg.patterns(key, sorted({point.status for point in points} & set(ABSENT)))
    yield from _provisional(points, scale)
    yield from _axis_of_values(marks, scale, lang)
    yield from _axis_of_years(scale)
    yield from _bands(points, scale)
    for target in targets:
        yield from _target(target, scale)
    yield from _lines(points, scale)
    yield from _dots(points, scale)
    yield from _lane(key, points, scale)


def _provisional(points: Sequence[Point], scale: Scale) -> Iterator[str]:
    for provisional, group in groupby(points, key=lambda point: point.provisional):
        run = list(group)
        if provisional:
            left, right = scale.x(run[0].start.toordinal()), scale.x(run[-1].end.toordinal() + 1)
            yield svg.element(
                "rect", x=left, y=scale.frame.top, width=right - left, height=scale.floor - scale.frame.top,
                class_="provisoire-zone",
            )  # fmt: skip


def _axis_of_values(marks: Sequence[float], scale: Scale, lang: Lang) -> Iterator[str]:
    places = 0 if all(float(mark).is_integer() for mark in marks) else 2 if marks[-1] < 1 else 1
    for mark in marks:
        y = scale.y(mark)
        yield svg.element(
            "line", x1=scale.frame.left, x2=scale.frame.width - scale.frame.right, y1=y, y2=y,
            class_="grille-ligne" if mark else "axe",
        )  # fmt: skip
        yield svg.element(
            "text",
            svg.words(formats.nombre(mark, lang, places)),
            x=scale.frame.left - 7,
            y=y + 4,
            class_="graduation droite",
        )


def _axis_of_years(scale: Scale) -> Iterator[str]:
    """Years between their first days; fewer of them are named where there is no room for each."""
    years = range(dt.date.fromordinal(int(scale.first)).year, dt.date.fromordinal(int(scale.last) - 1).year + 1)
    room = (scale.x(scale.last) - scale.x(scale.first)) / max((scale.last - scale.first) / 365.25, 0.01)
    each = max(1, math.ceil(scale.frame.per_year / room))
    for year in years:
        start = max(scale.first, dt.date(year, 1, 1).toordinal())
        end = min(scale.last, dt.date(year + 1, 1, 1).toordinal())
        if start > scale.first:
            yield svg.element(
                "line", x1=scale.x(start), x2=scale.x(start), y1=scale.floor, y2=scale.floor + 5, class_="axe"
            )
        wide = scale.x(end) - scale.x(start) >= 26 or len(years) == 1
        if (years[-1] - year) % each == 0 and (wide or each > 1):
            yield svg.element(
                "text", str(year), x=scale.x((start + end) / 2), y=scale.frame.height - 8, class_="graduation milieu"
            )


def _runs(points: Sequence[Point], kept: Sequence[bool]) -> Iterator[list[Point]]:
    """Unbroken runs of the points that are kept."""
    for known, group in groupby(zip(kept, points, strict=True), key=lambda item: item[0]):
        if known:
            yield [point for _, point in group]


def _bands(points: Sequence[Point], scale: Scale) -> Iterator[str]:
    for run in _runs(points, [point.low is not None and point.high is not None for point in points]):
        above = [(scale.x(point.middle), scale.y(point.high or 0.0)) for point in run]
        below = [(scale.x(point.middle), scale.y(point.low or 0.0)) for point in reversed(run)]
        if len(run) == 1:
            yield svg.element("path", d=svg.path([above[0], below[0]]), class_="bande bande--seule")
        else:
            yield svg.element("path", d=svg.path([*above, *below], closed=True), class_="bande")


def _target(target: Target, scale: Scale) -> Iterator[str]:
    y = scale.y(target.value)
    right = scale.frame.width - scale.frame.right
    yield svg.element("line", x1=scale.frame.left, x2=right, y1=y, y2=y, class_="cible")
    above = y - 6 > scale.frame.top + 8
    yield svg.element(
        "text", svg.words(target.words), x=scale.frame.left + 6, y=y - 6 if above else y + 16, class_="cible-mots"
    )


def _lines(points: Sequence[Point], scale: Scale) -> Iterator[str]:
    for run in _runs(points, [point.value is not None for point in points]):
        if len(run) > 1:
            steps = ((scale.x(point.middle), scale.y(point.value or 0.0)) for point in run)
            yield svg.element("path", d=svg.path(steps), class_="trait")


def _dots(points: Sequence[Point], scale: Scale) -> Iterator[str]:
    """Points of the line, small where there are many; an observed zero is hollow."""
    gap = min((scale.x(b.middle) - scale.x(a.middle) for a, b in pairwise(points)), default=99.0)
    radius = 3.2 if gap >= 9 else 2.2 if gap >= 5 else 1.4
    for point in points:
        if point.value is not None:
            zero = point.status == "zero"
            yield svg.element(
                "circle", cx=scale.x(point.middle), cy=scale.y(point.value), r=radius + (0.6 if zero else 0),
                class_="point point--zero" if zero else "point",
            )  # fmt: skip


def _lane(key: str, points: Sequence[Point], scale: Scale) -> Iterator[str]:
    """Under the plot, why the values that are not there are not: one box by unbroken run of a status."""
    for status, group in groupby(points, key=lambda point: point.status):
        run = list(group)
        if status in ABSENT:
            left, right = scale.x(run[0].start.toordinal()), scale.x(run[-1].end.toordinal() + 1)
            yield svg.element(
                "rect", x=left + 0.5, y=scale.floor + 7, width=max(right - left - 1, 2), height=LANE,
                fill=f"url(#{key}-{status})", class_="case",
            )  # fmt: skip
