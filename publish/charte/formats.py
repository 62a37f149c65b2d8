"""Numbers, quantities, dates and periods as they are written in French and in English.

French follows the rules of the Imprimerie nationale: narrow no-break space between thousands, decimal comma, no-break
space before a unit and before « % »; the plural starts at 2 (0 lit, 1,5 lit, 2 lits). English: comma between
thousands, decimal point, the singular for 1 only, « % » joined to its number. Every space inside a quantity is a
no-break one, so that a number never parts from its unit at the end of a line.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from numbers import Real

from schemas.contract import units

NNBSP = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
# What stands between a name and its value, and between two of them: French puts a no-break space before both.
COLON = {"fr": f"{NBSP}: ", "en": ": "}
SEMICOLON = {"fr": f"{NNBSP}; ", "en": "; "}
LARGE = 100
"""Limits from here on are written without decimals: they would feign a precision an interval denies."""

MOIS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
MOIS_COURTS = {
    "fr": (
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ),
    "en": (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ),
}

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-T([1-4])")
_HALF = re.compile(r"(\d{4})-S([12])")
_IRREGULAR = {"en": {"people": "person"}, "fr": {"fois": "fois"}}


def separateurs(lang: str) -> str:
    """Decimal then thousands separator, as plotly's ``layout.separators`` wants them."""
    return ".," if lang == "en" else f",{NNBSP}"


@lru_cache(maxsize=65_536)
def nombre(value: float, lang: str, decimales: int | None = None) -> str:
    """A number as it is written; ``decimales`` None means 0 for an integer, 1 otherwise. Halves go away from zero."""
    places = decimales if decimales is not None else (0 if float(value).is_integer() else 1)
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    marks = separateurs(lang)
    written = f"{abs(rounded):,.{places}f}".translate({ord("."): marks[0], ord(","): marks[1]})
    return sign + written


def unite(code: str, lang: str) -> str:
    """Plural of a unit code, in that language; a code the catalogue does not have is returned as it is."""
    label = units().get(code)
    return label[lang] if label else code


def _is_singular(value: float, lang: str) -> bool:
    return abs(value) == 1 if lang == "en" else abs(value) < 2


def _singular(label: str, lang: str) -> str:
    if label.startswith("per "):
        return label
    if label in _IRREGULAR[lang]:
        return _IRREGULAR[lang][label]
    if lang == "en":
        head, *rest = re.split(r"( of | per )", label, maxsplit=1)
        return re.sub(r"s$", "", head) + "".join(rest)
    return " ".join(
        re.sub(r"(?<=[^s])s(?=$|-)", "", word) if _agrees(place, label) else word
        for place, word in enumerate(label.split(" "))
    )


def _agrees(place: int, label: str) -> bool:
    """Whether the word at that place of a French unit takes the plural: the noun, or « plein » of « équivalents »."""
    return place == 0 or (place == 2 and label.startswith("équivalents"))


def unite_accordee(value: float, unit_label: str, lang: str) -> str:
    """A unit in the number the value asks for: « lit », « lits »."""
    return _singular(unit_label, lang) if _is_singular(value, lang) else unit_label


def quantite(value: float, unit_label: str, lang: str, decimales: int | None = None) -> str:
    """A value with its unit: « 12 345 personnes », « 1 lit », « 12,3 % », “12.3%”."""
    number = nombre(value, lang, decimales)
    if unit_label == "%":
        return number + ("%" if lang == "en" else f"{NBSP}%")
    return f"{number}{NBSP}{unite_accordee(value, unit_label, lang).replace(' ', NBSP)}" if unit_label else number


def intervalle(bas: float, haut: float, lang: str, unit_label: str = "", decimales: int | None = None) -> str:
    """Two limits: « de 40 900 à 44 700 », “40,900 to 44,700”, « de 12,1 à 14,3 % »; of units, only « % »."""
    decimales = 0 if decimales is None and abs(haut) >= LARGE else decimales
    low = nombre(bas, lang, decimales)
    high = quantite(haut, unit_label if unit_label == "%" else "", lang, decimales)
    return f"{low} to {high}" if lang == "en" else f"de {low} à {high}"


def date_longue(date: dt.date, lang: str) -> str:
    """« 14 septembre 2026 », « 1er mars 2026 », “14 September 2026”."""
    day = "1er" if lang == "fr" and date.day == 1 else str(date.day)
    return f"{day}{NBSP}{MOIS[lang][date.month - 1]}{NBSP}{date.year}"


def date_courte(date: dt.date, lang: str) -> str:
    """« 14 sept. 2026 », “14 Sep 2026”: where there is little room."""
    day = "1er" if lang == "fr" and date.day == 1 else str(date.day)
    return f"{day}{NBSP}{MOIS_COURTS[lang][date.month - 1]}{NBSP}{date.year}"


def _quarter(number: int, year: str, lang: str) -> str:
    ordinal = "1er" if number == 1 else f"{number}e"
    return f"Q{number}{NBSP}{year}" if lang == "en" else f"{ordinal}{NBSP}trimestre{NBSP}{year}"


def _half(number: int, year: str, lang: str) -> str:
    ordinal = "1er" if number == 1 else f"{number}e"
    return f"H{number}{NBSP}{year}" if lang == "en" else f"{ordinal}{NBSP}semestre{NBSP}{year}"


def periode(code: str, lang: str) -> str:
    """A period of the observations in words: « 3e trimestre 2026 », « septembre 2026 », « 14 septembre 2026 ».

    The grain is read from the code itself (``2026-T3``, ``2026-S1``, ``2026-09``, ``2026-09-14``, ``2026``);
    anything else is returned as it is.
    """
    if match := _QUARTER.fullmatch(code):
        return _quarter(int(match[2]), match[1], lang)
    if match := _HALF.fullmatch(code):
        return _half(int(match[2]), match[1], lang)
    if match := _DAY.fullmatch(code):
        return date_longue(dt.date(int(match[1]), int(match[2]), int(match[3])), lang)
    if match := _MONTH.fullmatch(code):
        return f"{MOIS[lang][int(match[2]) - 1]}{NBSP}{match[1]}"
    return code


def a_la_periode(code: str, lang: str) -> str:
    """The same as a complement of time: « au 3e trimestre 2026 », « en septembre 2026 », “in Q3 2026”, “on 1 May”."""
    words = periode(code, lang)
    if _QUARTER.fullmatch(code) or _HALF.fullmatch(code):
        return f"in {words}" if lang == "en" else f"au {words}"
    if _DAY.fullmatch(code):
        return f"on {words}" if lang == "en" else f"le {words}"
    return f"{'in' if lang == 'en' else 'en'} {words}"


def compare_a(code: str, lang: str) -> str:
    """The same after a comparison: « au 2e trimestre 2026 », « à septembre 2026 », “Q2 2026”."""
    if lang == "en":
        return periode(code, lang)
    if any(shape.fullmatch(code) for shape in (_QUARTER, _HALF, _DAY)):
        return f"au {periode(code, lang)}"
    return f"à {periode(code, lang)}"


def est_connu(value: object) -> bool:
    """Whether a cell of a frame holds a number (neither None nor NaN)."""
    return isinstance(value, Real) and not math.isnan(value)
