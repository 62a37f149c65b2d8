"""Spreadsheets (.xlsx, .ods) read by a child process whose memory is bounded, and written as CSV.

A workbook is a ZIP of XML: a few kilobytes can unfold into gigabytes of text, or declare a cell at the far end of the
grid. The archive is therefore unfolded once within limits before the reader sees it, and the reader itself runs in a
process that the kernel stops at ``MAX_MEMORY``.

Run as ``python -m etl.validation.workbook FILE OUT NAME…``: writes OUT, beside it the list of doubtful cells, and
prints as JSON the name of the sheet and where else the names of the columns are; exits with 3 on a file it cannot read.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from etl.validation.elsewhere import ROWS, Place, header_row
from etl.validation.formulas import PERCENTAGE, Cells, shown_cells
from etl.validation.header import plain
from etl.validation.sniff import UnreadableError
from etl.validation.types import GROUPED, GROUPED_RULE
from schemas.errors import DAMAGED_ZIP

MAX_UNFOLDED = 512 << 20
MAX_ENTRIES = 10_000
MAX_MEMORY = 2 << 30
MAX_SECONDS = 300
UNREADABLE, TOO_LONG = 3, 4
FAILURES = (CalamineError, OSError, ValueError, IndexError)
GROUPED_TEXT = re.compile(
    GROUPED
)  # typed as a text in a spreadsheet: a number would have no dot to be read in two ways
# In the encodings of a byte and of two, either end first.
DOCUMENT_TYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
LONGEST_MARK = 18
ROOT = Path(__file__).resolve().parents[2]

Grid = list[list[Any]]
Listed = tuple[int, int, str, str]


def extract(path: Path, out: Path, names: Sequence[str]) -> tuple[str, Place | None]:
    """Write the first sheet of a workbook as UTF-8 CSV; returns the sheet's name and, where its first row holds none of
    the names, the place that does. Raises UnreadableError."""
    _check_archive(path)
    code, said = apart(path, out, names)
    if code:
        raise UnreadableError("source-error", "workbook" if code == UNREADABLE else "workbook-too-big")
    sheet, place = json.loads(said)
    return sheet, Place(**place) if place else None


def apart(path: Path, out: Path, names: Sequence[str]) -> tuple[int, str]:
    """Exit code and output of the process that reads a workbook."""
    command = [sys.executable, "-m", "etl.validation.workbook", str(path.resolve()), str(out), *names]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=MAX_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return TOO_LONG, ""
    return done.returncode, done.stdout


def _check_archive(path: Path) -> None:
    """Unfold the archive within MAX_UNFOLDED bytes, believing none of the sizes it declares.

    Two parts of one name would be read by some as the first and by others as the second; a document type, which no
    workbook has, could name entities that unfold without end or are read from elsewhere.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNFOLDED:
                raise UnreadableError("source-error", "workbook-too-big")
            if len({entry.filename for entry in entries}) < len(entries):
                raise UnreadableError("source-error", "workbook")
            for entry in entries:
                with archive.open(entry) as file:
                    _check_part(file)
    except DAMAGED_ZIP as error:
        raise UnreadableError("source-error", "workbook") from error


def _check_part(file: IO[bytes]) -> None:
    end = b""
    while chunk := file.read(1 << 20):
        if DOCUMENT_TYPE.search(end + chunk):
            raise UnreadableError("source-error", "workbook-entities")
        end = chunk[-LONGEST_MARK:]


def _text(cell: Any) -> str:
    """A cell as the text a contract reads: ISO dates, dot decimals, integers without decimals."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return (cell.date() if cell.time() == dt.time() else cell).isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell).rjust(8, "0")
    return str(cell)


def _rows(grid: Grid, shown: Cells) -> Iterator[list[str]]:
    """Rows of a sheet, from its first one; a cell that shows what it does not hold gives what it shows."""
    for index in range(max(len(grid), 1 + max(shown, default=-1))):
        row = [_text(cell) for cell in grid[index]] if index < len(grid) else []
        for column, cell in shown.get(index, {}).items():
            row += [""] * (column + 1 - len(row))
            row[column] = cell.text
        yield _trimmed(row)


def _trimmed(row: list[str]) -> list[str]:
    """A row without its trailing empty cells: a grid has no width of its own."""
    while row and not row[-1]:
        row.pop()
    return row


def _write(rows: Iterator[list[str]], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        width, blanks = 0, 0
        for row in rows:
            width = width or len(row)
            if not row:  # written only if something follows: what is below the last row is not a row
                blanks += 1
                continue
            writer.writerows([[""] * width] * blanks)
            blanks = 0
            writer.writerow(row + [""] * (width - len(row)))


def doubtful_path(out: Path) -> Path:
    """Where cells without a value, and texts such as 1.000 that no number field may hold, are listed as
    (row, position, rule, text): rows from 1, positions from 0."""
    return out.with_suffix(".doubtful.csv")


def _listed(grid: Grid, shown: Cells) -> Iterator[Listed]:
    for row, cells in shown.items():
        for column, cell in cells.items():
            if cell.rule != PERCENTAGE:  # a text like those of a CSV: its type tells whether it may stand
                yield row + 1, column, cell.rule, cell.text
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if isinstance(value, str) and GROUPED_TEXT.fullmatch(value):
                yield row + 1, column, GROUPED_RULE, value


def _write_listed(cells: Iterator[Listed], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(cells)


def _place(book: CalamineWorkbook, first: Grid, names: Sequence[str]) -> Place | None:
    """Where most of the names are, if not one of them is in the first row of the first sheet."""
    known = {plain(name) for name in names}
    if known & {plain(_text(cell)) for row in first[:1] for cell in row}:
        return None
    for sheet in book.sheet_names:
        try:
            grid = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=ROWS)
        except CalamineError:  # a sheet that is a chart, or torn: not the one looked for
            continue
        if row := header_row(([_text(cell) for cell in cells] for cells in grid), names):
            return Place(row, "" if sheet == book.sheet_names[0] else sheet)
    return None


def read(source: Path, out: Path, names: Sequence[str]) -> str:
    """Write a workbook as CSV; returns, as JSON, its sheet and where else the names are. Raises one of FAILURES."""
    book = CalamineWorkbook.from_path(str(source))
    name = book.sheet_names[0]
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    shown = shown_cells(source, name)
    _write_listed(_listed(grid, shown), doubtful_path(out))
    _write(_rows(grid, shown), out)
    place = _place(book, grid, names)
    return json.dumps([name, asdict(place) if place else None])


def main(source: str, out: str, *names: str) -> int:
    """Read ``source``, write ``out``; the exit code of the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    try:
        print(read(Path(source), Path(out), names))
    except FAILURES as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
