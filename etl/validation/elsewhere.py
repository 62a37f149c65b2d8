"""What is elsewhere than it is read: the names of the columns, below the first line; the separator of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from etl.validation.dialect import DELIMITERS
from etl.validation.header import plain
from etl.validation.normalise import read_records
from etl.validation.sniff import UnreadableError

ROWS = 20  # records that are looked at


@dataclass(frozen=True)
class Place:
    """A row, from 1; of another sheet of the workbook if ``sheet`` is not empty."""

    row: int
    sheet: str = ""


def header_row(records: Iterable[Sequence[str]], names: Sequence[str]) -> int | None:
    """The first of a few records that holds most of the names, from 1; None if there is none."""
    wanted = {plain(name) for name in names}
    held = (len(wanted & {plain(label) for label in record}) for record in islice(records, ROWS))
    return next((row for row, count in enumerate(held, start=1) if 2 * count > len(wanted)), None)


def place_in_text(path: Path, *, encoding: str, names: Sequence[str]) -> Place | None:
    """Where a text file has its header, whatever its separator; None where no line below the first one holds it."""
    for delimiter in DELIMITERS:
        try:
            records = read_records(path, encoding=encoding, delimiter=delimiter)
            row = header_row((texts for _, texts in records), names)
        except UnreadableError:
            continue
        if row:
            return Place(row) if row > 1 else None
    return None


def separator_of_rows(path: Path, *, encoding: str, delimiter: str) -> str | None:
    """The separator by which every one of the first rows has the width of the header, where by that of the header none
    has; None where no row is so."""
    header, *rows = _widths(path, encoding, delimiter) or [0]
    if header in (1, *rows):
        return None
    return next((other for other in DELIMITERS if {*_widths(path, encoding, other)[1:]} == {header}), None)


def _widths(path: Path, encoding: str, delimiter: str) -> list[int]:
    """How many cells the header and the first rows have by a separator, blank rows apart."""
    records = read_records(path, encoding=encoding, delimiter=delimiter)
    with suppress(UnreadableError):
        return [len(texts) for _, texts in islice(records, ROWS) if any(texts)]
    return []
