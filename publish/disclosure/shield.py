"""A pattern for tables of any size: companions chosen equation by equation, then where an attack still gets through."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from publish.disclosure.linked import EPSILON, LinkedTable, Seen, Weakness, blocks, exposed, weaknesses
from publish.disclosure.optimal import cut, optimal
from schemas.errors import AuditFailed

# A table of up to this many cells is solved exactly; in a block of up to that many, companions are given back.
SMALL, PRUNED = 300, 60
# How many weaknesses of a block are mended at once: mending one often mends others.
BATCH = 8
# What a companion costs more for each equation where it would be alone in turn, and less for each one it also mends.
ALONE, MENDS = 2.0, 0.6
# What a part too small to fill what an equation lacks costs more: another would be needed beside it.
SHORT = 4.0


def shield(table: LinkedTable, *, width: int) -> np.ndarray:
    """The cells to hide, bool (n,), so that each shielded one keeps a range of at least ``width`` units.

    Raises AuditFailed where too much is public already for that.
    """
    if not table.primary.any():
        return np.zeros(table.size, dtype=bool)
    best = optimal(table, width=width) if table.size <= SMALL else None
    return searched(table, width=width) if best is None else best


def searched(table: LinkedTable, *, width: int) -> np.ndarray:
    """The same by search alone, whatever the size: a pattern that shields, not always the cheapest."""
    search = Search(table, width)
    search.close()
    while found := weaknesses(table, search.hidden, width=width, seen=search.seen, most=BATCH):
        search.mend(found)
        search.close()
    return pruned(table, search.hidden, width=width)


def pruned(table: LinkedTable, hidden: np.ndarray, *, width: int) -> np.ndarray:
    """The same pattern without the companions that it can do without, the dearest given back first.

    Blocks of more than ``PRUNED`` cells are left as they are.
    """
    hidden = hidden.copy()
    given = hidden & ~table.primary & ~table.derived
    for block in blocks(table, hidden):
        if len(block.rows) > 1 and len(block.cells) <= PRUNED:
            companions = block.cells[given[block.cells]]
            for cell in companions[np.argsort(-table.weights[companions], kind="stable")]:
                hidden[cell] = False
                if exposed(table, block, hidden, width=width):
                    hidden[cell] = True
    return hidden


def persistent(table: LinkedTable, hidden: np.ndarray, before: np.ndarray, *, width: int) -> np.ndarray:
    """The same pattern with the cells of ``before``, bool (n,), that still keep a range of ``width``.

    The others are as good as told by what is shown: to go on hiding them would hide nothing.
    """
    kept = np.asarray(before & ~hidden & ~table.public)
    while kept.any():
        asked = replace(table, primary=kept, derived=~kept)
        told = [weakness.cell for weakness in weaknesses(asked, hidden | kept, width=width)]
        if not told:
            break
        kept[told] = False
    return np.asarray(hidden | kept)


@dataclass
class Search:
    """The state of the search: what is hidden, what cannot be, the moves seen, and the table's entries in row order."""

    table: LinkedTable
    width: int

    def __post_init__(self) -> None:
        """Start from what must be hidden; lay the entries out once."""
        self.hidden: np.ndarray = self.table.primary | self.table.derived & ~self.table.public
        self.public = self.table.public.copy()
        self.seen = Seen.nothing(self.table)
        matrix = self.table.equations
        self.rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        self.cells = matrix.indices
        self.whole = matrix.data > 0
        self.starts = matrix.indptr[:-1]

    def close(self) -> None:
        """Hide companions until no equation by itself says too much."""
        while True:
            unknown = self.unknown()
            broken = self.broken(unknown)
            if not broken.any():
                return
            best, price = self.candidates(unknown, broken)
            lost = broken & (best < 0)
            self.tell(np.unique(self.cells[lost[self.rows] & unknown[self.cells]]))
            self.hidden[self._apart(broken & ~lost, best, price)] = True

    def mend(self, found: list[Weakness]) -> None:
        """Hide, for each cell still too well known, the cell whose loss buys the most of the range that lacks.

        A companion that nothing can shield is known to everyone already: it is shown, and others take its place.
        """
        for weakness in found:
            cells, coefficients = cut(self.table, weakness, width=self.width)
            hidden = self.hidden[cells]
            if (coefficients[hidden] > 0).any() and coefficients @ hidden >= 0:
                continue
            usable = (coefficients > 0) & ~hidden & ~self.public[cells]
            if not usable.any():
                self.tell(np.array([weakness.cell]))
                self.seen.low[weakness.block.cells] = self.seen.high[weakness.block.cells] = 0
                continue
            price = np.where(usable, self.table.weights[cells] / np.maximum(coefficients, EPSILON), np.inf)
            self.hidden[cells[int(price.argmin())]] = True

    def tell(self, cells: np.ndarray) -> None:
        """Give up hiding companions that what is public gives away; raises AuditFailed where one had to be hidden."""
        if self.table.primary[cells].any():
            raise _impossible(int(self.table.primary[cells].sum()))
        self.hidden[cells] = False
        self.public[cells] = True

    def unknown(self) -> np.ndarray:
        """What a reader does not know: the hidden cells, less the derived ones that an equation gives away."""
        unknown = self.hidden.copy()
        derived = self.table.derived & ~self.table.primary
        while True:
            alone = self._count(unknown) == 1
            solved = self.cells[alone[self.rows] & unknown[self.cells] & derived[self.cells]]
            if not len(solved):
                return unknown
            unknown[solved] = False

    def broken(self, unknown: np.ndarray) -> np.ndarray:
        """The equations that by themselves say too much of a hidden cell: one unknown, or parts of too small a sum."""
        count = self._count(unknown)
        parts = unknown[self.cells] & ~self.whole
        total = self._sum(np.where(parts, self.table.values[self.cells], 0))
        bounded = (self._count(unknown, self.whole) == 0) & (total < self.width)
        watched = self._count(unknown & self.table.shielded(self.hidden)) > 0
        return np.asarray(watched & ((count == 1) | bounded))

    def candidates(self, unknown: np.ndarray, broken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each broken equation the cell to hide with the least loss, -1 where there is none; and its price."""
        count = self._count(unknown)
        entries = broken[self.rows]
        rows, cells = self.rows[entries], self.cells[entries]
        alone = self._per_cell(count == 0)[cells]
        mends = self._per_cell(broken)[cells]
        price = self.table.weights[cells] * (1 + ALONE * alone) * MENDS ** (mends - 1)
        usable = ~self.hidden[cells] & ~self.public[cells]
        lacking = self.width - self._sum(np.where(unknown[self.cells], self.table.values[self.cells], 0))[rows]
        small = ~self.whole[entries] & (self.table.values[cells] < lacking)
        price = np.where(usable, price * np.where(small, SHORT, 1.0), np.inf)
        return _cheapest(rows, cells, price, len(self.starts))

    def _apart(self, broken: np.ndarray, best: np.ndarray, price: np.ndarray) -> np.ndarray:
        """The chosen cells that are the cheapest choice in each broken equation they are in: one an equation a turn."""
        value = np.full(self.table.size, np.inf)
        np.minimum.at(value, best[broken], price[broken])
        entries = broken[self.rows] & np.isfinite(value[self.cells])
        rows, cells = self.rows[entries], self.cells[entries]
        first, _ = _cheapest(rows, cells, value[cells], len(self.starts))
        beaten = cells[first[rows] != cells]
        value[beaten] = np.inf
        return np.flatnonzero(np.isfinite(value))

    def _count(self, cells: np.ndarray, where: np.ndarray | None = None) -> np.ndarray:
        kept = cells[self.cells] if where is None else cells[self.cells] & where
        return np.bincount(self.rows[kept], minlength=len(self.starts))

    def _sum(self, amounts: np.ndarray) -> np.ndarray:
        return np.bincount(self.rows, weights=amounts, minlength=len(self.starts))

    def _per_cell(self, rows: np.ndarray) -> np.ndarray:
        """How many of these equations hold each cell."""
        return np.bincount(self.cells[rows[self.rows]], minlength=self.table.size)


def _cheapest(rows: np.ndarray, cells: np.ndarray, price: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``count`` rows its cheapest cell and the price of it; -1 and infinity where it has none."""
    best, least = np.full(count, -1), np.full(count, np.inf)
    order = np.lexsort((cells, price, rows))
    first = order[np.unique(rows[order], return_index=True)[1]]
    kept = first[np.isfinite(price[first])]
    best[rows[kept]], least[rows[kept]] = cells[kept], price[kept]
    return best, least


def _impossible(count: int) -> AuditFailed:
    return AuditFailed(
        f"{count} cellules secrètes ne peuvent plus être protégées : leurs voisines et leurs totaux ont déjà été "
        "publiés. Retirez ces valeurs de la version, ou ne la publiez pas."
    )
