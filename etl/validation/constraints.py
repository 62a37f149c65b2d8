"""Constraints of a field as checks: SQL that is TRUE where the constraint is broken, NULL or FALSE elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import duckdb

from etl.validation import signs
from etl.validation.findings import Check
from etl.validation.sql import literal, literals
from etl.validation.types import Reading, split
from schemas.contract import Field
from schemas.errors import ContractBroken

BOUNDS = {"minimum": "<", "maximum": ">", "exclusiveMinimum": "<=", "exclusiveMaximum": ">="}
LENGTHS = {"minLength": "<", "maxLength": ">"}
ORDERED = ("integer", "number", "date", "time", "datetime", "year", "yearmonth")
KNOWN = {*BOUNDS, *LENGTHS, "required", "unique", "pattern", "enum"}


def cell_checks(field: Field, reading: Reading, *, text: str, value: str, bland: bool = False) -> Iterator[Check]:
    """Every check on one cell, in the order they are reported.

    ``text`` and ``value`` name the columns of the cell's text (NULL where missing) and of its typed value; ``bland``
    where every character of the file is a printable one of ASCII, so that none can be unseen.
    Raises ContractBroken on a constraint that does not exist or does not suit the type.
    """
    if unknown := sorted(set(field.constraints) - KNOWN):
        raise _broken(field, ", ".join(unknown), "n'est pas pris en charge")
    if field.required:
        yield Check(field.name, "constraint-error", "required", broken=f"{text} IS NULL")
    if value_may_differ(field):
        yield Check(field.name, "type-error", "type", _format(field), f"{text} IS NOT NULL AND {value} IS NULL")
    if reading.sql_type == "VARCHAR" and not bland:
        hint = signs.first_unseen(text)
        yield Check(field.name, "constraint-error", "invisible", broken=signs.unseen(text), hint=hint)
    if signs.is_free(field) and not bland:
        hint = signs.first_garbled(text)
        yield Check(field.name, "constraint-error", "abime", broken=signs.garbled(text), hint=hint)
    if signs.is_free(field):
        yield Check(field.name, "constraint-error", "formule", broken=signs.formula(text, bland=bland))
    for name, bound in field.constraints.items():
        if name not in ("required", "unique"):
            yield Check(
                field.name,
                "constraint-error",
                name,
                shown(bound),
                _broken_when(field, reading, name, bound, text, value),
            )
    if field.categories:
        values = [category.value for category in field.categories]
        yield Check(
            field.name, "constraint-error", "categories", shown(values), _not_among(field, reading, values, value)
        )


def flag(field: Field, checks: Sequence[Check], *, needed: bool, text: str, value: str) -> Iterator[str]:
    """SQL conditions, one of which is TRUE where any of these checks on a cell is broken: as few as will do."""
    if needed:
        yield f"{value} IS NULL"
    elif value_may_differ(field):
        yield f"({text} IS NOT NULL AND {value} IS NULL)"
    yield from (check.broken for check in checks if check.rule not in ("required", "type"))


def value_may_differ(field: Field) -> bool:
    """Whether a text of the field may fail to be a value."""
    return field.type != "any" and (field.type, field.format) != ("string", "default")


def shown(bound: Any) -> str:
    """A bound as a reader sees it."""
    return ", ".join(map(str, bound)) if isinstance(bound, list) else str(bound)


def _format(field: Field) -> str:
    return field.type if field.format == "default" else f"{field.type}/{field.format}"


def _broken(field: Field, name: str, why: str) -> ContractBroken:
    return ContractBroken(f"Champ « {field.name} » : la contrainte « {name} » {why} pour le type {field.type}.")


def _broken_when(field: Field, reading: Reading, name: str, bound: Any, text: str, value: str) -> str:
    if name in BOUNDS:
        return _out_of_bound(field, reading, name, bound, value)
    if name in LENGTHS:
        outside = f"{_length(field, name, value)} {LENGTHS[name]} {int(bound)}"
        # Bytes are counted at once, and are never fewer than characters.
        quick = field.type == "string" and name == "maxLength"
        return f"strlen({value}) > {int(bound)} AND {outside}" if quick else outside
    if name == "enum":
        return _not_among(field, reading, bound, value)
    # Patterns are about the text (XSD regular expressions: the whole of it), once it is a value of its type.
    matched = f"regexp_full_match({text}, {literal(bound)})" if is_native(bound) else f"{function_of(bound)}({text})"
    return f"{value} IS NOT NULL AND NOT {matched}"


def _out_of_bound(field: Field, reading: Reading, name: str, bound: Any, value: str) -> str:
    if field.type not in ORDERED:
        raise _broken(field, name, "n'a pas de sens")
    return f"{value} {BOUNDS[name]} {constant(field, reading, bound)}"


@cache
def is_native(pattern: str) -> bool:
    """Whether the engine's regular expressions (RE2) know this pattern: no look-around, no back-reference."""
    try:
        duckdb.execute("SELECT regexp_full_match('', ?)", [pattern])
    except duckdb.InvalidInputException:
        return False
    return True


def function_of(pattern: str) -> str:
    """The name under which a pattern the engine does not know is registered as a function."""
    return f"motif_{hashlib.sha256(pattern.encode()).hexdigest()[:16]}"


def matcher(pattern: str) -> Callable[[str], bool]:
    """A Python function for such a pattern. Raises ContractBroken if it is none."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ContractBroken(f"Le motif « {pattern} » n'est pas une expression régulière : {error}.") from error
    return lambda text: compiled.fullmatch(text) is not None


def constants(field: Field, reading: Reading) -> Iterator[tuple[str, str]]:
    """Every value that the constraints of a field name, as SQL of its type, with the constraint's name."""
    for name, bound in field.constraints.items():
        if name in BOUNDS:
            yield name, constant(field, reading, bound)
        elif name == "enum":
            yield from ((name, constant(field, reading, item)) for item in bound)
    yield from (("categories", constant(field, reading, category.value)) for category in field.categories)


def _length(field: Field, name: str, value: str) -> str:
    lengths = {
        "string": f"length({value})",
        "array": f"json_array_length({value})",
        "object": f"len(json_keys({value}))",
        "list": f"len({split(field, value)})",
    }
    if field.type not in lengths:
        raise _broken(field, name, "n'a pas de sens")
    return lengths[field.type]


def _not_among(field: Field, reading: Reading, values: list[Any], value: str) -> str:
    if reading.sql_type == "VARCHAR":
        return f"{value} NOT IN ({literals(map(str, values))})"
    return f"{value} NOT IN ({', '.join(constant(field, reading, item) for item in values)})"


def constant(field: Field, reading: Reading, bound: Any) -> str:
    """A value of the contract as SQL of the field's type."""
    if isinstance(bound, bool) or (isinstance(bound, int | float) and field.type in ("integer", "number", "year")):
        return literal(bound)
    return f"({reading.value(literal(str(bound)))})"
