"""Workbooks whose cells do not hold what they show: errors, formulas never computed, percentages, hidden values."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from odf import draw, office, opendocument, style, svg, table, text
from openpyxl.cell import WriteOnlyCell

from etl.validate import Report, check
from etl.validation.dialect import letters
from etl.validation.formulas import CALC, DECIMAL, ERROR, MERGED, UNCOMPUTED
from etl.validation.number_formats import ANOTHER, NOTHING
from etl.validation.workbook import extract
from schemas.contract import contract_from

CONTRACT = contract_from(
    {
        "name": "essai",
        "fields": [
            {"name": "lieu", "type": "string", "constraints": {"required": True}},
            {"name": "jour", "type": "date"},
            {"name": "femmes", "type": "integer"},
        ],
    }
)
LABELS = ["lieu", "jour", "femmes"]


def book(path: Path, *rows: list[object], errors: dict[str, str] | None = None) -> Report:
    """The report on an .xlsx of these rows below the labels, with these cells of type error."""
    made = openpyxl.Workbook()
    for row in (LABELS, *rows):
        made.active.append(row)
    for place, error in (errors or {}).items():
        made.active[place].value, made.active[place].data_type = error, "e"
    made.save(path)
    return check(path, CONTRACT, references=path.parent)


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A"])
def test_cells_in_error_are_refused_and_named(tmp_path: Path, error: str) -> None:
    report = book(tmp_path / "a.xlsx", ["x", None, 1], ["y", None, 2], errors={"C3": error, "A2": error})
    assert [(e.row, e.field, e.type, e.rule, e.value) for e in report.errors] == [
        (2, "lieu", "type-error", ERROR, error),
        (3, "femmes", "type-error", ERROR, error),
    ]
    assert "(C3)" in report.errors[1].message
    assert "corrigez la formule" in report.errors[1].message


@pytest.mark.parametrize(("place", "found"), [("A2", "#N/A"), ("C2", "#REF!"), ("C2", "=1+1"), ("A2", "1.000")])
def test_a_doubtful_cell_alone_is_told_alike_whether_rows_are_kept_or_not(
    tmp_path: Path, place: str, found: str
) -> None:
    path, kind = tmp_path / "a.xlsx", {place: found} if found.startswith("#") else {}
    row = ["x", None, 1]
    row["ABC".index(place[0])] = found
    proof = book(path, row, errors=kind)
    assert proof == check(path, CONTRACT, references=tmp_path, parquet=tmp_path / "a.parquet")
    assert proof.total_errors == (found != "1.000")


def test_formulas_never_computed_are_refused_even_below_the_last_row(tmp_path: Path) -> None:
    report = book(tmp_path / "a.xlsx", ["x", None, "=1+1"], ["=C2", None, 2], ["z", "=TODAY()", "=SUM(C2:C3)"])
    assert [(e.row, e.field, e.rule, e.value) for e in report.errors] == [
        (2, "femmes", UNCOMPUTED, "=1+1"),
        (3, "lieu", UNCOMPUTED, "=C2"),
        (4, "jour", UNCOMPUTED, "=TODAY()"),
        (4, "femmes", UNCOMPUTED, "=SUM(C2:C3)"),
    ]
    assert "(C4)" in report.errors[3].message
    assert "enregistrez-le" in report.errors[3].message


def rewritten(path: Path, part: str, old: str, new: str) -> Report:
    """The report on a workbook one of whose parts is changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    # With lxml or without, openpyxl does not write an empty element alike.
    parts = {name: content.replace("<v></v>", "<v />").replace("<v/>", "<v />") for name, content in parts.items()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return check(path, CONTRACT, references=path.parent)


SHEET = "xl/worksheets/sheet1.xml"


def test_formulas_with_their_result_are_values(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, ["x", None, "=1+1"], ["y", None, '=""'])
    rewritten(path, SHEET, "<f>1+1</f><v />", "<f>1+1</f><v>2</v>")
    report = rewritten(path, SHEET, '<c r="C3"><f>""</f><v />', '<c r="C3" t="str"><f>""</f><v></v>')
    assert report.valid, report.to_text()


SHARE = contract_from(
    {
        "name": "parts",
        "fields": [
            {"name": "lieu", "type": "string"},
            {"name": "part", "type": "number", "unit": "pourcent"},
            {"name": "femmes", "type": "integer", "unit": "personnes"},
        ],
    }
)


@pytest.mark.parametrize("shown", ["0.00%", "0%", "[Red]0.0%;-0.0%"])
def test_a_percentage_is_not_read_as_the_number_under_it(tmp_path: Path, shown: str) -> None:
    made = openpyxl.Workbook()
    for row in (["lieu", "part", "femmes"], ["x", 0.625, 4], ["y", 62.5, 0.29], ["z", None, 3]):
        made.active.append(row)
    for place in ("B2", "C3", "B4"):
        made.active[place].number_format = shown
    made.save(tmp_path / "a.xlsx")
    report = check(tmp_path / "a.xlsx", SHARE, references=tmp_path)
    assert [(e.row, e.field, e.type, e.value) for e in report.errors] == [
        (2, "part", "type-error", "62.5%"),
        (3, "femmes", "type-error", "29%"),
    ]
    assert "écrivez 62,5" in report.errors[0].message
    assert "pas un pourcentage" in report.errors[1].message


def test_a_number_whose_format_only_writes_the_sign_is_that_number(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["lieu", "part", "femmes"], ["x", 62.5, 4], ["y", 30, 4]):
        made.active.append(row)
    made.active["B2"].number_format = '0.0" %"'
    made.active["B3"].number_format = "0\\%"
    made.save(tmp_path / "a.xlsx")
    assert check(tmp_path / "a.xlsx", SHARE, references=tmp_path).valid


def test_an_open_document_percentage_is_not_read_as_the_number_under_it(tmp_path: Path) -> None:
    sheet = ods_sheet(
        "a",
        [ods_cell(name, valuetype="string") for name in ("lieu", "part", "femmes")],
        [ods_cell("x"), ods_cell("62,5 %", valuetype="percentage", value="0.625"), ods_cell("4")],
    )
    report = check(ods(tmp_path / "a.ods", sheet), SHARE, references=tmp_path)
    assert [(e.row, e.field, e.type, e.value) for e in report.errors] == [(2, "part", "type-error", "62.5%")]


MASKS = {"C2": '[<5]"<5";0', "C3": "0.0,", "C4": '0;-0;"ND"', "C5": ";;;", "A5": ";;;", "B2": ";;;"}


def test_a_number_is_not_read_where_another_a_text_or_nothing_is_shown(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (LABELS, ["x", None, 3], ["y", None, 45000], ["z", None, 0], ["t", None, 7], ["u", None, 0]):
        made.active.append(row)
    for place, shown in MASKS.items():
        made.active[place].number_format = shown
    made.active["C6"].number_format = '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-'
    made.active["A1"].number_format = ";;;"
    made.save(tmp_path / "a.xlsx")
    report = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path)
    assert [(e.row, e.field, e.type, e.rule, e.value) for e in report.errors] == [
        (2, "femmes", "type-error", ANOTHER, "<5"),
        (3, "femmes", "type-error", ANOTHER, "45"),
        (4, "femmes", "type-error", ANOTHER, "ND"),
        (5, "lieu", "type-error", NOTHING, None),
        (5, "femmes", "type-error", NOTHING, None),
    ]
    assert "(C2) : la cellule montre « <5 »" in report.errors[0].message
    assert "son format cache" in report.errors[3].message


def test_a_text_written_in_its_own_cell_may_be_hidden_too(tmp_path: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    hidden = WriteOnlyCell(sheet, "x")
    hidden.data_type, hidden.number_format = "inlineStr", ";;;"
    for row in (LABELS, [hidden, None, 1]):
        sheet.append(row)
    made.save(tmp_path / "a.xlsx")
    (error,) = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).errors
    assert (error.row, error.field, error.rule) == (2, "lieu", NOTHING)


def test_a_number_of_an_open_document_is_what_it_shows(tmp_path: Path) -> None:
    noted = ods_cell("7", valuetype="float", value="7")
    note = office.Annotation()
    note.addElement(text.P(text="voir 2024"))
    noted.addElement(note)
    shown = [("<5", 3), ("45,0", 45000), ("ND", 0), ("", 7), ("- €", 0), ("45 000 €", 45000)]
    cells = [ods_cell(told, valuetype="currency", value=str(held), currency="EUR") for told, held in shown]
    cells += [noted, table.TableCell(valuetype="float", value="8")]
    rows = [[ods_cell("x", valuetype="string"), table.TableCell(), cell] for cell in cells]
    rows += [[ods_cell("", valuetype="string", stringvalue="y"), table.TableCell(), table.TableCell()]]
    sheet = ods_sheet("Saisie", [ods_cell(label, valuetype="string") for label in LABELS], *rows)
    report = check(ods(tmp_path / "a.ods", sheet), CONTRACT, references=tmp_path)
    assert [(e.row, e.field, e.rule, e.value) for e in report.errors] == [
        (2, "femmes", ANOTHER, "<5"),
        (3, "femmes", ANOTHER, "45,0"),
        (4, "femmes", ANOTHER, "ND"),
        (5, "femmes", NOTHING, None),
        (10, "lieu", NOTHING, None),
    ]


def test_a_sheet_with_a_document_type_is_not_read(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", ["x", None, 1])
    report = rewritten(tmp_path / "a.xlsx", SHEET, "<worksheet", '<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet')
    assert [error.rule for error in report.errors] == ["workbook-entities"]


@pytest.mark.parametrize("merged", ["C2:C3", "B3:C3", "C2:C1048576"])
def test_a_value_spread_over_merged_cells_is_refused_and_not_lost(tmp_path: Path, merged: str) -> None:
    made = openpyxl.Workbook()
    for row in (LABELS, ["x", None, 1], ["y", dt.date(2026, 9, 30), None]):
        made.active.append(row)
    made.active.merge_cells(merged)
    made.save(tmp_path / "a.xlsx")
    (error,) = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).errors
    assert (error.type, error.rule, error.value) == ("type-error", MERGED, merged)
    assert f"({merged.partition(':')[0]})" in error.message
    assert "défusionnez" in error.message


def test_a_number_is_not_a_text_that_a_spreadsheet_rounds(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (LABELS, [1.1, None, 1], ["1.10", None, 2], [12, None, 3]):
        made.active.append(row)
    made.active["A2"].number_format = "0.00"
    made.save(tmp_path / "a.xlsx")
    (error,) = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).errors
    assert (error.row, error.field, error.type, error.rule, error.value) == (2, "lieu", "type-error", DECIMAL, "1.1")
    assert "format Texte" in error.message


def test_cells_merged_for_their_looks_alone_are_nothing(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (LABELS, ["x", None, 1], ["y", None, None]):
        made.active.append(row)
    made.active.merge_cells("B2:B3")
    made.active.merge_cells("A9:C9")
    made.save(tmp_path / "a.xlsx")
    assert check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).valid


def test_merged_cells_of_an_open_document_are_refused_too(tmp_path: Path) -> None:
    spread = ods_cell("12", valuetype="float", value="12", numberrowsspanned="2", numbercolumnsspanned="1")
    sheet = ods_sheet(
        "Saisie",
        [ods_cell(label, valuetype="string") for label in LABELS],
        [ods_cell("x", valuetype="string"), table.TableCell(), spread],
        [ods_cell("y", valuetype="string"), table.TableCell(), table.CoveredTableCell()],
    )
    (error,) = check(ods(tmp_path / "a.ods", sheet), CONTRACT, references=tmp_path).errors
    assert (error.row, error.field, error.rule, error.value) == (2, "femmes", MERGED, "C2:C3")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_what_is_read_is_the_first_sheet_that_is_seen(tmp_path: Path, state: str) -> None:
    made = openpyxl.Workbook()
    made.remove(made.active)
    made.create_chartsheet("Courbe")
    for name, day in (("Ancienne", "hier"), ("Saisie", None), ("Brouillon", "demain")):
        sheet = made.create_sheet(name)
        sheet.sheet_state = "visible" if name == "Saisie" else state
        for row in (LABELS, ["x", day, 1]):
            sheet.append(row)
    made.save(tmp_path / "a.xlsx")
    report = check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path)
    assert (report.valid, report.dialect.sheet, report.rows) == (True, "Saisie", 1)


def test_a_hidden_sheet_of_an_open_document_is_not_read(tmp_path: Path) -> None:
    unseen = style.Style(name="cachee", family="table")
    unseen.addElement(style.TableProperties(display="false"))
    old, new = (
        [[ods_cell(cell, valuetype="string") for cell in cells] for cells in (LABELS, ["x", day, "1"])]
        for day in ("hier", "2026-09-30")
    )
    sheets = (ods_sheet("Ancienne", *old, stylename=unseen), ods_sheet("Saisie", *new))
    report = check(ods(tmp_path / "a.ods", *sheets, looks=unseen), CONTRACT, references=tmp_path)
    assert (report.valid, report.dialect.sheet, report.rows) == (True, "Saisie", 1)


@pytest.mark.parametrize(
    ("old", "new"), [('name="Autre"', 'name="Saisie"'), ('state="visible"', 'state="hidden"')], ids=["twins", "hidden"]
)
def test_a_workbook_without_one_sheet_to_read_is_refused(tmp_path: Path, old: str, new: str) -> None:
    made = openpyxl.Workbook()
    made.active.title = "Saisie"
    made.active.append(LABELS)
    made.create_sheet("Autre")
    made.save(tmp_path / "a.xlsx")
    report = rewritten(tmp_path / "a.xlsx", "xl/workbook.xml", old, new)
    assert [error.rule for error in report.errors] == ["workbook"]


def ods_cell(shown: str, **attributes: object) -> table.TableCell:
    cell = table.TableCell(**attributes)
    cell.addElement(text.P(text=shown))
    return cell


def ods_sheet(name: str, *rows: list[table.TableCell], **looks: object) -> table.Table:
    sheet = table.Table(name=name, **looks)
    for cells in rows:
        line = table.TableRow()
        for cell in cells:
            line.addElement(cell)
        sheet.addElement(line)
    return sheet


def ods(path: Path, *sheets: table.Table, looks: style.Style | None = None) -> Path:
    """An .ods of these sheets, with the look that one of them has."""
    document = opendocument.OpenDocumentSpreadsheet()
    if looks:
        document.automaticstyles.addElement(looks)
    for sheet in sheets:
        document.spreadsheet.addElement(sheet)
    document.save(str(path))
    return path


def test_blanks_and_drawings_of_an_open_document_are_not_joined_to_what_is_typed(tmp_path: Path) -> None:
    tabbed, broken, drawn, noted = (table.TableCell(valuetype="string") for _ in range(4))
    for cell, blank in ((tabbed, text.Tab()), (broken, text.LineBreak())):
        line = text.P(text="1")
        line.addElement(blank)
        line.addText("2")
        cell.addElement(line)
    shape, frame = draw.CustomShape(), draw.Frame()
    shape.addElement(text.P(text="À vérifier"))
    frame.addElement(svg.Title(text="Logo"))
    drawn.addElement(shape)
    drawn.addElement(text.P(text="Titre"))
    line = text.P(text="suite ")
    line.addElement(frame)
    line.addElement(text.Span(text="et fin"))
    noted.addElement(line)
    path = ods(
        tmp_path / "a.ods",
        ods_sheet("Saisie", [ods_cell("nom", valuetype="string")], *([one] for one in (tabbed, broken, drawn, noted))),
    )
    extract(path, tmp_path / "a.csv", ("nom",))
    with (tmp_path / "a.csv").open(newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["nom", "1\t2", "1\n2", "Titre", "suite et fin"]


@pytest.mark.parametrize(
    ("old", "new"), [('<row r="3"', '<row r="2"'), ("<v>14</v>", "<v>1<!-- -->4</v>")], ids=["row twice", "comment"]
)
def test_a_sheet_that_readers_would_not_read_alike_is_refused(tmp_path: Path, old: str, new: str) -> None:
    made = openpyxl.Workbook()
    for row in (LABELS, ["a"], ["b"]):
        made.active.append(row)
    made.active["B3"] = 14
    made.save(tmp_path / "a.xlsx")
    report = rewritten(tmp_path / "a.xlsx", SHEET, old, new)
    assert [error.rule for error in report.errors] == ["workbook"]


def test_a_cell_beyond_the_header_of_a_workbook_is_named(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(LABELS)
    made.active.append(["a"])
    made.active.cell(2, len(LABELS) + 2, "note")
    made.save(tmp_path / "a.xlsx")
    extra = [
        error
        for error in check(tmp_path / "a.xlsx", CONTRACT, references=tmp_path).errors
        if error.type == "extra-cell"
    ]
    place = f"{letters(len(LABELS) + 1)}2"
    assert [error.message.partition(" dépasse")[0] for error in extra] == [f"Ligne 2 : « note » (cellule {place})"]


def test_open_document_errors_and_formulas_are_refused_too(tmp_path: Path) -> None:
    error = ods_cell("#DIV/0!", formula="of:=1/0", valuetype="string", stringvalue="")
    error.setAttrNS(CALC, "value-type", "error")
    grid = [
        [ods_cell(label, valuetype="string") for label in LABELS],
        [ods_cell("x", valuetype="string"), table.TableCell(), error],
        [
            ods_cell("y", valuetype="string"),
            table.TableCell(),
            ods_cell("Err:502", formula="of:=0", valuetype="float", value=0),
        ],
        [ods_cell("z", valuetype="string"), table.TableCell(), table.TableCell(formula="of:=[.C2]+1")],
        [
            ods_cell("t", valuetype="string"),
            table.TableCell(),
            ods_cell("3", formula="of:=1+2", valuetype="float", value=3),
        ],
    ]
    report = check(ods(tmp_path / "a.ods", ods_sheet("Saisie", *grid)), CONTRACT, references=tmp_path)
    assert [(e.row, e.field, e.rule, e.value) for e in report.errors] == [
        (2, "femmes", ERROR, "#DIV/0!"),
        (3, "femmes", ERROR, "Err:502"),
        (4, "femmes", UNCOMPUTED, "=[.C2]+1"),
    ]


def test_every_cell_of_a_broken_rule_is_named(tmp_path: Path) -> None:
    fields = [{"name": name, "type": "integer"} for name in ("femmes", "personnes")]
    rule = {"name": "part", "check": "femmes <= personnes", "fields": ["femmes", "personnes"], "title": "Une partie."}
    book = openpyxl.Workbook()
    for row in (["femmes", "personnes"], [12, 8]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (error,) = check(tmp_path / "a.xlsx", contract_from({"fields": fields, "rules": [rule]})).errors
    assert error.message.startswith(
        "Ligne 2, colonnes « femmes » (A2), « personnes » (B2) : femmes = 12, personnes = 8"
    )
