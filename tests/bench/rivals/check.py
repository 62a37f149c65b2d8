"""The table of ``bench_validate`` checked by others, with the same types, constraints, key and rule.

Run in the environment of ``requirements.lock``: ``python check.py NAME FILE RUNS`` prints the seconds of each run as
JSON, imports apart. validata is given the Table Schema itself, on standard input: like frictionless, it knows no rule.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Callable

FIRST_DAY = dt.date(2000, 1, 1)


def dataframely() -> Callable[[str], object]:
    import dataframely as dy
    import polars as pl

    class Banc(dy.Schema):
        service_id = dy.String(primary_key=True, max_length=20)
        jour = dy.Date(primary_key=True, min=FIRST_DAY)
        passages = dy.Int64(min=0)
        personnes = dy.Int64(nullable=True, min=0, max=100_000)
        femmes = dy.Int64(nullable=True, min=0)
        heures = dy.Float64(nullable=True, min=0, max=24)
        origine = dy.Enum(["simule", "reel"])

        @dy.rule()
        def femmes_max_personnes(cls) -> pl.Expr:
            return pl.col("femmes") <= pl.col("personnes")

    types = {name: column.dtype for name, column in Banc.columns().items()}
    return lambda path: Banc.validate(pl.read_csv(path, schema=types))


def pandera() -> Callable[[str], object]:
    import pandera.polars as pa
    import polars as pl

    check = pa.Check
    columns = {
        "service_id": (pl.String, [check.str_length(max_value=20)], False),
        "jour": (pl.Date, [check.ge(FIRST_DAY)], False),
        "passages": (pl.Int64, [check.ge(0)], False),
        "personnes": (pl.Int64, [check.in_range(0, 100_000)], True),
        "femmes": (pl.Int64, [check.ge(0)], True),
        "heures": (pl.Float64, [check.in_range(0, 24)], True),
        "origine": (pl.String, [check.isin(["simule", "reel"])], False),
    }
    schema = pa.DataFrameSchema(
        {name: pa.Column(kind, checks, nullable=empty) for name, (kind, checks, empty) in columns.items()},
        checks=check(lambda data: data.lazyframe.select(pl.col("femmes") <= pl.col("personnes"))),
        unique=["service_id", "jour"],
    )
    types = {name: kind for name, (kind, _, _) in columns.items()}
    return lambda path: schema.validate(pl.read_csv(path, schema=types), lazy=True)


def validata() -> Callable[[str], object]:
    import validata_core

    schema = json.load(sys.stdin)

    def run(path: str) -> None:
        report = validata_core.validate(path, schema)
        if report.errors:
            raise ValueError(report.errors)

    return run


def main() -> None:
    name, path, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    action = {"dataframely": dataframely, "pandera": pandera, "validata": validata}[name]()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action(path)
        times.append(time.perf_counter() - start)
    print(json.dumps(times))


if __name__ == "__main__":
    main()
