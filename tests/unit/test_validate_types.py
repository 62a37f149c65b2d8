"""Every type and format of Table Schema v2: what is a value, and what is not."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.validate import Report, check
from etl.validation.types import proven_integer
from schemas.contract import contract_from
from schemas.errors import ContractBroken

POINT = '{"type": "Point", "coordinates": [2.35, 48.85]}'
TOPOLOGY = '{"type": "Topology", "objects": {}, "arcs": []}'

# (field, texts that are values, texts that are not)
TYPES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"type": "string"}, ["x", " ", "é"], []),
    ({"type": "string", "format": "email"}, ["a@b.fr", "a.b+c@d-e.org"], ["a@b", "a b@c.fr", "@b.fr"]),
    ({"type": "string", "format": "uri"}, ["https://x.fr/a?b=c", "urn:isbn:1"], ["x.fr", "a b:c", "://x"]),
    ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567", "g" * 36]),
    ({"type": "string", "format": "binary"}, ["YWI=", "YWJj"], ["YWI", "é==="]),
    (
        {"type": "integer"},
        ["0", "-3", "+7", " 8 ", "007"],
        ["1.5", "1e3", "1_000", "0x10", "5.", "x", "9223372036854775808"],
    ),
    ({"type": "integer", "bareNumber": False}, ["12 €", "$12", "-5 %"], ["€", "1.5 €"]),
    ({"type": "integer", "groupChar": " "}, ["1 000", "12"], ["1.000"]),
    (
        {"type": "number"},
        ["1", "-1.5", ".5", "5.", "1e-3", "1e308", "-0"],
        ["1,5", "1_0", "inf", "nan", "NaN", "INF", "-INF", "1e309", "-1e400", "x", "1.2.3"],
    ),
    ({"type": "number", "decimalChar": ","}, ["1,5", "2"], ["1.5", "1,5,5"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.000,5"], ["1 000,5"]),
    ({"type": "number", "bareNumber": False}, ["95%", "12.5 €"], ["%"]),
    ({"type": "boolean"}, ["true", "False", "1", "0"], ["oui", "yes", "tRUE", "2"]),
    ({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, ["oui", "non"], ["true", "0"]),
    (
        {"type": "date"},
        ["2026-09-30", "2024-02-29", "0001-01-01"],
        ["2025-02-29", "2026-9-30", "30/09/2026", "2026-09-3T"],
    ),
    ({"type": "date", "format": "%d.%m.%y"}, ["30.09.26"], ["2026-09-30", "31.02.26"]),
    ({"type": "date", "format": "any"}, ["2026-09-30", "30/09/2026"], ["hier", "99", "03/04/25", "03.04.25"]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["03/04/2025"], ["03/04/25"]),
    ({"type": "time"}, ["10:00:00", "23:59:59.5", "10:00:00Z"], ["10:00", "25:00:00"]),
    ({"type": "time", "format": "%Hh%M"}, ["10h30"], ["10:30:00"]),
    ({"type": "time", "format": "any"}, ["10:30"], ["midi"]),
    ({"type": "datetime"}, ["2026-09-30T10:00:00", "2026-09-30T10:00:00+02:00"], ["2026-09-30", "2026-02-30T10:00:00"]),
    ({"type": "datetime", "format": "%d/%m/%Y %H:%M"}, ["30/09/2026 10:00"], ["2026-09-30T10:00:00"]),
    ({"type": "datetime", "format": "any"}, ["2026-09-30 10:00"], ["hier"]),
    ({"type": "year"}, ["2026", "0099"], ["99", "20260", "MMXX"]),
    ({"type": "yearmonth"}, ["2026-09"], ["2026-13", "2026-9", "2026"]),
    ({"type": "duration"}, ["P1Y2M", "PT5M", "-P1D", "PT1.5S"], ["P", "PT", "1Y", "P1S"]),
    ({"type": "geopoint"}, ["2.35,48.85", "2.35, 48.85"], ["181,0", "0,91", "2.35", "a,b"]),
    ({"type": "geopoint", "format": "array"}, ["[2.35, 48.85]"], ["[2.35]", "[1, 2, 3]", "2.35,48.85", "[181, 0]"]),
    (
        {"type": "geopoint", "format": "object"},
        ['{"lon": 2.35, "lat": 48.85}'],
        ['{"lon": 2.35}', '{"lon": 0, "lat": 91}'],
    ),
    (
        {"type": "geojson"},
        [POINT, '{"type": "FeatureCollection", "features": []}'],
        ['{"type": "Point"}', "{", "[1]", TOPOLOGY],
    ),
    ({"type": "geojson", "format": "topojson"}, [TOPOLOGY], [POINT, "{}"]),
    ({"type": "object"}, ['{"a": 1}', "{}"], ["[1]", "{", "1"]),
    ({"type": "array"}, ["[1, 2]", "[]"], ['{"a": 1}', "[", "1"]),
    ({"type": "list"}, ["a,b", "a"], []),
    ({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1;2", "3"], ["1;x", "1,2"]),
    ({"type": "list", "itemType": "date"}, ["2026-09-30,2026-10-01"], ["2026-09-30,hier"]),
    ({"type": "any"}, ["x", "1"], []),
]


def report_of(folder: Path, schema: dict[str, Any], records: list[list[str]], **options: Any) -> Report:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field["name"] for field in schema["fields"]])
        writer.writerows(records)
    return check(path, contract_from(schema), references=folder, **options)


@pytest.mark.parametrize(("field", "good", "bad"), TYPES, ids=[f"{f['type']}-{i}" for i, (f, _, _) in enumerate(TYPES)])
def test_values_and_texts_that_are_none(tmp_path: Path, field: dict[str, Any], good: list[str], bad: list[str]) -> None:
    schema = {"fields": [{"name": "x", **field}, {"name": "n", "type": "any"}]}
    report = report_of(tmp_path, schema, [[text, "1"] for text in (*good, *bad)])
    refused = {(error.row, error.value) for error in report.errors}
    assert refused == {(row, text) for row, text in enumerate(bad, start=2 + len(good))}
    assert {error.type for error in report.errors} <= {"type-error"}


STORED = [
    ({"type": "integer"}, "+7", "BIGINT", "7"),
    ({"type": "number"}, "1.50", "DOUBLE", "1.5"),
    ({"type": "boolean"}, "TRUE", "BOOLEAN", "true"),
    ({"type": "date"}, "2026-09-30", "DATE", "2026-09-30"),
    ({"type": "time"}, "10:00:00", "TIME", "10:00:00"),
    ({"type": "datetime"}, "2026-09-30T10:00:00+02:00", "TIMESTAMP", "2026-09-30 08:00:00"),
    ({"type": "year"}, "2026", "INTEGER", "2026"),
    ({"type": "yearmonth"}, "2026-09", "VARCHAR", "2026-09"),
    ({"type": "string"}, "007", "VARCHAR", "007"),
]


@pytest.mark.parametrize(("field", "text", "sql_type", "value"), STORED)
def test_typed_columns(tmp_path: Path, field: dict[str, Any], text: str, sql_type: str, value: str) -> None:
    out = tmp_path / "out.parquet"
    report = report_of(tmp_path, {"fields": [{"name": "x", **field}]}, [[text]], parquet=out)
    assert report.valid
    stored = duckdb.sql(f"SELECT typeof(x), CAST(x AS VARCHAR) FROM '{out}'").fetchall()
    assert stored == [(sql_type, value)]


def test_labelled_missing_values_keep_their_reason(tmp_path: Path) -> None:
    missing = [{"value": "", "label": "non renseigné"}, {"value": "ND", "label": "non disponible"}, "-"]
    schema = {"fields": [{"name": "x", "type": "integer", "missingValues": missing}, {"name": "y", "type": "integer"}]}
    out = tmp_path / "out.parquet"
    report = report_of(tmp_path, schema, [["1", "1"], ["ND", "1"], ["", "1"], ["-", ""]], parquet=out)
    assert report.valid
    rows = duckdb.sql(f"SELECT x, x__absence, y FROM '{out}'").fetchall()
    assert rows == [(1, None, 1), (None, "non disponible", 1), (None, "non renseigné", 1), (None, None, None)]


def test_missing_values_of_the_table_hold_for_fields_without_their_own(tmp_path: Path) -> None:
    fields = [{"name": "x", "type": "integer"}, {"name": "y", "type": "integer", "missingValues": [""]}]
    report = report_of(tmp_path, {"missingValues": ["", "n/a"], "fields": fields}, [["n/a", "n/a"], ["1", ""]])
    assert [(error.row, error.field) for error in report.errors] == [(2, "y")]


BROKEN = [
    {"type": "integr"},
    {"type": "string", "format": "courriel"},
    {"type": "geopoint", "format": "x"},
    {"type": "list", "itemType": "object"},
    {"type": "date", "format": "%Q"},
    {"type": "integer", "constraints": {"minimum": "beaucoup"}},
    {"type": "boolean", "constraints": {"minimum": 1}},
    {"type": "integer", "constraints": {"minLength": 1}},
    {"type": "string", "constraints": {"pattern": "("}},
    {"type": "object", "constraints": {"jsonSchema": {}}},
    {"type": "string", "constraints": {"inconnue": 1}},
]


@pytest.mark.parametrize("field", BROKEN, ids=str)
def test_a_contract_that_cannot_be_followed_is_told(tmp_path: Path, field: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken):
        report_of(tmp_path, {"fields": [{"name": "x", **field}]}, [["1"]])


def test_an_integer_is_proven_by_its_length_only_where_it_is_digits_alone() -> None:
    signs = [*"01259.eE+-_xXbo ", "\t", "a", ","]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE signs AS SELECT unnest(?) AS s", [signs])
    short = " UNION ALL ".join(
        f"SELECT {' || '.join(f'g{place}.s' for place in range(size))} AS x"
        f" FROM {', '.join(f'signs AS g{place}' for place in range(size))}"
        for size in range(1, 5)
    )
    long = "SELECT concat(a, '.', b, 'e', c) AS x FROM range(130) AS r(a), range(30) AS s(b), range(11) AS t(c)"
    powers = "SELECT concat(a, 'e', c) AS x FROM range(3000) AS r(a), range(9) AS t(c)"
    proof = proven_integer("x", "value")
    found = connection.execute(
        f"SELECT count(*) FILTER (WHERE proven), count(*) FILTER (WHERE proven AND NOT digits),"
        f" count(*) FILTER (WHERE value IS NOT NULL AND NOT digits) FROM (SELECT {proof} AS proven,"
        f" regexp_full_match(x, '[0-9]+') AS digits, value FROM (SELECT x, TRY_CAST(x AS BIGINT) AS value"
        f" FROM ({short} UNION ALL {long} UNION ALL {powers})))"
    ).fetchall()[0]
    assert found[1] == 0
    assert min(found[0], found[2]) > 400
