"""The header of a file against the fields of a contract: what each column holds, and what is wrong with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.validation.findings import Check, Finding
from schemas.contract import Contract, Field

MAY_HAVE_MORE = ("subset", "partial")
MAY_HAVE_LESS = ("superset", "partial")
HEADER_ROW = 1


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


def _finding(type: str, field: str, value: str, *, expected: str = "") -> Finding:
    return Finding(HEADER_ROW, Check(field=field, type=type, rule="header", bound=expected), value)


def _by_position(labels: Sequence[str], contract: Contract) -> Iterator[Finding]:
    for position, (label, field) in enumerate(zip(labels, contract.fields, strict=False)):
        if not label:
            yield _finding("blank-label", field.name, "", expected=field.name)
        elif label in labels[:position]:
            yield _finding("duplicate-label", field.name, label, expected=field.name)
        elif label != field.name:
            yield _finding("incorrect-label", field.name, label, expected=field.name)
    for label in labels[len(contract.fields) :]:
        yield _finding("extra-label", "", label)
    for field in contract.fields[len(labels) :]:
        yield _finding("missing-label", field.name, "", expected=field.name)


def _by_name(labels: Sequence[str], contract: Contract) -> Iterator[Finding]:
    if contract.fields_match == "partial" and not set(labels) & set(contract.names):
        yield _finding("unmatched-header", "", ", ".join(labels))
    for position, label in enumerate(labels):
        if label in labels[:position]:
            yield _finding("duplicate-label", label, label)
        elif label not in contract.names and contract.fields_match not in MAY_HAVE_MORE:
            yield _finding("extra-label", "", label)
    for field in contract.fields:
        if field.name not in labels and _is_needed(field, contract):
            yield _finding("missing-label", field.name, "", expected=field.name)


def _is_needed(field: Field, contract: Contract) -> bool:
    optional = contract.fields_match in MAY_HAVE_LESS
    return not optional or field.required or field.name in contract.primary_key
