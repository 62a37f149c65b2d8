"""The header of a file against the fields of a contract: what each column holds, and what is wrong with the labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from etl.validation.findings import Check, Finding
from schemas.contract import Contract, Field

MAY_HAVE_MORE = ("subset", "partial")
MAY_HAVE_LESS = ("superset", "partial")
HEADER_ROW = 1
# Rules named in the place of "header", for what they tell to do.
SIMILAR, NEAR, UNKNOWN, NAMELESS = "similar-label", "near-label", "unknown-header", "nameless"
CLOSE = 0.7  # of 1, two names that differ in nothing


@dataclass(frozen=True)
class Columns:
    """Which column of the file each field is read from (position from 0), and the errors of the header."""

    width: int
    positions: dict[str, int]
    findings: tuple[Finding, ...]

    def fields(self, contract: Contract) -> tuple[Field, ...]:
        """The fields the file has, in contract order."""
        return tuple(field for field in contract.fields if field.name in self.positions)


def match(labels: Sequence[str], contract: Contract) -> Columns:
    """Pair labels with fields as ``fieldsMatch`` says.

    Columns are found by name even where the order is wrong, so that one misplaced label is reported once and not
    again at every row.
    """
    positions = {label: labels.index(label) for label in contract.names if label in labels}
    exact = contract.fields_match == "exact"
    found = _by_position(labels, contract) if exact else _by_name(labels, contract)
    return Columns(len(labels), positions, tuple(found))


def plain(label: str) -> str:
    """A label without what is easily mistaken: case, accents, spaces of any kind, hyphens for underscores."""
    letters = (letter for letter in unicodedata.normalize("NFKD", label) if not unicodedata.combining(letter))
    return re.sub(r"[\s_-]+", "_", "".join(letters)).strip("_").casefold()


@dataclass(frozen=True)
class Meant:
    """The declared name that an unknown label may stand for: surely (``similar-label``) or perhaps (``near-label``)."""

    name: str
    rule: str


def meant(labels: Sequence[str], contract: Contract) -> dict[str, Meant]:
    """What each unknown label may stand for, where the file has no column of that name; no name is guessed twice."""
    absent = {plain(name): name for name in contract.names if name not in labels}
    unknown = [label for label in labels if label not in contract.names]
    found = {label: Meant(absent[plain(label)], SIMILAR) for label in unknown if plain(label) in absent}
    left = {text: name for text, name in absent.items() if Meant(name, SIMILAR) not in found.values()}
    for label in unknown:
        if label not in found and (close := get_close_matches(plain(label), left, n=1, cutoff=CLOSE)):
            found[label] = Meant(left.pop(close[0]), NEAR)
    return found


def _finding(
    type: str, field: str, value: str, *, position: int | None = None, expected: str = "", rule: str = "header"
) -> Finding:
    return Finding(HEADER_ROW, Check(field=field, type=type, rule=rule, bound=expected, position=position), value)


def _wrong_label(
    type: str, field: str, label: str, near: Mapping[str, Meant], *, position: int, known: bool
) -> Finding:
    """An unknown or misplaced label: close to a declared name, in a header where nothing is known, or neither."""
    if label in near:
        return _finding(type, field, label, position=position, expected=near[label].name, rule=near[label].rule)
    return _finding(type, field, label, position=position, expected=field, rule="header" if known else UNKNOWN)


def _is_known(labels: Sequence[str], near: Mapping[str, Meant], contract: Contract) -> bool:
    return bool(near or set(labels) & set(contract.names))


def _by_position(labels: Sequence[str], contract: Contract) -> Iterator[Finding]:
    near = meant(labels, contract)
    known = _is_known(labels, near, contract)
    for position, (label, field) in enumerate(zip(labels, contract.fields, strict=False)):
        if not label:
            yield _finding("blank-label", field.name, "", position=position, expected=field.name)
        elif label in labels[:position]:
            yield _finding("duplicate-label", field.name, label, position=position, expected=field.name)
        elif label != field.name:
            yield _wrong_label("incorrect-label", field.name, label, near, position=position, known=known)
    declared = len(contract.fields)
    for position, label in enumerate(labels[declared:], start=declared):
        yield _wrong_label("extra-label", "", label, near, position=position, known=known)
    for field in contract.fields[len(labels) :]:
        yield _finding("missing-label", field.name, "", expected=field.name)


def _by_name(labels: Sequence[str], contract: Contract) -> Iterator[Finding]:
    near = meant(labels, contract)
    known = _is_known(labels, near, contract)
    if contract.fields_match == "partial" and not set(labels) & set(contract.names):
        yield _finding("unmatched-header", "", ", ".join(labels))
    for position, label in enumerate(labels):
        if not label and contract.fields_match not in MAY_HAVE_MORE:
            yield _finding("blank-label", "", "", position=position, rule=NAMELESS)
        elif label in labels[:position]:
            yield _finding("duplicate-label", label, label, position=position)
        elif label not in contract.names and contract.fields_match not in MAY_HAVE_MORE:
            yield _wrong_label("extra-label", "", label, near, position=position, known=known)
    told = set() if contract.fields_match in MAY_HAVE_MORE else {one.name for one in near.values()}
    for field in contract.fields:
        if field.name not in (*labels, *told) and _is_needed(field, contract):
            yield _finding("missing-label", field.name, "", expected=field.name)


def _is_needed(field: Field, contract: Contract) -> bool:
    optional = contract.fields_match in MAY_HAVE_LESS
    return not optional or field.required or field.name in contract.primary_key
