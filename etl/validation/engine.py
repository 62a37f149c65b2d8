"""The engine: a private DuckDB that can open nothing but the files it was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from etl.validation.sql import literal, literals


@contextmanager
def engine(
    *, folder: Path, readable: list[Path], memory_limit: str, threads: int | None, today: date
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills into ``folder``, reads ``readable`` and ``folder``, and nothing else."""
    connection = duckdb.connect()
    try:
        settings = [
            f"SET memory_limit = {literal(memory_limit)}",
            f"SET temp_directory = {literal(str(folder / 'spill'))}",
            f"SET allowed_directories = [{literal(str(folder) + '/')}]",
            f"SET allowed_paths = [{literals(str(path) for path in readable)}]",
            "SET preserve_insertion_order = true",
            # A list of values made into a join would lose the order of rows, whatever the line above says.
            "SET disabled_optimizers = 'in_clause'",
            "SET enable_progress_bar = false",
            "SET TimeZone = 'UTC'",
            f"SET VARIABLE aujourdhui = {literal(today)}",
            *([f"SET threads = {int(threads)}"] if threads else []),
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ]
        for setting in settings:
            connection.execute(setting)
        yield connection
    finally:
        connection.close()
