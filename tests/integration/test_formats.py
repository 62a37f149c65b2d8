"""The same rows in every format of a release, read back by the tools of those who use them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import shapely

from etl.validation import signs
from publish.formats.xlsx import DEFINITIONS
from schemas.contract import contract_from
from tests.integration.house import REFERENCE, House

VERSION = "2026.3.0+demo"
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def data(demo: House) -> Path:
    return demo.releases / VERSION / "data"


@pytest.fixture(scope="module")
def tables(data: Path) -> dict[str, list[str]]:
    """Columns of each table, as its schema names them."""
    return {
        path.stem: [field["name"] for field in json.loads(path.read_text())["fields"]]
        for path in sorted((data.parent / "schemas").glob("*.json"))
        if (data / f"{path.stem}.csv").is_file()
    }


def absent(data: Path, name: str) -> dict[str, list[str]]:
    """Texts that stand for an absent value in the CSV, by column: the schema tells them."""
    schema = json.loads((data.parent / "schemas" / f"{name}.json").read_text())
    whole = schema.get("missingValues", [""])
    return {
        field["name"]: [item["value"] if isinstance(item, dict) else item for item in field.get("missingValues", whole)]
        for field in schema["fields"]
    }


def parquet_rows(data: Path, name: str, columns: list[str], *, limit: int = 0) -> Rows:
    named = ", ".join(f'"{column}"' for column in columns)
    with duckdb.connect() as con:
        tail = f" limit {limit}" if limit else ""
        return con.execute(f"select {named} from '{data / name}.parquet'{tail}").fetchall()


def sheet_rows(sheet: Any, *, last: int | None = None) -> Rows:
    rows = sheet.iter_rows(min_row=2, max_row=last, values_only=True)
    return [tuple(cell.date() if isinstance(cell, datetime) else cell for cell in row) for row in rows]


def typed(column: str, kind: pl.DataType, missing: list[str]) -> pl.Expr:
    """A column of texts as the type it has in the Parquet file."""
    told = pl.when(pl.col(column).is_in(missing)).then(None).otherwise(pl.col(column))
    readers = {pl.Boolean: told == "true", pl.Date: told.str.to_date()}
    return readers.get(kind, told.cast(kind)).alias(column)


@pytest.fixture(scope="module")
def book(data: Path) -> pd.DataFrame:
    """The observations as pandas reads them from the workbook."""
    texts = {"territoire_code": "str", "periode": "str", "modalite": "str"}
    return pd.read_excel(
        data / "observations.xlsx", engine="calamine", dtype=texts, keep_default_na=False, na_values=[""]
    )


def test_every_table_is_in_every_format(data: Path, tables: dict[str, list[str]]) -> None:
    assert len(tables) > 20
    for name in tables:
        assert {path.suffix for path in data.glob(f"{name}.*")} >= {".csv", ".parquet", ".xlsx"}, name
    assert {path.name for path in data.iterdir()} == {
        *(f"{name}.{form}" for name in tables for form in ("csv", "parquet", "xlsx")),
        "territoires.geojson",
    }


def test_openpyxl_reads_the_rows_of_every_workbook(data: Path, tables: dict[str, list[str]]) -> None:
    for name, columns in tables.items():
        # openpyxl takes a minute to read the observations: pandas reads them whole below.
        last = 2_000 if name == "observations" else None
        opened = openpyxl.load_workbook(data / f"{name}.xlsx", read_only=True)
        assert opened.sheetnames == [name, DEFINITIONS]
        sheet = opened[name]
        assert next(sheet.iter_rows(values_only=True)) == tuple(columns), name
        expected = parquet_rows(data, name, columns, limit=last - 1 if last else 0)
        assert sheet_rows(sheet, last=last) == expected, name
        opened.close()


def test_pandas_reads_the_observations_from_csv_parquet_and_workbook(
    data: Path, tables: dict[str, list[str]], book: pd.DataFrame
) -> None:
    dates = ["periode_debut", "periode_fin"]
    texts = {"territoire_code": "str", "periode": "str", "modalite": "str"}
    stored = pd.read_parquet(data / "observations.parquet").astype(dict.fromkeys(dates, "datetime64[us]"))
    csv = pd.read_csv(data / "observations.csv", dtype=texts, parse_dates=dates, keep_default_na=False, na_values=[""])
    for frame in (csv, book):
        pd.testing.assert_frame_equal(frame, stored, check_dtype=False)
    assert list(stored.columns) == tables["observations"]


def test_polars_and_duckdb_read_the_same_rows_from_csv_and_parquet(data: Path, tables: dict[str, list[str]]) -> None:
    for name, columns in tables.items():
        parquet = pl.read_parquet(data / f"{name}.parquet", columns=columns)
        csv = pl.read_csv(data / f"{name}.csv", schema_overrides=dict.fromkeys(columns, pl.String), null_values=None)
        missing = absent(data, name)
        cleaned = csv.select(typed(column, kind, missing[column]) for column, kind in parquet.schema.items())
        assert cleaned.equals(parquet), name
        assert parquet.rows() == parquet_rows(data, name, columns), name


def test_geopandas_reads_every_row_of_the_territories_with_its_boundary(
    data: Path, tables: dict[str, list[str]]
) -> None:
    columns = tables["territoires"]
    expected = parquet_rows(data, "territoires", columns)
    binary, text = (
        geopandas.read_parquet(data / "territoires.parquet"),
        geopandas.read_file(data / "territoires.geojson"),
    )
    assert binary.crs.to_string() == "OGC:CRS84"
    assert text.crs.to_epsg() == 4326
    table = binary.drop(columns="geometry").astype(object).where(binary.drop(columns="geometry").notna(), None)
    assert [tuple(row) for row in table[columns].itertuples(index=False)] == expected
    features = json.loads((data / "territoires.geojson").read_text())["features"]
    assert [tuple(feature["properties"][column] for column in columns) for feature in features] == [
        tuple(cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row) for row in expected
    ]
    assert (
        shapely.equals_exact(binary.geometry.values, text.geometry.values).sum() == binary.geometry.notna().sum() > 280
    )
    assert binary.geometry.dropna().is_valid.all()


def test_the_geometry_is_geoparquet_1_1_and_the_reference_boundaries(data: Path) -> None:
    metadata = json.loads(pq.read_schema(data / "territoires.parquet").metadata[b"geo"])
    column = metadata["columns"][metadata["primary_column"]]
    assert (metadata["version"], column["encoding"], column["geometry_types"]) == (
        *("1.1.0", "WKB"),
        ["MultiPolygon", "Polygon"],
    )
    frame = geopandas.read_parquet(data / "territoires.parquet")
    assert column["bbox"] == pytest.approx(list(frame.total_bounds))
    given = json.loads((REFERENCE / "contours" / "territoires.geojson").read_text())["features"]
    shapes = {
        (f["properties"]["niveau"], f["properties"]["code"]): shapely.geometry.shape(f["geometry"]) for f in given
    }
    found = dict(zip(zip(frame["niveau"], frame["code"], strict=True), frame.geometry, strict=True))
    assert set(shapes) <= set(found)
    assert all(shapely.equals_exact(found[key], one) for key, one in shapes.items())


def test_a_secret_cell_is_empty_in_the_workbook_and_its_status_says_it(book: pd.DataFrame) -> None:
    secret = book[book["statut"] == "secret"]
    assert len(secret) > 100
    assert secret[["valeur", "numerateur", "denominateur", "borne_basse", "borne_haute"]].isna().all(axis=None)


def test_the_reason_of_an_absence_is_told_in_every_format_as_the_return_gave_it(demo: House, data: Path) -> None:
    given = pd.read_csv(demo.data / "inbox" / "trend_produits.csv", dtype=str, keep_default_na=False)
    asked = given[["site", "semestre", "produit", "prix_median"]].itertuples(index=False, name=None)
    marks = {"": "non_renseigne", "ND": "non_disponible", "NC": "non_concerne"}
    expected = {tuple(key): marks.get(price, "valeur") for *key, price in asked}
    assert set(expected.values()) >= {"valeur", "non_disponible"}
    book = pd.read_excel(data / "trend_produits.xlsx", engine="calamine", keep_default_na=False, na_values=[""])
    for frame in (book, pd.read_parquet(data / "trend_produits.parquet"), pd.read_csv(data / "trend_produits.csv")):
        keys = frame[["site", "semestre", "produit"]].itertuples(index=False, name=None)
        assert dict(zip(keys, frame["prix_median_statut"], strict=True)) == expected
        assert ((frame["prix_median_statut"] == "valeur") == frame["prix_median"].notna()).all()


def test_a_printed_nd_is_not_available_and_no_published_column_has_two_marks_of_absence(
    data: Path, tables: dict[str, list[str]]
) -> None:
    reference = pd.read_csv(REFERENCE / "consultations_cocaine.csv", dtype=str, keep_default_na=False)
    printed = reference.loc[reference["valeur"] == "ND", ["service_id", "periode", "mesure"]]
    with duckdb.connect() as con:
        for form in ("csv", "parquet"):
            found = con.execute(
                f"select service_id, periode, mesure from '{data}/consultations_cocaine.{form}' "
                "where valeur_statut = 'non_disponible' and valeur is null order by all"
            ).fetchall()
            assert sorted(found) == sorted(printed.itertuples(index=False, name=None)) != []
    assert all(marks == [""] for name in tables for marks in absent(data, name).values())


def parts(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.xlsx")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path.name}/{name}", archive.read(name)


def test_no_workbook_has_a_formula_a_hidden_part_or_the_name_of_a_machine(data: Path) -> None:
    for name, content in parts(data):
        assert not any(mark in content for mark in (b"<f>", b"<f ", b"hidden=", b"/tmp", b"/root", b"/home")), name


def test_no_text_of_a_release_is_a_formula_or_holds_a_sign_that_is_not_seen(
    data: Path, tables: dict[str, list[str]]
) -> None:
    """Nothing is added to a cell of a CSV to make it harmless: it must be so."""
    asked = 0
    for name in tables:
        contract = contract_from(json.loads((data.parent / "schemas" / f"{name}.json").read_text()))
        for column in (field.name for field in contract.fields if signs.is_free(field)):
            bad = f"{signs.formula(f'{column}::varchar', bland=False)} or {signs.unseen(f'{column}::varchar')}"
            found = duckdb.sql(f"select distinct {column} from '{data / name}.parquet' where {bad}").fetchall()
            assert found == [], (name, column)
            asked += 1
    assert asked > 50


def test_the_archive_of_the_release_holds_what_is_listed(demo: House) -> None:
    folder = demo.releases / VERSION
    listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    with zipfile.ZipFile(folder / f"observatoire-plan-crack-{VERSION}.zip") as archive:
        held = {name.partition("/")[2] for name in archive.namelist()}
    assert held == listed | {"SHA256SUMS"}
