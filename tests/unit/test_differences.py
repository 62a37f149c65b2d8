"""What changed between two releases, and why: each cause has its rule, and no secret is told again."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fixtures_versions import AFTER, BEFORE, error, indicator, observation, write

from publish.differences.diff import diff
from schemas.contract import load_contract

Row = dict[str, Any]


def compared(root: Path, old: dict[str, Any], new: dict[str, Any], after: str = AFTER) -> list[Row]:
    """The differences between two releases made of these tables."""
    with duckdb.connect(":memory:") as con:
        diff(con, write(root, BEFORE, **old), write(root, after, **new))
        rows = con.execute("select * from differences order by jeu, cle, champ").df()
    return [{key: None if value != value else value for key, value in row.items()} for row in rows.to_dict("records")]


def causes(rows: list[Row], jeu: str = "observations") -> set[str]:
    return {row["cause"] for row in rows if row["jeu"] == jeu}


def test_the_same_rows_make_no_difference(tmp_path: Path) -> None:
    rows = [observation(), observation("2026-T2", None)]
    assert compared(tmp_path, {"observations": rows}, {"observations": rows[::-1]}) == []


def test_a_revised_cell_keeps_its_old_and_new_value(tmp_path: Path) -> None:
    old, new = [observation(recues=1)], [observation(value=112.0, recues=2)]
    found = {row["champ"]: row for row in compared(tmp_path, {"observations": old}, {"observations": new})}
    assert set(found) == {"valeur", "numerateur", "recues"}
    assert (found["valeur"]["avant"], found["valeur"]["apres"]) == ("100.0", "112.0")
    assert found["valeur"]["nature"] == "modification"
    assert json.loads(found["valeur"]["cle"]) == {
        "indicateur": "lits_demandes",
        "territoire_niveau": "departement",
        "territoire_code": "75",
        "granularite": "trimestre",
        "periode": "2026-T3",
        "ventilation": "ensemble",
        "modalite": "tous",
    }
    assert found["valeur"]["version_avant"] == BEFORE


def test_rows_are_added_and_removed_as_a_whole(tmp_path: Path) -> None:
    old, new = [observation("2026-T1"), observation("2026-T2")], [observation("2026-T2"), observation("2026-T3")]
    rows = compared(tmp_path, {"observations": old}, {"observations": new})
    told = {(json.loads(row["cle"])["periode"], row["nature"], row["champ"], row["cause"]) for row in rows}
    assert told == {("2026-T1", "retrait", "*", "non_declaree"), ("2026-T3", "ajout", "*", "nouvelle_donnee")}


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ({"recues": 1}, {"recues": 2}, "revision"),
        ({"attendues": 2}, {"attendues": 3}, "revision"),
        ({"provisoire": True}, {"provisoire": False}, "revision"),
        ({"provisoire": True}, {"provisoire": True}, "revision"),
        ({"provisoire": False}, {"provisoire": True}, "non_declaree"),
        ({}, {}, "non_declaree"),
    ],
)
def test_a_revision_is_told_by_returns_or_by_the_provisional_mark(
    tmp_path: Path, before: Row, after: Row, cause: str
) -> None:
    old, new = [observation(**before)], [observation(value=101.0, **after)]
    assert causes(compared(tmp_path, {"observations": old}, {"observations": new})) == {cause}


def test_a_change_of_definition_is_no_revision(tmp_path: Path) -> None:
    old = {"observations": [observation(provisoire=True)], "indicateurs": [indicator()]}
    new = {"observations": [observation(value=120.0)], "indicateurs": [indicator(definition="Autre chose.")]}
    rows = compared(tmp_path, old, new)
    assert causes(rows) == causes(rows, "indicateurs") == {"definition"}


def test_a_better_name_redefines_nothing(tmp_path: Path) -> None:
    old = {"observations": [observation(recues=1)], "indicateurs": [indicator()]}
    new = {"observations": [observation(value=120.0)], "indicateurs": [indicator(nom="Un meilleur nom")]}
    rows = compared(tmp_path, old, new)
    assert causes(rows) == {"revision"}
    assert causes(rows, "indicateurs") == {"definition"}


def test_the_rows_of_a_new_indicator_come_with_its_definition(tmp_path: Path) -> None:
    new = {
        "observations": [observation(), observation(indicateur="lits_ouverts")],
        "indicateurs": [indicator(), indicator("lits_ouverts")],
    }
    assert causes(compared(tmp_path, {"observations": [observation()]}, new)) == {"definition"}


def test_a_column_whose_contract_changed_is_redefined_and_its_title_is_not(tmp_path: Path) -> None:
    contract = load_contract("observations", kind="datasets").descriptor
    for position, (key, cause) in enumerate((("unit", "definition"), ("title", "revision"))):
        changed = copy.deepcopy(dict(contract))
        next(field for field in changed["fields"] if field["name"] == "valeur")[key] = "autre"
        root = tmp_path / str(position)
        old = {"observations": [observation(recues=1)]}
        new = {"observations": [observation(value=5.0, numerateur=100.0)], "schemas": {"observations": changed}}
        rows = compared(root, old, new)
        assert {row["cause"] for row in rows if row["champ"] == "valeur"} == {cause}
        told = [row for row in rows if row["jeu"] == "schemas"]
        assert [(json.loads(row["cle"]), row["champ"]) for row in told] == [
            ({"jeu": "observations", "champ": "valeur"}, key)
        ]
        assert told[0]["apres"] == '"autre"'


def test_a_declared_error_is_a_correction_even_of_a_provisional_value(tmp_path: Path) -> None:
    old = {"observations": [observation(provisoire=True)]}
    new = {"observations": [observation(value=90.0)], "corrections": [error()]}
    rows = [row for row in compared(tmp_path, old, new) if row["jeu"] == "observations"]
    assert {(row["cause"], row["correction"]) for row in rows} == {("correction", "sim-CO001")}


@pytest.mark.parametrize(
    ("scope", "touched"),
    [
        ({"territoire_niveau": "departement", "territoire_code": "75"}, True),
        ({"territoire_niveau": "departement", "territoire_code": "93"}, False),
        ({"flux": "plan_lits"}, True),
        ({"flux": "plan_aval"}, False),
        ({"indicateur": "lits_demandes"}, True),
        ({"indicateur": "lits_ouverts"}, False),
        ({"date_debut": date(2026, 9, 30), "date_fin": date(2026, 9, 30)}, True),
        ({"date_debut": date(2026, 10, 1)}, False),
        ({"date_fin": date(2026, 6, 30)}, False),
        ({"jeu": "services"}, False),
        ({"version_corrigee": "2026.4.0+demo"}, False),
        ({"version_corrigee": BEFORE}, False),
        ({"version_corrigee": "2026.3.1"}, False),
        ({"version_corrigee": None}, False),
    ],
)
def test_an_error_corrects_what_it_says_and_no_more(tmp_path: Path, scope: Row, touched: bool) -> None:
    old = {"observations": [observation(recues=1)]}
    new = {"observations": [observation(value=90.0)], "corrections": [error(**scope)]}
    assert causes(compared(tmp_path, old, new)) == {"correction" if touched else "revision"}


def test_an_error_of_a_department_corrects_its_region_too(tmp_path: Path) -> None:
    region = {"territoire_niveau": "region", "territoire_code": "11"}
    old = {"observations": [observation(**region)]}
    new = {
        "observations": [observation(value=90.0, **region)],
        "corrections": [error(territoire_niveau="departement", territoire_code="75")],
    }
    assert causes(compared(tmp_path, old, new)) == {"correction"}


def test_every_version_between_two_is_looked_at_for_errors(tmp_path: Path) -> None:
    new = {"observations": [observation(value=90.0)], "corrections": [error()]}
    rows = compared(tmp_path, {"observations": [observation()]}, new, after="2026.4.0+demo")
    assert causes(rows) == {"correction"}


@pytest.mark.parametrize(("old", "new"), [(37.0, None), (None, 37.0)])
@pytest.mark.parametrize("register", [[], [error()]])
def test_a_value_that_is_or_was_secret_is_never_told_again(
    tmp_path: Path, old: float | None, new: float | None, register: list[Row]
) -> None:
    rows = compared(
        tmp_path,
        {"observations": [observation(value=old)]},
        {"observations": [observation(value=new, recues=1)], "corrections": register},
    )
    mine = [row for row in rows if row["jeu"] == "observations"]
    assert "37" not in json.dumps([(row["avant"], row["apres"]) for row in mine])
    assert {(row["avant"], row["apres"]) for row in mine if row["champ"] == "valeur"} == {(None, None)}
    assert "statut" in {row["champ"] for row in mine}
    assert causes(rows) == {"correction" if register else "protection"}


def test_a_cell_that_stays_secret_may_tell_of_its_returns(tmp_path: Path) -> None:
    old, new = [observation(value=None, recues=1)], [observation(value=None, recues=2)]
    (row,) = compared(tmp_path, {"observations": old}, {"observations": new})
    assert (row["champ"], row["avant"], row["apres"], row["cause"]) == ("recues", "1", "2", "revision")


def test_a_computed_table_follows_and_a_register_is_kept_up_to_date(tmp_path: Path) -> None:
    names = load_contract("tendances", kind="datasets").names
    trend = {**dict.fromkeys(names), "indicateur": "lits_demandes", "territoire_niveau": "region"}
    trend |= {"territoire_code": "11", "ventilation": "ensemble", "modalite": "tous"}
    old = {"observations": [observation()], "tendances": [{**trend, "p": 0.5}], "corrections": []}
    new = {"observations": [observation()], "tendances": [{**trend, "p": 0.6}], "corrections": [error()]}
    rows = compared(tmp_path, old, new)
    assert causes(rows, "tendances") == {"recalcul"}
    assert causes(rows, "corrections") == {"registre"}


def test_a_transcribed_row_changes_without_cause_unless_the_register_names_it(tmp_path: Path) -> None:
    names = load_contract("services", kind="reference").names
    service = {**dict.fromkeys(names), "service_id": "a", "nom": "Avant"}
    for position, register in enumerate(([], [error(jeu="services", ligne="a")], [error(jeu="services", ligne="b")])):
        old = {"observations": [observation()], "services": [service]}
        new = {"observations": [observation()], "services": [{**service, "nom": "Après"}], "corrections": register}
        expected = "correction" if position == 1 else "non_declaree"
        assert causes(compared(tmp_path / str(position), old, new), "services") == {expected}


def test_a_table_that_comes_or_goes_is_told_once(tmp_path: Path) -> None:
    names = load_contract("services", kind="reference").names
    services = [{**dict.fromkeys(names), "service_id": code} for code in "abc"]
    old, new = {"observations": [observation()], "services": services}, {"observations": [observation()]}
    rows = [row for row in compared(tmp_path, old, new) if row["jeu"] == "services"]
    assert [(row["cle"], row["champ"], row["nature"], row["cause"]) for row in rows] == [
        ("{}", "*", "retrait", "definition")
    ]


def test_rows_known_by_another_key_are_not_compared(tmp_path: Path) -> None:
    contract = dict(load_contract("observations", kind="datasets").descriptor)
    changed = {**contract, "primaryKey": ["indicateur", "periode"]}
    old = {"observations": [observation()]}
    new = {"observations": [observation(value=7.0)], "schemas": {"observations": changed}}
    assert [(row["jeu"], row["champ"]) for row in compared(tmp_path, old, new)] == [("schemas", "primaryKey")]


def test_a_column_of_another_type_is_compared_as_it_is_written(tmp_path: Path) -> None:
    old = [observation(modalite="1")]
    before, after = write(tmp_path, BEFORE, observations=old), write(tmp_path, AFTER, observations=old)
    file = after.table("observations")
    with duckdb.connect(":memory:") as con:
        con.execute(
            f"copy (select * replace (recues::varchar as recues) from read_parquet('{file}')) to '{file}.new' "
            "(format parquet)"
        )
        Path(f"{file}.new").replace(file)
        diff(con, before, after)
        assert con.execute("select count(*) from differences").fetchall() == [(0,)]
