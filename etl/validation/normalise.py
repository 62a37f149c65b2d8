"""The exact path: what the engine cannot read as it stands is rewritten with every record of the header's width.

Python's csv module decides what a record is, so that rows are counted as frictionless counts them. What did not fit is
written aside, one line per cell too many or too few, and the record keeps its place. Copies are Parquet: no text has a
second chance of being misread.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from etl.validation.sniff import MAX_LINE, UnreadableError, check_width

END = "\ue000end\ue000"  # twice, this is a last record that an open quote would swallow
LINE = "line"
BATCH = 20_000  # records held at once
STRUCTURE = pa.schema([("row", pa.int64()), ("position", pa.int64()), ("value", pa.string())])

Note = tuple[int, int, str]
Record = tuple[int, list[str]]  # the line of the file where it begins, from 1, and its texts


@dataclass(frozen=True)
class Clean:
    """A rewritten file: ``table`` holds texts ``c0`` … and the ``line`` of the file where each record begins;
    ``structure`` lists cells too many and too few as (row, position, value), and is None if there are none."""

    table: Path
    structure: Path | None
    labels: list[str]


def read_records(path: Path, *, encoding: str, delimiter: str) -> Iterator[Record]:
    """Records of a CSV file, in order, each with the line where it begins; blank ones as empty lists.

    Raises UnreadableError on an open quote, and on one that closes before the end of its cell: what a lenient reader
    makes of it is not the text of the cell.
    """
    csv.field_size_limit(MAX_LINE)
    with path.open(encoding=encoding, newline="") as file:
        lines = Lines(file, f"{END}{delimiter}{END}")
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        row, line = 1, 1
        try:
            for record in reader:
                if lines.ended:
                    break
                yield line, record
                row, line = row + 1, reader.line_num + 1
        except UnreadableError as trouble:
            trouble.at(row, line)
            raise
        except csv.Error as error:
            raise UnreadableError("source-error", _reason(error)).at(row, line) from error
        except UnicodeDecodeError as error:
            raise UnreadableError("encoding-error", "encoding").at(row, line) from error
        if record != [END, END]:
            raise UnreadableError("source-error", "open-quote").at(row, line)


def _reason(error: csv.Error) -> str:
    """Which rule of ours a record breaks; the csv module says it in words only."""
    said = str(error)
    return "open-quote" if "end of data" in said else "stray-quote" if "expected after" in said else "line-too-long"


class Lines:
    """Lines of a file, none longer than MAX_LINE characters, then a last one; ``ended`` once that one is given: a file
    that holds the same line does not end there."""

    def __init__(self, file: TextIO, last: str) -> None:
        self.file, self.last, self.ended = file, last, False

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise csv.Error("line too long")
            if "\0" in line:
                raise UnreadableError("encoding-error", "nul")
            yield line
        self.ended = True
        yield self.last


def normalise(path: Path, folder: Path, *, encoding: str, delimiter: str) -> Clean:
    """Rewrite a file into ``folder``. Raises UnreadableError where it is no table."""
    records = read_records(path, encoding=encoding, delimiter=delimiter)
    _, labels = next(records, (1, []))
    if not labels:
        raise UnreadableError("blank-header", "no-header", row=1)
    check_width(labels)
    table, structure = folder / "table.parquet", folder / "structure.parquet"
    schema = pa.schema([*((f"c{position}", pa.string()) for position in range(len(labels))), (LINE, pa.int64())])
    noted = 0
    with pq.ParquetWriter(table, schema) as rows, pq.ParquetWriter(structure, STRUCTURE) as aside:
        for first, batch in _batches(records):
            notes = list(_notes(first, [texts for _, texts in batch], len(labels)))
            noted += len(notes)
            rows.write_table(_table([[*_fitted(texts, len(labels)), line] for line, texts in batch], schema))
            aside.write_table(_table(notes, STRUCTURE))
    return Clean(table, structure if noted else None, labels)


def _batches(records: Iterator[Record]) -> Iterator[tuple[int, list[Record]]]:
    """Records by batches, each with the row of its first one (the header is row 1)."""
    first = 2
    while batch := list(islice(records, BATCH)):
        yield first, batch
        first += len(batch)


def _fitted(record: list[str], width: int) -> list[str]:
    return record if len(record) == width else (record + [""] * width)[:width]


def _notes(first: int, batch: list[list[str]], width: int) -> Iterator[Note]:
    """Cells missing from a record (empty value) and beyond the header; a blank record is no more than blank."""
    for row, record in enumerate(batch, start=first):
        if len(record) != width and any(record[:width]):
            yield from ((row, position, "") for position in range(len(record), width))
            yield from ((row, position, record[position]) for position in range(width, len(record)))


def _table(rows: Sequence[Sequence[str | int]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)], schema)
