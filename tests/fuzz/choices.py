"""Decisions read from bytes: the same bytes are always the same decisions, and fewer bytes are simpler ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

# What breaks programs: SQL, paths, headers, signs that are not seen, numbers without measure, markup, formulas.
NASTY = (
    *("'", "' OR 1=1 --", "'; drop table observations; --", "\" union select * from read_csv('/etc/passwd') --", "%"),
    *("’; drop table x; --", "\u02bc or 1=1", '"', '""', "$1", "?", "\\", "\\'", "/*", "||"),
    *("\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\u202e1202", "\u2066x\u2069", "\ufeff", "𝟚𝟘𝟚𝟞", "١٢٣", "é" * 90),
    *("a\u200bb", "\u200f", "\x85", "\x1b[31m", "\u2028", "\ud800", "\ufffe", "\U000e0041", "e\u0301", "ﬁ", "İ"),
    *("9" * 400, "-1", "1e309", "NaN", "Infinity", "-INF", "-0", "0x10", "1_000", "9223372036854775808", "1e-400"),
    *(
        "2026-T9",
        "9999-T4",
        "0000",
        "2026-13",
        "1e5",
        "0000-01-01",
        "10000-01-01",
        "01/01/0000",
        "2026-02-30",
        "24:00:00",
    ),
    *("../../../../etc/passwd", "..%2f..", "/etc/passwd", "file:///etc/passwd", "C:\\x", "~", ".", "..", "//hote.test"),
    *("..\\..\\x", "CON", "\\\\hote\\x", "a/../b", "%2e%2e%2f", "%00", "....//"),
    *("<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n", "{0.__class__}", "javascript:alert(1)", "", " ", "\t"),
    *("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "a;=1+1", " =1"),
)


class Choices:
    """Bytes read as decisions, from the first on; past the end every decision is the first one."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    @property
    def more(self) -> bool:
        """Whether bytes are left."""
        return self.at < len(self.data)

    def take(self, count: int) -> bytes:
        """The next bytes, as many as there are."""
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def rest(self) -> bytes:
        """All the bytes that are left."""
        return self.take(len(self.data))

    def number(self, most: int) -> int:
        """A number from 0 to ``most``."""
        size = (most.bit_length() + 7) // 8
        return int.from_bytes(self.take(size), "little") % (most + 1)

    def often(self) -> bool:
        """True seven times in eight."""
        return self.number(7) < 7

    def of(self, items: Sequence[T]) -> T:
        """One of several things."""
        return items[self.number(len(items) - 1)]

    def text(self) -> str:
        """A text that was not expected."""
        kind = self.number(3)
        if kind == 0:
            return self.of(NASTY)
        if kind == 1:
            return self.take(self.number(24)).decode("utf-8", errors="replace")
        if kind == 2:
            return "".join(chr(self.number(0x10FFFF)) for _ in range(self.number(4)))
        return self.take(self.number(6)).decode("latin-1") + self.of(NASTY)
