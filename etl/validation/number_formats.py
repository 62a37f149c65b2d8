"""What the format of a cell shows of it: ``0.0,`` a thousandth, ``;;;`` nothing, ``[<5]"<5";0`` another text.

A format has up to four sections, for numbers above zero, below, zero, and texts, or each under its own condition:
ECMA-376 part 1, 18.8.30 and 18.8.31 (``numFmt``). An OpenDocument cell tells what it shows itself.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

PERCENTAGE, ANOTHER, NOTHING = "percentage", "number-format", "hidden-value"

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^]]*)\]|(?P<end>;)|(?P<sign>.)', re.DOTALL
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d*)?)")
ELAPSED, CURRENCY = re.compile("[hms]+", re.IGNORECASE), re.compile(r"\$([^-]*)")
WHOLE = re.compile("general|@", re.IGNORECASE)  # shows all that the cell holds
DATE = re.compile("[ymdhs]", re.IGNORECASE)
DIGITS = "0#?"
THOUSANDTHS = re.compile(rf"[{DIGITS}](,+)(?![{DIGITS},])")
NUMBER = re.compile(r"\d[\d\s.,'\u2019]*(?:[eE][+-]?\d+)?")
FRACTION = re.compile(r"\d/\d")

Test = Callable[[float], bool]
COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What a cell shows and does not hold: ``rule`` says how that comes, ``text`` is the error, the formula, 62.5%…"""

    rule: str
    text: str


@dataclass(frozen=True)
class Section:
    """``code``: the signs that write a number, a date or a text; ``literal``: those that are shown as they are."""

    condition: tuple[str, float] | None
    code: str
    literal: str

    @property
    def whole(self) -> bool:
        """Whether a number or a text is shown as it is held."""
        return WHOLE.search(self.code) is not None

    @property
    def rank(self) -> float:
        """What a number is multiplied by before it is shown."""
        commas = sum(len(found) for found in THOUSANDTHS.findall(self.code))
        return float(100 ** self.code.count("%") / 1000**commas)

    def number(self, value: float) -> Shown | None:
        """What is shown of a number, where that is not the number."""
        if not any(sign in self.code for sign in DIGITS):
            return None if self.whole or DATE.search(self.code) else written(self.literal, value)
        if value == 0 and not re.search("[0/]", self.code):  # neither # nor ? writes it
            return written(self.literal, value)
        if "%" in self.code:
            return Shown(PERCENTAGE, f"{value * self.rank:.12g}%")
        return None if value * self.rank == value else Shown(ANOTHER, f"{value * self.rank:.12g}")


@dataclass(frozen=True)
class Format:
    """A format of cells, as ``xl/styles.xml`` writes it."""

    sections: tuple[Section, ...]

    @cached_property
    def texts(self) -> Section | None:
        """The section of texts: the fourth, or a last one that says so."""
        last = self.sections[-1]
        return last if len(self.sections) > 3 or (len(self.sections) > 1 and "@" in last.code) else None

    @cached_property
    def numbers(self) -> list[tuple[Test, Section]]:
        """The sections of numbers, with what makes each apply; the first that does is used."""
        sections = self.sections[: len(self.sections) - (self.texts is not None)]
        signs = {1: [""], 2: [">=", ""]}.get(len(sections), [">", "<", ""])
        return [
            (_test(section.condition or (sign, 0)), section) for sign, section in zip(signs, sections, strict=False)
        ]

    def number(self, value: float) -> Shown | None:
        """What is shown of a number, where that is not the number."""
        section = next((section for test, section in self.numbers if test(value)), None)
        return section.number(value) if section else None

    def text(self) -> Shown | None:
        """What is shown of any text, where that is not the text."""
        return None if self.texts is None or self.texts.whole else written(self.texts.literal)

    @property
    def plain(self) -> bool:
        """Whether each section, wherever it applies, shows all that is held."""
        return not (self.text() or self.number(0) or any(one.number(1) for _, one in self.numbers))


def format_of(code: str) -> Format:
    """A format from its code; an empty one shows all."""
    return Format(tuple(_sections(code or "General")))


def _sections(code: str) -> Iterator[Section]:
    condition, signs, literal = None, "", ""
    for token in TOKEN.finditer(code + ";"):
        quoted, escaped, bracket, sign = token.group("quoted", "escaped", "bracket", "sign")
        if token["end"]:
            yield Section(condition, signs, literal.strip())
            condition, signs, literal = None, "", ""
        elif bracket is not None:
            if found := CONDITION.fullmatch(bracket.replace(" ", "")):
                condition = (found[1], float(found[2]))
            elif ELAPSED.fullmatch(bracket):
                signs += bracket
            elif currency := CURRENCY.match(bracket):
                literal += currency[1]
        elif sign:
            signs += sign
            literal += "" if sign in DIGITS + "," else sign
        else:
            literal += quoted or escaped or " "


def _test(condition: tuple[str, float]) -> Test:
    sign, bound = condition
    return (lambda value: COMPARED[sign](value, bound)) if sign else (lambda _value: True)


def written(text: str, value: float | None = None) -> Shown | None:
    """What is shown instead of a value; a dash alone, as accountants write it, shows zero."""
    if value == 0 and re.search("[-\u2013\u2014]", text) and not any(sign.isalnum() for sign in text):
        return None
    return Shown(ANOTHER, text) if text else Shown(NOTHING, "")


def shows(text: str, value: float) -> bool:
    """Whether a text written in any language shows a number, rounded or not: 45 000,0 € shows 45000.04, 45,0 k€ does
    not. A fraction shows any number."""
    if FRACTION.search(text) or (value == 0 and written(text, value) is None):
        return True
    return any(_near(found, abs(value)) for found in NUMBER.findall(text))


def _near(text: str, value: float) -> bool:
    """Whether a number, its decimals after a point or after a comma, is a value within half its last digit."""
    mantissa, _, exponent = re.sub(r"[\s'\u2019]", "", text).lower().partition("e")
    for mark, grouping in (".,", ",."):
        whole, _, decimals = mantissa.strip(".,").replace(grouping, "").partition(mark)
        if decimals.isdigit() or not decimals:
            read, last = float(f"{whole}.{decimals}e{exponent or 0}"), int(exponent or 0) - len(decimals)
            if abs(read - value) < float(f"0.5000001e{last}"):
                return True
    return False
