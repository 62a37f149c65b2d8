"""A line of the table of ratios: what was measured, its value, the bar and whether it is met."""

from __future__ import annotations

from typing import Any


def line(
    name: str, value: float, *, at_most: float | None = None, at_least: float | None = None, digits: int = 1
) -> dict[str, Any]:
    """One line; a measure without a bar meets it. The value is compared as measured, and shown with ``digits``."""
    bar, met = "-", True
    if at_most is not None:
        bar, met = f"<= {at_most:g}", value <= at_most
    elif at_least is not None:
        bar, met = f">= {at_least:g}", value >= at_least
    return {"name": name, "value": round(value, digits), "bar": bar, "met": met}
