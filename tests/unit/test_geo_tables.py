"""Territories and populations computed from editions of official codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from geo.packages import Edition, Package
from geo.sources import Codes
from geo.tables import absorptions, commune_populations, department_populations, english, populations, territories
from geo.territories import FRANCE, Key
from schemas.errors import ContractBroken

PACKAGE = Package("npm", "codes", "1", "codes.tgz", "0" * 64, "test")


def commune(code: str, population: int, **more: Any) -> dict[str, Any]:
    return {"code": code, "nom": f"Commune {code}", "departement": code[:2], "population": population, **more}


def edition(year: int, communes: list[dict[str, Any]], **more: Any) -> Codes:
    options: dict[str, Any] = {"late": False, "groupings": (), "created": frozenset(), "absorbed": {}} | more
    departments = sorted({item["departement"] for item in communes})
    return Codes(
        edition=Edition(year, year - 2, PACKAGE, late=options["late"]),
        communes={item["code"]: item for item in communes},
        arrondissements={},
        departements={code: {"nom": f"Département {code}", "region": "11"} for code in departments},
        regions={"11": {"nom": "Île-de-France"}},
        absorbed=options["absorbed"],
        groupings=options["groupings"],
        created=options["created"],
    )


def grouping(population: int, *members: Mapping[str, Any]) -> dict[str, Any]:
    return {"nom": "Agglomération", "populationMunicipale": population, "membres": list(members)}


@pytest.mark.parametrize(
    ("nom", "expected"),
    [
        ("Paris 1er", "Paris 1st arrondissement"),
        ("Paris 2e", "Paris 2nd arrondissement"),
        ("Paris 3e", "Paris 3rd arrondissement"),
        ("Paris 11e", "Paris 11th arrondissement"),
        ("Paris 13e", "Paris 13th arrondissement"),
        ("Paris 18e", "Paris 18th arrondissement"),
        ("Normandie", "Normandy"),
        ("Saint-Denis", "Saint-Denis"),
    ],
)
def test_english_names(nom: str, expected: str) -> None:
    assert english(nom) == expected


def test_a_territory_absent_from_an_edition_ended_on_its_eve_and_a_new_one_begins_on_1_january() -> None:
    before = edition(2024, [commune("93059", 30), commune("93066", 100)])
    after = edition(2025, [commune("93066", 130), commune("93099", 5)])
    found = {place.key: place for place in territories([before, after])}
    assert found[Key("commune", "93059")].date_fin == date(2024, 12, 31)
    assert found[Key("commune", "93059")].date_debut is None
    assert found[Key("commune", "93099")].date_debut == date(2025, 1, 1)
    assert found[Key("commune", "93066")].date_fin is None


def test_communes_outside_the_inner_ring_count_in_sums_but_are_no_territories() -> None:
    codes = edition(2025, [commune("77001", 7), commune("93066", 130)])
    keys = {place.key for place in territories([codes])}
    assert Key("commune", "77001") not in keys
    sums = {row.key: row.population for row in populations([codes])}
    assert (sums[Key("departement", "77")], sums[Key("region", "11")], sums[FRANCE]) == (7, 137, 137)


def test_territories_go_from_france_down_to_communes() -> None:
    places = territories([edition(2025, [commune("93066", 130)])])
    assert [place.niveau for place in places] == ["france", "region", "departement", "commune"]
    assert [place.parent for place in places] == [None, FRANCE, Key("region", "11"), Key("departement", "93")]


def test_absorptions_follow_codes_that_disappeared_since_a_year() -> None:
    editions = [
        edition(2023, [commune("93001", 1), commune("93059", 30), commune("93066", 100)]),
        edition(2024, [commune("93059", 30), commune("93066", 100)]),
        edition(2025, [commune("93066", 130)], absorbed={"93059": "93066", "93001": "93066"}),
    ]
    assert absorptions(editions, since=2024) == {"93059": "93066"}
    assert absorptions(editions, since=2023) == {"93001": "93066", "93059": "93066"}


def test_a_late_edition_takes_the_population_of_a_member_from_its_grouping() -> None:
    member = {"code": "93066", "populationMunicipale": 3426}
    codes = edition(2023, [commune("93066", 2987)], late=True, groupings=(grouping(3426, member),))
    assert commune_populations(codes) == {"93066": 3426}
    assert {row.population for row in populations([codes])} == {3426}


def test_what_a_late_edition_leaves_out_goes_to_the_department_of_the_merged_commune() -> None:
    codes = edition(
        2019,
        [commune("91228", 54_663), commune("77001", 1_000)],
        late=True,
        groupings=(grouping(69_000, {"code": "91228"}, {"code": "77001"}),),
        created=frozenset({"91228"}),
    )
    sums = {row.key: row.population for row in populations([codes])}
    assert (sums[Key("departement", "91")], sums[Key("departement", "77")]) == (68_000, 1_000)


def test_an_edition_that_is_not_late_ignores_groupings() -> None:
    codes = edition(2022, [commune("91228", 10)], groupings=(grouping(99, {"code": "91228"}),))
    assert department_populations(codes, {"91228": 10}) == {"91": 10}


def test_a_remainder_that_could_belong_to_two_departments_is_refused() -> None:
    members = ({"code": "91228"}, {"code": "77001"})
    codes = edition(2019, [commune("91228", 1), commune("77001", 1)], late=True, groupings=(grouping(9, *members),))
    with pytest.raises(ContractBroken, match=r"Agglomération.*77, 91"):
        populations([codes])


def test_mayotte_keeps_the_year_of_its_census_and_france_says_so() -> None:
    mayotte = commune("97608", 256_518) | {"departement": "976"}
    rows = {row.key: row for row in populations([edition(2025, [commune("93066", 1), mayotte])])}
    assert rows[Key("departement", "976")].annee_legale == 2017
    assert rows[Key("departement", "93")].annee_legale == 2023
    assert rows[FRANCE].source.endswith("Mayotte : 2017")
