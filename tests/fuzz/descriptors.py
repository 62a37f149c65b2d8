"""Contracts of any shape: a contract can be followed, or is refused with a message; it is never a failure."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from etl.validate import check
from schemas.contract import contract_from, contract_names, load_contract
from schemas.errors import ContractBroken
from tests.fuzz.choices import Choices
from tests.fuzz.files import MEASURES, TEXTS

Place = tuple[Any, Any]
KEYS = (
    *("name", "type", "format", "fields", "constraints", "categories", "missingValues", "primaryKey", "uniqueKeys"),
    *("foreignKeys", "rules", "fieldsMatch", "codes", "title", "required", "minimum", "maximum", "exclusiveMinimum"),
    *("enum", "pattern", "unique", "minLength", "maxLength", "decimalChar", "groupChar", "bareNumber", "trueValues"),
    *("delimiter", "itemType", "check", "reference", "resource", "value", "label"),
)
TYPES = (
    *("any", "string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "duration"),
    *("object", "array", "list", "geopoint", "geojson", "inconnu"),
)
FORMATS = (
    "default",
    "any",
    "email",
    "uri",
    "uuid",
    "binary",
    "array",
    "object",
    "topojson",
    "%d/%m/%Y",
    "%",
    "inconnu",
)
ODD = (
    None,
    True,
    0,
    -1,
    1.5,
    10**400,
    float("inf"),
    "",
    "lieu",
    [],
    {},
    [[]],
    [{}],
    ["lieu"],
    {"value": "a"},
    [None],
    "2026-01-01",
)


def descriptor_target(data: bytes) -> None:
    """A Table Schema some of whose parts are changed, taken out or put elsewhere, then a file checked against it."""
    choices = Choices(data)
    base = choices.of((TEXTS, MEASURES, *_feeds())) if choices.number(3) else TEXTS
    descriptor = copy.deepcopy(dict(base.descriptor))
    for _ in range(1 + choices.number(3)):
        _change(choices, descriptor)
    judge_descriptor(descriptor)


def _feeds() -> Iterator[Any]:
    return (load_contract(name) for name in contract_names("feeds"))


def judge_descriptor(descriptor: Any) -> None:
    """Read a descriptor and check a file against it: whatever is wrong, only ContractBroken is raised."""
    with suppress(ContractBroken):
        contract = contract_from(descriptor)
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "essai.csv"
            path.write_text(",".join(contract.names) + "\n" + "1," * len(contract.fields) + "\n", encoding="utf-8")
            report = check(path, contract, references=Path(name), threads=1)
            assert report.valid is (report.total_errors == 0)


def _places(node: Any) -> list[Place]:
    """Every place of a tree, as (container, key)."""
    return [place for key in _keys(node) for place in [(node, key), *_places(node[key])]]


def _keys(node: Any) -> list[Any]:
    return list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []


def _change(choices: Choices, descriptor: dict[str, Any]) -> None:
    places = _places(descriptor)
    if not places:
        return
    container, key = choices.of(places)
    kind = choices.number(5)
    if kind == 0:
        container[key] = copy.deepcopy(choices.of(ODD))
    elif kind == 1:
        del container[key]
    elif kind == 2:
        container[key] = choices.text()
    elif kind == 3:
        container[key] = choices.of((*TYPES, *FORMATS))
    elif kind == 4 and isinstance(container, dict):
        container[choices.of(KEYS)] = copy.deepcopy(choices.of(ODD))
    else:
        other, name = choices.of(places)
        container[key] = copy.deepcopy(other[name]) if name in _keys(other) else None
