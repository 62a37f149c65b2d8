"""Spellings that could be read in two ways are refused, and what to write instead is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from etl.validate import Violation, check
from schemas.contract import contract_from

MISSING = [
    {"value": "", "label": "non renseigné", "label_en": "not reported"},
    {"value": "ND", "label": "non disponible", "label_en": "not available"},
]
FIELDS: list[dict[str, Any]] = [
    {"name": "lieu", "type": "string", "constraints": {"pattern": "[a-z]+"}},
    {"name": "jour", "type": "date"},
    {"name": "femmes", "type": "integer", "unit": "personnes", "missingValues": MISSING},
    {"name": "heures", "type": "number"},
    {"name": "ouverture", "type": "number", "unit": "heures"},
    {"name": "moment", "type": "time"},
    {"name": "mois", "type": "yearmonth"},
]
CONTRACT = contract_from({"name": "essai", "fields": FIELDS})
NAMES = [field["name"] for field in FIELDS]


def found(folder: Path, delimiter: str, **values: str) -> tuple[Violation, ...]:
    """The errors of a file of one row, of good values but for these."""
    row = {
        "lieu": "x",
        "jour": "2026-09-30",
        "femmes": "1",
        "heures": "2",
        "ouverture": "",
        "moment": "",
        "mois": "",
    } | values
    quoted = delimiter.join(f'"{row[name]}"' for name in NAMES)
    path = folder / "essai.csv"
    path.write_text(f"{delimiter.join(NAMES)}\n{quoted}\n", encoding="utf-8")
    return check(path, CONTRACT, references=folder).errors


@pytest.mark.parametrize("text", ["1.000", "12.500", "-1.000", "999.999", " 1.000 "])
def test_a_point_that_may_group_thousands_is_refused(tmp_path: Path, text: str) -> None:
    (error,) = found(tmp_path, ";", heures=text)
    assert (error.row, error.field, error.type, error.rule, error.value) == (2, "heures", "type-error", "type", text)
    whole, comma = text.strip().replace(".", ""), text.strip().replace(".", ",")
    assert f"milliers ou des décimales : écrivez {whole} ou {comma}" in error.message
    assert "thousands or decimals" in error.text["en"]


@pytest.mark.parametrize("text", ["12.5", "1.00", "0.125", "1.0000", "1000.125", "12,500", "1,000"])
def test_a_point_or_comma_that_can_only_mark_decimals_is_read(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, ";", heures=text) == ()


def test_declared_marks_and_other_separators_leave_no_doubt(tmp_path: Path) -> None:
    assert found(tmp_path, ",", heures="1.000") == ()
    declared = contract_from({"fields": [{"name": "heures", "type": "number", "decimalChar": "."}, {"name": "n"}]})
    (tmp_path / "b.csv").write_text("heures;n\n1.000;1\n", encoding="utf-8")
    assert check(tmp_path / "b.csv", declared, references=tmp_path).valid


def test_in_a_workbook_only_a_text_leaves_a_doubt(tmp_path: Path) -> None:
    book, out = openpyxl.Workbook(), tmp_path / "out.parquet"
    for row in (NAMES, ["x", None, 1, 1.125], ["y", None, 1, 7.5]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path, parquet=out).valid
    assert duckdb.sql(f"SELECT heures FROM '{out}'").fetchall() == [(1.125,), (7.5,)]
    book.active["D3"], book.active["A3"] = "1.000", "1.000"
    book.save(tmp_path / "a.xlsx")
    errors = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).errors
    assert [(error.row, error.field, error.rule) for error in errors] == [(3, "lieu", "pattern"), (3, "heures", "type")]
    assert "écrivez 1000 ou 1,000" in errors[1].message


def test_a_year_of_two_digits_is_no_year(tmp_path: Path) -> None:
    (error,) = found(tmp_path, ";", jour="03/04/25")
    assert (error.field, error.type) == ("jour", "type-error")
    assert "l'année avec quatre chiffres (AAAA-MM-JJ ou JJ/MM/AAAA)" in error.message
    assert "four digits (YYYY-MM-DD or DD/MM/YYYY)" in error.text["en"]
    assert found(tmp_path, ";", jour="03/04/2025") == ()


@pytest.mark.parametrize("text", ["n.d.", "nd", "N/A", "-"])
def test_accepted_ways_of_missing_are_said(tmp_path: Path, text: str) -> None:
    (error,) = found(tmp_path, ",", femmes=text)
    assert "laissez la cellule vide (non renseigné) ou écrivez ND (non disponible)" in error.message
    assert "leave the cell empty (not reported) or write ND (not available)" in error.text["en"]


@pytest.mark.parametrize(
    ("delimiter", "field", "text", "advice"),
    [
        (",", "femmes", "1 234", "supprimez les espaces : écrivez 1234"),
        (",", "femmes", "1\u202f234", "supprimez les espaces : écrivez 1234"),
        (";", "heures", "1 234,5", "supprimez les espaces : écrivez 1234,5"),
        (",", "heures", "7,5", "écrivez 7.5, avec un point"),
        (",", "femmes", "12,0", "écrivez un nombre entier"),
        (",", "femmes", "<40", "corrigez la cellule"),
        (",", "femmes", "30 à 40", "corrigez la cellule"),
        (",", "femmes", "~220", "écrivez 220, sans autre signe"),
        (";", "femmes", "environ 1 220", "écrivez 1220, sans autre signe"),
        (",", "femmes", "18 %", "écrivez un nombre (personnes), pas un pourcentage"),
        (",", "heures", "18 %", "écrivez 18, sans autre signe"),
        (",", "heures", "7,5\u00a0%", "écrivez 7.5, sans autre signe"),
        (";", "heures", "7,5 %", "écrivez 7,5, sans autre signe"),
        (";", "heures", "~1.000", "écrivez 1000 ou 1,000"),
        (",", "ouverture", "10h30", "écrivez 10.5, un nombre d'heures"),
        (";", "ouverture", "7 h 45", "écrivez 7,75, un nombre d'heures"),
        (";", "ouverture", "10:00", "écrivez 10, un nombre d'heures"),
        (",", "ouverture", "10h75", "corrigez la cellule"),
        (",", "heures", "10h30", "corrigez la cellule"),
        (",", "heures", "1 234,5", "supprimez les espaces : écrivez 1234.5"),
    ],
)
def test_what_a_number_was_meant_to_be(tmp_path: Path, delimiter: str, field: str, text: str, advice: str) -> None:
    (error,) = found(tmp_path, delimiter, **{field: text})
    assert advice in error.message


@pytest.mark.parametrize(
    ("delimiter", "field", "text", "remedy"),
    [
        (",", "jour", "30/09/2026", "écrivez 2026-09-30."),
        (",", "jour", "09/30/2026", "écrivez 2026-09-30."),
        (",", "jour", "03/03/2026", "écrivez 2026-03-03."),
        (",", "jour", "03/07/2026", "écrivez 2026-07-03 si le jour est écrit en premier, 2026-03-07 si c'est le mois."),
        (";", "jour", "3.7.2026", "écrivez 2026-07-03."),
        (";", "jour", "09/30/2026", "écrivez 2026-09-30."),
        (",", "jour", "2026/7/3", "écrivez 2026-07-03."),
        (",", "jour", "20260703", "écrivez 2026-07-03."),
        (",", "jour", "2026-07-03 00:00:00", "écrivez 2026-07-03."),
        (",", "jour", "46204", "un tableur numérote ainsi le 2026-07-01 : si c'est le jour voulu, écrivez 2026-07-01."),
        (",", "jour", "2026-07-03 14:00:00", "corrigez la cellule."),
        (",", "jour", "31/02/2026", "corrigez la cellule."),
        (",", "jour", "202611", "corrigez la cellule."),
        (",", "jour", "03/07/0206", "corrigez la cellule."),
        (",", "moment", "14h30", "écrivez 14:30:00."),
        (",", "moment", "9 h 05", "écrivez 09:05:00."),
        (",", "moment", "14:30", "écrivez 14:30:00."),
        (";", "moment", "14 H", "écrivez 14:00:00."),
        (",", "moment", "25h30", "corrigez la cellule."),
        (",", "mois", "7/2026", "écrivez 2026-07."),
        (",", "mois", "2026-07-01", "écrivez 2026-07."),
    ],
)
def test_what_a_moment_was_meant_to_be(tmp_path: Path, delimiter: str, field: str, text: str, remedy: str) -> None:
    (error,) = found(tmp_path, delimiter, **{field: text})
    assert error.message.endswith(f"À faire : {remedy}")


def test_a_moment_is_proposed_in_the_form_that_the_contract_asks_for(tmp_path: Path) -> None:
    contract = contract_from({"fields": [{"name": "jour", "type": "date", "format": "%d.%m.%Y"}]})
    (tmp_path / "a.csv").write_text("jour\n2026-07-03\n", encoding="utf-8")
    (error,) = check(tmp_path / "a.csv", contract, references=tmp_path).errors
    assert error.message.endswith("À faire : écrivez 03.07.2026.")
    assert error.text["en"].endswith("To do: write 03.07.2026.")


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ({}, "corrigez le texte."),
        ({"description": "Code du lieu."}, "écrivez ce que le contrat attend : « Code du lieu »."),
        ({"example": "nord"}, "écrivez ce que le contrat attend : par exemple nord."),
        (
            {"description": "Code du lieu.", "example": "nord"},
            "écrivez ce que le contrat attend : « Code du lieu », par exemple nord.",
        ),
    ],
)
def test_a_form_is_told_in_words_and_never_as_an_expression(tmp_path: Path, words: dict[str, str], remedy: str) -> None:
    lieu = {"name": "lieu", "type": "string", "constraints": {"pattern": "[a-z]+"}, **words}
    (tmp_path / "a.csv").write_text("lieu\nNord 1\n", encoding="utf-8")
    (error,) = check(tmp_path / "a.csv", contract_from({"fields": [lieu]}), references=tmp_path).errors
    assert error.message == (
        f"Ligne 2, colonne « lieu » : « Nord 1 » n'a pas la forme attendue (règle pattern). À faire : {remedy}"
    )
    assert "[a-z]" not in error.text["en"]


def test_values_that_look_the_same_are_told_apart(tmp_path: Path) -> None:
    spelt = ["x ", "x\u00a0", "x\u202f", "x\u200b", "x\t", " x"]
    shown = {text: found(tmp_path, ",", lieu=text)[0].message for text in spelt}
    marks = ["x␣", "x⟨espace insécable⟩", "x⟨espace fine insécable⟩", "x⟨U+200B⟩", "x⟨tabulation⟩", "␣x"]
    assert [f"« {mark} »" in shown[text] for text, mark in zip(spelt, marks, strict=True)] == [True] * len(spelt)
