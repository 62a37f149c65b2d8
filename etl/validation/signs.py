"""Texts that would deceive their reader: signs that are not seen, and beginnings that spreadsheets take for a formula.

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
