"""The tables of a release as the API knows them: their contract, read from the release, and how they can be cut."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboard.api.parameters import CONTROLS, PERIOD, Parameter, Value, column_schema, label
from publish.reader import Release
from schemas.contract import Contract, Field, contract_from

NEVER_CUT_BY = frozenset({"boolean", "number"})
EXAMPLES: Mapping[str, Value] = {"year": 2025, "integer": 1, "date": "2026-09-30"}
RESERVED = frozenset(control.name for control in CONTROLS)


@dataclass(frozen=True)
class Filter:
    """A parameter that keeps the rows whose ``columns`` are among its values, or begin or end within them."""

    parameter: Parameter
    columns: tuple[str, ...]
    comparison: Literal["parmi", "depuis", "jusqua"] = "parmi"


@dataclass(frozen=True)
class Dataset:
    """One table: its contract, and the SQL type of each column in the Parquet file."""

    contract: Contract
    types: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name of the table and of its files."""
        return self.contract.name

    @property
    def key(self) -> tuple[str, ...]:
        """Columns of its primary key, by which its rows are sorted."""
        return self.contract.primary_key


def datasets(release: Release) -> dict[str, Dataset]:
    """Every table of a release that has its Table Schema, by name."""
    described = (name for name in release.tables if f"schemas/{name}.json" in release.checksums)
    return {name: _dataset(release, name) for name in described}


def _dataset(release: Release, name: str) -> Dataset:
    descriptor = json.loads(release.path(f"schemas/{name}.json").read_text(encoding="utf-8"))
    # A release holds the code lists it was made with: those of today are not looked up.
    fields = [{key: value for key, value in field.items() if key != "codes"} for field in descriptor["fields"]]
    contract = contract_from({**descriptor, "name": name, "fields": fields}, kind="datasets")
    described = release.rows(f'select column_name, column_type from (describe "{name}")')
    return Dataset(contract, dict(described))


def column_filters(tables: Mapping[str, Dataset], dataset: Dataset) -> tuple[Filter, ...]:
    """How a table can be cut: by each column that identifies something, that is coded, or that is a key somewhere."""
    keys = {name for table in tables.values() for name in table.key}
    return tuple(_column(field) for field in dataset.contract.fields if _identifies(field, keys, dataset))


def _identifies(field: Field, keys: set[str], dataset: Dataset) -> bool:
    foreign = {name for key in dataset.contract.foreign_keys for name in key.fields}
    named = field.name in keys or field.name in foreign or bool(field.categories)
    return named and field.type not in NEVER_CUT_BY and field.name not in RESERVED


def _column(field: Field) -> Filter:
    return Filter(Parameter(field.name, field.description, column_schema(field), _example(field), True), (field.name,))


def _example(field: Field) -> Value:
    if field.categories:
        return str(field.categories[0].value)
    return EXAMPLES.get(field.type, field.name)


def observation_filters(dataset: Dataset) -> tuple[Filter, ...]:
    """How observations are asked for, in the words of their readers."""
    levels = "|".join(str(category.value) for category in dataset.contract.field("territoire_niveau").categories)
    place = {"type": "string", "pattern": f"^({levels}):[0-9A-Z]{{2,5}}$"}
    period = {"type": "string", "pattern": PERIOD}
    words = {"indicateur": "indicateur", "niveau": "territoire_niveau"} | {
        name: name for name in ("granularite", "ventilation", "modalite", "statut")
    }
    plain = {name: _renamed(dataset, name, column) for name, column in words.items()}
    return (
        plain["indicateur"],
        Filter(_said("territoire", place, "arrondissement:75119"), ("territoire_niveau", "territoire_code")),
        plain["niveau"],
        plain["granularite"],
        Filter(_said("periode_min", period, "2025-T1", once=True), ("periode_debut",), "depuis"),
        Filter(_said("periode_max", period, "2026-T3", once=True), ("periode_fin",), "jusqua"),
        *(plain[name] for name in ("ventilation", "modalite", "statut")),
    )


def _said(name: str, schema: Mapping[str, str], example: str, *, once: bool = False) -> Parameter:
    return Parameter(name, label(f"api.parametre.{name}"), schema, example, not once)


def _renamed(dataset: Dataset, name: str, column: str) -> Filter:
    field = dataset.contract.field(column)
    return Filter(
        Parameter(name, label(f"api.parametre.{name}"), column_schema(field), _example(field), True), (column,)
    )


def path_filter(dataset: Dataset, name: str, column: str) -> Filter:
    """A part of the path that a column must be equal to."""
    field = dataset.contract.field(column)
    return Filter(Parameter(name, field.description, column_schema(field), _example(field), where="path"), (column,))
