"""Reference tables, typed under their own names for foreign keys and rules: X.csv and, where it is, X_demo.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from etl.validation.dialect import Dialect
from etl.validation.header import match
from etl.validation.scan import Plan
from etl.validation.sql import literal, quote
from schemas.contract import Contract, contract_from, contract_names, load_contract
from schemas.errors import ContractBroken


def needed(contract: Contract, folder: Path) -> dict[str, list[Path]]:
    """Files of each reference table that a contract's keys and rules speak of; the table itself is not one.

    Raises ContractBroken where a foreign key refers to a table that is not in the folder.
    """
    words = {word for rule in contract.rules for word in re.findall(r"\w+", rule.check)}
    keys = {key.resource for key in contract.foreign_keys if key.resource}
    found = {name: files for name in sorted((words | keys) - {contract.name}) if (files := _files(folder, name))}
    if absent := sorted(keys - {contract.name} - set(found)):
        raise ContractBroken(f"{contract.name} : tables de référence absentes de {folder} : {', '.join(absent)}.")
    return found


def _files(folder: Path, name: str) -> list[Path]:
    return [path for path in (folder / f"{name}.csv", folder / f"{name}_demo.csv") if path.is_file()]


def load(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
    """Create the table ``name`` from its files, typed by its contract (without one: texts, and ``date_…`` dates)."""
    selects = [_select(name, path) for path in files]
    connection.execute(f"CREATE TABLE {quote(name)} AS {' UNION ALL BY NAME '.join(selects)}")


def _select(name: str, path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        labels = next(csv.reader(file), [])
    plan = Plan(_contract(name, labels), match(labels, _contract(name, labels)), Dialect())
    columns = ", ".join(f"{column} AS {quote(alias)}" for alias, column in plan.output.items())
    source = _texts(path, width=len(labels))
    return f"(SELECT {columns} FROM ({plan.typed(source)}))"


def _contract(name: str, labels: Sequence[str]) -> Contract:
    if name in contract_names("reference"):
        return load_contract(name, kind="reference")
    fields = [{"name": label, "type": "date" if label.startswith("date_") else "string"} for label in labels]
    return contract_from({"name": name, "fields": fields})


def _texts(path: Path, *, width: int) -> str:
    """SQL that reads a CSV as texts ``c0`` … ``c<width - 1>``, empty ones as NULL, refusing any other width."""
    columns = ", ".join(f"{literal(f'c{position}')}: 'VARCHAR'" for position in range(width))
    return (
        f"SELECT * FROM read_csv({literal(str(path))}, auto_detect = false, header = false, skip = 1, delim = ',',"
        f" quote = '\"', escape = '\"', columns = {{{columns}}}, strict_mode = true)"
    )
