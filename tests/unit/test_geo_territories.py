"""The reading side of territories: plain CSV in, keys, neighbours and populations out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geo.territories import (
    FRANCE,
    Key,
    ancestors,
    children,
    index,
    load_neighbours,
    load_populations,
    load_territories,
    population_of,
)
from schemas.errors import ContractBroken, UsageError

HEADER = "niveau,code,nom,nom_en,parent_niveau,parent_code,date_debut,date_fin\n"
PLACES = """france,FR,France,France,,,,
region,11,Île-de-France,Île-de-France,france,FR,,
departement,11,Aude,Aude,region,76,,
departement,93,Seine-Saint-Denis,Seine-Saint-Denis,region,11,,
commune,93059,Pierrefitte-sur-Seine,Pierrefitte-sur-Seine,departement,93,,2024-12-31
arrondissement,75118,Paris 18e,Paris 18th arrondissement,departement,75,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "territoires.csv").write_text(HEADER + PLACES, encoding="utf-8")
    (tmp_path / "adjacences.csv").write_text(
        "niveau,code,voisin_niveau,voisin_code\narrondissement,75119,commune,93055\ncommune,93055,arrondissement,75119\n",
        encoding="utf-8",
    )
    (tmp_path / "population.csv").write_text(
        "niveau,code,annee,annee_legale,population,source\n"
        "commune,93066,2019,2016,111354,INSEE\ncommune,93066,2021,2019,112852,INSEE\n",
        encoding="utf-8",
    )
    return tmp_path


def test_levels_keep_clashing_codes_apart(folder: Path) -> None:
    places = index(load_territories(folder))
    assert places[Key("region", "11")].nom == "Île-de-France"
    assert places[Key("departement", "11")].nom == "Aude"


def test_names_come_in_two_languages(folder: Path) -> None:
    place = index(load_territories(folder))[Key("arrondissement", "75118")]
    assert (place.name("fr"), place.name("en")) == ("Paris 18e", "Paris 18th arrondissement")


def test_ancestors_start_with_the_territory_itself(folder: Path) -> None:
    places = index(load_territories(folder))
    chain = [place.code for place in ancestors(places, Key("commune", "93059"))]
    assert chain == ["93059", "93", "11", "FR"]
    with pytest.raises(KeyError):
        ancestors(places, Key("commune", "93999"))


def test_children_are_right_below(folder: Path) -> None:
    assert [place.code for place in children(load_territories(folder), FRANCE)] == ["11"]


def test_existence_includes_both_ends(folder: Path) -> None:
    place = index(load_territories(folder))[Key("commune", "93059")]
    assert place.existed_on(date(2024, 12, 31))
    assert not place.existed_on(date(2025, 1, 1))


def test_neighbours_cross_levels(folder: Path) -> None:
    neighbours = load_neighbours(folder)
    assert neighbours[Key("arrondissement", "75119")] == (Key("commune", "93055"),)
    assert neighbours[Key("commune", "93055")] == (Key("arrondissement", "75119"),)


@pytest.mark.parametrize(("year", "expected"), [(2018, None), (2019, 111_354), (2020, 111_354), (2030, 112_852)])
def test_population_of_a_year_is_the_nearest_not_after_it(folder: Path, year: int, expected: int | None) -> None:
    found = population_of(load_populations(folder), Key("commune", "93066"), year)
    assert (found.population if found else None) == expected


def test_population_of_an_unknown_territory_is_none(folder: Path) -> None:
    assert population_of(load_populations(folder), Key("commune", "93999"), 2025) is None


def test_an_absent_table_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"territoires\.csv.*geo build"):
        load_territories(tmp_path)


def test_an_unreadable_line_is_named(folder: Path) -> None:
    table = folder / "territoires.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("2024-12-31", "fin 2024"), encoding="utf-8")
    with pytest.raises(ContractBroken, match=r"territoires\.csv, ligne 6.*fin 2024"):
        load_territories(folder)


def test_a_missing_column_is_named(folder: Path) -> None:
    (folder / "population.csv").write_text("niveau,code,annee\ncommune,93066,2019\n", encoding="utf-8")
    with pytest.raises(ContractBroken, match=r"population\.csv, ligne 2.*annee_legale"):
        load_populations(folder)
