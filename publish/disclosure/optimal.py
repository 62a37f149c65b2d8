"""The cheapest pattern that shields every hidden cell, for a table small enough to be solved exactly.

The cutting planes of Fischetti and Salazar-González (2001, section 4): the master program chooses what to hide, the
attack finds the cells that remain too well known, and the multipliers of that attack say what else must be hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from publish.disclosure.linked import EPSILON, ROOM, LinkedTable, Weakness, weaknesses
from schemas.errors import AuditFailed

# scipy's name for a program without a solution.
INFEASIBLE = 2
# How far the search goes before it gives up. Counts, not seconds: the same table has the same answer on any machine.
ROUNDS, NODES = 40, 200


def optimal(table: LinkedTable, *, width: int, rounds: int = ROUNDS, nodes: int = NODES) -> np.ndarray | None:
    """The cells to hide, bool (n,): of least total weight, each shielded cell with a range of at least ``width``.

    None where ``rounds`` of cuts, each of ``nodes`` branches at most, did not prove a pattern the cheapest. Raises
    AuditFailed where too much is public already for any pattern to shield every primary cell.
    """
    free = table.derived & ~table.public
    cuts = csr_array(list(_companions(table)) or np.zeros((0, table.size)))
    for _ in range(rounds):
        hidden = _cheapest(table, cuts, free, nodes)
        if hidden is None:
            return None
        found = weaknesses(table, hidden, width=width)
        if not found:
            return hidden
        cuts = vstack([cuts, *(_row(table, *cut(table, weakness, width=width)) for weakness in found)]).tocsr()
    return None


def cut(table: LinkedTable, weakness: Weakness, *, width: int) -> tuple[np.ndarray, np.ndarray]:
    """What an attack says: cells and their coefficients in an inequality ``coefficients · hidden >= 0`` that is broken.

    By linear programming duality, the range of a cell is at most the sum, over the hidden cells, of what their bounds
    allow at any multipliers of the equations. Coefficients above the width are worth no more than it. Where only whole
    numbers make the range too narrow: the block does not suffice, something else in its equations must be hidden.
    """
    near = table.equations[weakness.block.rows]
    cells, place = np.unique(near.indices, return_inverse=True)
    here = cells == weakness.cell
    if not weakness.prices:
        inside = np.isin(cells, weakness.block.cells)
        return cells, np.where(here, -1.0, np.where(inside, 0.0, 1.0))
    rows = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    allowed = np.zeros(len(cells))
    for sign, prices in zip((1.0, -1.0), weakness.prices, strict=True):
        reduced = sign * here - np.bincount(place, near.data * prices[rows], len(cells))
        allowed += np.where(reduced > EPSILON, reduced * ROOM, 0.0)
        allowed += np.where(reduced < -EPSILON, -reduced * table.values[cells], 0.0)
    asked = width - float(allowed[here][0])
    return cells, np.where(here, -asked, np.minimum(allowed, asked))


def _row(table: LinkedTable, cells: np.ndarray, coefficients: np.ndarray) -> csr_array:
    return csr_array((coefficients, (np.zeros(len(cells), dtype=int), cells)), shape=(1, table.size))


def _companions(table: LinkedTable) -> Iterator[np.ndarray]:
    """A hidden cell is never alone in an equation: the simplest cuts, known before any attack."""
    shieldable = ~table.derived | table.primary
    for row in range(table.equations.shape[0]):
        cells = table.equations[[row]].indices
        for cell in cells[shieldable[cells]]:
            coefficients = np.zeros(table.size)
            coefficients[cells] = 1.0
            coefficients[cell] = -1.0
            yield coefficients


def _cheapest(table: LinkedTable, cuts: csr_array, free: np.ndarray, nodes: int) -> np.ndarray | None:
    always = table.primary | free
    bounds = Bounds(always.astype(float), (always | ~table.public).astype(float))
    constraints: Iterable[LinearConstraint] = [LinearConstraint(cuts, lb=0.0)] if cuts.shape[0] else []
    solved = milp(
        np.where(free, 0.0, table.weights),
        constraints=constraints,
        integrality=np.ones(table.size),
        bounds=bounds,
        options={"mip_rel_gap": 0.0, "node_limit": nodes},
    )
    if solved.status == INFEASIBLE:
        raise AuditFailed(
            "Aucun motif de secret ne protège toutes les cellules : trop d'entre elles ou de leurs totaux ont déjà été "
            "publiés. Retirez ces valeurs de la version, ou ne la publiez pas."
        )
    return np.asarray(solved.x > 0.5) if solved.success else None
