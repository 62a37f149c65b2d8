"""Pages, drawings and other texts: does any of them put a number beside the names of a secret cell?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

SUFFIXES = (".html", ".svg", ".json", ".jsonld", ".geojson", ".md", ".txt", ".xml", ".atom", ".ics", ".ttl", ".cff")
# What belongs together: an object of a JSON text, an element of a drawing with its attributes, a row, a line.
BLOCKS = re.compile(r"\{[^{}]*\}|<tr\b.*?</tr>|<li\b.*?</li>|<p\b.*?</p>|<[a-z][^<>]*>[^<>]*|[^\n{}<>]+", re.DOTALL)
TOKEN = re.compile(r"[\w][\w./:-]*\w|\w", re.UNICODE)
NUMBER = re.compile(r"(?<![\w.,:/-])-?\d+(?:[.,]\d+)?(?![\w:/-])(?![.,]\d)")
Named = Mapping[str, Mapping[str, set[str]]]


def speaking(folder: Path, named: Named) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Files that put a number beside a secret cell, with the indicator, period and place they name."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found = {cell for block in _blocks(text, named) for cell in _cells(block, named)}
            yield from ((path.relative_to(folder).as_posix(), cell) for cell in sorted(found))


def _blocks(text: str, named: Named) -> Iterator[str]:
    if any(indicator in text for indicator in named):
        yield from (found.group(0) for found in BLOCKS.finditer(unescape(text)))


def _cells(block: str, named: Named) -> Iterator[tuple[str, str, str]]:
    tokens = set(TOKEN.findall(block))
    for indicator in tokens & named.keys():
        periods = named[indicator]
        for period in tokens & periods.keys():
            for place in tokens & periods[period]:
                rest = re.sub(rf"{re.escape(period)}|(?<!\d){re.escape(place)}(?!\d)", " ", block)
                if NUMBER.search(rest):
                    yield indicator, period, place
