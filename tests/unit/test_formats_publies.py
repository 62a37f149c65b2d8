"""Workbooks, GeoParquet and the archive of a release: what is in them is what was given, and nothing of a machine."""

from __future__ import annotations

import json
import random
import zipfile
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import shape

from publish import adresses
from publish.formats import ooxml, xlsx
from publish.formats.archive import write_archive
from publish.formats.definitions import HEADER, definitions
from publish.formats.territories import bounds, wkb, write_territories
from publish.formats.xlsx import write_workbook
from publish.notice import Notice
from publish.version import parse_version
from schemas.contract import load_contract
from schemas.errors import ContractBroken, UsageError

DAY = date(2026, 11, 21)
NOTICE = Notice(parse_version("2026.3.0+demo"), DAY, "https://exemple.fr")
NOTES = [("rubrique", "texte"), ("colonne", "=1+1")]
AWKWARD = [
    "=1+1",
    "+33 1",
    "-5",
    "@SUM(A1)",
    "<b>&amp; \"deux\"</b> 'trois'",
    "  blancs  ",
    "deux\nlignes",
    "_x0041_",
    "Île-de-France – 93",
    "0018",
    "TRUE",
    "1e5",
]


def parquet(path: Path, query: str) -> Path:
    with duckdb.connect() as con:
        con.execute(f"copy ({query}) to '{path}' (format parquet)")
    return path


def rows_of(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return con.execute(f"from '{path}'").fetchall()


def sheet_rows(sheet: object) -> list[tuple[object, ...]]:
    return [tuple(_plain(cell) for cell in row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def _plain(cell: object) -> object:
    return cell.date() if isinstance(cell, datetime) else cell


@pytest.fixture(params=[50_000, 0], ids=["addressed", "long"])
def book(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A table of awkward values and its workbook, with addresses as short tables have, without as long ones."""
    monkeypatch.setattr(xlsx, "ADDRESSED_ROWS", request.param)
    texts = ", ".join("('" + text.replace("'", "''") + "')" for text in AWKWARD)
    source = parquet(
        tmp_path / "essai.parquet",
        "select row_number() over () as rang, t as texte, case when t <> '-5' then 0.1::double * length(t) end nombre,"
        " date '2026-02-28' + length(t)::integer as jour, date '1871-03-18' as ancien, t = 'TRUE' as vrai, "
        "null::bigint as vide, 1e-9 as petit, 9007199254740991 as grand, 2.50 as decimal "
        f"from (values {texts}) as v(t)",
    )
    target = tmp_path / "essai.xlsx"
    write_workbook(source, target, title="Essai", day=DAY, definitions=NOTES)
    return source, target


def test_a_workbook_holds_the_rows_it_was_given(book: tuple[Path, Path]) -> None:
    source, target = book
    sheet = openpyxl.load_workbook(target)["essai"]
    assert [cell.value for cell in sheet[1]] == [
        *("rang", "texte", "nombre", "jour", "ancien", "vrai", "vide", "petit", "grand", "decimal")
    ]
    expected = [(*row[:4], row[4].isoformat(), *row[5:9], float(row[9])) for row in rows_of(source)]
    assert sheet_rows(sheet) == expected


def test_a_text_is_never_a_formula_and_a_date_is_a_date(book: tuple[Path, Path]) -> None:
    sheet = openpyxl.load_workbook(book[1])["essai"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds == {"n", "s", "d", "b"} | {"inlineStr"} & kinds
    texts = {cell.value: cell for (cell,) in sheet.iter_rows(min_row=2, min_col=2, max_col=2)}
    assert [text for text, cell in texts.items() if cell.quotePrefix] == [text for text in AWKWARD if text[0] in "=+-@"]
    assert {cell.number_format for cell in sheet["D"][1:]} == {"yyyy\\-mm\\-dd"}
    with zipfile.ZipFile(book[1]) as archive:
        assert all(b"<f>" not in archive.read(name) and b"<f " not in archive.read(name) for name in archive.namelist())


def test_a_workbook_opens_on_its_headings_and_says_nothing_of_a_machine(book: tuple[Path, Path]) -> None:
    opened = openpyxl.load_workbook(book[1])
    assert opened.sheetnames == ["essai", "définitions"]
    for sheet in opened:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
    widths = [opened["essai"].column_dimensions[letter].width for letter in "ABC"]
    assert widths[1] > widths[0]
    assert opened.properties.created == datetime(2026, 11, 21)
    assert (opened.properties.creator, opened.properties.lastModifiedBy) == ("Observatoire du plan crack", None)
    with zipfile.ZipFile(book[1]) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 21, 0, 0, 0)}
        assert "docProps/app.xml" not in archive.namelist()


@pytest.mark.parametrize(("most", "addressed"), [(3, True), (2, False)])
def test_cells_have_an_address_but_in_long_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, addressed: bool
) -> None:
    monkeypatch.setattr(xlsx, "ADDRESSED_ROWS", most)
    source = parquet(tmp_path / "t.parquet", "select i as n, case when i = 1 then 'a' end as mot from range(3) t(i)")
    write_workbook(source, tmp_path / "t.xlsx", title="T", day=DAY, definitions=NOTES)
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    given = '<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="s"><v>0</v></c></row><row r="4"><c r="A4">'
    assert (given in sheet) is addressed
    assert ("<row><c><v>0</v></c><c/></row>" in sheet) is not addressed


def test_a_workbook_is_the_same_bytes_each_time(book: tuple[Path, Path], tmp_path: Path) -> None:
    source, first = book
    (tmp_path / "encore").mkdir()
    second = tmp_path / "encore" / "essai.xlsx"
    write_workbook(source, second, title="Essai", day=DAY, definitions=NOTES)
    assert first.read_bytes() == second.read_bytes()


def test_rows_that_do_not_fit_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 40)
    monkeypatch.setattr(xlsx, "BATCH", 7)
    source = parquet(tmp_path / "long.parquet", "select i as n, 'mot ' || i % 3 as mot from range(100) t(i)")
    target = tmp_path / "long.xlsx"
    write_workbook(source, target, title="Long", day=DAY, definitions=NOTES)
    opened = openpyxl.load_workbook(target)
    assert opened.sheetnames == ["long", "long_2", "long_3", "définitions"]
    sheets = [opened[name] for name in opened.sheetnames[:3]]
    assert all([cell.value for cell in sheet[1]] == ["n", "mot"] for sheet in sheets)
    assert [len(sheet_rows(sheet)) for sheet in sheets] == [40, 40, 20]
    assert [row for sheet in sheets for row in sheet_rows(sheet)] == rows_of(source)


def test_a_table_without_rows_still_has_its_headings(tmp_path: Path) -> None:
    source = parquet(tmp_path / "vide.parquet", "select 1 as n, 'a' as mot where false")
    write_workbook(source, tmp_path / "vide.xlsx", title="Vide", day=DAY, definitions=NOTES)
    assert list(openpyxl.load_workbook(tmp_path / "vide.xlsx")["vide"].iter_rows(values_only=True)) == [("n", "mot")]


def test_a_character_that_xml_cannot_hold_is_escaped_as_the_standard_says() -> None:
    assert ooxml.text("a\x07 & _x0041_") == "a_x0007_ &amp; _x005F_x0041_"


def test_a_text_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    source = parquet(tmp_path / "long.parquet", "select repeat('a', 32768) as texte")
    with pytest.raises(ContractBroken, match="32768 caractères"):
        write_workbook(source, tmp_path / "long.xlsx", title="Long", day=DAY, definitions=NOTES)


# ── Definitions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_definitions_tell_columns_codes_licence_source_and_citation_in_both_languages() -> None:
    contract = load_contract("observations", kind="datasets")
    rows = definitions(contract, NOTICE, rows=1_200_000)
    assert rows[0] == HEADER
    assert all(len(row) == len(HEADER) for row in rows)
    told = {(row[0], row[1]): row for row in rows}
    assert [row[1] for row in rows if row[0] == "colonne"] == list(contract.names)
    assert told["colonne", "attendues"][6:] == ("integer", "déclarations")
    assert told["code", "statut = secret"][2:4] == (
        "protégé par le secret statistique",
        "protected by statistical confidentiality",
    )
    assert told["publication", "licence"][4].startswith("Licence Ouverte / Open Licence 2.0")
    assert "2026.3.0+demo" in told["publication", "citation"][4]
    assert "https://exemple.fr/donnees/2026.3.0%2Bdemo/data/observations.csv" in told["publication", "citation"][5]
    assert "observations, observations_2" in told["publication", "feuilles"][4]
    assert "simulées" in told["publication", "simulation"][4]
    assert told["publication", "source"][4]
    assert told["indicateur", "indicateur = caarud_part_femmes"][4]
    assert all(row[2] and row[3] for row in rows[1:])


# ── Territories ───────────────────────────────────────────────────────────────────────────────────────────────────────

SQUARE = [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 49.0], [2.0, 48.0]]]
HOLE = [[2.2, 48.2], [2.2, 48.4], [2.4, 48.4], [2.4, 48.2], [2.2, 48.2]]
SHAPES = {
    "75": {"type": "Polygon", "coordinates": [*SQUARE, HOLE]},
    "93": {"type": "MultiPolygon", "coordinates": [SQUARE, [[[5, 5], [6, 5], [6, 6], [5, 5]]]]},
}


@pytest.mark.parametrize("code", SHAPES)
def test_well_known_binary_is_what_shapely_writes(code: str) -> None:
    assert shapely.equals_exact(shapely.from_wkb(wkb(SHAPES[code])), shape(SHAPES[code]))


def test_territories_get_their_boundary_or_a_null(tmp_path: Path) -> None:
    for folder in ("data", "schemas"):
        (tmp_path / folder).mkdir()
    contours = tmp_path / "contours.geojson"
    features = [
        {"properties": {"niveau": "departement", "code": code}, "geometry": geometry}
        for code, geometry in SHAPES.items()
    ]
    contours.write_text(json.dumps({"features": features}))
    parquet(
        tmp_path / "data" / "territoires.parquet",
        "select 'departement' as niveau, code, date '2026-01-01' as date_debut from (values ('75'), ('77'), ('93')) "
        "t(code)",
    )
    contract = load_contract("territoires", kind="reference")
    write_territories(tmp_path, contract, contours)
    table = pq.read_table(tmp_path / "data" / "territoires.parquet")
    assert table.column_names == ["niveau", "code", "date_debut", "geometry"]
    assert [value is None for value in table["geometry"].to_pylist()] == [False, True, False]
    geo = json.loads(table.schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"] == {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon", "Polygon"],
        "edges": "planar",
        "bbox": [2.0, 5, 6, 49.0],
    }
    written = json.loads((tmp_path / "data" / "territoires.geojson").read_text())["features"]
    assert written[1] == {
        "type": "Feature",
        "id": "departement-77",
        "properties": {"niveau": "departement", "code": "77", "date_debut": "2026-01-01"},
        "geometry": None,
    }
    schema = json.loads((tmp_path / "schemas" / "territoires-geometrie.json").read_text())
    assert [field["name"] for field in schema["fields"]] == [*contract.names, "geometry"]


def test_bounds_cover_every_polygon() -> None:
    assert bounds(list(SHAPES.values())) == [2.0, 5, 6, 49.0]


# ── Archive ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def folder_of(path: Path) -> Path:
    (path / "data").mkdir(parents=True)
    (path / "README.md").write_text("lisez-moi")
    (path / "SHA256SUMS").write_text("…")
    (path / "data" / "a.csv").write_text("n\n1\n" * 500)
    (path / "data" / "a.parquet").write_bytes(random.Random(1).randbytes(300_000))
    return path


def test_the_archive_holds_every_file_and_its_sum_is_beside_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a")
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    target = write_archive(folder, version="2026.3.0", day=DAY)
    assert target.name == "observatoire-plan-crack-2026.3.0.zip"
    told = (folder / f"{target.name}.sha256").read_text()
    assert told == f"{sha256(target.read_bytes()).hexdigest()}  {target.name}\n"
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        top = "observatoire-plan-crack-2026.3.0/"
        assert {name.removeprefix(top): archive.read(name) for name in archive.namelist()} == files
        assert archive.namelist() == sorted(archive.namelist())
        infos = {info.filename.removeprefix(top): info for info in archive.infolist()}
    assert {info.date_time for info in infos.values()} == {(2026, 11, 21, 0, 0, 0)}
    assert infos["data/a.csv"].compress_size < infos["data/a.csv"].file_size / 5
    assert infos["data/a.parquet"].compress_type == zipfile.ZIP_STORED


def test_the_archive_depends_on_contents_alone(tmp_path: Path) -> None:
    first, second = folder_of(tmp_path / "a"), folder_of(tmp_path / "b")
    (second / "README.md").touch()
    (second / "data" / "a.csv").chmod(0o600)
    one, other = (write_archive(folder, version="2026.3.0", day=DAY) for folder in (first, second))
    assert one.read_bytes() == other.read_bytes()


# ── Addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_addresses_are_absolute_and_quoted() -> None:
    base = adresses.checked("https://exemple.fr/observatoire/")
    assert base == "https://exemple.fr/observatoire"
    assert adresses.permanent(base, "2026.3.0+demo", "data/a b.csv") == (
        "https://exemple.fr/observatoire/donnees/2026.3.0%2Bdemo/data/a%20b.csv"
    )


@pytest.mark.parametrize("text", ["", "exemple.fr", "ftp://exemple.fr", "https://", "https://exemple.fr/?a=1"])
def test_what_is_no_address_of_a_site_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="OBSERVATOIRE_ADRESSE"):
        adresses.checked(text)
