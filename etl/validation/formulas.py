"""Cells of a workbook that do not hold what they show: errors (#REF!), formulas never computed, numbers shown as others
(percentages, thousands) or as a text (ND, nothing), merges.

The reader of workbooks gives the first two as empty, 62.5% as 0.625, ND as the number under it and what is merged as
one value above empty cells: wrong values that nobody sees. They are looked for in the XML itself. What a cell is:
ECMA-376 part 1, 18.3.1.4 (``c``), 18.3.1.54 (``mergeCell``) and OpenDocument 1.3 part 3, 9.1.4 (``table:table-cell``).
To be called in the bounded process of ``workbook`` only.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters
from typing import Any, Protocol
from xml.parsers import expat

from etl.validation.dialect import letters
from etl.validation.number_formats import PERCENTAGE, Format, Shown, format_of, shows, written

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
ERROR, UNCOMPUTED, MERGED = "formula-error", "formula-value", "merged"
DECIMAL = "decimal"  # a number where a text is due: 1.10 is kept as 1.1
CELLS = (f"{TABLE} table-cell", f"{TABLE} covered-table-cell")
# Blanks of a paragraph that are written as elements.
BLANKS = {f"{TEXT} s": " ", f"{TEXT} tab": "\t", f"{TEXT} line-break": "\n"}
NUMERIC = ("float", "percentage", "currency")
ODS_ERROR = re.compile(r"#[A-Z][A-Z0-9/]*[!?]?|Err:\d+")
LONGEST = 200  # characters of a formula that are kept
UNDECLARED = {"9": "0%", "10": "0.00%"}  # formats that no workbook needs to declare; the others show what is held

Attributes = dict[str, str]


Cells = dict[int, dict[int, Shown]]
# The text of a cell, where the reader of workbooks would lose tabs and line ends or add what is drawn over it.
PLAIN = "text"


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


def check_closed(path: Path) -> None:
    """Raise ValueError for an .ods whose XML is cut short: the reader of workbooks waits for its end for ever."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "content.xml" in archive.namelist():
                _parse(archive, "content.xml")
    except (expat.ExpatError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error


class Reader(Protocol):
    """What is done at each tag; names are ``namespace local``."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an opening tag."""

    def end(self, name: str) -> None:
        """Take a closing tag."""

    def text(self, data: str) -> None:
        """Take a piece of text."""


def _parse(archive: zipfile.ZipFile, part: str, reader: Reader | None = None) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    if reader:
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
    if isinstance(reader, XlsxSheet):
        parser.CommentHandler = reader.interrupt
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
    found = XlsxSheet(formats.unlike)
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
    """The formats of cells of ``xl/styles.xml``, by their number from 0, that may show something else than is held."""

    def __init__(self) -> None:
        self.unlike: dict[str, Format] = {}
        self.declared = {number: format_of(code) for number, code in UNDECLARED.items()}
        self.inside, self.number = False, 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow the formats of numbers, then those of cells, which name them."""
        tag = _local(name)
        if tag == "numFmt":
            self.declared[attributes.get("numFmtId", "")] = format_of(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            named = self.declared.get(attributes.get("numFmtId", ""))
            if named and not named.plain:
                self.unlike[str(self.number)] = named
            self.number += 1

    def end(self, name: str) -> None:
        """Leave the formats of cells."""
        self.inside = self.inside and _local(name) != "cellXfs"

    def text(self, data: str) -> None:
        """Nothing to do."""


class XlsxSheet:
    """What cells of ``xl/worksheets/sheet*.xml`` show: ``<c r="C3" t="e" s="1"><f>…</f><v>…</v></c>``."""

    def __init__(self, formats: Mapping[str, Format]) -> None:
        self.looks = Appearance({}, [])
        self.formats = formats
        self.row = self.column = -1
        self.type, self.style, self.into, self.formula = "", "", "", False
        self.texts = {"f": "", "v": "", "t": ""}

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow rows and cells; a row or a cell without reference comes after the one before."""
        tag = _local(name)
        if tag == "row":
            above, self.row = self.row, int(attributes.get("r", self.row + 2)) - 1
            self.column = -1
            if self.row <= above:
                raise ValueError(f"row {self.row + 1} after row {above + 1}")
        elif tag == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.type, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.formula, self.texts = False, {"f": "", "v": "", "t": ""}
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

    def interrupt(self, _comment: str) -> None:
        """Refuse a comment in a value, of which the reader of workbooks would take one part."""
        if self.into:
            raise ValueError("comment in a value")

    def end(self, name: str) -> None:
        """Judge a cell once it is closed. A text may be empty and computed; a number may not."""
        self.into = ""
        if _local(name) != "c":
            return
        if self.type == "e":
            self._add(Shown(ERROR, self.texts["v"] or "#"))
        elif self.formula and not self.texts["v"] and self.type != "str":
            self._add(Shown(UNCOMPUTED, "=" + self.texts["f"]))
        elif self.style in self.formats and (held := self.texts["v"] or self.texts["t"]):
            self._add(_formatted(self.formats[self.style], self.type, held))

    def _add(self, told: Shown | None) -> None:
        if told:
            self.looks.cells.setdefault(self.row, {})[self.column] = Shown(told.rule, told.text[:LONGEST])


def _formatted(look: Format, kind: str, held: str) -> Shown | None:
    """What a format shows of a cell and it does not hold. Raises ValueError for a number that is none."""
    if kind == "n":
        return look.number(float(held))
    return look.text() if kind in ("s", "str", "inlineStr") else None


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
        self.shown: str | None = None
        self.depth = 0  # of elements inside the cell: notes and drawings have paragraphs of their own
        self.paragraph = self.mixed = False
        self.drawn = 0  # depth of what is drawn in a paragraph

    def start(self, name: str, attributes: Attributes) -> None:
        """Follow tables, rows and cells."""
        if name == f"{TABLE} table":
            self.inside = not self.done and attributes.get(f"{TABLE} name") == self.sheet
        elif not self.inside:
            return
        elif name == f"{TABLE} table-row":
            self.rows, self.column = int(attributes.get(f"{TABLE} number-rows-repeated", 1)), 0
        elif name in CELLS:
            self.cell, self.shown, self.depth, self.mixed = attributes, None, 0, False
        else:
            self.depth += 1
            self._enter(name, attributes)

    def _enter(self, name: str, attributes: Attributes) -> None:
        """Take what is in a cell: paragraphs; in them spaces, tabs and line ends; beside and in them, drawings."""
        if self.depth == 1 and name == f"{TEXT} p":
            self.shown, self.paragraph = "" if self.shown is None else f"{self.shown}\n", True
        elif self.paragraph and not self.drawn and name in BLANKS:
            self.shown = (self.shown or "") + BLANKS[name] * int(attributes.get(f"{TEXT} c", 1))
            self.mixed = True
        elif not name.startswith(f"{TEXT} ") and not self.drawn:
            self.drawn, self.mixed = self.depth, True

    def text(self, data: str) -> None:
        """Gather what a cell shows."""
        if self.paragraph and not self.drawn:
            self.shown = (self.shown or "") + data

    def end(self, name: str) -> None:
        """Judge a cell once it is closed."""
        if name == f"{TABLE} table":
            self.done, self.inside = self.done or self.inside, False
        elif not self.inside:
            return
        elif name == f"{TABLE} table-row":
            self.row += self.rows
        elif name in CELLS:
            repeated = int(self.cell.get(f"{TABLE} number-columns-repeated", 1))
            self._merge()
            if told := _ods_shown(self.cell, self.shown, mixed=self.mixed):
                for row in range(self.row, self.row + self.rows):
                    self.looks.cells.setdefault(row, {}).update(
                        dict.fromkeys(range(self.column, self.column + repeated), told)
                    )
            self.column += repeated
        else:
            self.paragraph = self.paragraph and self.depth > 1
            self.drawn = self.drawn if self.drawn < self.depth else 0
            self.depth -= 1

    def _merge(self) -> None:
        """Keep the cell if it covers others."""
        down, right = (int(self.cell.get(f"{TABLE} number-{what}-spanned", 1)) for what in ("rows", "columns"))
        if max(down, right) > 1:
            self.looks.merged.append(Merged(self.row, self.column, self.row + down - 1, self.column + right - 1))


def _ods_shown(cell: Attributes, told: str | None, *, mixed: bool) -> Shown | None:
    """What an OpenDocument cell shows and does not hold: LibreOffice writes an error as an empty text or as 0."""
    formula, kind, shown = cell.get(f"{TABLE} formula"), cell.get(f"{OFFICE} value-type"), (told or "").strip()
    if cell.get(f"{CALC} value-type") == "error" or (formula and ODS_ERROR.fullmatch(shown)):
        return Shown(ERROR, shown[:LONGEST] or "#")
    value = cell.get(f"{OFFICE} value") if kind in NUMERIC else None
    if formula and (kind is None or (kind in NUMERIC and value is None)):
        return Shown(UNCOMPUTED, "=" + formula.partition("=")[2][: LONGEST - 1])
    if kind == "percentage" and value is not None:
        return Shown(PERCENTAGE, f"{100 * float(value):.12g}%")
    if value is not None and told is not None and not shows(shown, float(value)):
        return written(shown[:LONGEST])
    if told is not None and not shown and cell.get(f"{OFFICE} string-value"):
        return written("")
    if mixed and kind in (None, "string") and f"{OFFICE} string-value" not in cell:
        return Shown(PLAIN, told or "")
    return None
