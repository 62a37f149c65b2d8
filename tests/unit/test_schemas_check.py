"""What the contracts promise of one another."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.check import contracts, faults
from schemas.contract import Contract, contract_from, load_contract


def changed(feed: str, **properties: Any) -> Contract:
    return contract_from({**load_contract(feed).descriptor, **properties})


def told(contract: Contract) -> list[str]:
    return [fault for fault in faults([contract]) if "no contract uses it" not in fault]


def test_the_contracts_have_no_fault() -> None:
    assert list(faults(contracts())) == []


def test_a_feed_that_counts_people_cannot_be_published_row_by_row() -> None:
    assert told(load_contract("plan_budget")) == []
    assert load_contract("plan_budget").descriptor["published"] == "budget"
    found = told(changed("plan_hebergement", published="hebergement"))
    assert any("published row by row, but entrees is sensitive" in fault for fault in found)


@pytest.mark.parametrize(("expected", "number"), [("editions", 0), ("aucune", 0), ("parfois", 1)])
def test_who_is_expected_is_one_of_three_things(expected: str, number: int) -> None:
    assert len(told(changed("plan_aval", expected=expected))) == number
