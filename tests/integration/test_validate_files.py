"""Files as they come: French spreadsheets, odd encodings, irregular records, and what is no table at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from odf import opendocument, table, text

from etl.validate import Report, check
from etl.validation import workbook
from schemas.contract import contract_from
from schemas.errors import UsageError

SCHEMA: dict[str, Any] = {
    "name": "essai",
    "fields": [
        {"name": "lieu", "type": "string", "constraints": {"required": True, "maxLength": 20}},
        {"name": "jour", "type": "date"},
        {"name": "mois", "type": "yearmonth"},
        {"name": "femmes", "type": "integer", "missingValues": ["", {"value": "ND", "label": "non disponible"}]},
        {"name": "heures", "type": "number", "constraints": {"maximum": 24}},
    ],
    "primaryKey": ["lieu", "jour"],
}
CONTRACT = contract_from(SCHEMA)
HEADER = "lieu,jour,mois,femmes,heures\n"
FRENCH = "lieu;jour;mois;femmes;heures\r\nPorte d'été;30/09/2026;2026-09;1\u00a0200;7,5\r\n"
ROW = [("Porte d'été", date(2026, 9, 30), "2026-09", 1200, 7.5)]


@pytest.fixture(autouse=True)
def leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every check of this module, however it ends, leaves its temporary folder empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def checked(path: Path, content: str | bytes, **options: Any) -> Report:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check(path, CONTRACT, references=path.parent, **options)


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT lieu, jour, mois, femmes, heures FROM '{path}'").fetchall()


ENCODINGS = [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")]


@pytest.mark.parametrize(("written", "said"), ENCODINGS)
def test_french_csv_is_read_and_said(tmp_path: Path, written: str, said: str) -> None:
    out = tmp_path / "out.parquet"
    report = checked(tmp_path / "essai.csv", FRENCH.encode(written), parquet=out)
    assert report.valid, report.to_text()
    assert rows_of(out) == ROW
    assert (report.encoding, report.dialect.delimiter, report.dialect.decimal) == (said, ";", ",")
    assert said in report.to_text("fr")
    assert "virgule décimale" in report.to_text("fr")
    assert "decimal comma" in report.to_text("en")


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp437"])
def test_an_old_encoding_is_not_read_as_another(tmp_path: Path, encoding: str) -> None:
    content = f"{HEADER}salle,,,,\nhalte fermée l'été,,,,\n".encode(encoding)
    (error,) = checked(tmp_path / "essai.csv", content).errors
    assert (error.type, error.rule, error.row) == ("encoding-error", "old", 3)
    assert "CSV UTF-8" in error.message


@pytest.mark.parametrize(("encoding", "word"), [("cp850", "Hôpital"), ("mac_roman", "maître"), ("cp850", "maître")])
def test_one_letter_of_an_old_encoding_suffices(tmp_path: Path, encoding: str, word: str) -> None:
    (error,) = checked(tmp_path / "essai.csv", f"{HEADER}{word},,,,\n".encode(encoding)).errors
    assert (error.type, error.rule, error.row) == ("encoding-error", "old", 2)


@pytest.mark.parametrize(
    ("text", "lost"), [("HÃ´pital", "Ã´"), ("lâ€™accueil", "â€"), ("Ã‰tÃ©", "Ã‰"), ("H\ufffdpital", "\ufffd")]
)
def test_letters_lost_on_the_way_are_not_accepted(tmp_path: Path, text: str, lost: str) -> None:
    (error,) = checked(tmp_path / "essai.csv", f"{HEADER}{text},2026-09-30,,,\n".encode()).errors
    assert (error.field, error.rule, error.row) == ("lieu", "abime", 2)
    assert f"« {lost} » en tient lieu" in error.message


@pytest.mark.parametrize("text", ["SÃO PAULO", "Âge", "PÂTE", "château", "10 € â"])
def test_rare_letters_are_letters(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path / "essai.csv", f"{HEADER}{text},2026-09-30,,,\n".encode()).valid


@pytest.mark.parametrize(
    "text", ["Un “usage” “dur”", "Cœur – 3 € l’unité…", "Suboxone™", "Škoda", "ŒUVRE, été, naïf, Ÿ", "DušAN"]
)
def test_signs_of_windows_are_not_taken_for_an_old_encoding(tmp_path: Path, text: str) -> None:
    report = checked(tmp_path / "essai.csv", f'{HEADER}"{text}",2026-09-30,,,\n'.encode("cp1252"))
    assert report.valid, report.to_text()
    assert report.encoding == "windows-1252"


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_decimal_comma_belongs_to_the_french_dialect_only(tmp_path: Path, delimiter: str) -> None:
    content = delimiter.join(["lieu", "jour", "mois", "femmes", "heures"]) + "\n"
    good = checked(tmp_path / "a.csv", content + delimiter.join(["x", "2026-09-30", "2026-09", "1", "7.5"]))
    bad = checked(tmp_path / "b.txt", content + delimiter.join(["x", "30/09/2026", "2026-09", "1", '"7,5"']))
    assert good.valid
    assert good.dialect.delimiter == delimiter
    assert [(error.row, error.field) for error in bad.errors] == [(2, "jour"), (2, "heures")]


def xlsx(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.title = "Saisie"
    book.save(path)


def ods(path: Path, rows: list[list[Any]]) -> None:
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Saisie")
    for row in rows:
        line = table.TableRow()
        for value in row:
            line.addElement(ods_cell(value))
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


def ods_cell(value: Any) -> table.TableCell:
    if isinstance(value, date):
        return table.TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, int | float):
        return table.TableCell(valuetype="float", value=value)
    cell = table.TableCell(valuetype="string")
    cell.addElement(text.P(text=value))
    return cell


LABELS = ["lieu", "jour", "mois", "femmes", "heures"]


@pytest.mark.parametrize(("write", "kind"), [(xlsx, "xlsx"), (ods, "ods")])
def test_workbooks_are_read_and_their_cells_named(tmp_path: Path, write: Any, kind: str) -> None:
    path, out = tmp_path / f"essai.{kind}", tmp_path / "out.parquet"
    write(path, [LABELS, ["Porte d'été", date(2026, 9, 30), date(2026, 9, 1), 1200, 7.5]])
    report = check(path, CONTRACT, references=tmp_path, parquet=out)
    assert report.valid, report.to_text()
    assert rows_of(out) == ROW
    assert (report.dialect.format, report.dialect.sheet) == (kind, "Saisie")
    write(path, [LABELS, ["x", date(2026, 9, 30), "2026-09", "ND", "7,5"], ["y", "hier", "2026-09", 2.5, 25]])
    report = check(path, CONTRACT, references=tmp_path)
    assert [(error.row, error.field) for error in report.errors] == [(3, "jour"), (3, "femmes"), (3, "heures")]
    assert [f"({letter}3)" in error.message for letter, error in zip("BDE", report.errors, strict=True)] == [True] * 3


def test_a_workbook_under_the_name_of_a_csv_is_read(tmp_path: Path) -> None:
    xlsx(tmp_path / "x.xlsx", [LABELS, ["x", date(2026, 9, 30), "2026-09", 1, 2]])
    assert checked(tmp_path / "essai.csv", (tmp_path / "x.xlsx").read_bytes()).valid


def test_zip_bombs_are_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNFOLDED", 1 << 20)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(4 << 20))
    (error,) = checked(tmp_path / "bombe.xlsx", content.getvalue()).errors
    assert (error.type, error.rule) == ("source-error", "workbook-too-big")


def test_a_cell_at_the_end_of_the_grid_does_not_fill_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "lieu"
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "loin.xlsx")
    report = check(tmp_path / "loin.xlsx", CONTRACT, references=tmp_path)
    assert not report.valid
    assert report.errors[0].type == "source-error"


NOT_TABLES = {
    "empty": (b"", "source-error"),
    "spaces": (b" \n \n", "source-error"),
    "random": (bytes(range(256)) * 40, "encoding-error"),
    "nul": (HEADER.encode() + b"a\0b,,,,\n", "encoding-error"),
    "undefined in windows-1252": (HEADER.encode() + b"\x81\x8d,,,,\n", "encoding-error"),
    "control characters": (HEADER.encode() + b"\xe9\x01,,,,\n", "encoding-error"),
    "truncated utf-16": (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"a", "encoding-error"),
    "no header": (b"\nx,,,,\n", "blank-header"),
    "open quote": (HEADER.encode() + b'x,,,,\n"y,,,,\nz,,,,\n', "source-error"),
    "open quote at the very end": (HEADER.encode() + b'"', "source-error"),
    "quotes of the text not doubled": (HEADER.encode() + b'"a "b" c",,,,\n', "source-error"),
    "text after a closing quote": (HEADER.encode() + b'"a" ,,,,\n', "source-error"),
    "torn workbook": (b"PK\x03\x04" + bytes(100), "source-error"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + bytes(100), "source-error"),
    "too many columns": (b",".join([b"a"] * 3000) + b"\n", "source-error"),
}


def test_a_workbook_with_a_password_is_not_said_to_be_of_a_format_that_is_read(tmp_path: Path) -> None:
    (error,) = checked(tmp_path / "essai.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)).errors
    assert error.rule == "workbook"
    assert "sans mot de passe" in error.message


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="n'est pas écrit en UTF-8"):
        checked(tmp_path / os.fsdecode(b"l\xe9gende.csv"), HEADER.encode())


def test_a_quote_out_of_place_is_told_where_its_cell_begins(tmp_path: Path) -> None:
    for cell, rule in (('"a "b" c"', "stray-quote"), ('"a', "open-quote")):
        (error,) = checked(tmp_path / "essai.csv", f"{HEADER}x,,,,\n{cell},,,,\ny,,,,\n".encode()).errors
        assert (error.rule, error.row) == (rule, 3)
    kept = tmp_path / "out.parquet"
    assert checked(tmp_path / "essai.csv", f'{HEADER}a "b" c,2026-09-30,,,\n', parquet=kept).valid
    assert rows_of(kept)[0][0] == 'a "b" c'


@pytest.mark.parametrize("name", NOT_TABLES)
def test_what_is_no_table_is_told_in_one_message(tmp_path: Path, name: str) -> None:
    content, kind = NOT_TABLES[name]
    report = checked(tmp_path / "essai.csv", content, parquet=tmp_path / "out.parquet")
    assert (report.valid, report.rows, report.total_errors) == (False, 0, 1)
    assert report.errors[0].type == kind
    assert "À faire" in report.errors[0].message
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_line_of_200_megabytes_is_refused_without_being_held(tmp_path: Path, quote: bytes) -> None:
    path = tmp_path / "longue.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode() + quote)
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    report = check(path, CONTRACT, references=tmp_path)
    assert [(error.row, error.type, error.rule) for error in report.errors] == [(2, "source-error", "line-too-long")]
    path.unlink()


def test_one_column(tmp_path: Path) -> None:
    report = checked(tmp_path / "essai.csv", "lieu\nx\n")
    assert {error.type for error in report.errors} == {"missing-label"}
    assert [error.field for error in report.errors] == ["jour", "mois", "femmes", "heures"]


@pytest.mark.parametrize("parquet", [None, "out.parquet"], ids=["validate", "ingest"])
@pytest.mark.parametrize("header", [HEADER, HEADER.strip(), HEADER.replace("lieu", '"lieu"')])
def test_a_feed_of_a_header_alone_is_refused(tmp_path: Path, header: str, parquet: str | None) -> None:
    out = parquet and tmp_path / parquet
    report = checked(tmp_path / "essai.csv", header, parquet=out)
    assert (report.valid, report.rows, report.total_errors) == (False, 0, 1)
    assert report.errors[0].message == (
        "Fichier : le fichier n'a que son en-tête, aucune ligne. À faire : renvoyez-le avec ses lignes."
    )
    assert not (tmp_path / "out.parquet").exists()


def test_a_table_that_is_kept_may_have_no_row(tmp_path: Path) -> None:
    (tmp_path / "essai.csv").write_text(HEADER, encoding="utf-8")
    for kind in ("reference", "datasets"):
        report = check(tmp_path / "essai.csv", contract_from(SCHEMA, kind=kind), references=tmp_path)
        assert (report.valid, report.rows) == (True, 0)


def test_a_header_of_blanks_is_told_column_by_column(tmp_path: Path) -> None:
    report = checked(tmp_path / "essai.csv", ",,,,\nx,,,,\n")
    assert [(error.field, error.type) for error in report.errors] == [(label, "blank-label") for label in LABELS]


def test_an_endless_label_is_a_label_in_error(tmp_path: Path) -> None:
    report = checked(tmp_path / "essai.csv", "x" * 300_000 + "\n1\n")
    assert (report.errors[0].row, report.errors[0].type) == (1, "incorrect-label")


def test_labels_in_error_are_told_once_each(tmp_path: Path) -> None:
    report = checked(tmp_path / "essai.csv", "jour,lieu,,femmes,femmes,reste\n2026-09-30,x,2026-09,1,2,3\n")
    found = [(error.row, error.field, error.type) for error in report.errors]
    assert found == [
        (1, "lieu", "incorrect-label"),
        (1, "jour", "incorrect-label"),
        (1, "mois", "blank-label"),
        (1, "heures", "duplicate-label"),
        (1, "", "extra-label"),
    ]


IRREGULAR = HEADER + 'x,2026-09-30,2026-09,1\n\n"y, z",2026-09-30,2026-09,1,2,trop\n,,,,\nlong nom\nde lieu,,,\n'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_irregular_records_keep_their_rows(tmp_path: Path, end: str) -> None:
    report = checked(tmp_path / "essai.csv", IRREGULAR.replace("\n", end))
    found = [(error.row, error.field, error.type) for error in report.errors if error.row and error.row < 6]
    assert found == [
        (2, "heures", "missing-cell"),
        (3, "", "blank-row"),
        (4, "", "extra-cell"),
        (5, "", "blank-row"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_after_a_cell_of_several_lines_the_line_of_the_file_is_told_too(tmp_path: Path, end: str) -> None:
    good, tall, bad = "x,2026-09-30,,1,2", '"nom\nde\nlieu",2026-09-30,,1,2', "y,2026-09-30,,1,99"
    content = HEADER + "\n".join([bad, good, tall, bad, ""])
    report = checked(tmp_path / "essai.csv", content.replace("\n", end))
    told = [(error.row, error.message.split(" :")[0]) for error in report.errors if error.rule == "maximum"]
    assert told == [
        (2, "Ligne 2, colonne « heures »"),
        (5, "Ligne 5 (ligne 7 dans un éditeur de texte), colonne « heures »"),
    ]
    assert "Row 5 (line 7 in a text editor), column" in report.to_text("en")
    (error,) = checked(tmp_path / "essai.csv", (content + '"z').replace("\n", end)).errors
    assert error.message.startswith("Ligne 6 (ligne 8 dans un éditeur de texte) : un guillemet")


def test_the_lines_of_a_workbook_are_its_rows(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", [LABELS, ["a\nb", date(2026, 9, 30), "", 1, 2], ["x", date(2026, 9, 30), "", 1, 99]])
    (error,) = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).errors
    assert error.message.startswith("Ligne 3, colonne « heures » (E3) :")


@pytest.mark.parametrize("end", ["", "\n", "\ny,2026-09-30,2026-09,1,2\n"])
def test_an_empty_cell_too_many_is_a_cell_too_many(tmp_path: Path, end: str) -> None:
    report = checked(tmp_path / "essai.csv", HEADER + "x,2026-09-30,2026-09,1,2," + end)
    assert [(error.row, error.type) for error in report.errors] == [(2, "extra-cell")]


TOTALS = ["TOTAL", "Total général", "Sous-total", "Totaux :", "somme", "Total du mois", "TOTAL 2026"]


@pytest.mark.parametrize("label", TOTALS)
@pytest.mark.parametrize("row", ["{},,,1201,x", ",{},,1201,8"])
def test_a_row_of_total_is_told_as_such_and_once(tmp_path: Path, label: str, row: str) -> None:
    report = checked(tmp_path / "essai.csv", HEADER + "x,2026-09-30,2026-09,1,2\n" + row.format(label) + "\n")
    (error,) = report.errors
    assert (error.row, error.field, error.type, error.rule, report.total_errors) == (3, "", "row-error", "total-row", 1)
    assert error.message == (
        f"Ligne 3 : la ligne commence par « {label} » : c'est un total, pas une ligne du tableau (règle total-row)."
        " À faire : supprimez cette ligne, les totaux sont calculés à partir des autres."
    )


def test_a_text_that_announces_a_total_hides_nothing_elsewhere(tmp_path: Path) -> None:
    good, bad = "Total,2026-09-30,2026-09,1,2\n", "Totaline,x,,,\nx,2026-09-30,,Total,\n"
    report = checked(tmp_path / "essai.csv", HEADER + good + bad)
    assert [(error.row, error.field) for error in report.errors] == [(3, "jour"), (4, "femmes")]


def test_every_one_of_ten_thousand_errors_is_counted_and_paged(tmp_path: Path) -> None:
    lines = "".join(f"lieu {row},2026-09-30,2026-09,x{row},1\n" for row in range(10_000))
    path = tmp_path / "essai.csv"
    whole = checked(path, HEADER + lines)
    assert (whole.total_errors, len(whole.errors), whole.rows) == (10_000, 10_000, 10_000)
    assert [error.value for error in whole.errors] == [f"x{row}" for row in range(10_000)]
    page = checked(path, HEADER + lines, limit=50, offset=9_990)
    assert (page.total_errors, page.errors) == (10_000, whole.errors[9_990:])
    assert "10000" in checked(path, HEADER + lines, limit=10).to_text()


def test_a_page_past_the_end_says_how_many_there_are(tmp_path: Path) -> None:
    content = HEADER + "".join(f"lieu {row},2026-09-30,2026-09,x,1\n" for row in range(43))
    past = checked(tmp_path / "essai.csv", content, limit=10, offset=490)
    assert (past.total_errors, past.errors) == (43, ())
    assert "après la dernière erreur (erreurs : 43 ; pages : 5)" in past.to_text()
    assert "pages: 5" in past.to_text("en")
    assert "491" not in past.to_text()
    last = checked(tmp_path / "essai.csv", content, limit=42).to_text()
    assert last.endswith("Erreurs 1 à 42 sur 43 ; 1 autre n'est pas affichée ici.")


def test_json_has_the_published_keys(tmp_path: Path) -> None:
    content = checked(tmp_path / "essai.csv", HEADER + "x,2026-09-30,2026-09,1,99\n").to_dict()
    assert {"valid", "feed", "file", "rows", "dialect", "encoding", "errors"} <= set(content)
    assert content["errors"] == [
        {
            "row": 2,
            "field": "heures",
            "type": "constraint-error",
            "rule": "maximum",
            "value": "99",
            "message": "Ligne 2, colonne « heures » : 99 est supérieur au maximum 24 (règle maximum)."
            " À faire : corrigez la valeur.",
        }
    ]


def test_the_language_asked_for(tmp_path: Path) -> None:
    report = checked(tmp_path / "essai.csv", HEADER + "x,2026-09-30,2026-09,1,99\n", lang="en")
    assert report.errors[0].message.startswith("Row 2, column “heures”: 99 is above the maximum 24")
    assert "Ligne 2" in report.to_text("fr")


def test_a_large_irregular_file_says_the_same_as_its_records_alone(tmp_path: Path) -> None:
    """Beyond one batch of the exact path, quoted line ends included, rows are still those of the csv module."""
    path = tmp_path / "essai.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LABELS)
        for row in range(45_000):
            writer.writerow([f"lieu\n{row}", "2026-09-30", "2026-09", "x" if row % 15_000 == 0 else "1", "1"])
    report = check(path, CONTRACT, references=tmp_path)
    assert [error.row for error in report.errors] == [2, 15_002, 30_002]


def test_valid_rows_replace_the_typed_file_in_one_step_and_invalid_ones_do_not(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    checked(tmp_path / "a.csv", HEADER + "x,2026-09-30,2026-09,1,2\n", parquet=out)
    before = out.read_bytes()
    checked(tmp_path / "b.csv", HEADER + "x,hier,2026-09,1,2\n", parquet=out)
    assert out.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.csv", "b.csv", "out.parquet", "temporary"]


def test_no_such_file_is_an_error_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.csv"):
        check(tmp_path / "absent.csv", CONTRACT, references=tmp_path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "essai.csv").mkdir()
    with pytest.raises(UsageError, match=r"essai\.csv : c'est un dossier"):
        check(tmp_path / "essai.csv", CONTRACT, references=tmp_path)


def test_a_link_to_a_device_or_to_nothing_is_no_file(tmp_path: Path) -> None:
    for target, said in (
        ("/dev/zero", "ce n'est pas un fichier, mais un périphérique"),
        ("nulle-part", "n'existe pas"),
    ):
        link = tmp_path / "lien.csv"
        link.symlink_to(target)
        with pytest.raises(UsageError, match=rf"lien\.csv : .*{said}"):
            check(link, CONTRACT, references=tmp_path)
        link.unlink()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(PermissionError(13, "Permission denied"), "pas le droit de lire"), (OSError(5, "I/O error"), "I/O error")],
)
def test_a_file_that_may_not_be_read_is_an_error_of_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: OSError, said: str
) -> None:
    (tmp_path / "essai.csv").write_text(HEADER, encoding="utf-8")

    def refuse(*_arguments: Any, **_options: Any) -> Any:
        raise trouble

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match=said):
        check(tmp_path / "essai.csv", CONTRACT, references=tmp_path)
