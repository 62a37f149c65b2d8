"""Shares against the territory that encloses them: who is compared with whom, and what is flagged."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pytest

from publish.benchmarks import benchmarks

PLACE, AROUND = ("arrondissement", "75119"), ("departement", "75")


def share(place: tuple[str, str], value: float | None, *, code: str = "part_a", period: str = "2026-T2", **more: Any):
    """One published share with an interval of five points on each side."""
    return {
        "indicateur": code,
        "territoire_niveau": place[0],
        "territoire_code": place[1],
        "periode": period,
        "granularite": "trimestre",
        "ventilation": "ensemble",
        "valeur": value,
        "borne_basse": None if value is None else value - 5,
        "borne_haute": None if value is None else value + 5,
        "unite": "pourcent",
        "statut": "secret" if value is None else "valeur",
        "provisoire": False,
        "origine": "reel",
    } | more


def compared(*shares: dict[str, Any], told: str = "hausse_defavorable", polarity: str = "baisse_favorable"):
    """The dataset over these shares, all of them with the same trend."""
    rows = pd.DataFrame(shares)
    codes = sorted(set(rows["indicateur"]))
    places = [(*PLACE, *AROUND), (*AROUND, "region", "11")]
    key = ["indicateur", "territoire_niveau", "territoire_code"]
    trends = rows[key].drop_duplicates().assign(ventilation="ensemble", formulation=told)
    with duckdb.connect() as con:
        con.register("publiees", rows)
        con.register("indicateurs", pd.DataFrame({"indicateur": codes, "genre": "part", "polarite": polarity}))
        con.register("territoires", pd.DataFrame(places, columns=["niveau", "code", "parent_niveau", "parent_code"]))
        con.register("tendances", trends)
        return benchmarks(con)


def test_a_share_worse_than_its_benchmark_and_worsening_is_flagged() -> None:
    (row,) = compared(share(PLACE, 90.0), share(AROUND, 70.0)).to_dict("records")
    assert (row["comparaison"], row["signale"], row["reference_code"]) == ("moins_bon", True, "75")
    assert (row["valeur"], row["reference_valeur"]) == (90.0, 70.0)


@pytest.mark.parametrize(
    ("value", "told", "polarity", "comparison"),
    [
        (90.0, "sans_tendance_demontree", "baisse_favorable", "moins_bon"),
        (72.0, "hausse_defavorable", "baisse_favorable", "similaire"),
        (50.0, "hausse_defavorable", "baisse_favorable", "meilleur"),
        (90.0, "hausse_favorable", "hausse_favorable", "meilleur"),
    ],
)
def test_one_of_the_two_is_not_enough(value: float, told: str, polarity: str, comparison: str) -> None:
    (row,) = compared(share(PLACE, value), share(AROUND, 70.0), told=told, polarity=polarity).to_dict("records")
    assert (row["comparaison"], row["signale"]) == (comparison, False)


@pytest.mark.parametrize(
    "shares",
    [
        (share(PLACE, None), share(AROUND, 70.0)),
        (share(PLACE, 90.0), share(AROUND, None)),
        (share(PLACE, 90.0, provisoire=True), share(AROUND, 70.0)),
        (share(PLACE, 90.0), share(("departement", "93"), 70.0)),
        (share(PLACE, 90.0, ventilation="service"), share(AROUND, 70.0)),
    ],
    ids=["secret", "benchmark secret", "provisional", "another territory", "a service"],
)
def test_only_final_published_pairs_are_compared(shares: tuple[dict[str, Any], ...]) -> None:
    assert compared(*shares).empty


def test_an_indicator_without_a_favourable_direction_is_not_compared() -> None:
    assert compared(share(PLACE, 90.0), share(AROUND, 70.0), polarity="aucune").empty


def test_the_last_quarter_of_the_indicator_is_compared_alone() -> None:
    old = [share(place, 40.0, period="2026-T1") for place in (PLACE, AROUND)]
    table = compared(*old, share(PLACE, 90.0), share(AROUND, 70.0))
    assert list(table["periode"]) == ["2026-T2"]


def test_one_simulated_side_makes_the_comparison_simulated() -> None:
    table = compared(share(PLACE, 90.0), share(AROUND, 70.0, origine="simule"))
    assert list(table["origine"]) == ["simule"]
