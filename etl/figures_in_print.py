"""Numbers and dates as French documents print them, read back as values.

Pure functions: digits with spaces for thousands and a decimal comma, numbers in words, fractions as percentages (a
third is 33.33), months in words. What cannot be read gives nothing, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "´": "'"})

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "deuxième": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30,
    "une vingtaine": 20, "une trentaine": 30,
}  # fmt: skip

_FRACTIONS = {
    "un quart": 25.0,
    "un bon quart": 25.0,
    "trois quarts": 75.0,
    "un tiers": 100 / 3,
    "deux tiers": 200 / 3,
    "moitié": 50.0,
    "mi-temps": 0.5,
    "doublé": 2.0,
}

_DIGITS = r"\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_TOKEN = re.compile(
    rf"(?P<fraction>{'|'.join(_FRACTIONS)})"
    r"|un(?:e)? (?:\w+ )?sur (?P<one_in>\w+)"
    r"|(?P<half>\w+) heures? et demie"
    rf"|(?P<digits>{_DIGITS})(?P<million> million)?"
    rf"|\b(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b"
)

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_DATE = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})(?:er)? )?\b(?P<month>{'|'.join(_MONTHS)})\b(?: (?P<year>\d{{4}}))?"
    r"|\b(?P<iso_year>\d{4})(?:-(?P<iso_month>\d{2})(?!\d)(?:-(?P<iso_day>\d{2}))?)?"
)


@dataclass(frozen=True)
class PrintedDate:
    """A date as printed; what is not printed is None."""

    year: int | None
    month: int | None
    day: int | None

    def agrees(self, value: date) -> bool:
        """Whether what is printed of the date is that of ``value``."""
        pairs = ((self.year, value.year), (self.month, value.month), (self.day, value.day))
        return all(printed in (None, own) for printed, own in pairs)


def normalised(text: str) -> str:
    """Text with one kind of space, dash and apostrophe, so that typography does not hide a match."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_DASHES)).strip()


def words_in(text: str) -> list[str]:
    """Words of a text in lower case, punctuation left out."""
    return re.findall(r"\w+", normalised(text).lower())


def numbers_in(printed: str) -> tuple[float, ...]:
    """Every number a short French print states: ``"1,5 million"`` is 1500000, ``"un tiers"`` 33.33 (per cent)."""
    return tuple(_number(match) for match in _TOKEN.finditer(normalised(printed).lower()) if _readable(match))


def _readable(match: re.Match[str]) -> bool:
    return all(word is None or word in _WORDS for word in (match["one_in"], match["half"]))


def _number(match: re.Match[str]) -> float:
    if match["fraction"]:
        return _FRACTIONS[match["fraction"]]
    if match["one_in"]:
        return 100 / _WORDS[match["one_in"]]
    if match["half"]:
        return _WORDS[match["half"]] + 0.5
    if match["word"]:
        return float(_WORDS[match["word"]])
    value = float(match["digits"].replace(" ", "").replace(",", "."))
    return value * 1_000_000 if match["million"] else value


def dates_in(printed: str) -> tuple[PrintedDate, ...]:
    """Every date a short French or ISO print states, in its order; seasons are not dates."""
    return tuple(_date(match) for match in _DATE.finditer(normalised(printed).lower()))


def _date(match: re.Match[str]) -> PrintedDate:
    if match["month"]:
        return PrintedDate(_integer(match["year"]), _MONTHS.index(match["month"]) + 1, _integer(match["day"]))
    return PrintedDate(_integer(match["iso_year"]), _integer(match["iso_month"]), _integer(match["iso_day"]))


def _integer(text: str | None) -> int | None:
    return None if text is None else int(text)
