"""The tables of a release as the API knows them: their contract, read from the release, and how they can be cut."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.api.parameters import CONTROLS, PERIOD, Parameter, Value, column_schema, label
from publish.reader import Release
from schemas.contract import Contract, Field, Label, contract_from

NEVER_CUT_BY = frozenset({"boolean", "number"})
RESERVED = frozenset(control.name for control in CONTROLS)


@dataclass(frozen=True)
class Filter:
    """A parameter that keeps the rows whose ``columns`` are among its values, or begin or end within them."""

    parameter: Parameter
    columns: tuple[str, ...]
    comparison: Literal["parmi", "depuis", "jusqua"] = "parmi"


@dataclass(frozen=True)
class Dataset:
    """One table: its contract, the SQL type of each column in the Parquet file, and its first row for examples."""

    contract: Contract
    types: Mapping[str, str]
    first: Mapping[str, Any]

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
    types = dict(release.rows(f'select column_name, column_type from (describe "{name}")'))
    rows = release.rows(f'select * from "{name}" limit 1')
    return Dataset(contract, types, dict(zip(types, rows[0], strict=True)) if rows else {})


def column_filters(tables: Mapping[str, Dataset], dataset: Dataset) -> tuple[Filter, ...]:
    """How a table can be cut: by each column that identifies something, that is coded, or that is a key somewhere."""
    keys = {name for table in tables.values() for name in table.key}
    columns = (field for field in dataset.contract.fields if _identifies(field, keys, dataset))
    return tuple(_among(dataset, field.name, field.name, field.description) for field in columns)


def _identifies(field: Field, keys: set[str], dataset: Dataset) -> bool:
    foreign = {name for key in dataset.contract.foreign_keys for name in key.fields}
    named = field.name in keys or field.name in foreign or bool(field.categories)
    return named and field.type not in NEVER_CUT_BY and field.name not in RESERVED


def _among(dataset: Dataset, name: str, column: str, text: Label) -> Filter:
    """A parameter that keeps the rows in which a column has one of its values."""
    field = dataset.contract.field(column)
    return Filter(Parameter(name, text, column_schema(field), _example(dataset, field), True), (column,))


def _example(dataset: Dataset, field: Field) -> Value:
    """A value that the first row has, so that the example is answered; of a table without rows, nothing to show."""
    value = dataset.first.get(field.name)
    if value is None or value == "":
        return str(field.categories[0].value) if field.categories else ""
    return value if isinstance(value, int) else str(value)


def observation_filters(dataset: Dataset) -> tuple[Filter, ...]:
    """How observations are asked for, in the words of their readers."""
    levels = "|".join(str(category.value) for category in dataset.contract.field("territoire_niveau").categories)
    place = {"type": "string", "pattern": f"^({levels}):[0-9A-Z]{{2,5}}$"}
    period = {"type": "string", "pattern": PERIOD}
    columns = {name: name for name in ("indicateur", "granularite", "ventilation", "modalite", "statut")}
    plain = {
        name: _among(dataset, name, column, label(f"api.parametre.{name}"))
        for name, column in {**columns, "niveau": "territoire_niveau"}.items()
    }
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


def path_filter(dataset: Dataset, name: str, column: str) -> Filter:
    """A part of the path that a column must be equal to."""
    field = dataset.contract.field(column)
    example = _example(dataset, field)
    return Filter(Parameter(name, field.description, column_schema(field), example, where="path"), (column,))
