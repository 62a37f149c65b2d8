"""A second opinion on files: readers and rules written apart from ours, simple and slow.

Files are read by ``csv``, openpyxl and odfpy; each cell is judged in plain Python as the contract says. Nothing here
comes from ``etl``.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from schemas.contract import Contract, Field

Grid = list[list[str]]
SPACES = "[ \\t\\n\\f\\r]*"
NUMBER = rf"{SPACES}[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?{SPACES}"
GROUPED = rf"{SPACES}[+-]?[1-9][0-9]{{0,2}}\.[0-9]{{3}}{SPACES}"
MOMENT = r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,6})?)"
FORMULA = re.compile(r"(?:\A\s*|[;\t\r\n])[=+\-@＝＋－＠]")
PLAIN_NUMBER = re.compile(r"[+-][0-9][0-9 .,\u00a0\u202f]*%?")
UNSEEN = {0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)}
SPANS = ("numberrowsspanned", "numbercolumnsspanned")
CELLS = 100_000
DOUBT = "\0"  # makes a fault of a value that its cell does not show, or not alone
MASKED: dict[str, Callable[[Any], bool]] = {
    ";;;": lambda value: True,
    '[<5]"<5";0': lambda value: _is_number(value) and value < 5,
    '0;-0;"ND"': lambda value: _is_number(value) and value == 0,
    "0.0,": lambda value: _is_number(value) and value != 0,
}


class Unreadable(Exception):
    """The witness cannot read the file: it has no opinion."""


def grid(path: Path, *, encoding: str, delimiter: str | None) -> Grid:
    """The texts of a file, header first. Raises Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl thinks of a workbook is not about us
            return _csv(path, encoding, delimiter or ",") if path.suffix == ".csv" else _workbook(path)
    except Exception as error:  # whatever another reader fails on
        raise Unreadable(str(error)) from error


def _csv(path: Path, encoding: str, delimiter: str) -> Grid:
    csv.field_size_limit(1 << 24)
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter, strict=True))


def _workbook(path: Path) -> Grid:
    with path.open("rb") as file:
        return _trimmed(_xlsx(file) if path.suffix == ".xlsx" else _ods(file))


def _xlsx(file: BinaryIO) -> Grid:
    import openpyxl

    book = openpyxl.load_workbook(file, data_only=True)
    sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    if sheet.max_row * sheet.max_column > CELLS:
        raise Unreadable("too big for a witness")
    rows = [[_seen(cell) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > 1 and merged.bounds[:2] != merged.bounds[2:]:
            line, place = rows[merged.min_row - 1], merged.min_col - 1
            line[place] = line[place] and line[place] + DOUBT
    return rows


def _seen(cell: Any) -> str:
    masked = MASKED.get(cell.number_format)
    doubt = cell.row > 1 and cell.value is not None and masked is not None and masked(cell.value)
    return _text(cell.value) + DOUBT * doubt


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ods(file: BinaryIO) -> Grid:
    from odf import opendocument, style, table

    book = opendocument.load(file)
    hidden = {
        made.getAttribute("name")
        for made in book.automaticstyles.getElementsByType(style.Style)
        if any(item.getAttribute("display") == "false" for item in made.getElementsByType(style.TableProperties))
    }
    sheets = book.spreadsheet.getElementsByType(table.Table)
    sheet = next(sheet for sheet in sheets if sheet.getAttribute("stylename") not in hidden)
    rows: Grid = []
    for line in sheet.getElementsByType(table.TableRow):
        cells: list[str] = []
        for cell in line.childNodes:
            if cell.qname[1] in ("table-cell", "covered-table-cell"):
                shown = _shown(cell)
                if rows and shown and any(int(cell.getAttribute(name) or 1) > 1 for name in SPANS):
                    shown += DOUBT
                cells += [shown] * min(int(cell.getAttribute("numbercolumnsrepeated") or 1), CELLS)
        rows += [cells] * min(int(line.getAttribute("numberrowsrepeated") or 1), CELLS)
    return rows


def _shown(cell: Any) -> str:
    from odf import teletype, text

    kind = cell.getAttribute("valuetype")
    if kind == "date":
        value = str(cell.getAttribute("datevalue"))
        return value.removesuffix("T00:00:00")
    if kind in ("float", "percentage", "currency"):
        value = float(cell.getAttribute("value"))
        parts = [teletype.extractText(part) for part in cell.childNodes if part.qname[1] == "p"]
        return _text(value) + DOUBT * (bool(parts) and not _tells("".join(parts), value))
    if kind == "boolean":
        return str(cell.getAttribute("booleanvalue"))
    if kind == "string" and cell.getAttribute("stringvalue"):
        return str(cell.getAttribute("stringvalue"))
    return "\n".join(teletype.extractText(part) for part in cell.getElementsByType(text.P))


def _tells(shown: str, value: float) -> bool:
    """Whether a text may well tell a number: it has one that is near, or one written in a way not followed here."""
    digits = re.findall(r"\d+", re.sub(r"[.,\s]", "", shown)) + re.findall(r"\d+", shown)
    near = any(abs(float(found) - abs(value)) <= 1 for found in digits)
    return near or bool(re.search(r"[eE/]", shown)) or (value == 0 and "-" in shown)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _trimmed(rows: Grid) -> Grid:
    """A grid has no width of its own: as wide as its first row, and no empty row at its end."""
    rows = [row[: max((place for place, text in enumerate(row, 1) if text), default=0)] for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    width = len(rows[0]) if rows else 0
    return [row + [""] * (width - len(row)) for row in rows]


Twin = Callable[[dict[str, Any]], bool]


def faults(contract: Contract, rows: Grid, *, french: bool, workbook: bool, twins: Sequence[Twin] = ()) -> set[int]:
    """Numbers of the rows (header = 1) that break the contract; its rules in SQL are judged by their ``twins``."""
    found: set[int] = set()
    seen: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(row) or len(row) != len(contract.fields):
            found.add(number)
            row = (row + [""] * len(contract.fields))[: len(contract.fields)]
        values: dict[str, Any] = {}
        for field, text in zip(contract.fields, row, strict=True):
            try:
                values[field.name] = value_of(field, text, french=french, workbook=workbook)
            except ValueError:
                values[field.name] = None
                found.add(number)
        if any(values[name] is None for name in contract.primary_key) or not all(twin(values) for twin in twins):
            found.add(number)
        for key in (contract.primary_key, *contract.unique_keys):
            held = tuple(values[name] for name in key)
            if key and None not in held:
                if held in seen.setdefault(key, set()):
                    found.add(number)
                seen[key].add(held)
    return found


def value_of(field: Field, text: str, *, french: bool, workbook: bool) -> Any:
    """The value of a cell, None where it is missing. Raises ValueError where the contract does not allow it."""
    if text in [missing.value for missing in field.missing]:
        if field.required:
            raise ValueError("required")
        return None
    value = _parsed(field, text, french=french, workbook=workbook)
    for name, bound in field.constraints.items():
        if name not in ("required", "unique") and not _holds(field, name, bound, text, value):
            raise ValueError(name)
    if field.categories and value not in [category.value for category in field.categories]:
        raise ValueError("categories")
    return value


def _holds(field: Field, name: str, bound: Any, text: str, value: Any) -> bool:
    if name in ("minimum", "maximum"):
        limit = bound if isinstance(bound, int | float) else _parsed(field, str(bound), french=False, workbook=False)
        return bool(value >= limit if name == "minimum" else value <= limit)
    if name in ("minLength", "maxLength"):
        return len(value) >= bound if name == "minLength" else len(value) <= bound
    if name == "pattern":
        return re.fullmatch(bound, text, re.ASCII) is not None
    if name == "enum":
        return value in bound
    raise ValueError(name)


def _parsed(field: Field, text: str, *, french: bool, workbook: bool) -> Any:
    bare = text.translate({0xA0: None, 0x202F: None}) if french else text
    if field.type == "string":
        return text if field.categories or "enum" in field.constraints else _free(text, field)
    if field.type == "integer":
        return _within(int(_matching(rf"{SPACES}[+-]?[0-9]+{SPACES}", bare)))
    if field.type == "number":
        if french and re.fullmatch(GROUPED, text):
            raise ValueError("ambiguous")
        return _finite(float(_matching(NUMBER, bare.replace(",", ".") if french else bare)))
    if field.type == "boolean":
        return _among(text, ("true", "True", "TRUE", "1", *(["VRAI"] if french else ())), french=french)
    if field.type == "year":
        return _within(int(_matching("[0-9]{4}", text)), least=1)
    return _moment(field, text, french=french, workbook=workbook)


def _moment(field: Field, text: str, *, french: bool, workbook: bool) -> Any:
    if field.type == "yearmonth":
        if workbook and re.fullmatch(r"\d{4}-\d\d-01", text, re.ASCII):
            text = text[:7]
        dt.date.fromisoformat(_matching("[0-9]{4}-[0-9]{2}", text) + "-01")
        return text
    if field.type == "date":
        found = re.fullmatch(rf"{SPACES}(\d\d?)/(\d\d?)/(\d{{4}}){SPACES}", text, re.ASCII) if french else None
        if found:
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        return dt.date.fromisoformat(_matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", text))
    raise ValueError(f"no opinion on {field.type}")


def _free(text: str, field: Field) -> str:
    """A text that holds nothing unseen; one that is free begins no formula either."""
    if any(_is_unseen(ord(character)) for character in text):
        raise ValueError("unseen")
    if "pattern" not in field.constraints and FORMULA.search(text) and not PLAIN_NUMBER.fullmatch(text):
        raise ValueError("formula")
    return text


def _is_unseen(code: int) -> bool:
    control = (code < 32 and code != 10) or 127 <= code < 160
    return (
        control or code in UNSEEN or 0xFFF9 <= code <= 0xFFFB or code in (0xFFFE, 0xFFFF) or 0xE0000 <= code <= 0xE0FFF
    )


def _among(text: str, true: Sequence[str], *, french: bool) -> bool:
    if text in true:
        return True
    if text in ("false", "False", "FALSE", "0", *(["FAUX"] if french else ())):
        return False
    raise ValueError("boolean")


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(pattern)
    return text


def _within(value: int, *, least: int = -(2**63)) -> int:
    if not least <= value < 2**63:
        raise ValueError("64 bits")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value
