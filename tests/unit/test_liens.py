"""The chain action → indicator → target → evidence: each link leads somewhere, and no target is left out of it."""

from __future__ import annotations

import csv
from pathlib import Path

from etl.simulate.pilotage import LINKED
from etl.validate import check
from schemas.catalogue import load_catalogue
from schemas.contract import contract_folder, contract_names, load_contract

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
CODES = {indicator.indicateur: indicator for indicator in load_catalogue().indicateurs}


def rows(table: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_and_its_examples_keep_their_contract() -> None:
    contract = load_contract("liens", kind="reference")
    folder = contract_folder("liens", kind="reference")
    for path in (REFERENCE / "liens.csv", folder / "valid.csv"):
        assert check(path, contract, references=REFERENCE).errors == ()
    broken = {error.rule for error in check(folder / "invalid.csv", contract, references=REFERENCE).errors}
    promised = {"primaryKey", "uniqueKeys", "rangs_sans_trou", "required", "pattern", "minimum", "type", "categories"}
    assert promised <= broken


def test_every_axis_leads_to_indicators_and_every_indicator_to_a_feed() -> None:
    links = rows("liens")
    assert {link["axe"] for link in links} == {"axe_1", "axe_2", "axe_3", "axe_4"}
    assert all(CODES[link["indicateur"]].flux in contract_names("feeds") for link in links)


def test_every_target_has_an_indicator_that_an_axis_leads_to() -> None:
    linked = {link["indicateur"] for link in rows("liens")}
    for target in rows("objectifs"):
        assert target["indicateur"] in CODES, target["id"]
        assert target["indicateur"] in linked, target["id"]


def test_a_target_named_by_an_indicator_names_it_back() -> None:
    targets = {target["id"]: target["indicateur"] for target in rows("objectifs")}
    named = {code: indicator.objectif for code, indicator in CODES.items() if indicator.objectif}
    assert len(named) >= 7
    assert all(targets[target] == code for code, target in named.items() if target)


def test_simulated_actions_link_to_indicators_of_their_axis() -> None:
    by_axis = {(link["axe"], link["indicateur"]) for link in rows("liens")}
    for axis, codes in LINKED.items():
        assert all((f"axe_{axis}", code) in by_axis for code in codes.split())
