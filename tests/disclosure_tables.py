"""Tables to protect: crossings of trees with random counts, and every whole-number table that a reader may believe."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from publish.disclosure.linked import LinkedTable

THRESHOLD = 11
# Sums of one dimension: (whole, parts), by position.
Sums = list[tuple[int, list[int]]]


def linked(values: Sequence[int], sums: Sums, *, primary: np.ndarray, weights: Sequence[float] | None = None):
    """A linked table from its values and its sums, every cell printed, none public; weights are 1 unless given."""
    rows = [row for row, (_, parts) in enumerate(sums) for _ in range(1 + len(parts))]
    columns = [cell for whole, parts in sums for cell in (whole, *parts)]
    signs = [sign for _, parts in sums for sign in (1.0, *[-1.0] * len(parts))]
    size = len(values)
    return LinkedTable(
        values=np.asarray(values, dtype=np.int64),
        equations=csr_array((signs, (rows, columns)), shape=(len(sums), size)),
        weights=np.ones(size) if weights is None else np.asarray(weights, dtype=float),
        primary=np.asarray(primary, dtype=bool),
        public=np.zeros(size, dtype=bool),
        derived=np.zeros(size, dtype=bool),
    )


def tree(leaves: int, groups: int) -> tuple[int, Sums]:
    """A total over ``leaves`` categories, through ``groups`` subtotals where there are several: nodes and sums."""
    if groups < 2:
        return leaves + 1, [(leaves, list(range(leaves)))]
    bounds = [leaves * group // groups for group in range(groups + 1)]
    parts = [list(range(*pair)) for pair in pairwise(bounds)]
    subtotals = [(leaves + group, members) for group, members in enumerate(parts)]
    return leaves + groups + 1, [*subtotals, (leaves + groups, list(range(leaves, leaves + groups)))]


def crossed(counts: np.ndarray, groups: Sequence[int]) -> LinkedTable:
    """The table of ``counts`` (one axis a dimension) with all its margins: below the threshold is primary.

    A cell costs 1; three times more for each dimension where it is a subtotal or a total.
    """
    trees = [tree(leaves, wanted) for leaves, wanted in zip(counts.shape, groups, strict=True)]
    values = counts
    for axis, (nodes, sums) in enumerate(trees):
        values = np.moveaxis(values, axis, 0)
        values = np.concatenate([values, np.zeros((nodes - len(values), *values.shape[1:]), dtype=counts.dtype)])
        for whole, parts in sums:
            values[whole] = values[parts].sum(axis=0)
        values = np.moveaxis(values, 0, axis)
    cells = np.arange(values.size).reshape(values.shape)
    level = np.zeros(values.shape)
    equations: Sums = []
    for axis, ((_, sums), leaves) in enumerate(zip(trees, counts.shape, strict=True)):
        lines = np.moveaxis(cells, axis, 0).reshape(values.shape[axis], -1)
        equations += [(line[whole], list(line[parts])) for whole, parts in sums for line in lines.T]
        np.moveaxis(level, axis, 0)[leaves:] += 1
    flat = values.ravel()
    return linked(flat, equations, primary=(flat > 0) & (flat < THRESHOLD), weights=3.0 ** level.ravel())


def drawn(seed: int, shape: Sequence[int], groups: Sequence[int], *, mean: float = 30.0, zeros: float = 0.1):
    """A table of counts with a long tail, drawn once and for all by its seed."""
    generator = np.random.default_rng(seed)
    counts = generator.negative_binomial(1, 1 / (1 + mean), shape)
    counts[generator.random(counts.shape) < zeros] = 0
    return crossed(counts, groups)


def believable(table: LinkedTable, hidden: np.ndarray, *, room: int) -> np.ndarray:
    """Every table of whole numbers that agrees with what is shown: one a row, hidden cells only, each up to its value
    plus ``room``. By enumeration, cell by cell; for very small tables.
    """
    cells = np.flatnonzero(hidden)
    matrix = table.equations[:, cells].toarray().astype(np.int64)
    matrix = matrix[np.abs(matrix).sum(axis=1) > 0]
    top = table.values[cells] + room
    begun, left = np.zeros((1, 0), dtype=np.int64), (matrix @ table.values[cells])[None, :]
    for place in range(len(cells)):
        tried = np.tile(np.arange(top[place] + 1), len(begun))
        begun = np.column_stack([np.repeat(begun, top[place] + 1, axis=0), tried])
        left = np.repeat(left, top[place] + 1, axis=0) - tried[:, None] * matrix[:, place]
        rest = matrix[:, place + 1 :] * top[place + 1 :]
        possible = ((np.minimum(rest, 0).sum(axis=1) <= left) & (left <= np.maximum(rest, 0).sum(axis=1))).all(axis=1)
        begun, left = begun[possible], left[possible]
    return begun
