"""A table as a workbook: its rows, then a sheet of definitions.

The cells are written by DuckDB, as text, and compressed while the next ones are made: 1.18 million rows of 23 columns
take some ten seconds, where XlsxWriter in constant memory takes four minutes. A text is never a formula: it is an entry
of the shared strings. In a long table cells bear no address, which the standard allows (ECMA-376 part 1, 18.3.1.4) and
which makes the file five times smaller; in the others they do, since a few readers (ExcelJS) need it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from etl.validation.sql import literal, quote
from publish.formats import ooxml
from publish.formats.archive import add
from schemas.errors import ContractBroken

# A sheet has 1 048 576 rows, the first of which names the columns.
SHEET_ROWS = 1_048_575
# Longer tables have no addresses.
ADDRESSED_ROWS = 50_000
BATCH = 50_000
SAMPLE = 500
NARROW, WIDE = 8, 60
LONGEST = 32_767
NUMBERS = ("BIGINT", "INTEGER", "DOUBLE", "FLOAT", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER", "DECIMAL")
# Before this day, spreadsheets do not agree on what a number of days means: the date stays a text.
FIRST_DAY = "1900-03-01"
FORMULA = ("=", "+", "-", "@")
# Column of the query that numbers the rows of a sheet; no contract may name a column so.
NUMBER = '"#"'
DEFINITIONS = "définitions"
DEFINITION_WIDTHS = (14, 22, 32, 32, 60, 60, 12, 18)


@dataclass(frozen=True)
class Column:
    """A column of the table: its name and its DuckDB type."""

    name: str
    type: str

    @property
    def is_text(self) -> bool:
        """Whether its values are written as shared strings."""
        return self.type.split("(")[0] not in (*NUMBERS, "DATE", "BOOLEAN")


def sheet_names(table: str, rows: int) -> tuple[str, ...]:
    """Names of the sheets that hold the rows of a table: more than one where it has more rows than a sheet."""
    sheets = max(1, -(-rows // SHEET_ROWS))
    return (table, *(f"{table}_{place}" for place in range(2, sheets + 1)))


def write_workbook(source: Path, target: Path, *, title: str, day: date, definitions: Sequence[Sequence[str]]) -> None:
    """Write the rows of a Parquet file and their definitions as ``target``, dated ``day``.

    ``definitions`` are rows of eight texts, the first naming the columns. Raises ContractBroken where a text is longer
    than a cell can hold.
    """
    with duckdb.connect(config={"threads": 1}) as con:
        read = f"read_parquet({literal(str(source))}, file_row_number = true, hive_partitioning = false)"
        con.execute(f"create view lignes as from {read}")
        columns = _columns(con)
        rows = int(con.table("lignes").aggregate("count(*)").fetchall()[0][0])
        words = _number_texts(con, columns, source)
        names = sheet_names(target.stem, rows)
        with zipfile.ZipFile(target, "w") as archive:
            for part, content in ooxml.workbook((*names, DEFINITIONS), title=title, day=day).items():
                add(archive, part, [content.encode()], day)
            add(archive, "xl/sharedStrings.xml", [ooxml.shared_strings(words.all).encode()], day)
            for place in range(len(names)):
                cells = _table_sheet(con, columns, words, place=place, rows=rows)
                add(archive, f"xl/worksheets/sheet{place + 1}.xml", cells, day)
            add(archive, f"xl/worksheets/sheet{len(names) + 1}.xml", [_definition_sheet(definitions).encode()], day)


def _columns(con: duckdb.DuckDBPyConnection) -> tuple[Column, ...]:
    described = con.execute("describe select * exclude (file_row_number) from lignes").fetchall()
    return tuple(Column(row[0], row[1]) for row in described)


@dataclass(frozen=True)
class Words:
    """Every text of a table, in the order of its number. Those numbered below ``formulas`` look like a formula."""

    all: tuple[str, ...]
    formulas: int


def _number_texts(con: duckdb.DuckDBPyConnection, columns: Sequence[Column], source: Path) -> Words:
    """Make the type ``mots``, whose codes number the texts of the table."""
    each = [f"select distinct {quote(c.name)}::varchar as mot from lignes" for c in columns if c.is_text]
    union = " union ".join(each) or "select null::varchar as mot"
    risky = f"list_contains({list(FORMULA)}, mot[1])"
    found = con.execute(
        f"select mot, {risky} from ({union}) where mot is not null order by {risky} desc, mot"
    ).fetchall()
    words = tuple(word for word, _ in found)
    if longest := next((word for word in words if len(word) > LONGEST), None):
        raise ContractBroken(
            f"{source.name} : un texte de {len(longest)} caractères ne tient pas dans une cellule de tableur "
            f"({LONGEST} au plus) : « {longest[:60]}… ». Coupez-le à la source."
        )
    con.execute("create type mots as enum (select unnest($mots))", {"mots": list(words) or [""]})
    return Words(words, sum(is_risky for _, is_risky in found))


def _table_sheet(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column], words: Words, *, place: int, rows: int
) -> Iterator[bytes | memoryview]:
    """The part of one sheet of rows, ``place`` counting from 0."""
    first, addressed = place * SHEET_ROWS, rows <= ADDRESSED_ROWS
    shown = min(rows - first, SHEET_ROWS) + 1
    yield ooxml.sheet_head(_widths(con, columns), rows=shown, first=place == 0).encode()
    yield ooxml.row((column.name for column in columns), number=1, style=ooxml.HEADER).encode()
    letters = [ooxml.column(number) if addressed else "" for number in range(1, len(columns) + 1)]
    cells = ", ".join(_cell(column, letter, words.formulas) for column, letter in zip(columns, letters, strict=True))
    opening = f"'<row r=\"' || {NUMBER} || '\">'" if addressed else "'<row>'"
    yield from _ahead(
        con.execute(
            f"select concat({opening}, {cells}, '</row>') from "
            f"(select *, (file_row_number - $first + 2)::varchar as {NUMBER} from lignes "
            "where file_row_number >= $first and file_row_number < $last)",
            {"first": first, "last": first + SHEET_ROWS},
        ).to_arrow_reader(BATCH)
    )
    yield ooxml.sheet_tail(len(columns), rows=shown).encode()


def _cell(column: Column, letter: str, formulas: int) -> str:
    """SQL that writes a cell of a column, at an address where it has a letter."""
    value = quote(column.name)
    address = f" r=\"{letter}' || {NUMBER} || '\"" if letter else ""
    if column.type == "DATE":
        day = f"'<c{address} s=\"{ooxml.DATE}\"><v>' || ({value} - date '1899-12-30') || '</v></c>'"
        old = f"'<c{address} t=\"inlineStr\"><is><t>' || {value} || '</t></is></c>'"
        content = f"case when {value} >= date '{FIRST_DAY}' then {day} else {old} end"
    elif column.type == "BOOLEAN":
        content = f"'<c{address} t=\"b\"><v>' || {value}::integer || '</v></c>'"
    elif column.is_text:
        code = f"enum_code({value}::varchar::mots)"
        style = f"case when {code} < {formulas} then ' s=\"{ooxml.TEXT}\"' else '' end" if formulas else "''"
        content = f"'<c{address}' || {style} || ' t=\"s\"><v>' || {code} || '</v></c>'"
    else:
        content = f"'<c{address}><v>' || {value} || '</v></c>'"
    return f"coalesce({content}, '{'' if letter else '<c/>'}')"


def _widths(con: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> list[int]:
    """Width of each column in characters, from its name and its first rows."""
    longest = ", ".join(f"coalesce(max(length({quote(column.name)}::varchar)), 0)" for column in columns)
    found = con.execute(f"select {longest} from (from lignes limit {SAMPLE})").fetchall()[0]
    return [min(WIDE, max(NARROW, length, len(column.name) + 3)) for column, length in zip(columns, found, strict=True)]


def _ahead(batches: Any) -> Iterator[memoryview]:
    """The text of each batch of one column, the next being made while this one is used: two cores are kept busy."""
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(next, batches, None)
        while (batch := pending.result()) is not None:
            pending = pool.submit(next, batches, None)
            yield _bytes(batch.column(0))


def _bytes(texts: Any) -> memoryview:
    """The bytes of an Arrow column of texts, one after the other, as they lie in memory."""
    _, ends, data = texts.buffers()
    last = np.frombuffer(ends, dtype=np.int32)[texts.offset + len(texts)]
    start = np.frombuffer(ends, dtype=np.int32)[texts.offset]
    return memoryview(data)[int(start) : int(last)]


def _definition_sheet(definitions: Sequence[Sequence[str]]) -> str:
    count, columns = len(definitions), len(definitions[0])
    head, *rows = definitions
    body = "".join(ooxml.row(row, number=number, style=ooxml.WRAPPED) for number, row in enumerate(rows, start=2))
    above = ooxml.sheet_head(DEFINITION_WIDTHS, rows=count, first=False)
    titles = ooxml.row(head, number=1, style=ooxml.HEADER)
    return above + titles + body + ooxml.sheet_tail(columns, rows=count)
