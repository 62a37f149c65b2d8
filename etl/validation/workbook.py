"""Spreadsheets (.xlsx, .ods) read by a child process whose memory is bounded, and written as CSV.

A workbook is a ZIP of XML: a few kilobytes can unfold into gigabytes of text, or declare a cell at the far end of the
grid. The archive is therefore unfolded once within limits before the reader sees it, and the reader itself runs in a
process that the kernel stops at ``MAX_MEMORY``.

What is read is the first sheet that whoever opens the workbook sees: a hidden one is a draft, a list or last year's.

Run as ``python -m etl.validation.workbook FILE OUT NAME…``: writes OUT, beside it the list of doubtful cells, and
prints a `Reading` as JSON; exits with 3 on a file it cannot read.
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
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from etl.validation.elsewhere import ROWS, Place, header_row
from etl.validation.formulas import DECIMAL, MERGED, PLAIN, Appearance, Cells, appearance, check_closed
from etl.validation.number_formats import PERCENTAGE
from etl.validation.sniff import UnreadableError
from etl.validation.types import GROUPED, GROUPED_RULE
from schemas.errors import DAMAGED_ZIP

MAX_UNFOLDED = 512 << 20
MAX_ENTRIES = 10_000
MAX_MEMORY = 2 << 30
MAX_SECONDS = 300
UNREADABLE, TOO_LONG = 3, 4
HEAD = 2 * ROWS  # rows of a sheet that are looked at: where a header may be, and below it
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


@dataclass(frozen=True)
class Reading:
    """The sheet that was read; where the names of the columns are, if few are in its first row; another sheet that
    has them too and rows below them, else an empty text."""

    sheet: str
    place: Place | None = None
    twin: str = ""


def extract(path: Path, out: Path, names: Sequence[str]) -> Reading:
    """Write the first sheet of a workbook that is seen as UTF-8 CSV. Raises UnreadableError."""
    _check_archive(path)
    code, said = apart(path, out, names)
    if code:
        raise UnreadableError("source-error", "workbook" if code == UNREADABLE else "workbook-too-big")
    found = json.loads(said)
    return Reading(found["sheet"], Place(**found["place"]) if found["place"] else None, found["twin"])


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
    """Rows of a sheet, from its first one; a cell that shows a text it does not hold gives that text."""
    for index in range(max(len(grid), 1 + max(shown, default=-1))):
        row = [_text(cell) for cell in grid[index]] if index < len(grid) else []
        for column, cell in shown.get(index, {}).items():
            row += [""] * (column + 1 - len(row))
            row[column] = cell.text if cell.rule == PLAIN else cell.text or row[column]
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
    """Where cells without a value, or that do not show it, and texts such as 1.000 that no number field may hold, are
    listed as (row, position, rule, text): rows from 1, positions from 0."""
    return out.with_suffix(".doubtful.csv")


def _listed(grid: Grid, looks: Appearance) -> Iterator[Listed]:
    for row, cells in looks.cells.items():
        for column, cell in cells.items():
            if cell.rule not in (PERCENTAGE, PLAIN):  # a text like those of a CSV: its type tells whether it may stand
                yield row + 1, column, cell.rule, cell.text
    for merged in looks.merged:
        first = max(merged.top, 1)  # the header apart
        below = grid[first : merged.bottom + 1]
        if any(value != "" for values in below for value in values[merged.left : merged.right + 1]):
            yield first + 1, merged.left, MERGED, str(merged)
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if isinstance(value, float) and not value.is_integer() and column not in looks.cells.get(row, {}):
                yield row + 1, column, DECIMAL, _text(value)  # for a text: 1.1 and 1.10 are one number
            if isinstance(value, str) and GROUPED_TEXT.fullmatch(value):
                yield row + 1, column, GROUPED_RULE, value


def _write_listed(cells: Iterator[Listed], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(cells)


def _seen(book: CalamineWorkbook) -> list[str]:
    """The sheets of cells that are not hidden. Raises ValueError where there is none, or where two have one name."""
    sheets = book.sheets_metadata
    seen = [
        sheet.name
        for sheet in sheets
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not seen or len({sheet.name for sheet in sheets}) < len(sheets):
        raise ValueError(", ".join(seen))
    return seen


def _head(grid: Grid) -> list[list[str]]:
    """The first rows of a sheet as texts, among which its header is looked for and the row below it."""
    return [[_text(cell) for cell in row] for row in grid[:HEAD]]


def _others(book: CalamineWorkbook, sheets: Sequence[str]) -> Iterator[tuple[str, list[list[str]]]]:
    """The first rows of each sheet; those of a torn one are not asked for."""
    for sheet in sheets:
        with suppress(CalamineError):
            yield sheet, _head(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=HEAD))


def _reading(
    sheet: str, first: Sequence[list[str]], heads: Iterator[tuple[str, list[list[str]]]], names: Sequence[str]
) -> Reading:
    """What is told of the sheet that is read, whose first rows these are, and of the others."""
    row = header_row(first, names)
    if row == 1:
        twins = (other for other, head in heads if (below := header_row(head, names)) and any(map(any, head[below:])))
        return Reading(sheet, twin=next(twins, ""))
    if row:
        return Reading(sheet, Place(row))
    places = (Place(row, other) for other, head in heads if (row := header_row(head, names)))
    return Reading(sheet, next(places, None))


def read(source: Path, out: Path, names: Sequence[str]) -> str:
    """Write a workbook as CSV; returns its `Reading` as JSON. Raises one of FAILURES."""
    check_closed(source)
    book = CalamineWorkbook.from_path(str(source))
    seen = _seen(book)
    grid = book.get_sheet_by_name(seen[0]).to_python(skip_empty_area=False)
    looks = appearance(source, seen[0])
    _write_listed(_listed(grid, looks), doubtful_path(out))
    _write(_rows(grid, looks.cells), out)
    return json.dumps(asdict(_reading(seen[0], _head(grid), _others(book, seen[1:]), names)))


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
