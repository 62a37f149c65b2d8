"""The examples of every contract: the valid one passes, the invalid one breaks every rule at least once."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.validate import check
from schemas.contract import Contract, contract_folder, contract_names, load_contract

REFERENCES = Path(__file__).resolve().parents[2] / "data" / "reference"
CONTRACTS = [(kind, name) for kind in ("feeds", "reference") for name in contract_names(kind)]


def demands(contract: Contract) -> set[tuple[str, str]]:
    """(field, rule) of everything a contract declares; keys and rules of the whole row have no field."""
    cells = {(field.name, name) for field in contract.fields for name, bound in field.constraints.items() if bound}
    lists = {(field.name, "categories") for field in contract.fields if field.categories}
    keys = {("", "primaryKey")} if contract.primary_key else set()
    keys |= {("", "uniqueKeys")} if contract.unique_keys else set()
    keys |= {("", "foreignKeys")} if contract.foreign_keys else set()
    return cells | lists | keys | {(rule.fields[0], rule.name) for rule in contract.rules}


@pytest.mark.parametrize(("kind", "name"), CONTRACTS)
def test_the_valid_example_is_valid(kind: str, name: str) -> None:
    report = check(
        contract_folder(name, kind=kind) / "valid.csv", load_contract(name, kind=kind), references=REFERENCES
    )
    assert report.valid, report.to_text()
    assert report.rows > 0


@pytest.mark.parametrize(("kind", "name"), CONTRACTS)
def test_the_invalid_example_breaks_everything_the_contract_demands(kind: str, name: str) -> None:
    contract = load_contract(name, kind=kind)
    report = check(contract_folder(name, kind=kind) / "invalid.csv", contract, references=REFERENCES)
    broken = {(error.field, error.rule) for error in report.errors}
    assert not report.valid
    missing = demands(contract) - broken
    if (
        kind == "reference"
    ):  # what we transcribe ourselves: every key and named rule, not each constraint on each column
        asked = {rule.name for rule in contract.rules} | {"primaryKey", "uniqueKeys", "foreignKeys"}
        missing = {(field, rule) for field, rule in missing if rule in asked}
    assert missing == set()
    foreign = {error.message for error in report.errors if error.type == "foreign-key"}
    for key in contract.foreign_keys if kind == "feeds" else ():
        assert any(all(f"« {name} »" in message for name in key.fields) for message in foreign), key


@pytest.mark.parametrize("path", sorted(REFERENCES.glob("*.csv")), ids=lambda path: path.name)
def test_committed_reference_tables_follow_their_contracts(path: Path) -> None:
    name = path.stem.removesuffix("_demo")
    report = check(path, load_contract(name, kind="reference"), references=REFERENCES)
    assert report.valid, report.to_text()
