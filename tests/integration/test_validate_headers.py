"""Headers that are nearly right, or not where they are read: what to mend is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.validate import Report, check
from schemas.contract import contract_from

NAMES = ["service_id", "jour", "capacite"]
ROW = ["x", "2026-09-30", "4"]


def checked(path: Path, text: str, *, match: str = "equal") -> Report:
    path.write_text(text, encoding="utf-8")
    return check(path, contract(match), references=path.parent)


def contract(match: str = "equal") -> Any:
    fields = [{"name": "service_id"}, {"name": "jour", "type": "date"}, {"name": "capacite", "type": "integer"}]
    return contract_from({"name": "essai", "fieldsMatch": match, "fields": fields})


ALIKE = ["SERVICE_ID", "service_id ", "service_id\u00a0", "Service\u202fID", "sérvice-id", "service  id"]


@pytest.mark.parametrize("label", ALIKE)
@pytest.mark.parametrize(("match", "kind"), [("equal", "extra-label"), ("exact", "incorrect-label")])
def test_a_label_close_to_a_name_is_told_once(tmp_path: Path, label: str, match: str, kind: str) -> None:
    (error,) = checked(tmp_path / "a.csv", f"{label},jour,capacite\nx,2026-09-30,4\n", match=match).errors
    assert (error.row, error.type, error.rule, error.value) == (1, kind, "similar-label", label)
    assert "vouliez-vous dire « service_id » ?" in error.message
    assert "did you mean “service_id”?" in error.text["en"]


def test_every_label_close_to_a_name_is_told(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", "Service id,JOUR,Capacité\nx,2026-09-30,4\n")
    assert [error.rule for error in report.errors] == ["similar-label"] * 3
    assert ["Renommez" in error.message for error in report.errors] == [True] * 3


def test_a_name_that_is_there_is_not_suggested_and_the_absent_one_is_asked_for(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", "service_id,jour,JOUR\nx,2026-09-30,4\n")
    assert [(error.type, error.rule) for error in report.errors] == [
        ("extra-label", "header"),
        ("missing-label", "header"),
    ]


RENAMED = ["capacites", "nb_capacite", "Capacité max", "capcite"]


@pytest.mark.parametrize("label", RENAMED)
@pytest.mark.parametrize(("match", "kind"), [("equal", "extra-label"), ("exact", "incorrect-label")])
def test_a_label_that_may_be_a_name_changed_is_told_once(tmp_path: Path, label: str, match: str, kind: str) -> None:
    (error,) = checked(tmp_path / "a.csv", f"service_id,jour,{label}\nx,2026-09-30,4\n", match=match).errors
    assert (error.row, error.type, error.rule, error.value) == (1, kind, "near-label", label)
    assert "et « capacite » manque" in error.message
    assert "peut-être « capacite » renommée : rendez-lui ce nom ; sinon, supprimez-la" in error.message
    assert "perhaps “capacite” under another name" in error.text["en"]


def test_a_name_is_guessed_once_and_surely_before_perhaps(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", "service_id,jour,capacites,CAPACITE,nb_jours\nx,2026-09-30,4,4,4\n")
    assert [(error.value, error.rule) for error in report.errors] == [
        ("capacites", "header"),
        ("CAPACITE", "similar-label"),
        ("nb_jours", "header"),
    ]


def test_a_close_label_does_not_excuse_a_column_where_more_columns_are_allowed(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", "service_id,JOUR,capacite\nx,2026-09-30,4\n", match="subset")
    assert [(error.type, error.field) for error in report.errors] == [("missing-label", "jour")]


@pytest.mark.parametrize("above", ["Relevé du mois\n", "Relevé;;\n;;\n", "Relevé, du mois\n"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_header_on_another_line_is_found(tmp_path: Path, above: str, delimiter: str) -> None:
    body = "".join(delimiter.join(row) + "\n" for row in (NAMES, ROW))
    (error,) = checked(tmp_path / "a.csv", above + body).errors
    assert (error.row, error.type, error.rule) == (1, "unmatched-header", "other-row")
    assert f"mais à la ligne {1 + above.count(chr(10))} " in error.message


def test_a_header_nowhere_is_told_with_where_it_should_be(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", "a;b\n" + "1;2\n" * 30 + ";".join(NAMES) + "\n")
    assert {error.type for error in report.errors} == {"extra-label", "missing-label"}
    assert report.errors[0].rule == "unknown-header"
    assert "première ligne, et dans un classeur sur la première feuille" in report.errors[0].message


def book(path: Path, **sheets: list[list[Any]]) -> Report:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return check(path, contract(), references=path.parent)


@pytest.mark.parametrize("first", [[], [["Comment remplir"]]], ids=["empty", "notice"])
def test_a_header_on_another_sheet_is_found(tmp_path: Path, first: list[list[Any]]) -> None:
    (error,) = book(tmp_path / "a.xlsx", Notice=first, Saisie=[["Relevé"], NAMES, ROW]).errors
    assert (error.type, error.rule, error.value) == ("unmatched-header", "other-sheet", "Saisie")
    assert "feuille « Saisie », ligne 2" in error.message


def test_a_header_below_a_title_is_found_in_a_workbook(tmp_path: Path) -> None:
    (error,) = book(tmp_path / "a.xlsx", Saisie=[["Relevé"], [], NAMES, ROW]).errors
    assert (error.type, error.rule, error.value) == ("unmatched-header", "other-row", "3")


def test_another_sheet_with_rows_of_its_own_is_not_dropped_in_silence(tmp_path: Path) -> None:
    (error,) = book(tmp_path / "a.xlsx", Janvier=[NAMES, ROW], Aide=[["Comment"]], Mars=[["Relevé"], NAMES, ROW]).errors
    assert (error.type, error.rule, error.value) == ("source-error", "two-sheets", "Janvier")
    assert "« Janvier » et « Mars » ont toutes deux ces colonnes et des lignes" in error.message
    assert "réunissez les lignes dans une feuille" in error.message


def test_a_list_of_the_columns_before_the_rows_is_not_a_header(tmp_path: Path) -> None:
    notes = [[NAMES[0], "où"], [NAMES[1], "quand"]]
    (error,) = book(tmp_path / "a.xlsx", Dico=notes, Saisie=[NAMES, ROW]).errors
    assert (error.type, error.rule, error.value) == ("unmatched-header", "other-sheet", "Saisie")


@pytest.mark.parametrize("other", [[], [NAMES], [NAMES, [None, None]], [["Comment remplir"], ROW]])
def test_a_sheet_without_rows_of_the_feed_is_left_alone(tmp_path: Path, other: list[list[Any]]) -> None:
    assert book(tmp_path / "a.xlsx", Saisie=[NAMES, ["x", None, 4]], Autre=other).valid


@pytest.mark.parametrize("note", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_a_note_on_the_separator_is_told_from_a_header(tmp_path: Path, note: str) -> None:
    (error,) = checked(tmp_path / "a.csv", f"{note}\n{';'.join(NAMES)}\n{';'.join(ROW)}\n").errors
    assert (error.row, error.type, error.rule) == (1, "source-error", "sep-line")
    assert "supprimez cette première ligne" in error.message


@pytest.mark.parametrize("number", [1, 50])
@pytest.mark.parametrize(
    ("own", "other", "text"), [(",", ";", "1,5"), (";", ",", '"1,5"'), ("\t", ";", "x"), (";", "|", "x")]
)
def test_rows_of_another_separator_than_the_header_are_told_once(
    tmp_path: Path, own: str, other: str, text: str, number: int
) -> None:
    rows = (other.join([*ROW[:2], text]) + "\n\n") * number
    (error,) = checked(tmp_path / "a.csv", own.join(NAMES) + "\n" + rows).errors
    assert (error.row, error.type, error.rule) == (None, "source-error", "two-separators")
    shown = "⟨tabulation⟩" if own == "\t" else own
    assert error.message == (
        f"Fichier : les noms de colonnes sont séparés par « {shown} », et les lignes qui suivent par « {other} »."
        f" À faire : mettez « {other} » entre les noms de colonnes aussi, ou enregistrez de nouveau le tableau en CSV."
    )


def test_one_row_of_the_separator_of_the_header_leaves_each_cell_told(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", "\n".join([",".join(NAMES), ";".join(ROW), ",".join(ROW)]))
    assert [(error.row, error.type) for error in report.errors] == [(2, "missing-cell")] * 2


@pytest.mark.parametrize(("match", "named"), [("equal", "cellule A1"), ("exact", "colonne « service_id » (A1)")])
def test_a_column_without_a_name_is_told_by_its_letter(tmp_path: Path, match: str, named: str) -> None:
    workbook = openpyxl.Workbook()
    for row in ([None, *NAMES], [None, "x", "hier", "4"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    report = check(tmp_path / "a.xlsx", contract(match), references=tmp_path)
    first, *_, last = report.errors
    assert first.message.startswith(f"Ligne 1, {named} : la colonne n'a pas de nom")
    assert (first.type, first.value) == ("blank-label", "")
    assert last.message.startswith("Ligne 2, colonne « jour » (C2) : ")


def test_a_column_that_is_not_of_the_contract_is_told_by_its_place(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in ([*NAMES, "reste", "jour"], ["x", "2026-09-30", 4, "y", "z"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    told = [
        error.message.split(" : ")[0] for error in check(tmp_path / "a.xlsx", contract(), references=tmp_path).errors
    ]
    assert told == ["Ligne 1, cellule D1", "Ligne 1, colonne « jour » (E1)"]
    report = checked(
        tmp_path / "a.csv", ",".join(["", *NAMES, "", "reste"]) + "\n" + ",".join(["", *ROW, "", ""]) + "\n"
    )
    told = [error.message.split(" (")[0] for error in report.errors]
    assert told == [
        "Ligne 1, colonne n° 1 : la colonne n'a pas de nom",
        "Ligne 1, colonne n° 5 : la colonne n'a pas de nom",
        "Ligne 1, colonne n° 6 : la colonne « reste » n'est pas au contrat",
    ]
    assert "Row 1, column 6: " in report.errors[2].text["en"]
