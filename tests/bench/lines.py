"""A line of the table of ratios: what was measured, its value, the bar, whether it is met, and what limits it."""

from __future__ import annotations

from typing import Any

# What was seen at the top of a profile of each family of measures (docs/bench.md); a name begins with its family.
LIMITS = {
    "growth": "DuckDB: casts and checks of each cell, then sorting the hashes of keys; Parquet for the whole way",
    "validate": "DuckDB: reading the CSV, casts of each cell",
    "check": "DuckDB: reading the CSV, casts of each cell",
    "disclosure": "the search of companions, linear programs",
    "audit": "linear programs of the attack",
    "house": "build: checks of reference tables and SQL; release: pages of the site, linear programs",
    "weight": "texts and tables of the page itself",
    "pages": "Python: making a page; kept answers: Flask and gunicorn",
    "callbacks": "Python: making a figure; kept answers: Flask and gunicorn",
    "files": "nginx: the kernel's sendfile, and the Python client that asks",
    "API": "gunicorn: one Python thread answers at a time",
    "home": "gunicorn: one Python thread answers at a time",
    "load": "gunicorn: one Python thread answers at a time",
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
    return {"name": name, "value": round(value, digits), "bar": bar, "met": met, "limit": LIMITS[name.split(":")[0]]}
