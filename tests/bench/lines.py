"""A line of the table of ratios: what was measured, its value, the bar, whether it is met, and what limits it."""

from __future__ import annotations

from typing import Any

# What was seen at the top of a profile of each family of measures (docs/bench.md); a name begins with its family.
LIMITS = {
    "growth": "splitting and parsing lines (43 %), checks of each cell (30 %), sorting the hashes of keys (17 %)",
    "validate": "splitting and parsing lines (43 %), checks of each cell (30 %), sorting the hashes of keys (17 %)",
    "check": "splitting and parsing lines (43 %), checks of each cell (30 %), sorting the hashes of keys (17 %)",
    "disclosure": "the search of companions, linear programs",
    "audit": "linear programs (46 %), every cell of the workbooks read again (25 %)",
    "house": "build: SQL of observations (57 %); release: search of secrets (45 %), tables (23 %), archive (12 %)",
    "weight": "styles and scripts of this site; the page itself is 5 to 11 kB",
    "pages": "building sections from frames (75 %), writing HTML (17 %); asked again: Flask",
    "callbacks": "building sections from frames; asked again: Flask",
    "files": "nginx: the client, in Python; gunicorn: Flask, one thread at a time in each worker",
    "API": "Flask and gunicorn, one Python thread at a time in each worker",
    "home": "Flask and gunicorn, one Python thread at a time in each worker",
    "load": "Flask and gunicorn, one Python thread at a time in each worker",
}


def line(
    name: str, value: float, *, at_most: float | None = None, at_least: float | None = None, digits: int = 1
) -> dict[str, Any]:
    """One line; a measure without a bar meets it. The value is compared as measured, and shown with ``digits``.

    Raises KeyError where nothing is known of what limits the family of the measure.
    """
    bar, met = "-", True
    if at_most is not None:
        bar, met = f"<= {at_most:g}", value <= at_most
    elif at_least is not None:
        bar, met = f">= {at_least:g}", value >= at_least
    return {"name": name, "value": round(value, digits), "bar": bar, "met": met, "limit": LIMITS[family(name)]}


def family(name: str) -> str:
    """The family of a measure: what its name begins with."""
    return name.split(":")[0]
