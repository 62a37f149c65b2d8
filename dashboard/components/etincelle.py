"""A series as a line the size of a word: its course at a glance, a gap where nothing is published."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from dashboard.components.balises import tag

WIDTH, HEIGHT, EDGE = 120, 32, 3
LAST = 16


def sparkline(values: Sequence[float | None], label: str, *, top: float | None = None) -> Markup:
    """The last values in time, None for what is not published; ``top`` is the value of the upper edge, from zero.

    It is a picture of what stands in words beside it: ``label`` says which.
    """
    shown = list(values)[-LAST:]
    known = [value for value in shown if value is not None]
    if not known:
        return Markup("")
    highest = (max(known) if top is None else top) or 1.0
    step = (WIDTH - 2 * EDGE) / max(len(shown) - 1, 1)
    points = [
        None if value is None else (EDGE + rank * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / highest)
        for rank, value in enumerate(shown)
    ]
    runs = [list(run) for published, run in groupby(points, key=lambda point: point is not None) if published]
    lines = [_line(run) for run in runs]
    base = tag("path", d=f"M{EDGE} {HEIGHT - EDGE}H{WIDTH - EDGE}", class_="etincelle__base")
    return tag(
        "svg", base, *lines, *_end(points), viewBox=f"0 0 {WIDTH} {HEIGHT}", width=WIDTH, height=HEIGHT,
        class_="etincelle", role="img", aria_label=label,
    )  # fmt: skip


def _line(run: Sequence[Any]) -> Markup:
    """A value alone between two gaps is a point."""
    if len(run) == 1:
        return tag("circle", cx=f"{run[0][0]:.1f}", cy=f"{run[0][1]:.1f}", r="1.5", class_="etincelle__point")
    return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in run), class_="etincelle__ligne")


def _end(points: Sequence[Any]) -> list[Markup]:
    last = points[-1]
    return (
        []
        if last is None
        else [tag("circle", cx=f"{last[0]:.1f}", cy=f"{last[1]:.1f}", r="3", class_="etincelle__fin")]
    )
