"""Texts that would deceive their reader: signs that are not seen, letters that were lost on the way, and beginnings
that spreadsheets take for a formula.

What is accepted here is published as CSV, the same rows as in every other format; so nothing can be added to a cell
later to make it harmless, and such a cell is refused at the door. Which signs begin a formula: OWASP, "CSV Injection"
(https://owasp.org/www-community/attacks/CSV_Injection). Which are not seen: the controls, and the format characters and
separators of Unicode that hide, turn or cut a text; a line break alone is a sign that people type.
"""

from __future__ import annotations

from etl.validation.sql import literal
from schemas.contract import Field, Label

UNSEEN = (
    r"[\x{0}-\x{9}\x{b}-\x{1f}\x{7f}-\x{9f}\x{ad}\x{61c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}"
    r"\x{feff}\x{fff9}-\x{fffb}\x{fffe}\x{ffff}\x{e0000}-\x{e0fff}]"
)
# What stands where a letter was lost (U+FFFD), or where UTF-8 was read as Windows-1252 and written again: Ã© for é.
GARBLED = (
    r"[\x{fffc}\x{fffd}]|[ÂÃ][\x{80}-\x{bf}\x{152}\x{153}\x{160}\x{161}\x{178}\x{17d}\x{17e}\x{192}\x{2c6}\x{2dc}"
    r"\x{2013}-\x{203a}\x{20ac}\x{2122}]|â€"
)
# At the start, or where a spreadsheet that separates with semicolons, tabs or line ends would start a cell.
FORMULA = r"(^[\s\p{Z}]*|[;\t\r\n])[=+@＝＋－＠-]"
PLAIN_NUMBER = r"[+-][0-9][0-9 .,\x{a0}\x{202f}]*%?"
FREE_TYPES = ("string", "any", "list")
CONTROL = Label("caractère de contrôle", "control character")
TURNING = Label("marque de sens d'écriture", "text direction mark")
HIDDEN = Label("caractère invisible", "invisible character")
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_free(field: Field) -> bool:
    """Whether the contract lets a cell hold any text: neither a list of values nor a form is asked of it."""
    coded = field.categories or {"enum", "pattern"} & set(field.constraints)
    return field.type in FREE_TYPES and field.format == "default" and not coded


def unseen(text: str) -> str:
    """SQL: a text holds a sign that is not seen."""
    return f"regexp_matches({text}, {literal(UNSEEN)})"


def first_unseen(text: str) -> str:
    """SQL: the first such sign."""
    return f"regexp_extract({text}, {literal(UNSEEN)})"


def garbled(text: str) -> str:
    """SQL: a text has lost letters."""
    return f"regexp_matches({text}, {literal(GARBLED)})"


def first_garbled(text: str) -> str:
    """SQL: the first sign that stands for one."""
    return f"regexp_extract({text}, {literal(GARBLED)})"


def formula(text: str, *, bland: bool) -> str:
    """SQL: a text begins as a formula does. In a ``bland`` file a text that begins with a letter (or a sign after A) or
    with a digit does not, which is quickly seen."""
    found = f"regexp_matches({text}, {literal(FORMULA)}) AND NOT regexp_full_match({text}, {literal(PLAIN_NUMBER)})"
    harmless = f"WHEN {text} >= 'A' THEN FALSE WHEN {text} >= '0' AND {text} < ':' THEN FALSE"
    return f"CASE {harmless} ELSE {found} END" if bland else f"({found})"


def named(sign: str, lang: str) -> str:
    """A sign that is not seen, by its number and its kind: U+202E (marque de sens d'écriture)."""
    code = ord(sign)
    kind = CONTROL if code < 32 or 127 <= code < 160 else TURNING if sign in DIRECTIONS else HIDDEN
    return f"U+{code:04X} ({kind[lang]})"
