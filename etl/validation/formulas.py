"""Cells of a workbook that do not hold what they show: errors (#REF!), formulas never computed, percentages, merges.

The reader of workbooks gives the first two as empty, 62.5% as 0.625 and what is merged as one value above empty cells,
which would be wrong values that nobody sees; they are looked for in the XML itself. What a cell is: ECMA-376 part 1,
18.3.1.4 (``c``), 18.3.1.54 (``mergeCell``), 18.8.30 (``numFmt``) and OpenDocument 1.3 part 3, 9.1.4
(``table:table-cell``). To be called in the bounded process of ``workbook`` only.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters
from typing import Any, Protocol
from xml.parsers import expat

from etl.validation.dialect import letters

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
ERROR, UNCOMPUTED, PERCENTAGE, MERGED = "formula-error", "formula-value", "percentage", "merged"
DECIMAL = "decimal"  # a number where a text is due: 1.10 is kept as 1.1
ODS_ERROR = re.compile(r"#[A-Z][A-Z0-9/]*[!?]?|Err:\d+")
LONGEST = 200  # characters of a formula that are kept
PERCENT_FORMATS = frozenset({"9", "10"})  # those that no workbook needs to declare
NO_SIGN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # what a format of numbers writes as it is, and its conditions

Attributes = dict[str, str]


@dataclass(frozen=True)
class Shown:
    """What a cell shows: ``rule`` is ERROR, UNCOMPUTED or PERCENTAGE, ``text`` the error, the formula or 62.5%."""

    rule: str
    text: str


Cells = dict[int, dict[int, Shown]]


@dataclass(frozen=True)
class Merged:
    """Cells merged into one: its rows and columns, from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{letters(self.left)}{self.top + 1}:{letters(self.right)}{self.bottom + 1}"


@dataclass(frozen=True)
class Appearance:
    """What cells of a sheet show and do not hold, by row then column, both from 0; and those that are merged."""

    cells: Cells
    merged: list[Merged]


def appearance(path: Path, sheet: str) -> Appearance:
    """What a sheet of an .xlsx or .ods shows and its cells do not hold.

    Raises ValueError where the sheet cannot be found or its XML cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if "content.xml" in archive.namelist():
                found = OdsSheet(sheet)
                _parse(archive, "content.xml", found)
                return found.looks
            return _xlsx(archive, sheet)
    except (expat.ExpatError, zipfile.BadZipFile, KeyError) as error:
        raise ValueError(str(error)) from error


class Reader(Protocol):
    """What is done at each tag; names are ``namespace local``."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an opening tag."""

    def end(self, name: str) -> None:
        """Take a closing tag."""

    def text(self, data: str) -> None:
        """Take a piece of text."""


def _parse(archive: zipfile.ZipFile, part: str, reader: Reader) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refused  # no workbook has one; its entities could unfold without end
    with archive.open(part) as file:
        parser.ParseFile(file)


def _refused(*_declaration: Any) -> None:
    raise ValueError("document type declaration")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _xlsx(archive: zipfile.ZipFile, sheet: str) -> Appearance:
    names, targets, formats = Attributed("sheet"), Attributed("Relationship"), XlsxFormats()
    _parse(archive, "xl/workbook.xml", names)
    _parse(archive, "xl/_rels/workbook.xml.rels", targets)
    wanted = next((item["id"] for item in names.seen if item["name"] == sheet), None)
    target = next((item["Target"] for item in targets.seen if item["Id"] == wanted), None)
    if target is None:
        raise ValueError(sheet)
    for item in targets.seen:
        if item.get("Type", "").endswith("/styles"):
            _parse(archive, _part(item["Target"]), formats)
    found = XlsxSheet(formats.percentages)
    _parse(archive, _part(target), found)
    return found.looks


def _part(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


class Attributed:
    """The attributes, under their local names, of every element of one name."""

    def __init__(self, element: str) -> None:
        self.element = element
        self.seen: list[Attributes] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Keep the attributes of the elements that are looked for."""
        if _local(name) == self.element:
            self.seen.append({_local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Nothing to do."""

    def text(self, data: str) -> None:
        """Nothing to do."""


class XlsxFormats:
    """The formats of cells of ``xl/styles.xml``: which of them, by their number from 0, show a percentage."""

    def __init__(self) -> None:
        self.percentages: set[str] = set()
        self.declared = set(PERCENT_FORMATS)
        self.inside, self.number = False, 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow the formats of numbers, then those of cells, which name them."""
        tag = _local(name)
        if tag == "numFmt" and "%" in NO_SIGN.sub("", attributes.get("formatCode", "")):
            self.declared.add(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            if attributes.get("numFmtId") in self.declared:
                self.percentages.add(str(self.number))
            self.number += 1

    def end(self, name: str) -> None:
        """Leave the formats of cells."""
        self.inside = self.inside and _local(name) != "cellXfs"

    def text(self, data: str) -> None:
        """Nothing to do."""


class XlsxSheet:
    """What cells of ``xl/worksheets/sheet*.xml`` show: ``<c r="C3" t="e" s="1"><f>…</f><v>…</v></c>``."""

    def __init__(self, percentages: Container[str]) -> None:
        self.looks = Appearance({}, [])
        self.percentages = percentages
        self.row = self.column = -1
        self.type, self.style, self.into, self.formula = "", "", "", False
        self.texts = {"f": "", "v": ""}

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow rows and cells; a row or a cell without reference comes after the one before."""
        tag = _local(name)
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif tag == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.type, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.formula, self.texts = False, {"f": "", "v": ""}
        elif tag in self.texts:
            self.into = tag
            self.formula = self.formula or tag == "f"
        elif tag == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            if last not in ("", first):
                self.looks.merged.append(Merged(_row(first), _column(first), _row(last), _column(last)))

    def text(self, data: str) -> None:
        """Gather the formula and the value of a cell."""
        if self.into:
            self.texts[self.into] += data

    def end(self, name: str) -> None:
        """Judge a cell once it is closed. A text may be empty and computed; a number may not."""
        self.into = ""
        if _local(name) != "c":
            return
        if self.type == "e":
            self._add(ERROR, self.texts["v"] or "#")
        elif self.formula and not self.texts["v"] and self.type != "str":
            self._add(UNCOMPUTED, "=" + self.texts["f"])
        elif self.type == "n" and self.texts["v"] and self.style in self.percentages:
            self._add(PERCENTAGE, _percentage(self.texts["v"]))

    def _add(self, rule: str, text: str) -> None:
        self.looks.cells.setdefault(self.row, {})[self.column] = Shown(rule, text[:LONGEST])


def _percentage(value: str) -> str:
    """A number as a percentage: 0.625 gives 62.5%. Raises ValueError for what is no number."""
    return f"{100 * float(value):.12g}%"


def _row(reference: str) -> int:
    """The number of a row, from 0, from the reference of one of its cells: C3 → 2."""
    return int(reference.lstrip(ascii_letters)) - 1


def _column(reference: str) -> int:
    """The position of a column, from 0, from the reference of one of its cells: C3 → 2."""
    position = 0
    for letter in reference.rstrip("0123456789"):
        position = position * 26 + ord(letter.upper()) - ord("A") + 1
    return position - 1


class OdsSheet:
    """What cells show of one table of ``content.xml``, repeated rows and columns counted."""

    def __init__(self, sheet: str) -> None:
        self.looks = Appearance({}, [])
        self.sheet, self.inside, self.done = sheet, False, False
        self.row = self.column = self.rows = 0
        self.cell: Attributes = {}
        self.shown = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow tables, rows and cells."""
        if name == f"{TABLE} table":
            self.inside = not self.done and attributes.get(f"{TABLE} name") == self.sheet
        elif not self.inside:
            return
        elif name == f"{TABLE} table-row":
            self.rows, self.column = int(attributes.get(f"{TABLE} number-rows-repeated", 1)), 0
        elif name in (f"{TABLE} table-cell", f"{TABLE} covered-table-cell"):
            self.cell, self.shown = attributes, ""

    def text(self, data: str) -> None:
        """Gather what a cell shows."""
        if self.inside:
            self.shown += data

    def end(self, name: str) -> None:
        """Judge a cell once it is closed."""
        if name == f"{TABLE} table":
            self.done, self.inside = self.done or self.inside, False
        elif not self.inside:
            return
        elif name == f"{TABLE} table-row":
            self.row += self.rows
        elif name in (f"{TABLE} table-cell", f"{TABLE} covered-table-cell"):
            repeated = int(self.cell.get(f"{TABLE} number-columns-repeated", 1))
            self._merge()
            if told := _ods_shown(self.cell, self.shown.strip()):
                for row in range(self.row, self.row + self.rows):
                    self.looks.cells.setdefault(row, {}).update(
                        dict.fromkeys(range(self.column, self.column + repeated), told)
                    )
            self.column += repeated

    def _merge(self) -> None:
        """Keep the cell if it covers others."""
        down, right = (int(self.cell.get(f"{TABLE} number-{what}-spanned", 1)) for what in ("rows", "columns"))
        if max(down, right) > 1:
            self.looks.merged.append(Merged(self.row, self.column, self.row + down - 1, self.column + right - 1))


def _ods_shown(cell: Attributes, shown: str) -> Shown | None:
    """What an OpenDocument cell shows and does not hold: LibreOffice writes an error as an empty text or as 0."""
    formula, kind = cell.get(f"{TABLE} formula"), cell.get(f"{OFFICE} value-type")
    if cell.get(f"{CALC} value-type") == "error" or (formula and ODS_ERROR.fullmatch(shown)):
        return Shown(ERROR, shown[:LONGEST] or "#")
    numeric = kind in ("float", "percentage", "currency") and f"{OFFICE} value" not in cell
    if formula and (kind is None or numeric):
        return Shown(UNCOMPUTED, "=" + formula.partition("=")[2][: LONGEST - 1])
    if kind == "percentage" and f"{OFFICE} value" in cell:
        return Shown(PERCENTAGE, _percentage(cell[f"{OFFICE} value"]))
    return None
