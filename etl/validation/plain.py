"""The texts of a plain file, where every line is a record: its parts are split into cells at once, ahead of the engine.

Arrow does it in about half the time that the engine takes to split the same lines.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

PART = 4 << 20  # bytes


def texts(path: Path, *, width: int, delimiter: str) -> pa.RecordBatchReader:
    """Texts ``c0`` … ``c<width - 1>`` of the lines after the first, in order, empty ones as null, to be read once.

    The file is UTF-8 and has no quote. Reading raises ArrowInvalid at a line of another width, or of a megabyte.
    """
    schema = pa.schema([(f"c{position}", pa.string()) for position in range(width)])
    return pa.RecordBatchReader.from_batches(schema, _batches(path, schema, delimiter))


def _batches(path: Path, schema: pa.Schema, delimiter: str) -> Iterator[pa.RecordBatch]:
    split = partial(
        csv.read_csv,
        read_options=csv.ReadOptions(column_names=schema.names, use_threads=False),
        parse_options=csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[""]),
    )
    threads = os.cpu_count() or 1
    tables: deque[Future[pa.Table]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for part in _parts(path):
            tables.append(pool.submit(split, part))
            if len(tables) > threads:
                yield from tables.popleft().result().to_batches()
        for table in tables:
            yield from table.result().to_batches()


def _parts(path: Path) -> Iterator[pa.BufferReader]:
    """Parts of the file that end with a line, without the header."""
    with path.open("rb") as file:
        file.readline()
        while part := file.read(PART):
            yield pa.BufferReader(part + file.readline())
