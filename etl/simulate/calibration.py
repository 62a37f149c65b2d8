"""Calibration: the published figures the simulated series agree with, and what a simulation achieves for each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.simulate.draw import Floats
from schemas.contract import Contract, Label, load_contract

TABLE = Path(__file__).with_name("calibration.toml")
CALCULATIONS: Mapping[str, Callable[[Floats], float]] = {
    "somme": np.nansum,
    "moyenne": np.nanmean,
    "maximum": np.nanmax,
}


@dataclass(frozen=True)
class Anchor:
    """A published figure and how to read it in a simulated feed; ``calibration.toml`` says what each part means."""

    id: str
    feed: str
    measure: str
    calculation: str
    denominator: str | None
    filters: Mapping[str, str]
    reporters: str
    start: str
    end: str
    value: float
    unit: str
    source: str
    arithmetic: str
    note: Label
    tolerance: float

    def agrees(self, achieved: float) -> bool:
        """Whether a simulated value is within the tolerance of the published one."""
        return abs(achieved - self.value) <= self.tolerance * self.value


@dataclass(frozen=True)
class Uncalibrated:
    """A published figure that no series of these feeds can agree with, the reason, and the arithmetic that shows it."""

    id: str
    source: str
    value: float | None
    unit: str
    reason: Label
    arithmetic: str


def _anchor(row: dict[str, Any], tolerance: float) -> Anchor:
    return Anchor(
        id=row["id"],
        feed=row["flux"],
        measure=row["mesure"],
        calculation=row["calcul"],
        denominator=row.get("denominateur"),
        filters=row.get("filtre", {}),
        reporters=row["declarants"],
        start=row["debut"],
        end=row["fin"],
        value=row["valeur"],
        unit=row["unite"],
        source=row["source"],
        arithmetic=row.get("arithmetique", ""),
        note=Label(row["note"], row["note_en"]),
        tolerance=tolerance,
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def anchors() -> tuple[Anchor, ...]:
    """Every published figure the simulated series agree with."""
    return tuple(_anchor(row, _table()["tolerance"]) for row in _table()["ancre"])


def uncalibrated() -> tuple[Uncalibrated, ...]:
    """Every published figure they cannot agree with."""
    return tuple(
        Uncalibrated(
            row["id"],
            row["source"],
            row["valeur"] or None,
            row["unite"],
            Label(row["raison"], row["raison_en"]),
            row["arithmetique"],
        )
        for row in _table()["hors_calibrage"]
    )


def _rows(anchor: Anchor, contract: Contract, folder: Path) -> pd.DataFrame:
    reporter, period = contract.primary_key[0], contract.descriptor["period_field"]
    texts = dict.fromkeys((reporter, period, *anchor.filters), str)
    rows = pd.read_csv(folder / f"{anchor.feed}.csv", dtype=texts, na_values=["ND", "NC"])
    reporting = _matches(rows[reporter], anchor.reporters)
    return rows[reporting & (rows[period] >= anchor.start) & (rows[period] <= anchor.end)]


def _matches(column: pd.Series, pattern: str) -> pd.Series:
    return column.map(lambda text: re.fullmatch(pattern, text) is not None)


def achieved(anchor: Anchor, folder: Path) -> float:
    """The value of an anchor in the feeds simulated in ``folder``, in its unit (a share is in %)."""
    whole = _rows(anchor, load_contract(anchor.feed), folder)
    rows = whole
    for column, pattern in anchor.filters.items():
        rows = rows[_matches(rows[column], pattern)]
    if anchor.calculation == "compte":
        return float(len(rows))
    if anchor.calculation == "part_compte":
        return 100 * len(rows) / len(whole)
    measure = rows[anchor.measure].to_numpy(dtype=float)
    if anchor.calculation == "part":
        return 100 * float(np.nansum(measure) / np.nansum(rows[str(anchor.denominator)].to_numpy(dtype=float)))
    return float(CALCULATIONS[anchor.calculation](measure))
