"""The validator against frictionless: the same (row, field, type) wherever frictionless is right.

Where it is not, or where the standard leaves the choice, the generator stays away; each exclusion and its reason:

- **lenient readings** (``1_000`` as an integer, ``2026-1-5`` as a date, ``2026-9`` as a month, ``+202`` as a year,
  digits and spaces of other scripts, Python's ``infinity``): the standard's lexical forms refuse them, so do we;
- **integers beyond 64 bits, NaN and infinite numbers**: refused here, since no published column could hold them;
- **signs that are not seen and beginnings of formulas** in texts: refused here, which no standard asks for;
- **a row of missing codes** (``ND,ND``): frictionless calls it blank; a blank row has no text at all here, and that is
  all that is said of it, where frictionless adds a missing key;
- **absent or unreadable parts of a primary key**: frictionless accepts nulls in a composite key and calls an unreadable
  single key absent; here a part may not be absent, and an unreadable one is a type error only;
- **categories, uniqueKeys**: declared but never enforced by frictionless;
- **integer groupChar**: not implemented by frictionless;
- **cells under a wrong label**: frictionless goes on by position, we go on with the columns whose name is known, so
  that one misplaced label is one error; only the errors of the header are compared then;
- **patterns with a top-level alternative** (``a|b``): frictionless anchors the first half only;
- **foreign keys with an absent part**: frictionless looks for the null in the reference; no part, no reference here;
- **missingValues without the empty text**: frictionless then has a cell that does not exist break ``required``;
- **separators, quotes and header**: frictionless guesses them from the first lines, and takes a header followed by
  blank rows for something else; they are given to it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import frictionless
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.validate import check
from schemas.contract import contract_from

CSV = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}
RESOURCE_V2 = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_V2 = "https://datapackage.org/profiles/2.0/tableschema.json"

OWN_RULES = ("invisible", "formule", "no-rows")

Errors = set[tuple[int | None, str, str]]

WORDS = ["", "a", "abc", "é", "long text", "x,y", 'say "no"', "two\nlines", "ND", "12", " pad ", "zz"]
TEXTS: dict[str, list[str]] = {
    "string": WORDS,
    "any": WORDS,
    "integer": [
        "0",
        "5",
        "-3",
        "+7",
        " 8 ",
        "007",
        "42",
        "1.5",
        "1e3",
        "x",
        "",
        "9223372036854775807",
        "1,5",
        "--1",
        "0x10",
    ],
    "number": ["0", "0.5", "-3.25", "1e3", " 8.0 ", ".5", "5.", "1,5", "x", "", "12.50", "1.2.3", "e5"],
    "boolean": ["true", "false", "1", "0", "TRUE", "yes", "", "tRue"],
    "date": [
        "2026-09-30",
        "2025-01-01",
        "2024-02-29",
        "2025-02-29",
        "2026-13-01",
        "30/09/2026",
        "",
        "2026-09-30T",
        "x",
    ],
    "time": ["10:00:00", "23:59:59", "25:00:00", "10:00", "", "x"],
    "datetime": ["2026-09-30T10:00:00", "2026-09-30T10:00:00Z", "2026-02-30T10:00:00", "2026-09-30", "", "x"],
    "year": ["2026", "1999", "0001", "99", "20260", "abcd", "", "2 26"],
    "yearmonth": ["2026-09", "2025-12", "2026-13", "2026-00", "2026", "", "x-y"],
    "duration": ["P1Y", "PT5M", "P1DT2H", "P", "1Y", "", "x"],
    "geopoint": ["2.35,48.85", "181,0", "0,91", "2.35", "a,b", "", "2.35, 48.85"],
    "object": ['{"a": 1}', "[1]", "{", "", '{"a": {"b": 2}, "c": 3}'],
    "array": ["[1, 2]", '{"a": 1}', "[", "", "[]"],
    "list": ["a,b", "a", "", "a,b,c"],
}
GOOD: dict[str, list[str]] = {
    "string": ["a", "b", "c", "abc"],
    "integer": ["0", "5", "-3", "42"],
    "date": ["2026-09-30", "2025-01-01", "2024-02-29"],
    "year": ["2026", "1999"],
}
BOUNDS: dict[str, list[Any]] = {
    "integer": [0, 5],
    "number": [0, 0.5],
    "date": ["2025-01-01", "2026-09-30"],
    "year": [1999, 2026],
    "yearmonth": ["2025-12", "2026-09"],
}
ENUMS: dict[str, list[Any]] = {
    "string": ["a", "abc"],
    "integer": ["5", "42"],
    "number": ["0.5", "12.5"],
    "date": ["2026-09-30"],
}
PATTERNS = ["[a-z]+", ".{1,3}", "[^0-9]*", "(a|abc)"]


@st.composite
def constraints(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if draw(st.booleans()):
        chosen["required"] = True
    if kind in BOUNDS:
        names = st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        chosen |= draw(st.dictionaries(names, st.sampled_from(BOUNDS[kind]), max_size=2))
    if kind in ENUMS and draw(st.integers(0, 3)) == 0:
        chosen["enum"] = ENUMS[kind]
    if kind == "string":
        if draw(st.integers(0, 2)) == 0:
            chosen["pattern"] = draw(st.sampled_from(PATTERNS))
        chosen |= draw(st.dictionaries(st.sampled_from(["minLength", "maxLength"]), st.integers(1, 4), max_size=2))
    if kind in ("string", "integer", "date") and draw(st.integers(0, 3)) == 0:
        chosen["unique"] = True
    return chosen


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(sorted(TEXTS)), min_size=1, max_size=4))
    fields = []
    for index, kind in enumerate(kinds):
        field: dict[str, Any] = {"name": f"f{index}", "type": kind, "constraints": draw(constraints(kind))}
        if draw(st.integers(0, 3)) == 0:
            field["missingValues"] = ["", "ND"]
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields}
    keys = [field["name"] for field in fields if field["type"] in GOOD]
    if keys and draw(st.booleans()):
        schema["primaryKey"] = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True))
    return schema


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[str]]]:
    """A schema and records, ragged or blank ones among them where there is no primary key (see the exclusions)."""
    schema = draw(schemas())
    key = schema.get("primaryKey", [])
    columns = [
        st.sampled_from(GOOD[field["type"]] if field["name"] in key else TEXTS[field["type"]])
        for field in schema["fields"]
    ]
    records = draw(st.lists(st.tuples(*columns).map(list), max_size=8))
    if key:
        return schema, [record for record in records if any(record)]
    return schema, [draw(reshaped(record)) for record in records]


def reshaped(record: list[str]) -> st.SearchStrategy[list[str]]:
    return st.sampled_from(
        [record, record, record, record[:-1], [*record, "extra"], [*record, "", "z"], [""] * len(record), []]
    )


def is_row_of_codes(record: Sequence[str], schema: dict[str, Any]) -> bool:
    """Whether every cell of the schema is missing, one of them by a code that is not the empty text."""
    cells = [(field.get("missingValues", [""]), text) for field, text in zip(schema["fields"], record, strict=False)]
    return any(record) and all(text in missing for missing, text in cells)


def ours(path: Path, schema: dict[str, Any]) -> Errors:
    report = check(path, contract_from(schema), references=path.parent)
    return {(error.row, error.field, error.type) for error in report.errors if error.rule not in OWN_RULES}


def theirs(path: Path, schema: dict[str, Any]) -> Errors:
    descriptor = {
        "$schema": RESOURCE_V2,
        "name": "table",
        "path": path.name,
        "encoding": "utf-8",
        "dialect": {"header": True, "headerRows": [1], "csv": CSV},
        "schema": {"$schema": SCHEMA_V2, **schema},
    }
    resource = frictionless.Resource.from_descriptor(descriptor, basepath=str(path.parent))
    report = resource.validate()
    rows = report.flatten(["rowNumber", "fieldName", "type"])
    return {(row or 1, field or "", kind) for row, field, kind in rows}


def compare(schema: dict[str, Any], header: list[str], records: list[list[str]], *, rows: bool = True) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(header)
            csv.writer(file).writerows(records)
        mine, reference = ours(path, schema), theirs(path, schema)
    if not rows:
        mine, reference = ({error for error in errors if error[0] == 1} for errors in (mine, reference))
    assert mine == reference, (schema, records)


@given(tables())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_same_errors_as_frictionless(table: tuple[dict[str, Any], list[list[str]]]) -> None:
    schema, records = table
    kept = [record for record in records if not is_row_of_codes(record, schema)]
    compare(schema, [field["name"] for field in schema["fields"]], kept)


PIECES = ["a", "é", ",", ",", "\n", "\n", "\r\n", '"', '""', '"a"', '",', ',"', " ", ",x\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=80, deadline=None)
def test_same_records_as_frictionless_in_any_text(body: str) -> None:
    """Quotes, separators and line ends anywhere: rows and cells are counted alike (an open quote is refused here)."""
    schema = {
        "fields": [{"name": "f0", "type": "any"}, {"name": "f1", "type": "string", "constraints": {"maxLength": 1}}]
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text("f0,f1\n" + body, encoding="utf-8", newline="")
        mine, reference = ours(path, schema), theirs(path, schema)
    if "source-error" not in {kind for _, _, kind in mine}:
        assert mine == reference


@given(st.lists(st.sampled_from(["a", "b", "c", "d", ""]), min_size=1, max_size=5), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_same_errors_of_header_as_frictionless(header: list[str], width: int) -> None:
    if not any(header):
        return
    schema = {"fields": [{"name": name, "type": "string"} for name in "abcd"[:width]]}
    compare(schema, header, [["x"] * len(header)], rows=False)


@given(
    st.sampled_from(["equal", "subset", "superset", "partial"]),
    st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=4, unique=True),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_fields_match_as_frictionless(mode: str, header: list[str], required: list[bool]) -> None:
    names = zip("abc", required, strict=True)
    fields = [{"name": name, "type": "integer", "constraints": {"required": need}} for name, need in names]
    compare({"fields": fields, "fieldsMatch": mode}, header, [["1"] * len(header), ["x"] * len(header)])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "a", "b", "z"])), max_size=6))
@settings(max_examples=40, deadline=None)
def test_self_reference_as_frictionless(records: list[tuple[str, str]]) -> None:
    schema = {
        "fields": [{"name": "id", "type": "string"}, {"name": "parent", "type": "string"}],
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    compare(schema, ["id", "parent"], [list(record) for record in records])
