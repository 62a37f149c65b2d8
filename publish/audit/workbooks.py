"""Workbooks, read as what they are: an archive of XML parts, where a value can hide from whoever opens the file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from html import unescape
from pathlib import Path

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(styles|sharedStrings)\.xml|xl/theme/theme\d+\.xml|xl/worksheets/sheet\d+\.xml"
)
SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
HIDDEN = re.compile(rb'<(?:row|col|sheet)\b[^>]*\b(?:hidden="(?:1|true)"|state="(?:hidden|veryHidden)")')
CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]+)\d+"')
SHARED = re.compile(rb"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)
TEXT = re.compile(rb"<t\b[^>]*>(.*?)</t>", re.DOTALL)
VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
BLOCK = 1 << 22


def oddities(path: Path) -> Iterator[str]:
    """What a workbook holds besides what everyone sees: hidden rows, columns or sheets, comments, other parts."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not PARTS.fullmatch(name):
                yield f"partie « {name} » que personne n'attend"
            elif name == "xl/workbook.xml" and HIDDEN.search(archive.read(name)):
                yield "feuille masquée"
            elif SHEET.fullmatch(name) and any(_masks(block) for block in _blocks(archive, name, b"<")):
                yield f"lignes ou colonnes masquées dans « {name} »"


def _masks(block: bytes) -> bool:
    return b"hidden=" in block and HIDDEN.search(block) is not None


@dataclass(frozen=True)
class Sheet:
    """A sheet: its header, its rows as they are written, and the texts its archive shares."""

    header: list[str]
    rows: Iterator[bytes]
    texts: Sequence[str]

    def showing(
        self, keys: Sequence[int], figures: Sequence[int], forbidden: Set[tuple[str, ...]]
    ) -> set[tuple[str, ...]]:
        """Which of the forbidden keys have a row that shows a figure."""
        numbers = {text: str(number).encode() for number, text in enumerate(self.texts)}
        raw = {tuple(numbers.get(word, word.encode()) for word in key): key for key in forbidden}
        found = set()
        for row in self.rows:
            cells = row.split(b"<c")[1:]
            if len(cells) != len(self.header) or b' r="' in row or b"inlineStr" in row:
                found |= self._read(row, keys, figures, forbidden)
            elif any(b"<v>" in cells[place] for place in figures):
                key = tuple(cells[place].partition(b"<v>")[2].partition(b"<")[0] for place in keys)
                if key in raw:
                    found.add(raw[key])
        return found

    def _read(
        self, row: bytes, keys: Sequence[int], figures: Sequence[int], forbidden: Set[tuple[str, ...]]
    ) -> set[tuple[str, ...]]:
        """The same for a row not written as ours: its cells bear their place, or their own text."""
        cells = _cells(row, self.texts)
        cells += [""] * (len(self.header) - len(cells))
        key = tuple(cells[place] for place in keys)
        return {key} if key in forbidden and any(cells[place] for place in figures) else set()


def sheets(path: Path) -> Iterator[Sheet]:
    """Each sheet of a workbook, to be read before the next."""
    with zipfile.ZipFile(path) as archive:
        texts = _shared(archive)
        for name in sorted(name for name in archive.namelist() if SHEET.fullmatch(name)):
            rows = _rows(archive, name)
            header = _cells(next(rows, b""), texts)
            yield Sheet(header, rows, texts)


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(found.group(1) or b"") for found in SHARED.finditer(archive.read("xl/sharedStrings.xml"))]


def _text(content: bytes) -> str:
    return unescape(b"".join(TEXT.findall(content)).decode("utf-8"))


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    for block in _blocks(archive, name, b"</row>"):
        for piece in block.split(b"</row>")[:-1]:
            yield piece[piece.rfind(b"<row") :]


def _blocks(archive: zipfile.ZipFile, name: str, end: bytes) -> Iterator[bytes]:
    """The part in blocks that no row straddles."""
    left = b""
    with archive.open(name) as part:
        while read := part.read(BLOCK):
            head, mark, tail = (left + read).rpartition(end)
            yield head + mark
            left = tail
    yield left


def _cells(row: bytes, texts: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for attributes, content in CELL.findall(row):
        place = PLACE.search(attributes)
        if place:
            cells.extend([""] * (_number(place.group(1)) - len(cells)))
        cells.append(_content(attributes, content, texts))
    return cells


def _number(letters: bytes) -> int:
    """Position of a column by its letters, A being 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _content(attributes: bytes, content: bytes, texts: Sequence[str]) -> str:
    if b't="s"' in attributes:
        found = VALUE.search(content)
        return texts[int(found.group(1))] if found else ""
    if b't="inlineStr"' in attributes:
        return _text(content)
    found = VALUE.search(content)
    return found.group(1).decode("ascii") if found else ""
