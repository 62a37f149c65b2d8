"""The cells of a plain file are those of its lines, in order, wherever its parts end, and mean what their texts do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.validate import check
from etl.validation import plain, scan
from etl.validation.dialect import csv_dialect
from etl.validation.sql import literal
from etl.validation.types import reading
from schemas.contract import contract_from

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='",'), max_size=5)
ROWS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1))
CONTRACT = {"name": "deux", "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]}


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "PART", 7)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n"]), last=st.booleans(), bom=st.booleans())
def test_texts_are_those_of_the_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str, last: bool, bom: bool
) -> None:
    path = tmp_path_factory.mktemp("lignes") / "f.csv"
    lines = [",".join(row) for row in rows]
    if not lines[-1]:
        last = True  # an empty last line is a line only if it has an end
    text = end.join(["tête", *lines]) + (end if last else "")
    path.write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))
    found = plain.read(path, ["VARCHAR"] * len(rows[0]), delimiter=",").read_all()
    assert found.column_names == [f"c{position}" for position in range(len(rows[0]))]
    assert [list(row.values()) for row in found.to_pylist()] == [[cell or None for cell in row] for row in rows]


@pytest.mark.parametrize("line", ["1", "1,2,3", "x" * (3 << 20) + ",1"])
def test_a_line_that_is_no_record_is_not_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"a,b\n1,2\n{line}\n3,4\n")
    with pytest.raises(pa.ArrowInvalid):
        plain.read(path, ["VARCHAR"] * 2, delimiter=",").read_all()


def test_a_line_without_text_is_a_row_without_text(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1,2\n\n3,4\n")
    found = plain.read(path, ["VARCHAR"] * 2, delimiter=",").read_all()
    assert found["c0"].to_pylist() == ["1", None, "3"]
    assert [(error.row, error.rule) for error in check(path, contract_from(CONTRACT)).errors] == [(3, "blank-row")]


def test_a_wrong_cell_keeps_its_row_whatever_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n" + "".join(f"x,{'douze' if row == 700 else row}\n" for row in range(2, 1000)))
    assert [(error.row, error.field) for error in check(path, contract_from(CONTRACT)).errors] == [(700, "b")]


NUMBERS = [
    *(
        "5",
        "-5",
        "+5",
        " 5 ",
        "\t5",
        "007",
        "-0",
        "0x1F",
        "0X1f",
        "1e3",
        "5.0",
        "1_000",
        "٣",
        "1\u00a0000",
        "5-",
        "--5",
        " ",
    ),
    *(
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1.5",
        "+1.5",
        "1,5",
        "1.500",
        "1.",
        ".5",
        ".",
    ),
    *(
        "nan",
        "NaN",
        "nan(1)",
        "inf",
        "-Infinity",
        "1e400",
        "1e-400",
        "-1e-400",
        "0x1p3",
        "1E+5",
        "1e",
        "1d5",
        "0.1",
        "1/2",
    ),
    *("123456789012345678901234567890", "2.2250738585072014e-308", "4.9e-324", "0.1000000000000000055511151231257827"),
]
DATES = [
    *("2026-01-05", " 2026-01-05", "2026-01-05 ", "2026-1-5", "2026-1-05", "0000-01-01", "0001-01-01", "-026-01-05"),
    *("2026-02-29", "2024-02-29", "2026-13-01", "20260105", "2026/01/05", "05/01/2026", "2026-01-05T", "9999-12-31"),
    *("10000-01-01", "infinity", "epoch", "2026-01-0٣", "26-01-05", "2026-01-05 00:00:00"),
]
LIKE_NUMBERS = st.text("0123456789+-.,eExX_ \t", min_size=1, max_size=8)
LIKE_DATES = st.text("0123456789-/ T:", min_size=6, max_size=12)


def ahead(folder: Path, text: str, field: dict[str, Any], delimiter: str) -> tuple[object, object]:
    """The value of a text by the reader of plain files, « refused » where it parses none, and by its contract."""
    known = reading(contract_from({"name": "une", "fields": [field]}).fields[0], csv_dialect(delimiter))
    assert known.parsed
    path = folder / "f.csv"
    path.write_text(f"a{delimiter}b\n{text}{delimiter}x\n")
    value = duckdb.sql(f"SELECT {known.value(literal(text))}").fetchall()[0][0]
    try:
        cells = plain.read(
            path, [known.sql_type, "VARCHAR"], delimiter=delimiter, decimal=csv_dialect(delimiter).decimal
        ).read_all()
    except pa.ArrowInvalid:
        return "refused", value
    with duckdb.connect() as connection:
        connection.register("cells", cells)
        return connection.execute(f"SELECT {known.parsed('c0')} FROM cells").fetchall()[0][0], value


def agrees(folder: Path, text: str, field: dict[str, Any], delimiter: str) -> None:
    """A parsed value is that of the contract; where there is none, it is refused or NULL."""
    parsed, value = ahead(folder, text, field, delimiter)
    assert parsed == value or parsed == "refused", f"{text!r} is parsed as {parsed!r}, and is {value!r}"
    assert str(parsed) == str(value) or parsed == "refused", "the sign of zero"


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("kind", ["integer", "number", "date"])
def test_no_value_is_parsed_that_the_contract_does_not_read_the_same(tmp_path: Path, kind: str, delimiter: str) -> None:
    for text in [*NUMBERS, *DATES]:
        if delimiter not in text:
            agrees(tmp_path, text, {"name": "a", "type": kind}, delimiter)


@settings(max_examples=150, deadline=None)
@given(
    asked=st.tuples(LIKE_NUMBERS, st.sampled_from(["integer", "number"])) | st.tuples(LIKE_DATES, st.just("date")),
    delimiter=st.sampled_from([",", ";"]),
)
def test_nor_of_texts_like_them(
    tmp_path_factory: pytest.TempPathFactory, asked: tuple[str, str], delimiter: str
) -> None:
    text, kind = asked
    if delimiter not in text:
        agrees(tmp_path_factory.mktemp("valeurs"), text, {"name": "a", "type": kind}, delimiter)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("integer", "-7", -7), ("number", "1.5", 1.5), ("date", "2026-01-05", date(2026, 1, 5))],
)
def test_common_spellings_are_parsed(tmp_path: Path, kind: str, text: str, value: object) -> None:
    assert ahead(tmp_path, text, {"name": "a", "type": kind}, ",") == (value, value)


@pytest.mark.parametrize(
    "more",
    [
        {"type": "integer", "groupChar": " "},
        {"type": "integer", "bareNumber": False},
        {"type": "integer", "missingValues": ["", "-1"]},
        {"type": "integer", "missingValues": ["-"]},
        {"type": "integer", "missingValues": [{"value": "", "label": "non recueilli"}]},
        {"type": "integer", "constraints": {"pattern": "[0-9]{5}"}},
        {"type": "number", "decimalChar": ","},
        {"type": "date", "format": "%d/%m/%Y"},
        {"type": "boolean"},
    ],
)
def test_fields_whose_texts_matter_are_read_as_texts(more: dict[str, Any]) -> None:
    field = contract_from({"name": "une", "fields": [{"name": "a", **more}]}).fields[0]
    assert reading(field, csv_dialect(",")).parsed is None


@pytest.mark.parametrize(
    ("cells", "paths"),
    [
        (["x,12", "y,13"], [True]),
        (["x,12", "y,+13"], [True, False]),
        (["0x1F,12", "y,13"], [True, False]),
        (["x,12", "y,0x1F"], [True, False, False]),
        (["x,12", "y,-13"], [True, False]),
    ],
)
def test_what_is_not_parsed_is_judged_by_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: list[str], paths: list[bool]
) -> None:
    """A file is parsed ahead once; only then, and where that is no proof, its texts are looked at."""
    seen: list[bool] = []
    run = scan.run
    monkeypatch.setattr(scan, "run", lambda con, plan, source: (seen.append(plan.ahead), run(con, plan, source))[1])
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["a,b", *cells]) + "\n")
    fields = [CONTRACT["fields"][0], {**CONTRACT["fields"][1], "constraints": {"minimum": 0}}]
    report = check(path, contract_from({**CONTRACT, "fields": fields}))
    broken = [cells[1].split(",")[1]] if {"0x1F", "-13"} & {cell.split(",")[1] for cell in cells} else []
    assert [error.value for error in report.errors] == broken
    assert seen[2:] == paths, "after two on an empty table"
