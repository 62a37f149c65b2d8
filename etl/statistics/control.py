"""Control limits of daily attendance: individual values and moving ranges (XmR), with their rules.

The limits say what the ordinary days of a place look like; a day outside them asks for a cause, a day inside does not.
Attendance follows the week: left in, the weekly swing fills the moving ranges, the limits widen and nothing is ever
unusual. Values are therefore divided by the factor of their weekday before the limits are computed, and the limits
multiplied by it after (Wheeler's deseasonalised chart), so that they are read on the scale of the day.

Sources: Wheeler, Understanding Variation, 2nd ed. SPC Press 2000, ch. 4 and appendix (limits, three rules); Wheeler,
Making Sense of Data, SPC Press 2003, ch. 14 (seasonal factors); NIST/SEMATECH e-Handbook, § 6.3.2.2 (constants).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from etl.statistics.intervals import Floats
from etl.statistics.serial import Flags

# 3 / d2 and D4 of pairs (d2 = 1.128): three sigmas estimated from moving ranges.
LIMIT = 2.66
RANGE_LIMIT = 3.268
RUN = 8
NEAR, NEAR_WITHIN = 3, 4
WEEK = 7
# Limits are those of the first twelve weeks of a segment, then held; none before four weeks, each weekday seen thrice.
BASELINE_DAYS = 84
LEAST_VALUES = 20
LEAST_BY_WEEKDAY = 3


@dataclass(frozen=True)
class Chart:
    """A chart, day by day (T). ``segment`` counts from 0; limits are NaN where there are too few days to set them.

    ``beyond`` is 1 above the upper limit, -1 under the lower, else 0. ``run``: one of eight or more successive values
    on one side of the centre. ``near``: one of three among four successive values nearer to a limit than the centre.
    ``leap``: the moving range that leads to the day is beyond its own limit.
    """

    segment: NDArray[np.int_]
    centre: Floats
    low: Floats
    high: Floats
    beyond: NDArray[np.int_]
    run: Flags
    near: Flags
    leap: Flags

    @property
    def unusual(self) -> Flags:
        """Days that at least one of Wheeler's three rules points at."""
        return np.asarray((self.beyond != 0) | self.run | self.near)


@dataclass(frozen=True)
class Limits:
    """Natural limits of values that know no weekday: centre, lower and upper limit, and limit of the moving range."""

    centre: float
    low: float
    high: float
    leap: float


def limits(values: Floats) -> Limits:
    """Limits from successive ``values`` (at least two): mean ± 2.66 mean moving range, and 3.268 mean moving range.

    Source: Wheeler 2000, p. 60; NIST/SEMATECH e-Handbook, § 6.3.2.2.
    """
    centre, moved = float(np.mean(values)), float(np.mean(np.abs(np.diff(values))))
    return Limits(centre, centre - LIMIT * moved, centre + LIMIT * moved, RANGE_LIMIT * moved)


def xmr(values: ArrayLike, days: ArrayLike, *, events: Sequence[date] = (), by_weekday: bool = True) -> Chart:
    """Chart of daily ``values`` (NaN: closed or not reported) at ``days`` (dates, increasing).

    Each of ``events`` (an opening, a transfer, a change of hours) starts a segment with limits of its own. Successive
    values are those of successive days with a value. The lower limit of a count is not under 0.
    """
    numbers, dates = np.asarray(values, dtype=float), np.asarray(days, dtype="datetime64[D]")
    starts = np.sort(np.asarray(events, dtype="datetime64[D]"))
    segment = np.searchsorted(starts, dates, side="right")
    parts = [_part(numbers[where], dates[where], by_weekday=by_weekday) for where in _groups(segment)]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    centre, low, high, beyond, run, near, leap = columns
    rank = np.unique(segment, return_inverse=True)[1]
    flags = (column.astype(bool) for column in (run, near, leap))
    return Chart(rank, centre, np.maximum(low, 0), high, beyond.astype(int), *flags)


def _groups(segment: NDArray[np.intp]) -> list[Flags]:
    return [segment == value for value in np.unique(segment)]


def _part(values: Floats, dates: NDArray[np.datetime64], *, by_weekday: bool) -> Sequence[Floats]:
    """Centre, limits and signals of one segment: seven arrays of its length."""
    factor = _factors(values, dates) if by_weekday else np.ones(len(values))
    level = values / factor
    table = np.full((7, len(values)), np.nan)
    table[3:] = 0
    known = np.flatnonzero(np.isfinite(level))
    baseline = level[known][_in_baseline(dates[known], dates)]
    if len(baseline) >= LEAST_VALUES:
        found = limits(baseline)
        table[:3] = np.outer([found.centre, found.low, found.high], factor)
        table[3:, known] = _signals(level[known], found)
    return list(table)


def _in_baseline(known: NDArray[np.datetime64], dates: NDArray[np.datetime64]) -> Flags:
    return np.asarray(known < dates[:1] + np.timedelta64(BASELINE_DAYS, "D"))


def _factors(values: Floats, dates: NDArray[np.datetime64]) -> Floats:
    """Factor of the weekday of each day: its median over the baseline, the mean of the weekdays being 1.

    The median, so that one unusual Monday does not make all Mondays unusual; NaN for a weekday seen too seldom.
    """
    weekday = dates.astype(int) % WEEK
    first = _in_baseline(dates, dates) & np.isfinite(values)
    typical = np.full(WEEK, np.nan)
    for day in range(WEEK):
        seen = values[first & (weekday == day)]
        if len(seen) >= LEAST_BY_WEEKDAY:
            typical[day] = np.median(seen)
    typical[typical <= 0] = np.nan
    told = typical[np.isfinite(typical)]
    return np.asarray(typical[weekday] / (told.mean() if len(told) else 1.0))


def _signals(level: Floats, found: Limits) -> Floats:
    """Beyond, run, near and leap of successive values, as four rows."""
    beyond = (level > found.high).astype(int) - (level < found.low)
    leap = np.concatenate([[False], np.abs(np.diff(level)) > found.leap])
    half_way = (found.high - found.centre) / 2
    near = np.where(np.abs(level - found.centre) > half_way, np.sign(level - found.centre), 0)
    close = _among(near > 0) | _among(near < 0)
    return np.asarray([beyond, _long_runs(np.sign(level - found.centre)), close, leap], dtype=float)


def _long_runs(side: Floats) -> Flags:
    """Values of a run of at least ``RUN`` on one side; a value on the centre belongs to none."""
    run = np.cumsum(np.concatenate([[0], side[1:] != side[:-1]]))
    return np.asarray((np.bincount(run.astype(int))[run.astype(int)] >= RUN) & (side != 0))


def _among(flags: Flags) -> Flags:
    """Flags that are at least ``NEAR`` within ``NEAR_WITHIN`` successive values."""
    if len(flags) < NEAR_WITHIN:
        return np.zeros(len(flags), dtype=bool)
    window = np.convolve(flags, np.ones(NEAR_WITHIN), mode="valid") >= NEAR
    return np.asarray((np.convolve(window, np.ones(NEAR_WITHIN)) > 0) & flags)
