"""The arithmetic of the attack against plain enumeration: every interval it claims is the one that is true."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array

from publish.audit.linear import System, chunks, labels, propagate, reduced
from publish.audit.programs import spans

TOP = 7


def random_system(seed: int) -> System:
    """A few sums of up to five unknown counts, true for some hidden point; some are at-most sums."""
    draw = np.random.default_rng(seed)
    columns, rows = int(draw.integers(2, 6)), int(draw.integers(1, 4))
    matrix = draw.choice([-1.0, 0.0, 1.0, 1.0], size=(rows, columns))
    matrix[0] = 1.0
    truth = draw.integers(0, TOP + 1, size=columns)
    low = matrix @ truth
    high = np.where(draw.random(rows) < 0.3, np.inf, low)
    high[0] = low[0]
    return System(
        csr_array(matrix),
        low,
        high,
        np.zeros(columns),
        np.full(columns, float(TOP)),
        np.ones(columns, dtype=bool),
        np.zeros(columns, dtype=bool),
    )


def enumerated(system: System) -> np.ndarray:
    """Every point in whole numbers that satisfies the system."""
    points = np.array(list(product(range(TOP + 1), repeat=len(system.floor))), dtype=float)
    activity = points @ system.matrix.toarray().T
    return points[((activity >= system.low) & (activity <= system.high)).all(axis=1)]


@pytest.mark.parametrize("seed", range(40))
def test_a_column_is_lost_exactly_where_enumeration_leaves_too_few_values(seed):
    system = random_system(seed)
    points = enumerated(system)
    width = points.max(axis=0) - points.min(axis=0)
    for values in range(2, TOP + 2):
        seen = spans(system, values=values, threshold=11)
        assert seen.feasible.all()
        lost = seen.high - seen.low < values - 1
        assert lost.tolist() == (width < values - 1).tolist()
        assert (seen.low[~lost] >= points.min(axis=0)[~lost]).all()
        assert (seen.high[~lost] <= points.max(axis=0)[~lost]).all()


@pytest.mark.parametrize("seed", range(40))
def test_a_guarded_difference_is_told_only_where_it_is_surely_a_small_count(seed):
    system = random_system(seed)
    guarded = System(system.matrix, system.low, system.high, system.floor, system.ceiling, ~system.wide, system.wide)
    points = enumerated(guarded)
    for threshold in (3, 5):
        seen = spans(guarded, values=11, threshold=threshold)
        told = (seen.low >= 1) & (seen.high < threshold)
        truth = (points.min(axis=0) >= 1) & (points.max(axis=0) < threshold)
        assert told.tolist() == truth.tolist()


@pytest.mark.parametrize("seed", range(40))
def test_propagated_bounds_hold_every_point_and_reduction_loses_none(seed):
    system = random_system(seed)
    points = enumerated(system)
    bounded = propagate(system)
    assert len(bounded.contradictions) == 0
    assert (bounded.system.floor <= points.min(axis=0)).all()
    assert (bounded.system.ceiling >= points.max(axis=0)).all()
    inner, columns = reduced(bounded.system)
    left = np.unique(points[:, columns], axis=0)
    if len(columns):
        assert len(left) == len(enumerated_within(inner))
    else:
        assert len(points) == 1


def enumerated_within(system: System) -> np.ndarray:
    """Every point of a reduced system, whose columns no longer all start at 0."""
    ranges = [range(int(low), int(high) + 1) for low, high in zip(system.floor, system.ceiling, strict=True)]
    points = np.array(list(product(*ranges)), dtype=float).reshape(-1, len(ranges))
    activity = points @ system.matrix.toarray().T
    return points[((activity >= system.low - 1e-9) & (activity <= system.high + 1e-9)).all(axis=1)]


def test_a_fractional_vertex_is_no_proof_the_integers_are_asked():
    # Every pair of three counts makes at most 1 with what is left of 2: halves satisfy it, whole numbers hardly.
    matrix = csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]))
    system = System(
        matrix,
        np.full(3, -np.inf),
        np.full(3, 1.0),
        np.zeros(3),
        np.full(3, 5.0),
        np.zeros(3, dtype=bool),
        np.zeros(3, dtype=bool),
    )
    total = csr_array(
        np.hstack([np.vstack([matrix.toarray(), np.ones((1, 3))]), np.array([[0.0], [0.0], [0.0], [-1.0]])])
    )
    wide = np.array([False, False, False, True])
    summed = System(
        total,
        np.append(system.low, 0.0),
        np.append(system.high, 0.0),
        np.zeros(4),
        np.append(system.ceiling, 15.0),
        wide,
        np.zeros(4, dtype=bool),
    )
    assert spans(summed, values=3, threshold=11).most[3] == 1.0
    seen = spans(summed, values=2, threshold=11)
    # Over the reals the sum reaches 1.5; over the integers it is 0 or 1, which an integer program alone can show.
    assert (seen.low[3], seen.high[3]) == (0.0, 1.0)


def test_what_nothing_satisfies_is_said_and_leaves_the_rest_judged():
    matrix = csr_array(np.array([[1.0, 1.0, 0.0, 0.0], [1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]))
    side = np.array([10.0, 30.0, 40.0])
    system = System(
        matrix, side, side, np.zeros(4), np.full(4, np.inf), np.ones(4, dtype=bool), np.zeros(4, dtype=bool)
    )
    seen = spans(system, values=11, threshold=11)
    assert seen.feasible.tolist() == [False, False, True, True]
    assert (seen.high[2:] - seen.low[2:] >= 10).all()


def test_a_contradiction_is_found_by_the_bounds():
    matrix = csr_array(np.array([[1.0, 1.0], [1.0, 1.0]]))
    side = np.array([10.0, 12.0])
    system = System(
        matrix, side, side, np.zeros(2), np.array([4.0, 4.0]), np.ones(2, dtype=bool), np.zeros(2, dtype=bool)
    )
    assert propagate(system).contradictions.tolist() == [0, 1]


def test_lots_hold_whole_components_whatever_their_size():
    matrix = csr_array(np.kron(np.eye(7), np.ones((1, 3))))
    count, marks = labels(
        System(
            matrix,
            np.zeros(7),
            np.zeros(7),
            np.zeros(21),
            np.ones(21),
            np.ones(21, dtype=bool),
            np.zeros(21, dtype=bool),
        )
    )
    lots = list(chunks(marks, size=5))
    assert count == 7
    assert sorted(np.concatenate(lots).tolist()) == list(range(21))
    assert all(len(np.unique(marks[lot])) * 3 == len(lot) for lot in lots)
