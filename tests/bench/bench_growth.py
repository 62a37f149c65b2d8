"""Growth of a validated load: the same table from a hundred thousand rows to fifty million.

Each size is checked by a process of its own (``check``), and taken in by another (``ingest``: the check, the typed rows
written, both files summed, copied and asked of the disk). The memory is bounded by OBSERVATOIRE_MEMOIRE, left at its
default. Bars: a row takes at fifty million at most one and a half times what it takes at a million, under 2 GiB.

    python -m tests.bench.bench_growth [ROWS …]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import etl.snapshots
from tests.bench.bench_validate import contract, make_file, our_check
from tests.bench.lines import line
from tests.bench.memory import peak_gib

ROOT = Path(__file__).resolve().parents[2]
SIZES = (100_000, 1_000_000, 10_000_000, 50_000_000)
# Rows of which the time is the measure of what one row takes.
USUAL = 1_000_000
MAX_GROWTH, MAX_PEAK_GIB = 1.5, 2.0
WAYS = ("check", "ingest")


def taken_in(path: Path) -> None:
    """The whole way of a file into the snapshots, under the contract of the benchmark. Raises RuntimeError."""
    etl.snapshots.load_contract = lambda _: contract()  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        store = Path(name)
        done = etl.snapshots.ingest("banc", path, store=store, quarantine=store / "q", references=store)
    if done.etat != "accepte":
        raise RuntimeError(done)


def cost(way: str, path: Path) -> tuple[float, float]:
    """Seconds, and peak of resident memory in GiB, of one way in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_growth", way, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def run(sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """Time and memory of each size and way, then what a row takes at the greatest over a million's."""
    lines: list[dict[str, Any]] = []
    by_row: dict[tuple[str, int], float] = {}
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="observatoire-banc-") as name:
            path = Path(name) / "banc.csv"
            make_file(path, rows)
            for way in WAYS:
                seconds, peak = cost(way, path)
                by_row[way, rows] = seconds / rows
                lines += [
                    line(f"growth: {way}, {rows:.0e} rows, seconds", seconds, digits=2),
                    line(f"growth: {way}, {rows:.0e} rows, peak GiB", peak, at_most=MAX_PEAK_GIB, digits=2),
                ]
    for way in WAYS if USUAL in sizes else ():
        ratio = by_row[way, max(sizes)] / by_row[way, USUAL]
        lines.append(line(f"growth: {way}, a row at {max(sizes):.0e} / at 1e+06", ratio, at_most=MAX_GROWTH, digits=2))
    return lines


def one(way: str, path: Path) -> None:
    """Go one way and print what it cost."""
    start = time.perf_counter()
    {"check": our_check, "ingest": taken_in}[way](path)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, peak_gib()]))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        one(sys.argv[1], Path(sys.argv[2]))
    else:
        print(json.dumps(run([int(word) for word in sys.argv[1:]] or SIZES), indent=2))
