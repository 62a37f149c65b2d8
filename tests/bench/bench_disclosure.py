"""What protection costs: cells beyond the cheapest pattern, cells lost by a release, and time.

Bar: where the cheapest pattern can be proved, at most 1.15 times its cells. Run with ``make bench``
or ``python -m tests.bench.bench_disclosure [WAREHOUSE …]``, which also protects these warehouses.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from publish.disclosure import protect
from publish.disclosure.linked import LinkedTable
from publish.disclosure.optimal import optimal
from publish.disclosure.shield import searched
from tests.bench.lines import line
from tests.disclosure_tables import drawn

WIDTH = 10
MAX_RATIO = 1.15
MEANS = (12.0, 30.0, 60.0, 120.0)
# Name, shape and subtotals of each dimension.
KINDS = (
    ("two dimensions", (8, 8), (1, 1)),
    ("two, one in a tree", (10, 6), (3, 1)),
    ("two, both in trees", (12, 10), (3, 2)),
    ("three dimensions", (3, 3, 3), (1, 1, 1)),
    ("three, one in a tree", (5, 4, 2), (2, 1, 1)),
)


def compared(shape: tuple[int, ...], groups: tuple[int, ...]) -> Iterator[tuple[LinkedTable, np.ndarray, np.ndarray]]:
    """Tables of a kind, each with the pattern of the search alone and the cheapest one."""
    for seed, mean in enumerate(MEANS * 2):
        table = drawn(seed, shape, groups, mean=mean)
        best = optimal(table, width=WIDTH)
        if best is not None:
            yield table, searched(table, width=WIDTH), best


def run() -> list[dict[str, Any]]:
    """Cells of the search over those of the cheapest pattern: by kind of table, then over all, where the bar is."""
    lines, ours, least = [], 0, 0
    for name, shape, groups in KINDS:
        cells = np.array([(found.sum(), best.sum()) for _, found, best in compared(shape, groups)]).sum(axis=0)
        ours, least = ours + int(cells[0]), least + int(cells[1])
        lines.append(line(f"disclosure: cells / cheapest, {name}", float(cells[0] / cells[1]), digits=3))
    return [*lines, line("disclosure: cells / cheapest, all", ours / least, at_most=MAX_RATIO, digits=3)]


def protection(warehouse: Path) -> dict[str, Any]:
    """Protect the observations of a warehouse, as for its first release: seconds, and what is lost."""
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse}' as entrepot (read_only)")
        con.execute("use entrepot")
        start, work = time.perf_counter(), time.process_time()
        loss = protect(con)
        seconds, cpu = time.perf_counter() - start, time.process_time() - work
        total = con.execute("select count(*) from observations where valeur is not null").fetchall()[0][0]
    return {
        "warehouse": warehouse.parent.name,
        "seconds": round(seconds, 1),
        "cpu": round(cpu, 1),
        "observations": total,
        "secret": loss.observations,
        "by the rule": loss.primaires,
        "companions": loss.complementaires,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
    for given in sys.argv[1:]:
        print(json.dumps(protection(Path(given)), indent=2))
