"""Workbooks, read as what they are: an archive of XML parts, where a value can hide from whoever opens the file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(styles|sharedStrings)\.xml|xl/theme/theme\d+\.xml|xl/worksheets/sheet\d+\.xml"
)
SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
HIDDEN = re.compile(rb'<(?:row|col|sheet)\b[^>]*\b(?:hidden="(?:1|true)"|state="(?:hidden|veryHidden)")')
ROW = re.compile(rb"<row\b[^>]*?(?:/>|>(.*?)</row>)", re.DOTALL)
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
            elif SHEET.fullmatch(name) and any(HIDDEN.search(block) for block in _blocks(archive, name, b"<")):
                yield f"lignes ou colonnes masquées dans « {name} »"


def sheets(path: Path) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    """Each sheet: its header, then its rows as texts, one a column, empty where a cell is."""
    with zipfile.ZipFile(path) as archive:
        texts = _shared(archive)
        for name in sorted(name for name in archive.namelist() if SHEET.fullmatch(name)):
            rows = _rows(archive, name, texts)
            header = next(rows, [])
            yield header, rows


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(found.group(1) or b"") for found in SHARED.finditer(archive.read("xl/sharedStrings.xml"))]


def _text(content: bytes) -> str:
    return unescape(b"".join(TEXT.findall(content)).decode("utf-8"))


def _rows(archive: zipfile.ZipFile, name: str, texts: Sequence[str]) -> Iterator[list[str]]:
    for block in _blocks(archive, name, b"</row>"):
        for found in ROW.finditer(block):
            yield _cells(found.group(1) or b"", texts)


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
