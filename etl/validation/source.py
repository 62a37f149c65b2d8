"""From a path to something the engine can scan: the file itself where it can, a clean copy where it cannot."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from etl.validation import plain, workbook
from etl.validation.dialect import Dialect, csv_dialect, workbook_dialect
from etl.validation.elsewhere import Place
from etl.validation.normalise import LINE, Clean, normalise
from etl.validation.scan import FIRST_ROW
from etl.validation.sniff import UnreadableError, check_width, delimiter_of, sniff
from etl.validation.sql import literal
from schemas.errors import DAMAGED_ZIP

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FIRST_LINE = 1 << 20
TEXTS = "__texts"
SEPARATOR_NOTE = re.compile(r'"?sep=.?"?\s*', re.IGNORECASE)  # what spreadsheets take as the separator to read with


@dataclass(frozen=True)
class Source:
    """What to scan. ``lines`` is set where the file is scanned as it stands, to verify that no line went unseen;
    ``bland`` where its characters are printable ones of ASCII only, semicolons apart;
    ``structure`` lists cells too many and too few of a copy, ``doubtful`` those of a workbook that hold no value or
    a text that no number may be."""

    path: Path
    labels: list[str]
    dialect: Dialect
    encoding: str
    delimiter: str
    lines: int | None = None
    bland: bool = False
    structure: Path | None = None
    doubtful: Path | None = None
    elsewhere: Place | None = None

    @contextmanager
    def texts(self, connection: duckdb.DuckDBPyConnection, kinds: Mapping[int, str]) -> Iterator[str]:
        """The SELECT of its texts, to be read once; of a file scanned as it stands, values of these SQL types."""
        if self.lines is None:
            columns = ", ".join(f"nullif(c{position}, '') AS c{position}" for position in range(len(self.labels)))
            yield f"SELECT {columns} FROM read_parquet({literal(str(self.path))}, hive_partitioning = false)"
            return
        typed = [kinds.get(position, "VARCHAR") for position in range(len(self.labels))]
        cells = plain.read(self.path, typed, delimiter=self.delimiter, decimal=self.dialect.decimal)
        # Given the reader itself, the engine would let a scanner read ahead of it: a gibibyte of fifty million rows.
        connection.register(TEXTS, cells.__arrow_c_stream__())
        try:
            yield f"SELECT * FROM {TEXTS}"
        finally:
            connection.unregister(TEXTS)

    @property
    def places(self) -> str:
        """The SELECT of (row, line) of the records that do not begin on the line of their number: none but those of a
        text with cells of several lines."""
        if self.lines is not None or self.dialect.spreadsheet:
            return "SELECT NULL::BIGINT AS row, NULL::BIGINT AS line WHERE FALSE"
        rows = f"read_parquet({literal(str(self.path))}, file_row_number = true, hive_partitioning = false)"
        return f"SELECT file_row_number + {FIRST_ROW} AS row, {LINE} AS line FROM {rows} WHERE row <> line"


def open_source(path: Path, folder: Path, names: tuple[str, ...]) -> Source:
    """The source of a file, copies going to ``folder``; ``names`` are the declared columns. Raises UnreadableError."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == ZIP:
        return _from_workbook(path, folder, names)
    if magic == OLE and path.suffix.lower() in (".xlsx", ".ods"):  # with a password, or an .xls under another name
        raise UnreadableError("source-error", "workbook")
    if magic == OLE or path.suffix.lower() == ".xls":
        raise UnreadableError("source-error", "format", value=path.suffix.lower() or ".xls")
    if path.suffix.lower() in (".xlsx", ".ods"):
        raise UnreadableError("source-error", "workbook")
    return _from_text(path, folder, names)


def _from_text(path: Path, folder: Path, names: tuple[str, ...]) -> Source:
    found = sniff(path, names)
    line = first_line(path, found.encoding)
    if SEPARATOR_NOTE.fullmatch(line):
        raise UnreadableError("source-error", "sep-line", row=1, value=line)
    delimiter = delimiter_of(line, names)
    dialect, encoding = csv_dialect(delimiter), found.encoding
    if not found.plain or not line:
        return exact(path, folder, dialect, encoding)
    labels = next(csv.reader([line], delimiter=delimiter))
    check_width(labels)
    if found.delimiters != (len(labels) - 1) * found.lines:
        # Ragged for sure. The engine would see most such records, but not an empty cell too many.
        return exact(path, folder, dialect, encoding)
    return Source(path, labels, dialect, encoding, delimiter, lines=found.lines, bland=found.bland)


def exact(path: Path, folder: Path, dialect: Dialect, encoding: str) -> Source:
    """The source of a clean copy, record by record. Raises UnreadableError."""
    clean = normalise(path, folder, encoding=encoding, delimiter=dialect.delimiter or ",")
    return _of_copy(clean, dialect, encoding)


def _from_workbook(path: Path, folder: Path, names: tuple[str, ...]) -> Source:
    kind, out = _kind(path), folder / "workbook.csv"
    found = workbook.extract(path, out, names)
    if found.twin:
        raise UnreadableError("source-error", "two-sheets", value=found.sheet, hint=found.twin)
    elsewhere = found.place
    if not out.stat().st_size and elsewhere:
        raise UnreadableError("unmatched-header", "other-sheet", value=elsewhere.sheet, hint=str(elsewhere.row))
    if not out.stat().st_size:
        raise UnreadableError("source-error", "empty")
    clean = normalise(out, folder, encoding="utf-8", delimiter=",")
    doubtful = workbook.doubtful_path(out)
    source = _of_copy(clean, workbook_dialect(kind, found.sheet), "utf-8")
    return replace(source, doubtful=doubtful if doubtful.stat().st_size else None, elsewhere=elsewhere)


def _of_copy(clean: Clean, dialect: Dialect, encoding: str) -> Source:
    return Source(clean.table, clean.labels, dialect, encoding, ",", structure=clean.structure)


def _kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except DAMAGED_ZIP as error:
        raise UnreadableError("source-error", "workbook") from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise UnreadableError("source-error", "workbook")


def first_line(path: Path, encoding: str) -> str:
    """The first line of a text file, without its end. Raises UnreadableError where it cannot be decoded."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            text = file.readline(FIRST_LINE)
    except UnicodeError as error:
        raise UnreadableError("encoding-error", "encoding", row=1) from error
    return text.split("\r")[0].rstrip("\n")
