"""Speed and memory of the validator, as ratios taken in one run.

Bars: at most one and a half times DuckDB's bare typed read of the same file, at least sixty times frictionless's rate,
peak memory under 2 GiB. Run with ``make bench`` or ``python -m tests.bench.bench_validate``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import frictionless

from etl.validate import check
from schemas.contract import Contract, contract_from
from tests.bench.lines import line
from tests.bench.memory import peak_gib

ROOT = Path(__file__).resolve().parents[2]
RUNS = 7
SLOW_ROWS = 200_000
MAX_RATIO, MIN_SPEEDUP, MAX_PEAK_GIB = 1.5, 60.0, 2.0

DESCRIPTOR: dict[str, Any] = {
    "name": "banc",
    "fields": [
        {"name": "service_id", "type": "string", "constraints": {"required": True, "maxLength": 20}},
        {"name": "jour", "type": "date", "constraints": {"required": True, "minimum": "2000-01-01"}},
        {"name": "passages", "type": "integer", "constraints": {"required": True, "minimum": 0}},
        {"name": "personnes", "type": "integer", "constraints": {"minimum": 0, "maximum": 100000}},
        {"name": "femmes", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "heures", "type": "number", "constraints": {"minimum": 0, "maximum": 24}},
        {"name": "origine", "type": "string", "constraints": {"required": True, "enum": ["simule", "reel"]}},
    ],
    "primaryKey": ["service_id", "jour"],
    "rules": [
        {
            "name": "femmes_max_personnes",
            "check": "femmes <= personnes",
            "fields": ["femmes", "personnes"],
            "title": "les femmes ne peuvent être plus nombreuses que les personnes",
        }
    ],
}
TYPES = {
    "service_id": "VARCHAR",
    "jour": "DATE",
    "passages": "BIGINT",
    "personnes": "BIGINT",
    "femmes": "BIGINT",
    "heures": "DOUBLE",
    "origine": "VARCHAR",
}


def contract() -> Contract:
    """The contract of the benchmark: seven typed columns, constraints, a key and a rule."""
    return contract_from(DESCRIPTOR)


def make_file(path: Path, rows: int) -> None:
    """Write ``rows`` valid rows."""
    duckdb.connect().execute(
        f"COPY (SELECT 'service-' || (i % 977) AS service_id, DATE '2001-01-01' + CAST(i // 977 AS INTEGER) AS jour,"
        f" hash(i) % 900 AS passages, 50 + hash(i) % 500 AS personnes, hash(i) % 50 AS femmes,"
        f" CAST((hash(i) % 2400) / 100.0 AS DECIMAL(4, 2)) AS heures,"
        f" CASE WHEN hash(i) % 10 < 9 THEN 'simule' ELSE 'reel' END AS origine"
        f" FROM range({rows}) AS t(i)) TO '{path}' (HEADER)"
    )


def bare_read(path: Path) -> None:
    """What any typed load of the file costs, without a check."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?, header = true, columns = ?)", [str(path), TYPES])
    connection.close()


def our_check(path: Path) -> None:
    """The whole check."""
    report = check(path, contract())
    if not report.valid:
        raise RuntimeError(report.to_text())


def frictionless_check(path: Path) -> None:
    """The same table by frictionless (its schema knows no rule)."""
    schema = {name: value for name, value in DESCRIPTOR.items() if name in ("fields", "primaryKey")}
    resource_ = frictionless.Resource(
        path=path.name, basepath=str(path.parent), schema=frictionless.Schema.from_descriptor(schema)
    )
    if not resource_.validate().valid:
        raise RuntimeError("frictionless refuses the file of the benchmark")


def seconds(action: Callable[[Path], None], path: Path) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action(path)
    return time.perf_counter() - start


def best(action: Callable[[Path], None], path: Path, runs: int) -> float:
    """The seconds of the quickest of several calls."""
    return min(seconds(action, path) for _ in range(runs))


def peak_of_check(path: Path) -> float:
    """Peak resident memory of a process that does nothing but check the file, in GiB."""
    return _apart("--peak", path)


def best_apart(path: Path, runs: int) -> float:
    """The seconds of the quickest of several checks in a process of their own, imports apart."""
    return _apart("--best", path, runs)


def _apart(*words: object) -> float:
    command = [sys.executable, "-m", "tests.bench.bench_validate", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def run(rows: int = 5_000_000) -> list[dict[str, Any]]:
    """Measure, interleaved; one line per bar: name, value, bar, met. The first is the median over pairs of runs, since
    the quickest of each may fall in different moments of a machine that is shared."""
    with tempfile.TemporaryDirectory() as name:
        path, small = Path(name) / "banc.csv", Path(name) / "petit.csv"
        make_file(path, rows)
        make_file(small, min(rows, SLOW_ROWS))
        pairs = [(seconds(bare_read, path), seconds(our_check, path)) for _ in range(RUNS)]
        ours = min(own for _, own in pairs)
        slow = seconds(frictionless_check, small)
        peak = peak_of_check(path)
    speedup = (rows / ours) / (min(rows, SLOW_ROWS) / slow)
    return [
        line(
            "validate: time / bare typed read",
            statistics.median(own / bare for bare, own in pairs),
            at_most=MAX_RATIO,
            digits=2,
        ),
        line("validate: rate / frictionless's rate", speedup, at_least=MIN_SPEEDUP, digits=2),
        line("validate: peak memory, GiB", peak, at_most=MAX_PEAK_GIB, digits=2),
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        our_check(Path(sys.argv[2]))
        print(peak_gib())
    elif sys.argv[1:2] == ["--best"]:
        print(best(our_check, Path(sys.argv[2]), int(sys.argv[3])))
    else:
        print(json.dumps(run(), indent=2))
