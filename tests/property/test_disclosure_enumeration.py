"""Random linked tables, attacked by writing down every table of whole numbers that a reader may believe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, hstack, vstack

from publish.disclosure.linked import LinkedTable, weaknesses
from publish.disclosure.optimal import optimal
from publish.disclosure.shield import searched, shield
from schemas.errors import AuditFailed
from tests.disclosure_tables import believable, crossed

# Narrow enough for enumeration to end, wide enough to need companions.
THRESHOLD, WIDTH = 4, 3
MOST_HIDDEN = 12
METHODS = (shield, searched)


@st.composite
def tables(draw: st.DrawFn) -> LinkedTable:
    """Two to four dimensions, some through subtotals; zeros, thin margins; some cells public; some complements."""
    shape = draw(st.sampled_from([(2, 2), (3, 2), (4, 2), (3, 3), (4, 3), (2, 2, 2), (3, 2, 2), (2, 2, 2, 2)]))
    groups = [draw(st.sampled_from([1, 2])) if size == 4 else 1 for size in shape]
    count = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 8, 12])
    counts = np.array(draw(st.lists(count, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))).reshape(shape)
    table = crossed(counts, groups)
    primary = (table.values > 0) & (table.values < THRESHOLD)
    table = replace(table, primary=primary)
    if draw(st.booleans()):
        table = with_shares(table, counts, draw(st.integers(0, table.size - 1)), draw(st.integers(0, 6)))
    public = np.isin(np.arange(table.size), draw(st.lists(st.integers(0, table.size - 1), max_size=2)))
    return replace(table, public=public & ~table.primary & ~table.derived)


def with_shares(table: LinkedTable, counts: np.ndarray, cell: int, part: int) -> LinkedTable:
    """The same with a share of one cell shown: its numerator, and what is left of it, which is printed nowhere."""
    part = min(part, int(table.values[cell]))
    values = np.array([part, table.values[cell] - part])
    wide = hstack([table.equations, csr_array((table.equations.shape[0], 2))])
    row = np.zeros((1, table.size + 2))
    row[0, [cell, -2, -1]] = 1.0, -1.0, -1.0
    return LinkedTable(
        values=np.append(table.values, values),
        equations=csr_array(vstack([wide, csr_array(row)])),
        weights=np.append(table.weights, [1.0, 0.0]),
        primary=np.append(table.primary, (values > 0) & (values < THRESHOLD)),
        public=np.append(table.public, [False, False]),
        derived=np.append(table.derived, [False, True]),
    )


def protected(table: LinkedTable, method) -> np.ndarray | None:
    """The pattern, or nothing where too much is public for one; without public cells there always is one."""
    try:
        return method(table, width=WIDTH)
    except AuditFailed:
        assert table.public.any()
        return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(tables(), st.sampled_from(METHODS))
def test_no_enumeration_breaks_a_protected_table(table, method):
    hidden = protected(table, method)
    assume(hidden is not None and 0 < hidden.sum() <= MOST_HIDDEN)
    assert hidden[table.primary].all()
    assert not (hidden & table.public).any()
    cells = np.flatnonzero(hidden)
    worlds = believable(table, hidden, room=WIDTH)
    assert (worlds == table.values[cells]).all(axis=1).any()
    for column in np.flatnonzero(table.shielded(hidden)[cells]):
        believed = np.unique(worlds[:, column])
        assert believed[-1] - believed[0] >= WIDTH
        assert len(believed) > WIDTH


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_a_pattern_is_the_same_twice_and_never_below_the_cheapest(table):
    first, again = protected(table, searched), protected(table, searched)
    assume(first is not None)
    assert first.tolist() == again.tolist()
    assert not weaknesses(table, first, width=WIDTH)
    best = optimal(table, width=WIDTH)
    assert best is None or table.weights[best].sum() <= table.weights[first].sum() + 1e-9


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(tables(), st.randoms(use_true_random=False))
def test_the_attack_accuses_no_cell_that_enumeration_clears(table, chance):
    hidden = table.primary | np.array([chance.random() < 0.25 for _ in range(table.size)])
    assume(0 < hidden.sum() <= MOST_HIDDEN)
    cells = np.flatnonzero(hidden)
    clear = np.ptp(believable(table, hidden, room=WIDTH), axis=0) >= WIDTH
    accused = {weakness.cell for weakness in weaknesses(table, hidden, width=WIDTH)}
    assert accused <= set(np.flatnonzero(table.shielded(hidden)).tolist())
    assert not accused & set(cells[clear].tolist())
