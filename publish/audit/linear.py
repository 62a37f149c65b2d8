"""The arithmetic of the attack: one linear system over unknown counts, and what its bounds alone say.

Bounds are propagated as in constraint programming: each equation bounds each of its unknowns by what the others can
reach. Source: Savelsbergh, ORSA Journal on Computing 6 (1994), 445–454 (preprocessing of integer programs).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-6
ROUNDS = 60


@dataclass(frozen=True)
class System:
    """``low <= matrix @ x <= high`` over integers ``floor <= x <= ceiling``, one column an unknown.

    ``wide``: columns of which it is asked whether many values stay possible; ``small``: whether they are surely a small
    count.
    """

    matrix: csr_array
    low: Floats
    high: Floats
    floor: Floats
    ceiling: Floats
    wide: Bools
    small: Bools

    @property
    def judged(self) -> Bools:
        """Columns on which there is a verdict."""
        return self.wide | self.small


@dataclass(frozen=True)
class Bounded:
    """A system with the bounds its rows imply; ``contradictions``: rows that no point within the bounds satisfies."""

    system: System
    contradictions: Ints


def propagate(system: System) -> Bounded:
    """The same system with tighter bounds, each sure; stops where nothing moves or a row cannot be satisfied."""
    entries = coo_array(system.matrix)
    floor, ceiling = system.floor.copy(), system.ceiling.copy()
    broken: Ints = np.zeros(0, dtype=np.int64)
    for _ in range(ROUNDS):
        before = floor.copy(), ceiling.copy()
        least, most = _tighten(entries, system, floor, ceiling)
        broken = np.flatnonzero((least > system.high + TOLERANCE) | (most < system.low - TOLERANCE))
        if len(broken) or (np.array_equal(before[0], floor) and np.array_equal(before[1], ceiling)):
            break
    crossed = np.flatnonzero(floor > ceiling)
    if len(crossed) and not len(broken):
        broken = np.unique(entries.row[np.isin(entries.col, crossed)])
    return Bounded(replace(system, floor=floor, ceiling=ceiling), broken)


def _tighten(entries: coo_array, system: System, floor: Floats, ceiling: Floats) -> tuple[Floats, Floats]:
    """Tighten the bounds in place once; returns what each row could reach before, at least and at most."""
    rows, columns, signs = entries.row, entries.col, entries.data
    up = signs > 0
    under = signs * np.where(up, floor[columns], ceiling[columns])
    over = signs * np.where(up, ceiling[columns], floor[columns])
    least, others_least = _reach(rows, under, len(system.low))
    most, others_most = _reach(rows, over, len(system.low))
    at_most = (system.high[rows] - others_least) / signs
    at_least = (system.low[rows] - others_most) / signs
    uppers, lowers = np.where(up, at_most, at_least), np.where(up, at_least, at_most)
    np.minimum.at(ceiling, columns, np.floor(uppers + TOLERANCE))
    np.maximum.at(floor, columns, np.ceil(lowers - TOLERANCE))
    return least, most


def _reach(rows: Ints, parts: Floats, count: int) -> tuple[Floats, Floats]:
    """Sum of the parts by row, and for each part the sum of the others of its row; infinite where one is."""
    endless = ~np.isfinite(parts)
    finite = np.where(endless, 0.0, parts)
    sums = np.bincount(rows, finite, minlength=count)
    many = np.bincount(rows, endless, minlength=count)
    # The parts of one call are all lower ends or all upper ends: only one infinity can be among them.
    sign = np.inf if np.any(parts == np.inf) else -np.inf
    total = np.where(many > 0, sign, sums)
    others = np.where(many[rows] - endless > 0, sign, sums[rows] - finite)
    return total, others


def reduced(system: System) -> tuple[System, Ints]:
    """The system without the rows that its bounds already satisfy nor the columns they fix; and the columns kept."""
    entries = coo_array(system.matrix)
    least, most = _spans(entries, system)
    rows = np.flatnonzero((least < system.low - TOLERANCE) | (most > system.high + TOLERANCE))
    columns = np.flatnonzero(system.ceiling > system.floor)
    fixed = np.where(system.ceiling > system.floor, 0.0, system.floor)
    shift = system.matrix[rows] @ fixed
    kept = System(
        csr_array(system.matrix[rows][:, columns]),
        system.low[rows] - shift,
        system.high[rows] - shift,
        system.floor[columns],
        system.ceiling[columns],
        system.wide[columns],
        system.small[columns],
    )
    return kept, columns


def _spans(entries: coo_array, system: System) -> tuple[Floats, Floats]:
    up = entries.data > 0
    under = entries.data * np.where(up, system.floor[entries.col], system.ceiling[entries.col])
    over = entries.data * np.where(up, system.ceiling[entries.col], system.floor[entries.col])
    count = len(system.low)
    return _reach(entries.row, under, count)[0], _reach(entries.row, over, count)[0]


def part(system: System, columns: Ints, by_column: csc_array | None = None) -> tuple[System, Ints]:
    """The rows that touch those columns, over those columns only, and the numbers of the rows.

    ``by_column`` is the matrix already stored by column, where many parts are taken of one system.
    """
    held = csr_array((csc_array(system.matrix) if by_column is None else by_column)[:, columns])
    rows = np.flatnonzero(np.diff(held.indptr))
    inside = System(
        csr_array(held[rows]),
        system.low[rows],
        system.high[rows],
        system.floor[columns],
        system.ceiling[columns],
        system.wide[columns],
        system.small[columns],
    )
    return inside, rows


def labels(system: System) -> tuple[int, Ints]:
    """Number of independent components, and the component of each column."""
    rows, columns = system.matrix.shape
    entries = coo_array(system.matrix)
    graph = coo_array(
        (np.ones(len(entries.data), dtype=np.int8), (entries.row, rows + entries.col)),
        shape=(rows + columns, rows + columns),
    )
    _, marks = connected_components(graph, directed=False)
    names, marks = np.unique(marks[rows:], return_inverse=True)
    return len(names), marks.astype(np.int64)


def chunks(marks: Ints, *, size: int) -> Iterator[Ints]:
    """Columns, whole components together, in lots of about ``size``; the same lots whatever the machine."""
    order = np.argsort(marks, kind="stable")
    ends = np.flatnonzero(np.diff(marks[order])) + 1
    start = 0
    for end in [*ends.tolist(), len(order)]:
        if end - start >= size or end == len(order):
            if end > start:
                yield order[start:end]
            start = end
