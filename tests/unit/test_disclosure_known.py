"""Tables that others publish with their pattern, and τ-Argus run on the same ones: ours is valid and costs no more.

Numbers come from: sdcTools/checkTauArgus (inst/tests/Batch/ex1), sdcTools/sdcTable (data-raw/microdata1.R,
tests/testthat/test-{protectTable,simpleheuristic,linked-tables}), cran/GaussSuppression
(inst/doc/Small_count_frequency_table_suppression.html), and the first table of Fischetti and Salazar-González (2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from pytauargus.engine import run_batch

from publish.disclosure.linked import LinkedTable, Moves, blocks, weaknesses
from publish.disclosure.optimal import optimal
from publish.disclosure.shield import shield
from tests.disclosure_tables import crossed, drawn, linked


@dataclass(frozen=True)
class Published:
    """A table, the width that its tool asks for, and the pattern that it gives."""

    table: LinkedTable
    width: int
    pattern: np.ndarray


def mask(size: int, cells: Sequence[int]) -> np.ndarray:
    """True at these cells."""
    return np.isin(np.arange(size), cells)


def margins(counts: Sequence[Sequence[int]], primary: Sequence[tuple[int, int]]) -> tuple[LinkedTable, np.ndarray]:
    """A table of two dimensions whose cells cost their value, and the place of each cell in it."""
    table = crossed(np.array(counts), [1, 1])
    place = np.arange(table.size).reshape(len(counts) + 1, -1)
    cells = mask(table.size, [int(place[where]) for where in primary])
    return replace(table, primary=cells, weights=np.maximum(table.values, 1).astype(float)), place


def tau_argus_ex1() -> Published:
    """Region by gender, one cell marked by hand with a margin of 20 % either way; pattern of OPT."""
    table, place = margins([[895, 137], [753, 973], [569, 486], [540, 793]], [(0, 1)])
    return Published(table, 55, mask(table.size, place[[0, 2], :2].ravel()))


def sdctable_microdata1() -> Published:
    """One hundred people by region and gender, one cell marked; the same pattern by OPT, HITAS and HYPERCUBE."""
    table, place = margins([[18, 2], [14, 19], [12, 10], [11, 14]], [(0, 1)])
    return Published(table, 1, mask(table.size, place[[0, 2], :2].ravel()))


def sdctable_heuristic() -> Published:
    """Nine cells marked, two at least in each line, and yet w by b can be computed: one more is needed."""
    counts = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
    marked = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 1), (2, 3), (3, 1), (3, 3)]
    table, place = margins(counts, marked)
    return Published(table, 1, table.primary | mask(table.size, [int(place[1, 1])]))


def sdctable_linked() -> Published:
    """Eight regions summed by county and by size; between the two, region N gives B away unless it goes too."""
    counts = [2, 2, 8, 8, 3, 3, 3, 7]
    sums = [(8, [0, 1, 2, 3]), (9, [4, 5, 6, 7]), (10, [5, 6]), (11, [0, 1, 2, 3, 4, 7]), (12, [8, 9]), (12, [10, 11])]
    values = [*counts, 20, 16, 6, 30, 36]
    primary = mask(13, [cell for cell, count in enumerate(counts) if count <= 3])
    table = linked(values, sums, primary=primary, weights=values)
    return Published(table, 1, primary | mask(13, [7]))


def gauss_suppression_flat() -> Published:
    """Age by country, zeros and ones marked."""
    table, place = margins([[2, 0, 5], [3, 4, 6]], [(0, 1)])
    return Published(table, 1, mask(table.size, place[:2, :2].ravel()))


def gauss_suppression_nested() -> Published:
    """The same with the countries in the Union or not, up to two marked; outside the Union there is one country."""
    # Iceland, Portugal, Spain, outside, Union, all: the young, the old, everyone.
    lines = np.array([[2, 0, 5, 2, 5, 7], [3, 4, 6, 3, 10, 13], [5, 4, 11, 5, 15, 20]])
    place = np.arange(18).reshape(3, 6)
    sums = [
        sum_ for line in place.tolist() for sum_ in ((line[3], [line[0]]), (line[4], line[1:3]), (line[5], line[3:5]))
    ]
    sums += [(whole, [young, old]) for young, old, whole in place.T.tolist()]
    values = lines.ravel().tolist()
    table = linked(values, sums, primary=mask(18, [0, 1, 3]), weights=[max(value, 1) for value in values])
    return Published(table, 1, mask(18, place[:2, [0, 1, 3, 4]].ravel()))


def fischetti_salazar() -> Published:
    """Investments by activity and region, the cell of 22 sensitive; its published range is 5 to 30."""
    table, place = margins([[20, 50, 10], [8, 19, 22], [17, 32, 12]], [(1, 2)])
    return Published(table, 10, mask(table.size, place[1:3, [0, 2]].ravel()))


PUBLISHED = (
    tau_argus_ex1,
    sdctable_microdata1,
    sdctable_heuristic,
    sdctable_linked,
    gauss_suppression_flat,
    gauss_suppression_nested,
    fischetti_salazar,
)


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.__name__)
def test_a_published_pattern_is_held_valid_and_ours_costs_no_more(case):
    known = case()
    assert not weaknesses(known.table, known.pattern, width=known.width)
    ours = shield(known.table, width=known.width)
    assert ours[known.table.primary].all()
    assert not weaknesses(known.table, ours, width=known.width)
    assert ours.sum() <= known.pattern.sum()
    assert known.table.weights[ours].sum() <= known.table.weights[known.pattern].sum()


@pytest.mark.parametrize("case", [tau_argus_ex1, sdctable_microdata1, sdctable_linked], ids=lambda case: case.__name__)
def test_where_one_pattern_is_the_cheapest_it_is_the_published_one(case):
    known = case()
    assert optimal(known.table, width=known.width).tolist() == known.pattern.tolist()


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.__name__)
def test_the_published_companions_are_needed(case):
    known = case()
    assert weaknesses(known.table, known.table.primary, width=known.width)


@pytest.mark.parametrize(("case", "low", "high"), [(fischetti_salazar, 5, 30), (sdctable_heuristic, 0, 141)])
def test_the_published_range_of_a_sensitive_cell_is_found(case, low, high):
    known = case()
    cell = 1 if case is sdctable_heuristic else int(np.flatnonzero(known.table.primary)[0])
    (block,) = (block for block in blocks(known.table, known.pattern) if cell in block.cells)
    moves, direction = Moves(known.table, block), (block.cells == cell).astype(float)
    value = known.table.values[cell]
    assert value + moves.best(-direction) @ direction == pytest.approx(low)
    assert value + moves.best(direction) @ direction == pytest.approx(high)


# How τ-Argus names what it keeps quiet: marked by hand, and hidden for the sake of another.
KINDS = ("COST", "LOWERPL", "UPPERPL")
UNSAFE = ("9", "11", "12")


def tau_argus(folder: Path, table: LinkedTable, shape: Sequence[int], *, width: int) -> np.ndarray:
    """The pattern of τ-Argus (OPT), which asks for ``width`` units around the value of each marked cell."""
    codes = [[*(f"{axis}{code}" for code in range(size - 1)), "T"] for axis, size in enumerate(shape)]
    lines = []
    for where, cell in zip(np.ndindex(*shape), range(table.size), strict=True):
        value = int(table.values[cell])
        below = min(value, width // 2)
        status = "U" if table.primary[cell] else "S"
        names = [codes[axis][code] for axis, code in enumerate(where)]
        lines.append(";".join(map(str, [*names, value, status, table.weights[cell], below, width - below])))
    (folder / "table.tab").write_text("\n".join(lines) + "\n")
    axes = [f"d{axis}" for axis in range(len(shape))]
    header = ['<SEPARATOR> ";"', '<SAFE> "S"', '<UNSAFE> "U"', '<PROTECT> "Z"']
    header += [line for axis in axes for line in (axis, "<RECODEABLE>", '<TOTCODE> "T"')]
    for name, kind in zip("nscbh", ("<NUMERIC>", "<STATUS>", *(f"<NUMERIC> <{k}>" for k in KINDS)), strict=True):
        header += [name, kind]
    (folder / "table.rda").write_text("\n".join(header) + "\n")
    spanned = "".join(f'"{axis}"' for axis in axes)
    (folder / "batch.arb").write_text(
        f'<OPENTABLEDATA> "table.tab"\n<OPENMETADATA> "table.rda"\n<SPECIFYTABLE> {spanned}|"n"|""|"c"\n'
        '<SAFETYRULE> MAN(20)\n<READTABLE>\n<SUPPRESS> OPT(1,1)\n<WRITETABLE> (1, 3, AS+, "out.txt")\n'
    )
    run_batch(folder / "batch.arb")
    hidden = np.zeros(shape, dtype=bool)
    for line in (folder / "out.txt").read_text().splitlines():
        *names, _, status = (field.strip('"') for field in line.split(","))
        hidden[tuple(codes[axis].index(name) for axis, name in enumerate(names))] = status in UNSAFE
    return hidden.ravel()


@pytest.mark.parametrize(("seed", "shape"), [(1, (5, 6)), (2, (4, 8)), (3, (7, 7)), (4, (3, 3, 3)), (5, (4, 3, 2))])
def test_on_the_same_table_tau_argus_hides_what_is_valid_and_ours_costs_no_more(tmp_path, monkeypatch, seed, shape):
    monkeypatch.chdir(tmp_path)
    table = drawn(seed, shape, [1] * len(shape), mean=40.0, zeros=0.0)
    theirs = tau_argus(tmp_path, table, [size + 1 for size in shape], width=10)
    assert theirs[table.primary].all()
    assert theirs.sum() > table.primary.sum()
    ours = optimal(table, width=10)
    assert table.weights[ours].sum() <= table.weights[theirs].sum()
    assert not {weakness.cell for weakness in weaknesses(table, theirs, width=10)} & set(np.flatnonzero(table.primary))
