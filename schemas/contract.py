"""Contracts: Table Schema v2 descriptors read into frozen values.

A contract is a folder ``<kind>/<name>/schema.json`` below this package, ``kind`` being ``feeds`` (what providers send),
``reference`` (what we transcribe) or ``datasets`` (what we publish). The descriptor is a standard Table Schema
(https://datapackage.org/standard/table-schema/) with properties of our own, which the standard allows:

- ``title``/``description`` are French, ``title_en``/``description_en`` English, at table, field, category and rule;
- ``unit`` (a code of ``units.json``) and ``sensitive`` (counts of persons or of acts on persons) on a field;
- ``codes`` on a field names a shared list of ``codes/``; it is resolved here into the standard ``categories``;
- on a feed, ``grain``, ``frequency`` (ISO 8601), ``period_field``, ``source_form``; ``expected`` says when a return is
  due: at every period (``periodes``, without it), at the periods of which the feed has a row (``editions``), never
  (``aucune``); ``published`` names the dataset under which a feed that counts nobody is published row by row;
- ``rules`` on the table: ``{"name", "check", "fields", "title", "title_en"}``, where ``check`` is a SQL expression over
  the typed columns; a row breaks the rule where it is FALSE (NULL, that is an absent value, breaks nothing).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from schemas.errors import ContractBroken, UsageError
from schemas.shape import check_shape

ROOT = Path(__file__).resolve().parent
KINDS = ("feeds", "reference", "datasets")
LANGUAGES = ("fr", "en")

Descriptor = Mapping[str, Any]


@dataclass(frozen=True)
class Label:
    """A text in both languages."""

    fr: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.en if lang == "en" else self.fr


@dataclass(frozen=True)
class Category:
    """One modality of a code list."""

    value: Any
    label: Label


@dataclass(frozen=True)
class Missing:
    """A text that stands for an absent value; ``label`` says why it is absent, None where nothing is said."""

    value: str
    label: str | None


@dataclass(frozen=True)
class Field:
    """One column of a contract. ``options`` is the whole resolved descriptor, for what has no attribute here."""

    name: str
    type: str
    format: str
    title: Label
    description: Label
    unit: str | None
    sensitive: bool
    constraints: Mapping[str, Any]
    categories: tuple[Category, ...]
    missing: tuple[Missing, ...]
    options: Descriptor

    @property
    def required(self) -> bool:
        """Whether an absent value breaks the contract."""
        return bool(self.constraints.get("required"))


@dataclass(frozen=True)
class Rule:
    """A named rule across columns or rows; ``check`` is SQL over the typed columns."""

    name: str
    check: str
    fields: tuple[str, ...]
    title: Label


@dataclass(frozen=True)
class ForeignKey:
    """``fields`` must be found in ``reference_fields`` of table ``resource`` ("" is the table itself)."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """A whole table contract. ``fingerprint`` is the SHA-256 of the resolved descriptor."""

    name: str
    kind: str
    version: str
    title: Label
    description: Label
    fields: tuple[Field, ...]
    fields_match: str
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    rules: tuple[Rule, ...]
    descriptor: Descriptor
    fingerprint: str

    def field(self, name: str) -> Field:
        """The field of that name; raises KeyError."""
        return {field.name: field for field in self.fields}[name]

    @property
    def needs_rows(self) -> bool:
        """Whether a table without rows breaks the contract: one that is sent does, one that we keep may be empty."""
        return self.kind == "feeds"

    @property
    def uniques(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Everything that may not repeat, as (constraint, fields): unique fields, the primary key, unique keys."""
        alone = [("unique", (field.name,)) for field in self.fields if field.constraints.get("unique")]
        primary = [("primaryKey", self.primary_key)] if self.primary_key else []
        return (*alone, *primary, *(("uniqueKeys", key) for key in self.unique_keys))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(field.name for field in self.fields)


def _label(descriptor: Descriptor, key: str) -> Label:
    fr = descriptor.get(key, "")
    return Label(fr, descriptor.get(f"{key}_en", fr))


def _names(value: str | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _missing(values: list[Any]) -> tuple[Missing, ...]:
    return tuple(
        Missing(item["value"], item.get("label")) if isinstance(item, Mapping) else Missing(item, None)
        for item in values
    )


def _categories(descriptor: Descriptor) -> tuple[Category, ...]:
    items = (item if isinstance(item, Mapping) else {"value": item} for item in descriptor.get("categories", ()))
    return tuple(Category(item["value"], _label({"label": str(item["value"]), **item}, "label")) for item in items)


def _field(descriptor: Descriptor, table_missing: list[Any]) -> Field:
    return Field(
        name=descriptor["name"],
        type=descriptor.get("type", "any"),
        format=descriptor.get("format", "default"),
        title=_label(descriptor, "title"),
        description=_label(descriptor, "description"),
        unit=descriptor.get("unit"),
        sensitive=bool(descriptor.get("sensitive")),
        constraints=descriptor.get("constraints", {}),
        categories=_categories(descriptor),
        missing=_missing(descriptor.get("missingValues", table_missing)),
        options=descriptor,
    )


def _foreign_key(descriptor: Descriptor) -> ForeignKey:
    reference = descriptor["reference"]
    return ForeignKey(_names(descriptor["fields"]), reference.get("resource", ""), _names(reference["fields"]))


def _rule(descriptor: Descriptor) -> Rule:
    return Rule(descriptor["name"], descriptor["check"], tuple(descriptor["fields"]), _label(descriptor, "title"))


def contract_from(descriptor: Descriptor, *, kind: str = "feeds") -> Contract:
    """The contract a Table Schema descriptor declares, its ``codes`` resolved.

    Raises ContractBroken where the descriptor has not the shape of one, a key or a rule names a column that is not
    declared, or a code list does not exist.
    """
    check_shape(descriptor)
    descriptor = {**descriptor, "fields": [_with_categories(field) for field in descriptor["fields"]]}
    table_missing = descriptor.get("missingValues", [""])
    contract = Contract(
        name=descriptor.get("name", "table"),
        kind=kind,
        version=descriptor.get("version", "0.0.0"),
        title=_label(descriptor, "title"),
        description=_label(descriptor, "description"),
        fields=tuple(_field(field, table_missing) for field in descriptor["fields"]),
        fields_match=_names(descriptor.get("fieldsMatch", "exact"))[0],
        primary_key=_names(descriptor.get("primaryKey")),
        unique_keys=tuple(_names(key) for key in descriptor.get("uniqueKeys", ())),
        foreign_keys=tuple(_foreign_key(key) for key in descriptor.get("foreignKeys", ())),
        rules=tuple(_rule(rule) for rule in descriptor.get("rules", ())),
        descriptor=descriptor,
        fingerprint=hashlib.sha256(json.dumps(descriptor, sort_keys=True).encode()).hexdigest(),
    )
    _check_names(contract)
    return contract


def _with_categories(field: Descriptor) -> Descriptor:
    if "codes" not in field:
        return field
    return {**field, "categories": code_list(field["codes"])}


def _check_names(contract: Contract) -> None:
    named = [
        *contract.primary_key,
        *(name for key in contract.unique_keys for name in key),
        *(name for key in contract.foreign_keys for name in key.fields),
        *(name for rule in contract.rules for name in rule.fields),
    ]
    if unknown := sorted(set(named) - set(contract.names)):
        raise ContractBroken(
            f"schemas/{contract.kind}/{contract.name}: a key or a rule names unknown columns: {', '.join(unknown)}"
        )


@cache
def code_list(name: str) -> list[dict[str, str]]:
    """The shared code list ``codes/<name>.json``, as Table Schema categories. Raises ContractBroken if absent."""
    path = ROOT / "codes" / f"{name}.json"
    if not path.exists():
        raise ContractBroken(f"schemas/codes/{name}.json: no such code list")
    return list(json.loads(path.read_text(encoding="utf-8")))


@cache
def units() -> dict[str, Label]:
    """Units by code (persons, passages, places… never mixed), with their plural in both languages."""
    table = json.loads((ROOT / "units.json").read_text(encoding="utf-8"))
    return {code: Label(label["fr"], label["en"]) for code, label in table.items()}


def contract_names(kind: str) -> tuple[str, ...]:
    """Names of the contracts of a kind, sorted."""
    return tuple(sorted(path.parent.name for path in (ROOT / kind).glob("*/schema.json")))


def contract_folder(name: str, *, kind: str) -> Path:
    """Folder of a contract: its schema, examples and changelog."""
    return ROOT / kind / name


@cache
def load_contract(name: str, *, kind: str = "feeds") -> Contract:
    """The contract ``schemas/<kind>/<name>``. Raises UsageError if there is none of that name."""
    if name not in contract_names(kind):
        raise UsageError(f"« {name} » n'est pas un contrat connu. Contrats : {', '.join(contract_names(kind))}.")
    return contract_from(json.loads((ROOT / kind / name / "schema.json").read_text(encoding="utf-8")), kind=kind)
