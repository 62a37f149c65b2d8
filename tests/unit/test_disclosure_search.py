"""The search for a pattern: close to the cheapest, the same at every run, whole persons only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from publish.disclosure.linked import LinkedTable, Moves, blocks, weaknesses
from publish.disclosure.optimal import optimal
from publish.disclosure.shield import pruned, searched, shield
from schemas.errors import AuditFailed
from tests.disclosure_tables import believable, crossed, drawn, linked

WIDTH = 10
MOST = 1.15
# Shape and subtotals of each dimension.
KINDS = (((6, 6), (1, 1)), ((10, 6), (3, 1)), ((8, 9), (2, 3)), ((3, 3, 3), (1, 1, 1)), ((4, 3, 2), (2, 1, 1)))
MEANS = (12.0, 30.0, 60.0, 120.0)


def battery() -> list[LinkedTable]:
    """The fixed set: two to three dimensions, flat and in trees, dense and sparse in small counts."""
    drawings = [
        (100 * kind + turn, *shape, mean) for kind, shape in enumerate(KINDS) for turn, mean in enumerate(MEANS)
    ]
    return [drawn(seed, shape, groups, mean=mean) for seed, shape, groups, mean in drawings]


@pytest.fixture(scope="module")
def compared() -> list[tuple[LinkedTable, np.ndarray, np.ndarray]]:
    """Each table of the set with the pattern of the search alone and the cheapest one."""
    return [(table, searched(table, width=WIDTH), optimal(table, width=WIDTH)) for table in battery()]


def test_the_search_alone_hides_at_most_fifteen_percent_more_than_the_cheapest(compared):
    ours = sum(found.sum() for _, found, _ in compared)
    assert ours <= MOST * sum(best.sum() for _, _, best in compared)
    cost = sum(table.weights[found].sum() for table, found, _ in compared)
    assert cost <= MOST * sum(table.weights[best].sum() for table, _, best in compared)


def test_no_pattern_is_cheaper_than_the_one_held_cheapest(compared):
    for table, found, best in compared:
        assert table.weights[best].sum() <= table.weights[found].sum()
        assert not weaknesses(table, best, width=WIDTH)
        assert best[table.primary].all()


def test_a_small_table_has_its_cheapest_pattern(compared):
    for table, _, best in compared[:8]:
        assert shield(table, width=WIDTH).tolist() == best.tolist()


def test_the_same_table_has_the_same_pattern_and_the_order_of_equations_matters_little():
    table = drawn(7, (12, 10), (3, 2))
    found = searched(table, width=WIDTH)
    assert searched(table, width=WIDTH).tolist() == found.tolist()
    turned = replace(table, equations=table.equations[::-1])
    other = searched(turned, width=WIDTH)
    assert not weaknesses(table, other, width=WIDTH)
    assert table.weights[other].sum() == pytest.approx(table.weights[found].sum(), rel=0.15)


def companionless(table: LinkedTable, hidden: np.ndarray) -> LinkedTable:
    """The table where all that is not hidden is public: the pattern is what it is."""
    return replace(table, public=~hidden)


def prism(corner: int) -> LinkedTable:
    """Two triangles joined by one edge; each of the six corners is the sum of its edges, and shown.

    Halves would let the joining edge (cell 0) vary from nothing to its all. Whole numbers do not where corners are odd.
    """
    sums = [(7, [0, 1, 2]), (8, [1, 3]), (9, [2, 3]), (10, [0, 4, 5]), (11, [4, 6]), (12, [5, 6])]
    values = [corner, 0, 0, corner, 0, 0, corner, *[corner] * 6]
    return linked(values, sums, primary=np.arange(13) < 7)


def test_a_range_that_needs_halves_is_no_range():
    table = prism(1)
    edges = table.primary
    (block,) = blocks(table, edges)
    joining = (np.arange(len(block.cells)) == 0).astype(float)
    moves = Moves(table, block)
    assert moves.best(-joining)[0] == pytest.approx(-1)
    assert moves.best_whole(-joining)[0] == 0
    # After a program over whole numbers, those over fractions are as before.
    assert moves.best(-joining)[0] == pytest.approx(-1)
    assert {weakness.cell for weakness in weaknesses(table, edges, width=1)} >= {0}
    assert len(np.unique(believable(table, edges, room=2)[:, 0])) == 1


@pytest.mark.parametrize("method", [optimal, searched])
def test_more_is_hidden_where_whole_numbers_ask_for_it(method):
    table = prism(1)
    hidden = method(table, width=1)
    assert hidden[:7].all()
    assert hidden.sum() > 7
    tables = believable(table, hidden, room=3)
    assert (np.ptp(tables, axis=0) >= 1).all()
    with pytest.raises(AuditFailed, match="déjà été"):
        method(companionless(table, table.primary), width=1)


def test_what_is_public_is_never_hidden_and_too_much_of_it_is_refused():
    table = drawn(3, (5, 5), (1, 1))
    cheapest = optimal(table, width=WIDTH)
    taken = np.flatnonzero(cheapest & ~table.primary)[0]
    public = np.arange(table.size) == taken
    other = shield(replace(table, public=public), width=WIDTH)
    assert not other[taken]
    assert not weaknesses(table, other, width=WIDTH)
    for method in (optimal, searched):
        with pytest.raises(AuditFailed, match="Retirez ces valeurs"):
            method(companionless(table, table.primary), width=WIDTH)


def test_a_derived_cell_shields_for_nothing_and_needs_no_shield_itself():
    # A hundred people of whom four came by another way, which is printed nowhere: 96 has the company of 4.
    table = linked([100, 96, 4], [(0, [1, 2])], primary=np.array([False, True, False]))
    derived = replace(table, derived=np.array([False, False, True]))
    assert optimal(derived, width=WIDTH).tolist() == [False, True, True]
    assert not weaknesses(derived, np.array([False, True, True]), width=WIDTH)
    assert shield(replace(table, primary=np.array([False, False, True])), width=WIDTH).sum() == 2


def test_companions_that_are_not_needed_are_given_back():
    table = crossed(np.array([[3, 40, 50], [60, 70, 80], [90, 100, 110]]), [1, 1])
    kept = pruned(table, np.ones(table.size, dtype=bool), width=WIDTH)
    assert kept.sum() < table.size
    assert not weaknesses(table, kept, width=WIDTH)
    for cell in np.flatnonzero(kept & ~table.primary):
        assert weaknesses(table, kept & (np.arange(table.size) != cell), width=WIDTH)


def test_nothing_small_nothing_hidden():
    assert not shield(crossed(np.array([[30, 40], [50, 0]]), [1, 1]), width=WIDTH).any()
