"""A set of cells tied by equations, and how far the hidden ones can move without contradicting what is shown.

The model is the linked table of the cell suppression literature (Fischetti and Salazar-González, "Solving the cell
suppression problem on tabular data with linear constraints", Management Science 47, 2001): non-negative integer cells
``x`` with ``A x = 0``. A reader who sees some cells knows of the others only what these equations leave possible. What
is possible is a table of whole numbers: a move of the linear relaxation counts only where it is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

# How far above its value a hidden cell is let to move: far more than the width asked for, and kind to the solver.
ROOM = 10_000.0
# Draws of objectives that taught nothing, one after the other, before each cell left gets its own linear programs.
FRUITLESS = 2
# Branches allowed to a program over whole numbers; a cell for which they do not suffice is held to be too well known.
BRANCHES = 100
# Blocks solved at once: the solver runs outside the interpreter's lock.
WORKERS = 2
EPSILON = 1e-6


@dataclass(frozen=True)
class LinkedTable:
    """``n`` cells and ``m`` equations.

    ``values``: int64 (n,); ``equations``: (m, n) with entries -1, 0, 1, each row times ``values`` is 0; ``weights``:
    (n,), the price of hiding a cell; ``primary``: (n,) bool, must be hidden; ``public``: (n,) bool, known to everyone
    already, can no longer be hidden; ``derived``: (n,) bool, computed by a reader but printed nowhere: nothing is lost
    when it is hidden, and it needs shielding only where it is primary.
    """

    values: np.ndarray
    equations: csr_array
    weights: np.ndarray
    primary: np.ndarray
    public: np.ndarray
    derived: np.ndarray

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.values)

    def shielded(self, hidden: np.ndarray) -> np.ndarray:
        """The hidden cells of which a reader must not learn too much."""
        return np.asarray(hidden & (~self.derived | self.primary))


@dataclass(frozen=True)
class Block:
    """Hidden cells that move together, and the equations between them (rows and columns of the whole table)."""

    rows: np.ndarray
    cells: np.ndarray


def blocks(table: LinkedTable, hidden: np.ndarray, *, settled: np.ndarray | None = None) -> Iterator[Block]:
    """The connected components of the hidden cells; a hidden cell that no equation holds is in none.

    ``settled``, bool (m,): equations that need no block where nothing else holds their hidden cells.
    """
    entries = table.equations.tocoo()
    kept = hidden[entries.col]
    rows, cells = entries.row[kept], entries.col[kept]
    m, n = table.equations.shape
    graph = csr_array((np.ones(len(rows), dtype=np.int8), (rows, m + cells)), shape=(m + n, m + n))
    components, label = connected_components(graph, directed=False)
    row_ids, cell_ids = np.unique(rows), np.unique(cells)
    if settled is not None:
        kept = np.ones(components, dtype=bool)
        kept[label[row_ids[settled[row_ids]]]] = False
        kept |= np.bincount(label[row_ids], minlength=components) > 1
        row_ids, cell_ids = row_ids[kept[label[row_ids]]], cell_ids[kept[label[m + cell_ids]]]
    row_groups = _grouped(row_ids, label)
    cell_groups = _grouped(cell_ids, label[m:])
    for block in zip(row_groups, cell_groups, strict=True):
        yield Block(*block)


def _grouped(members: np.ndarray, label: np.ndarray) -> list[np.ndarray]:
    """The members by label, in the order of labels; empty where there are none."""
    ordered = members[np.argsort(label[members], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(label[ordered])) + 1) if len(ordered) else []


def _wide_alone(table: LinkedTable, hidden: np.ndarray, width: int) -> np.ndarray:
    """The equations, bool (m,), whose hidden cells would all keep their range if no other equation held them."""
    matrix = table.equations
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    kept = hidden[matrix.indices]
    rows, values, whole = rows[kept], table.values[matrix.indices[kept]], matrix.data[kept] > 0
    count = np.bincount(rows, minlength=matrix.shape[0])
    wholes = np.bincount(rows[whole], minlength=matrix.shape[0])
    total = np.bincount(rows, weights=values, minlength=matrix.shape[0])
    # Parts of a shown whole share its amount; a part and its whole rise together.
    return (count > 1) & np.where(wholes == 0, total >= width, wholes < count)


class Moves:
    """The moves of a block's hidden cells: ``d`` with ``A d = 0`` and ``values + d >= 0``, explored by HiGHS."""

    def __init__(self, table: LinkedTable, block: Block) -> None:
        self.block = block
        self.matrix = table.equations[block.rows][:, block.cells].tocsc()
        self.values = table.values[block.cells].astype(float)
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("mip_max_nodes", BRANCHES)
        rows, cells = self.matrix.shape
        zeros = np.zeros(rows)
        self.solver.passModel(
            cells, rows, self.matrix.nnz, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMaximize), 0.0,
            np.zeros(cells), -self.values, np.full(cells, ROOM), zeros, zeros,
            self.matrix.indptr[:-1].astype(np.int32), self.matrix.indices.astype(np.int32),
            self.matrix.data.astype(float), np.zeros(cells, dtype=np.int32),
        )  # fmt: skip
        self._columns = np.arange(cells, dtype=np.int32)

    def best(self, objective: np.ndarray) -> np.ndarray:
        """The move that maximises ``objective · d``."""
        self.solver.changeColsCost(len(objective), self._columns, objective)
        self.solver.run()
        return np.asarray(self.solver.getSolution().col_value)

    def best_whole(self, objective: np.ndarray) -> np.ndarray:
        """The best move of whole steps that the branches allowed could find; at worst, no move."""
        count = len(objective)
        self._integrality(count, highspy.HighsVarType.kInteger)
        move = np.rint(self.best(objective))
        self._integrality(count, highspy.HighsVarType.kContinuous)
        return move if not (self.matrix @ move).any() and (self.values + move >= 0).all() else np.zeros(count)

    def _integrality(self, count: int, kind: highspy.HighsVarType) -> None:
        self.solver.changeColsIntegrality(count, self._columns, np.full(count, kind))

    def prices(self) -> np.ndarray:
        """Multipliers of the equations at the last optimum: the combination that stops the objective there."""
        return np.asarray(self.solver.getSolution().row_dual)


@dataclass(frozen=True)
class Weakness:
    """A hidden cell that can move by less than asked within its block.

    ``prices``: the equations' multipliers up and down where linear programming proves it; empty where only whole
    numbers make it so.
    """

    cell: int
    block: Block
    prices: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Seen:
    """The lowest and the highest move seen of each cell, (n,) each: what was found possible stays so.

    A move that leaves some cells where they are is a move too: hiding more cells takes nothing of it away.
    """

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def nothing(cls, table: LinkedTable) -> Seen:
        """No move was tried yet."""
        return cls(np.zeros(table.size), np.zeros(table.size))

    def note(self, block: Block, low: np.ndarray, high: np.ndarray) -> None:
        """Keep what the cells of a block were seen to do."""
        self.low[block.cells], self.high[block.cells] = low, high

    def narrow(self, width: int) -> np.ndarray:
        """The cells, bool (n,), not seen to move by ``width``."""
        return np.asarray(self.high - self.low < width)


def weaknesses(
    table: LinkedTable, hidden: np.ndarray, *, width: int, seen: Seen | None = None, most: int | None = None
) -> list[Weakness]:
    """The shielded cells whose range of possible values is narrower than ``width`` (a number of units).

    ``seen``: the moves known of a pattern that hid no other cell, taken as they are and completed; ``most``: how many
    to look for in a block.
    """
    seen = Seen.nothing(table) if seen is None else seen
    doubtful = table.shielded(hidden) & seen.narrow(width)
    tried = [
        block
        for block in blocks(table, hidden, settled=_wide_alone(table, hidden, width))
        if doubtful[block.cells].any()
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = pool.map(lambda block: list(islice(_weak(table, block, doubtful, seen, width), most)), tried)
        return [weakness for weak in found for weakness in weak]


def exposed(table: LinkedTable, block: Block, hidden: np.ndarray, *, width: int) -> bool:
    """Whether a shielded cell of the block has a range narrower than ``width`` with this pattern."""
    shielded = table.shielded(hidden)
    inside = table.equations[block.rows][:, block.cells[hidden[block.cells]]]
    single = inside.indices[np.diff(inside.indptr)[np.repeat(np.arange(len(block.rows)), np.diff(inside.indptr))] == 1]
    left = Block(block.rows, block.cells[hidden[block.cells]])
    if shielded[left.cells[single]].any():
        return True
    return next(_weak(table, left, shielded, Seen.nothing(table), width), None) is not None


def _weak(table: LinkedTable, block: Block, asked: np.ndarray, seen: Seen, width: int) -> Iterator[Weakness]:
    """The cells asked of a block that move too little; notes in ``seen`` what each of its cells was seen to do."""
    moves = Moves(table, block)
    low, high = seen.low[block.cells], seen.high[block.cells]
    for cell in _narrow(moves, np.flatnonzero(asked[block.cells]), low, high, width):
        weakness = _examined(moves, cell, low, high, width)
        if weakness is not None:
            seen.note(block, low, high)
            yield weakness
    seen.note(block, low, high)


def _examined(moves: Moves, cell: int, low: np.ndarray, high: np.ndarray, width: int) -> Weakness | None:
    """What stops a cell from moving by ``width``, None where it does; widens the range of all by the moves tried."""
    objective = np.zeros(len(low))
    objective[cell] = 1.0
    up, dearer = moves.best(objective), moves.prices()
    down, cheaper = moves.best(-objective), moves.prices()
    _widen(low, high, up)
    _widen(low, high, down)
    name = int(moves.block.cells[cell])
    if up[cell] - down[cell] < width - EPSILON:
        return Weakness(name, moves.block, (dearer, cheaper))
    for direction in (objective, -objective):
        if high[cell] - low[cell] < width:
            _widen(low, high, moves.best_whole(direction))
    return Weakness(name, moves.block, ()) if high[cell] - low[cell] < width else None


def _narrow(moves: Moves, asked: np.ndarray, low: np.ndarray, high: np.ndarray, width: int) -> Iterator[int]:
    """The cells, one by one, whose range seen so far is too narrow; widens the range of all at each move tried.

    A move shows something of every cell: objectives over all the cells still in doubt, their signs drawn at random (the
    same at each run), settle most of them at once.
    """
    generator = np.random.default_rng(11)
    objective, fruitless = np.ones(len(low)), 0
    doubtful = asked
    while len(doubtful) and fruitless < FRUITLESS:
        _widen(low, high, moves.best(objective))
        left = doubtful[(high - low)[doubtful] < width]
        fruitless = fruitless + 1 if len(left) == len(doubtful) else 0
        doubtful, objective = left, np.zeros(len(low))
        objective[left] = generator.choice([-1.0, 1.0], len(left))
    for cell in doubtful:
        if high[cell] - low[cell] < width:
            yield int(cell)


def _widen(low: np.ndarray, high: np.ndarray, move: np.ndarray) -> None:
    """Take note of a move, unless it breaks a person in two."""
    whole = np.rint(move)
    if np.abs(move - whole).max(initial=0.0) < EPSILON:
        np.minimum(low, whole, out=low)
        np.maximum(high, whole, out=high)
