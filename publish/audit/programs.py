"""The programs of the attack: how small and how large can each unknown be, over the integers.

Two programs an unknown would do. But one optimal point is a witness for every unknown of its component, and components
are independent, so that one program serves many: points far apart are drawn first, and only the unknowns they did not
tell apart get programs of their own (linear, then integer where the vertex is not whole).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from publish.audit.linear import TOLERANCE, Bools, Floats, Ints, System, labels, part

# Points drawn before an unknown gets its own programs, and the room above every figure known.
DRAWS = 40
IDLE = 6
ROOM = 10_000.0
KNUTH = 2_654_435_761


@dataclass(frozen=True)
class Span:
    """What was seen and proved of each column.

    ``low`` and ``high``: the smallest and largest value seen at a point in whole numbers that satisfies every row;
    ``least`` and ``most``: no such point goes beyond. ``own``: columns that needed programs of their own;
    ``feasible``: false for the columns of a component that nothing satisfies.
    """

    low: Floats
    high: Floats
    least: Floats
    most: Floats
    own: Bools
    feasible: Bools


def spans(system: System, *, values: int, threshold: int) -> Span:
    """Examine every judged column until it is seen to be safe or proved not to be."""
    return _Attack(system, values=values, threshold=threshold).run()


class _Attack:
    """The state of one examination: a model passed once, whose objective changes."""

    def __init__(self, system: System, *, values: int, threshold: int) -> None:
        self.system, self.values, self.threshold = system, values, threshold
        columns = len(system.floor)
        self.count, self.marks = labels(system)
        self.low, self.high = np.full(columns, np.inf), np.full(columns, -np.inf)
        self.least, self.most = system.floor.copy(), system.ceiling.copy()
        self.own = np.zeros(columns, dtype=bool)
        self.feasible = np.ones(columns, dtype=bool)
        self.caps = _caps(system, self.count, self.marks)
        self.model = _model(system, self.caps)

    def run(self) -> Span:
        if self._solve(np.zeros(len(self.low))) is None:
            self._part_infeasible()
        self._draw()
        for towards in (-1.0, 1.0):
            self._own_programs(towards)
        for column in np.flatnonzero(self._pending()):
            self._whole_numbers(int(column))
        return Span(self.low, self.high, self.least, self.most, self.own, self.feasible)

    def _pending(self) -> Bools:
        """Columns of which a verdict is still open: neither seen to be safe nor proved not to be."""
        wide = (self.high - self.low >= self.values - 1) | (self.most - self.least < self.values - 1)
        outside = (self.low < 1) | (self.high >= self.threshold)
        inside = (self.least >= 1) & (self.most < self.threshold)
        open_ = (self.system.wide & ~wide) | (self.system.small & ~(outside | inside))
        return np.asarray(open_ & self.feasible)

    def _draw(self) -> None:
        """Points far apart: all high, all low, then halves against each other, the same ones on any machine."""
        idle = 0
        numbers = np.arange(len(self.low), dtype=np.uint64)
        for draw in range(DRAWS):
            pending = self._pending()
            if not pending.any() or idle >= IDLE:
                return
            signs = 1.0 - 2.0 * (
                ((numbers + np.uint64(1)) * np.uint64(KNUTH) >> np.uint64(7 + draw // 2)) & np.uint64(1)
            )
            signs = np.ones(len(self.low)) if draw < 2 else signs
            self._solve(np.where(pending, signs * (1.0 if draw % 2 else -1.0), 0.0))
            idle = 0 if pending.sum() > self._pending().sum() else idle + 1

    def _own_programs(self, towards: float) -> None:
        """The exact bound of each pending column: one program for one column of every component at once."""
        waiting = np.flatnonzero(self._pending())
        while len(waiting):
            _, first = np.unique(self.marks[waiting], return_index=True)
            chosen = waiting[first]
            costs = np.zeros(len(self.low))
            costs[chosen] = -towards
            point = self._solve(costs)
            if point is None:
                return
            self.own[chosen] = True
            if towards > 0:
                self.most[chosen] = np.minimum(self.most[chosen], np.floor(point[chosen] + TOLERANCE))
            else:
                self.least[chosen] = np.maximum(self.least[chosen], np.ceil(point[chosen] - TOLERANCE))
            waiting = np.setdiff1d(waiting, chosen)
            waiting = waiting[self._pending()[waiting]]

    def _solve(self, costs: Floats) -> Floats | None:
        """An optimal point for those costs, noted as a witness where it is whole; None where there is none."""
        columns = len(costs)
        self.model.changeColsCost(columns, np.arange(columns, dtype=np.int32), costs)
        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        point = np.asarray(self.model.getSolution().col_value)
        self._witness(point)
        return point

    def _witness(self, point: Floats) -> None:
        """Note the values of each component whose rows the point satisfies in whole numbers: checked, not trusted."""
        whole = np.round(point)
        bad = (np.abs(point - whole) > 1e-5) | (whole < self.system.floor) | (whole > self.system.ceiling)
        activity = self.system.matrix @ whole
        wrong = (activity < self.system.low - TOLERANCE) | (activity > self.system.high + TOLERANCE)
        broken = np.bincount(self.marks[bad], minlength=self.count) > 0
        rows = np.flatnonzero(wrong)
        if len(rows):
            held = self.system.matrix[rows]
            broken[self.marks[held.indices]] = True
        good = ~broken[self.marks]
        self.low = np.where(good, np.minimum(self.low, whole), self.low)
        self.high = np.where(good, np.maximum(self.high, whole), self.high)

    def _whole_numbers(self, column: int) -> None:
        """The same two programs over the integers, for a column whose bound was reached at no whole point."""
        mates = np.flatnonzero(self.marks == self.marks[column])
        if not self._pending()[column]:
            return
        numbers = np.arange(len(self.low), dtype=np.int32)
        kinds = np.zeros(len(self.low), dtype=np.uint8)
        kinds[mates] = int(highspy.HighsVarType.kInteger)
        self.model.changeColsIntegrality(len(numbers), numbers, kinds)
        for towards in (-1.0, 1.0):
            costs = np.zeros(len(self.low))
            costs[column] = -towards
            point = self._solve(costs)
            if point is None:
                self.feasible[mates] = False
            elif towards > 0:
                self.most[column] = min(self.most[column], np.round(point[column]))
            else:
                self.least[column] = max(self.least[column], np.round(point[column]))
        self.model.changeColsIntegrality(len(numbers), numbers, np.zeros(len(numbers), dtype=np.uint8))

    def _part_infeasible(self) -> None:
        """Find the components that nothing satisfies, and set their rows aside."""
        for mark in range(self.count):
            columns = np.flatnonzero(self.marks == mark)
            inside, rows = part(self.system, columns)
            model = _model(inside, self.caps[columns])
            model.run()
            if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                self.feasible[columns] = False
                for row in rows.tolist():
                    self.model.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)


def solver(system: System) -> highspy.Highs:
    """A program over the system, nothing to optimise yet, its unknowns given a finite ceiling."""
    count, marks = labels(system)
    return _model(system, _caps(system, count, marks))


def _caps(system: System, count: int, marks: Ints) -> Floats:
    """A finite ceiling for each column: every figure of its component added up, and room above."""
    sizes = np.zeros(count)
    entries = system.matrix.tocoo()
    if len(entries.row):
        sides = np.maximum(_finite(system.low), _finite(system.high))
        _, first = np.unique(entries.row, return_index=True)
        np.add.at(sizes, marks[entries.col[first]], sides[entries.row[first]])
    np.maximum.at(sizes, marks, _finite(system.floor))
    return np.minimum(system.ceiling, sizes[marks] + ROOM)


def _finite(bounds: Floats) -> Floats:
    return np.where(np.isfinite(bounds), np.abs(bounds), 0.0)


def _model(system: System, caps: Floats) -> highspy.Highs:
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("random_seed", 0)):
        model.setOptionValue(option, value)
    problem = highspy.HighsLp()
    problem.num_row_, problem.num_col_ = system.matrix.shape
    problem.col_cost_ = np.zeros(len(caps))
    problem.col_lower_, problem.col_upper_ = system.floor, caps
    problem.row_lower_, problem.row_upper_ = system.low, system.high
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_ = system.matrix.indptr
    problem.a_matrix_.index_ = system.matrix.indices
    problem.a_matrix_.value_ = system.matrix.data.astype(float)
    model.passModel(problem)
    return model
