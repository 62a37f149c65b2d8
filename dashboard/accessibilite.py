"""What was checked of the site's accessibility: the grid of RGAA 4.1, and the rate it gives.

The grid is about this software, not about figures: it stands with the pages it tells of, and changes with them. In a
release, which never changes, it would soon describe another site. It is a table like another all the same: its contract
is ``schemas/site/rgaa``, and anyone can download it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast

from dashboard.router import Lang

Status = Literal["C", "NC", "NA", "NT"]
# The words of the law: full compliance, partial from half of the criteria on.
FULL, PARTIAL = 100.0, 50.0
STATUSES: tuple[Status, ...] = ("C", "NC", "NA", "NT")
FILE = Path(__file__).resolve().parent / "assets" / "rgaa.csv"
ADDRESS = "/assets/rgaa.csv"


@dataclass(frozen=True)
class Criterion:
    """A criterion, what it asks, what was checked and what follows; texts by language, empty without exemption."""

    number: str
    theme: int
    status: Status
    asks: dict[Lang, str]
    checked: dict[Lang, str]
    exemption: dict[Lang, str]
    day: date


@cache
def grid() -> tuple[Criterion, ...]:
    """Every criterion, in the order of the RGAA."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(map(_criterion, csv.DictReader(file)))


def _criterion(row: dict[str, str]) -> Criterion:
    asks, checked, exemption = (
        cast(dict[Lang, str], {"fr": row[name], "en": row[f"{name}_en"]})
        for name in ("intitule", "verification", "derogation")
    )
    day = date.fromisoformat(row["verifie_le"])
    return Criterion(row["critere"], int(row["theme"]), cast(Status, row["statut"]), asks, checked, exemption, day)


def counts(criteria: Sequence[Criterion]) -> dict[Status, int]:
    """Number of criteria of each status."""
    found = Counter(one.status for one in criteria)
    return {status: found[status] for status in STATUSES}


def rate(criteria: Sequence[Criterion]) -> float | None:
    """Percentage of criteria that are met, of those that apply and were tested; None where none was.

    Method: RGAA, « taux de conformité » = C / (C + NC).
    """
    found = counts(criteria)
    judged = found["C"] + found["NC"]
    return 100 * found["C"] / judged if judged else None


def degree(criteria: Sequence[Criterion]) -> Literal["totale", "partielle", "non"]:
    """How the rate is called (RGAA, « état de conformité »)."""
    share = rate(criteria)
    if share is None or share < PARTIAL:
        return "non"
    return "totale" if share == FULL else "partielle"
