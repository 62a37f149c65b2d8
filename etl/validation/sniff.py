"""One cheap pass over the bytes of a file: is it text, in which encoding, can the engine read it as it stands.

A large file is looked at by parts, at once, each of which ends with a line.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.validation.dialect import DELIMITERS

CHUNK = 1 << 20
PART = 16 << 20
MAX_LINE = CHUNK  # characters; a chunk of bytes without a line end holds about that
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
MAX_COLUMNS = 2_000
NEWLINE, FIRST_PRINTABLE, DELETE = ord("\n"), ord(" "), 0x7F  # the last of ASCII
# Letters with accents as UTF-8 writes them, which Windows-1252 would read as Ã©; halves of characters of UTF-16.
MIXED, HALVES = re.compile(rb"\xc3[\x80-\xbf]"), re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
# Accented letters of MacRoman and CP850, which Windows-1252 would read as signs amid or after letters: simulŽ, simul‚.
OLD = re.compile(
    rb"[A-Za-z]+(?:[\x83\x84\x86-\x8b\x8e\x99\x9b\x82\x93][a-z]+|\x94[a-z]{2,}|[\x82\x8e](?=[\s,;.\"']))|[a-z]\x8c[a-z]"
)
# Of bytes read as UTF-8, those that are not kept as escapes: its letters beyond ASCII, and what is not its own.
BEYOND, ESCAPED = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]"), re.compile("[\udc80-\udcff]")
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


class UnreadableError(Exception):
    """The file cannot be read as a table at all: ``type`` is the error to report, ``rule`` says which of ours;
    ``line`` is that of the file, where records were counted."""

    def __init__(self, type: str, rule: str, row: int | None = None, value: str = "", hint: str = "") -> None:
        super().__init__(rule)
        self.type, self.rule, self.row, self.value, self.hint = type, rule, row, value, hint
        self.line: int | None = None

    def at(self, row: int, line: int) -> UnreadableError:
        """The same, of that record, which begins on that line."""
        self.row, self.line = row, line
        return self


@dataclass(frozen=True)
class Sniff:
    """What the bytes say. ``plain``: no quote, no lone carriage return, UTF-8; ``lines`` counts line ends and a last
    line without one, ``delimiters`` the separators of what looks like the header; ``bland``: but for line ends and
    separators, printable characters of ASCII only, and no semicolon."""

    encoding: str
    plain: bool
    lines: int
    delimiters: int = 0
    bland: bool = False


def sniff(path: Path, names: tuple[str, ...]) -> Sniff:
    """Encoding and shape of a text file. Raises UnreadableError for an empty, binary or endless-line file."""
    csv.field_size_limit(MAX_LINE)
    with path.open("rb") as file:
        head = file.read(CHUNK)
    if not head.strip():
        raise UnreadableError("source-error", "empty")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Sniff("utf-16", plain=False, lines=0)
    first_line = head.replace(b"\r", b"\n").split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    return _sniff_bytes(path, _bom(head), delimiter_of(first_line, names))


def _bom(head: bytes) -> str | None:
    return next((encoding for bom, encoding in BOMS.items() if head.startswith(bom)), None)


@dataclass
class Tally:
    """What has been seen of a file so far."""

    utf8: bool = True
    open_character: bool = False
    delimiter: str = ","
    delimiters: int = 0
    quotes: bool = False
    lines: int = 0
    returns: int = 0
    pairs: int = 0
    controls: int = 0
    seen: bool = True
    last: bytes = b""

    def __post_init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def add(self, chunk: bytes) -> None:
        """Count one more chunk. Raises UnreadableError on a NUL or a line without end."""
        if 0 in chunk:
            raise UnreadableError("encoding-error", "nul", row=self.lines + chunk[: chunk.index(0)].count(b"\n") + 1)
        codes = np.frombuffer(chunk, np.uint8)
        highest = int(codes.max())
        ends = int(np.count_nonzero(codes == NEWLINE))
        self.delimiters += int(np.count_nonzero(codes == ord(self.delimiter)))
        self.lines += ends
        self.controls += int(np.count_nonzero(codes < FIRST_PRINTABLE))
        self.seen = self.seen and highest < DELETE and (self.delimiter == ";" or b";" not in chunk)
        if not ends and len(chunk) == CHUNK and b"\r" not in chunk:
            raise UnreadableError("source-error", "line-too-long", row=self.lines + 1)
        self.quotes = self.quotes or b'"' in chunk
        if b"\r" in chunk or self.last == b"\r":
            self.returns += chunk.count(b"\r")
            self.pairs += (self.last + chunk).count(b"\r\n")
        self.last = chunk[-1:]
        if self.utf8 and (self.open_character or highest > DELETE):
            self._decode(chunk)

    def _decode(self, chunk: bytes) -> None:
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self.utf8 = False
        self.open_character = bool(self._decoder.getstate()[0])

    def join(self, part: Tally) -> None:
        """Count what was seen of the part that follows: of lines, the last of which may lack its end."""
        for name in ("delimiters", "lines", "returns", "pairs", "controls"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.utf8, self.seen, self.quotes = self.utf8 and part.utf8, self.seen and part.seen, self.quotes or part.quotes
        self.open_character, self.last = part.open_character, part.last

    @property
    def bland(self) -> bool:
        """Whether there is nothing but printable ASCII without semicolons, line ends and separators."""
        return self.seen and self.controls == self.lines + self.returns + (
            self.delimiters if self.delimiter == "\t" else 0
        )

    @property
    def text(self) -> bool:
        """Whether the whole is UTF-8."""
        return self.utf8 and not self.open_character

    @property
    def plain(self) -> bool:
        """Whether the engine reads it as the csv module would: no quote, one kind of line end, and no separator at the
        very end, which the engine overlooks."""
        one_end = self.returns == self.pairs and self.pairs in (0, self.lines)
        return self.text and not self.quotes and one_end and self.last.decode("latin-1") not in DELIMITERS


def _sniff_bytes(path: Path, bom: str | None, delimiter: str) -> Sniff:
    tally = _whole(path, delimiter)
    encoding = (bom or "utf-8") if tally.text else _legacy(path)
    return Sniff(encoding, tally.plain, tally.lines + (tally.last != b"\n"), tally.delimiters, tally.bland)


def _whole(path: Path, delimiter: str) -> Tally:
    """What is seen of the whole file. Raises UnreadableError."""
    whole = Tally(delimiter=delimiter)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for part in [pool.submit(_part, path, *ends, delimiter) for ends in _parts(path)]:
            try:
                whole.join(part.result())
            except UnreadableError as trouble:
                pool.shutdown(cancel_futures=True)
                trouble.row = whole.lines + (trouble.row or 0)
                raise
    return whole


def _part(path: Path, start: int, end: int, delimiter: str) -> Tally:
    tally = Tally(delimiter=delimiter)
    for chunk in _chunks(path, start, end):
        tally.add(chunk)
    return tally


def _parts(path: Path) -> Iterator[tuple[int, int]]:
    """Where parts start and end: after the end of a line, as soon as there is one."""
    size, start = path.stat().st_size, 0
    with path.open("rb") as file:
        for about in range(PART, size, PART):
            file.seek(about)
            if file.readline(MAX_LINE).endswith(b"\n") and file.tell() < size:
                yield start, (start := file.tell())
    yield start, size


def _chunks(path: Path, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        left = (path.stat().st_size if end is None else end) - file.seek(start)
        while chunk := file.read(min(CHUNK, left)):
            left -= len(chunk)
            yield chunk


def _legacy(path: Path) -> str:
    """Windows-1252 if every byte has a meaning in it and the file looks like text. Raises UnreadableError."""
    lines = 1
    for chunk in _chunks(path):
        if found := HALVES.search(chunk):
            row = lines + chunk[: found.start()].count(b"\n")
            raise UnreadableError("encoding-error", "halves", row=row, value=found[0].hex(" "))
        if MIXED.search(chunk):
            raise _mixed(path)
        if found := OLD.search(chunk):
            row = lines + chunk[: found.start()].count(b"\n")
            raise UnreadableError("encoding-error", "old", row=row, value=found[0].decode("cp1252", errors="replace"))
        lines += chunk.count(b"\n")
        try:
            chunk.decode("cp1252")
        except UnicodeDecodeError as error:
            raise UnreadableError("encoding-error", "encoding", value=chunk[error.start : error.end].hex()) from error
        if len(chunk) != len(chunk.translate(None, CONTROL)):
            raise UnreadableError("encoding-error", "binary")
    return "windows-1252"


def _mixed(path: Path) -> UnreadableError:
    """What to say of a file of two encodings: the first line of each, and the row is that of the rarer one."""
    first: dict[str, int] = {}
    lines: Counter[str] = Counter()
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for row, line in enumerate(file, start=1):
            for name, sign in (("utf-8", BEYOND), ("other", ESCAPED)):
                if sign.search(line):
                    first.setdefault(name, row)
                    lines[name] += 1
    rarer = min(first, key=lines.__getitem__)
    value, hint = str(first["utf-8"]), str(first["other"])
    return UnreadableError("encoding-error", "mixed", row=first[rarer], value=value, hint=hint)


def check_width(labels: list[str]) -> None:
    """Raises UnreadableError for a header wider than any table."""
    if len(labels) > MAX_COLUMNS:
        raise UnreadableError("source-error", "too-many-columns", row=1, value=str(len(labels)))


def delimiter_of(first_line: str, names: tuple[str, ...]) -> str:
    """The separator that finds the most declared labels in the first line, then the most labels."""

    def score(delimiter: str) -> tuple[int, int]:
        labels = next(csv.reader([first_line], delimiter=delimiter), [])
        return len(set(labels) & set(names)), len(labels)

    return max(DELIMITERS, key=score)
