"""The exact path: what the engine cannot read as it stands is rewritten with every record of the header's width.

Python's csv module decides what a record is, so that rows are counted as frictionless counts them. What did not fit is
written aside, one line per cell too many or too few, and the record keeps its place.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from etl.validation.sniff import MAX_LINE, UnreadableError

END = "\ue000end\ue000"


@dataclass(frozen=True)
class Clean:
    """A rewritten file: ``table`` without its header, ``structure`` listing (row, position, text)."""

    table: Path
    structure: Path
    labels: list[str]


def read_records(path: Path, *, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Records of a CSV file, in order, blank ones as empty lists. Raises UnreadableError on an open quote."""
    csv.field_size_limit(MAX_LINE)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(chain(_bounded(file), [END]), delimiter=delimiter)
        row = 0
        try:
            for record in reader:
                row += 1
                if record == [END]:
                    return
                yield record
        except csv.Error as error:
            raise UnreadableError("source-error", "line-too-long", row=row + 1) from error
        except UnicodeDecodeError as error:
            raise UnreadableError("encoding-error", "encoding", row=row + 1) from error
        raise UnreadableError("source-error", "open-quote", row=row)


def _bounded(file: TextIO) -> Iterator[str]:
    """Lines of the file, none longer than MAX_LINE characters."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise csv.Error("line too long")
        yield line


def normalise(path: Path, folder: Path, *, encoding: str, delimiter: str) -> Clean:
    """Rewrite a file into ``folder``. Raises UnreadableError where it is no table."""
    records = read_records(path, encoding=encoding, delimiter=delimiter)
    labels = next(records, [])
    if not any(labels):
        raise UnreadableError("source-error" if not labels else "blank-header", "no-header", row=1)
    clean = Clean(folder / "table.csv", folder / "structure.csv", labels)
    with _writing(clean.table) as table, _writing(clean.structure) as structure:
        csv.writer(table).writerows(_fitted(records, len(labels), csv.writer(structure).writerow))
    return clean


def _writing(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="")


def _fitted(records: Iterator[list[str]], width: int, aside: Callable[[list[Any]], Any]) -> Iterator[list[str]]:
    for row, record in enumerate(records, start=2):
        if len(record) != width:
            if any(record[:width]):
                _note(row, record, width, aside)
            record = (record + [""] * width)[:width]
        yield record


def _note(row: int, record: list[str], width: int, aside: Callable[[list[Any]], Any]) -> None:
    for position in range(len(record), width):
        aside([row, position, ""])
    for position in range(width, len(record)):
        aside([row, position, record[position]])
