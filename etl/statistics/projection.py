"""The way to a target: where it stands, since when it is met, and when a straight course would meet it.

The course is a line through the quarters (of the value, or of its logarithm), its errors AR(1) with the correlation
averaged over (``serial``). For each quarter to come, the line has a probability of having reached the target; the
projected date and its interval are the quarters where it passes one half, and the ends of the level asked for: the
inverse regression of Fieller, J. R. Stat. Soc. B 16 (1954), 175–185, read from the mixture. What is projected is the
course, not the value of one quarter, and nothing says that the course will hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from etl.statistics.intervals import Floats
from etl.statistics.serial import Flags, Mixture, Regression, regress
from etl.statistics.series import QUARTERS
from etl.statistics.verdicts import meets

# Under two years of quarters, a course is not told from a few steps.
LEAST_POINTS = 8
# In quarters: a date further than ten years ahead is not a projection.
HORIZON = 40
# Variance of rounding to a whole: the least that values counted in beds or places can be known to.
ROUNDING = 1 / 12


@dataclass(frozen=True)
class Standing:
    """Where a target stands; quarters are numbers (see ``quarter_number``).

    ``status``: atteinte, non_atteinte or indeterminee (no value). ``quarter`` and ``value``: the last known. ``since``:
    first quarter of the unbroken stretch in which it is met. ``expected``: what the straight path from the first value
    to the deadline asks for at ``quarter``. ``pace``: change by year needed from there, None after the deadline.
    """

    status: str
    quarter: int | None = None
    value: float | None = None
    since: int | None = None
    expected: float | None = None
    pace: float | None = None


@dataclass(frozen=True)
class Course:
    """When a straight course would meet a target; quarters are numbers, None where they cannot be told.

    ``by_deadline``: probability that the course has met it by the deadline. ``reason`` a date is missing: trop_court,
    non_calculable (logarithm of 0), sans_rapprochement_demontre, or au_dela_de_l_horizon.
    """

    early: int | None = None
    central: int | None = None
    late: int | None = None
    by_deadline: float | None = None
    reason: str | None = None


def quarter_number(period: str) -> int:
    """``2026-T3`` as a number of quarters, ``year × 4 + quarter − 1``: successive quarters differ by 1."""
    return int(period[:4]) * QUARTERS + int(period[-1]) - 1


def quarter_name(number: int) -> str:
    """The inverse of ``quarter_number``."""
    return f"{number // QUARTERS}-T{number % QUARTERS + 1}"


def standing(
    values: ArrayLike,
    *,
    first: int,
    target: float,
    operator: str,
    deadline: int | None = None,
    provisional: ArrayLike = False,
) -> Standing:
    """Where a target stands from quarterly ``values`` (NaN: absent) that begin at quarter ``first``.

    Provisional quarters are left out. Raises ContractBroken for an operator that is not of the list.
    """
    numbers = np.asarray(values, dtype=float)
    place = np.flatnonzero(_seen(numbers, provisional))
    if not len(place):
        return Standing("indeterminee")
    known, quarters = numbers[place], first + place
    met = meets(known, target, operator)
    since = int(quarters[len(met) - np.argmin(np.append(met[::-1], False))]) if met[-1] else None
    status = "atteinte" if met[-1] else "non_atteinte"
    expected, pace = _path(known, quarters, target, deadline)
    return Standing(status, int(quarters[-1]), float(known[-1]), since, expected, pace)


def course(
    values: ArrayLike,
    *,
    first: int,
    target: float,
    operator: str,
    deadline: int | None = None,
    provisional: ArrayLike = False,
    logarithm: bool = False,
    level: float = 0.95,
) -> Course:
    """When the course of quarterly ``values`` would meet a target not met yet; arguments as for ``standing``.

    ``logarithm`` suits counts that grow by shares; every value must then be positive.
    """
    numbers = np.asarray(values, dtype=float)
    seen = _seen(numbers, provisional)
    if seen.sum() < LEAST_POINTS:
        return Course(reason="trop_court")
    if logarithm and not (numbers[seen] > 0).all():
        return Course(reason="non_calculable")
    last = int(np.flatnonzero(seen)[-1])
    rises = operator.startswith(">") or (operator == "=" and target > numbers[last])
    line, goal = _line(numbers, seen, target, logarithm=logarithm)
    reached = _reached(line, np.arange(last + 1, last + 1 + HORIZON), goal, rises=rises)
    towards = _towards(line, rises=rises)
    tail = (1 - level) / 2
    early, central, late = (_first(reached >= share, first + last + 1) for share in (tail, 0.5, 1 - tail))
    by_deadline = _by(reached, None if deadline is None else deadline - first - last - 1)
    if towards < 1 - tail:
        return Course(early, by_deadline=by_deadline, reason="sans_rapprochement_demontre")
    return Course(early, central, late, by_deadline, "au_dela_de_l_horizon" if late is None else None)


def _seen(numbers: Floats, provisional: ArrayLike) -> Flags:
    return np.asarray(np.isfinite(numbers) & ~np.broadcast_to(np.asarray(provisional, dtype=bool), numbers.shape))


def _path(
    known: Floats, quarters: NDArray[np.intp], target: float, deadline: int | None
) -> tuple[float | None, float | None]:
    """What the straight path asks for at the last quarter, and the change by year that is needed from there."""
    if deadline is None or deadline <= quarters[0]:
        return None, None
    expected = float(np.interp(quarters[-1], [quarters[0], deadline], [known[0], target]))
    left = (deadline - int(quarters[-1])) / QUARTERS
    return expected, (target - float(known[-1])) / left if left > 0 else None


def _line(numbers: Floats, seen: Flags, target: float, *, logarithm: bool) -> tuple[Regression, float]:
    """The regression of the values on quarters, and the target on its scale."""
    mean = float(np.mean(numbers[seen]))
    response = np.log(np.where(seen, numbers, 1.0)) if logarithm else np.where(seen, numbers, 0.0)
    design = np.column_stack([np.ones(len(numbers)), np.arange(len(numbers))]).astype(float)
    least = ROUNDING / mean**2 if logarithm else ROUNDING
    return regress(response[None], design[None], seen[None], least_variance=least), (
        float(np.log(target)) if logarithm else target
    )


def _reached(line: Regression, steps: NDArray[np.intp], goal: float, *, rises: bool) -> Floats:
    """Probability, at each step, that the line is past the goal."""
    under = _combine(line, np.column_stack([np.ones(len(steps)), steps])).below(np.full(len(steps), goal))
    return 1 - under if rises else under


def _towards(line: Regression, *, rises: bool) -> float:
    """Probability that the line goes towards the goal."""
    falls = float(_combine(line, np.array([[0.0, 1.0]])).below(np.zeros(1))[0])
    return 1 - falls if rises else falls


def _combine(line: Regression, contrasts: Floats) -> Mixture:
    """Several combinations of the coefficients of one series."""
    number = len(contrasts)
    parts = (line.weight, line.coefficients, line.covariance, line.freedom)
    return Regression(*(np.repeat(part, number, axis=0) for part in parts)).combination(contrasts)


def _first(flags: Flags, start: int) -> int | None:
    return start + int(np.argmax(flags)) if flags.any() else None


def _by(reached: Floats, step: int | None) -> float | None:
    return float(reached[step]) if step is not None and 0 <= step < len(reached) else None
