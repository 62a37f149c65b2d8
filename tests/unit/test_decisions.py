"""The decisions of the reviews: their contract, and the simulated ones of the demonstration."""

from __future__ import annotations

from datetime import date

from etl.validate import check
from schemas.contract import ROOT, contract_folder, load_contract

REFERENCE = ROOT.parent / "data" / "reference"
CONTRACT = load_contract("decisions", kind="reference")
FOLDER = contract_folder("decisions", kind="reference")
TODAY = date(2026, 11, 22)


def test_the_tables_and_the_example_respect_the_contract() -> None:
    counts = {}
    for path in (REFERENCE / "decisions.csv", REFERENCE / "decisions_demo.csv", FOLDER / "valid.csv"):
        report = check(path, CONTRACT, references=REFERENCE, today=TODAY)
        assert report.valid, report.to_text()
        counts[path.name] = report.rows
    assert counts["decisions.csv"] == 0
    assert counts["decisions_demo.csv"] > 0


def test_the_bad_example_breaks_every_rule() -> None:
    report = check(FOLDER / "invalid.csv", CONTRACT, references=REFERENCE, today=TODAY)
    broken = {error.rule for error in report.errors}
    assert {rule.name for rule in CONTRACT.rules} <= broken
    assert {"primary-key", "type-error", "constraint-error"} <= {error.type for error in report.errors}


def test_a_decision_names_an_institution_of_the_list() -> None:
    field = next(field for field in CONTRACT.fields if field.name == "responsable")
    assert field.options["codes"] == "partenaire"
