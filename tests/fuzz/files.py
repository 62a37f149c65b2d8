"""Feed files made to deceive: CSV, XLSX and ODS, well formed around bad cells or broken in their very bytes.

Whatever the file: a report and never a failure; a file is accepted only if a second reader finds the same rows in it
and no fault in any; of a file that is refused, every bad row is named; the typed rows are those of the file.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from etl.validate import Report, check
from etl.validation import workbook
from schemas.contract import Contract, contract_from
from tests.fuzz import witness, workbooks
from tests.fuzz.choices import Choices
from tests.fuzz.witness import Grid, Twin, Unreadable

TEXTS = contract_from(
    {
        "name": "textes",
        "fields": [
            {"name": "lieu", "type": "string", "constraints": {"required": True, "maxLength": 20}},
            {"name": "code", "type": "string", "constraints": {"pattern": "[a-z0-9]+(-[a-z0-9]+)*"}},
            {"name": "genre", "type": "string", "categories": ["halte", "salle"]},
            {"name": "personnes", "type": "integer", "constraints": {"minimum": 0}},
            {"name": "femmes", "type": "integer", "missingValues": ["", {"value": "ND", "label": "non disponible"}]},
        ],
        "primaryKey": ["lieu"],
        "uniqueKeys": [["code"]],
        "rules": [
            {
                "name": "femmes_max_personnes",
                "check": "femmes <= personnes",
                "fields": ["femmes", "personnes"],
                "title": "pas plus de femmes que de personnes",
            }
        ],
    }
)
MEASURES = contract_from(
    {
        "name": "mesures",
        "fields": [
            {"name": "jour", "type": "date", "constraints": {"required": True, "maximum": "2030-12-31"}},
            {"name": "mois", "type": "yearmonth"},
            {"name": "annee", "type": "year"},
            {"name": "heures", "type": "number", "constraints": {"maximum": 24}},
            {"name": "budget", "type": "number"},
            {"name": "ouvert", "type": "boolean"},
        ],
        "primaryKey": ["jour"],
    }
)
CONTRACTS = (TEXTS, MEASURES)
GOOD: dict[str, tuple[str, ...]] = {
    "string": ("halte", "salle", "porte-1", "été à l'abri", "x, y", 'dit "oui"', "deux\nlignes", "-5", "a", ""),
    "integer": ("0", "12", "3", "ND", "", "+4", " 7 ", "1\u00a0200", "007"),
    "number": ("0", "7.5", "7,5", "1e3", "-3", ".5", "5.", "1.000", "", "12"),
    "boolean": ("true", "false", "VRAI", "FAUX", "1", "0", ""),
    "date": ("2026-09-30", "30/09/2026", "2024-02-29", "2025-01-01", "1/2/2026", ""),
    "yearmonth": ("2026-09", "2025-12", "2026-09-01", ""),
    "year": ("2026", "1999", ""),
}


def _femmes(values: dict[str, Any]) -> bool:
    women, people = values["femmes"], values["personnes"]
    return women is None or people is None or women <= people


TWINS: dict[str, tuple[Twin, ...]] = {"textes": (_femmes,), "mesures": ()}


def csv_target(data: bytes) -> None:
    """A CSV: the bytes themselves below a header, or a table written in one of many ways, some bytes of it replaced."""
    choices = Choices(data)
    contract = choices.of(CONTRACTS)
    if choices.number(3) == 0:
        content = choices.rest() if choices.number(1) else ",".join(contract.names).encode() + b"\n" + choices.rest()
    else:
        content = _written(choices, _table(choices, contract))
    judge(content, ".csv", contract)


def xlsx_target(data: bytes) -> None:
    """An XLSX: a table in one of many notations, its XML then cut, doubled or retouched, or its archive damaged."""
    _workbook_target(data, ".xlsx", workbooks.xlsx_parts)


def ods_target(data: bytes) -> None:
    """An ODS in the same way."""
    _workbook_target(data, ".ods", workbooks.ods_parts)


def _workbook_target(data: bytes, suffix: str, parts_of: Any) -> None:
    choices = Choices(data)
    contract = choices.of(CONTRACTS)
    parts: dict[str, str] = parts_of(choices, _table(choices, contract))
    if choices.number(2) == 2:
        for _ in range(1 + choices.number(3)):
            name = choices.of(sorted(parts))
            parts[name] = workbooks.retouched(choices, parts[name])
    content = workbooks.archive(parts)
    if choices.number(7) == 7:
        content = _damaged(choices, content)
    judge(content, suffix, contract)


def _table(choices: Choices, contract: Contract) -> Grid:
    labels = list(contract.names)
    if not choices.often():
        labels[choices.number(len(labels) - 1)] = choices.text()
    rows = [[_cell(choices, field.type) for field in contract.fields] for _ in range(choices.number(4))]
    if rows and not choices.often():
        rows[-1] = rows[-1][: choices.number(len(labels))] + [choices.text()] * choices.number(2)
    return [labels, *rows]


def _cell(choices: Choices, kind: str) -> str:
    return choices.of(GOOD[kind]) if choices.often() else choices.text()


def _written(choices: Choices, table: Grid) -> bytes:
    delimiter, end, text = choices.of(",;\t|"), choices.of(("\n", "\r\n", "\r")), io.StringIO(newline="")
    if choices.often():
        quoting = choices.of((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
        csv.writer(text, quoting=quoting, delimiter=delimiter, lineterminator=end).writerows(table)
    else:
        text.write(end.join(delimiter.join(row) for row in table))
    encoding = choices.of(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
    content = text.getvalue().encode(encoding, errors="surrogatepass" if encoding != "cp1252" else "replace")
    return content if choices.often() else _damaged(choices, content)


def _damaged(choices: Choices, content: bytes) -> bytes:
    for _ in range(1 + choices.number(2)):
        place, length = choices.number(max(len(content) - 1, 0)), choices.number(3)
        content = content[:place] + choices.take(choices.number(4)) + content[place + length :]
    return content


def judge(content: bytes, suffix: str, contract: Contract) -> Report:
    """Check a file, and hold the report against what the witness says. Raises AssertionError."""
    with tempfile.TemporaryDirectory() as name, patch.object(workbook, "apart", _here):
        folder = Path(name)
        path, typed = folder / f"essai{suffix}", folder / "out.parquet"
        path.write_bytes(content)
        report = check(path, contract, references=folder, parquet=typed, threads=1)
        _check_report(report, contract)
        _compare(path, report, contract, typed)
        return report


def _here(path: Path, out: Path, names: Sequence[str]) -> tuple[int, str]:
    """A workbook read in this very process, so that its paths are seen; failures are those of the process apart."""
    try:
        return 0, workbook.read(path, out, names)
    except workbook.FAILURES:
        return workbook.UNREADABLE, ""


def _check_report(report: Report, contract: Contract) -> None:
    assert report.valid is (report.total_errors == 0), "a verdict without a reason"
    assert len(report.errors) == report.total_errors
    for error in report.errors:
        assert len(error.message.splitlines()) == 1, f"no line: {error.message!r}"
        assert error.message.isprintable(), f"a message that is not seen: {error.message!r}"
    assert report.to_json()
    assert report.to_text("en")


def _compare(path: Path, report: Report, contract: Contract, typed: Path) -> None:
    if not report.encoding:
        assert not report.valid
        return
    try:
        rows = witness.grid(path, encoding=report.encoding, delimiter=report.dialect.delimiter)
    except Unreadable:
        assert report.dialect.spreadsheet or not report.valid, "accepted though the csv module does not read it"
        return
    if not rows or rows[0] != list(contract.names):
        assert not report.valid, "accepted under another header"
        return
    options = {"french": report.dialect.french, "workbook": report.dialect.spreadsheet}
    bad = witness.faults(contract, rows, twins=TWINS[contract.name], **options) if rows[1:] else {None}  # no row at all
    told = {error.row for error in report.errors}
    if not report.dialect.spreadsheet and "open-quote" not in {error.rule for error in report.errors}:
        assert report.rows == len(rows) - 1, f"{report.rows} rows read of {len(rows) - 1}"
        assert told == bad, f"rows {sorted(bad)} are bad, rows {sorted(told, key=str)} were told"
    if report.valid:
        assert not bad, f"accepted with bad rows {sorted(bad)}"
        _same_values(rows, typed, contract, **options)


def _same_values(rows: Grid, typed: Path, contract: Contract, **options: bool) -> None:
    columns = ", ".join(f'"{name}"' for name in contract.names)
    with duckdb.connect() as connection:
        held = connection.execute(f"SELECT {columns} FROM read_parquet(?)", [str(typed)]).fetchall()
    meant = [
        tuple(witness.value_of(field, text, **options) for field, text in zip(contract.fields, row, strict=True))
        for row in rows[1:]
    ]
    assert held == meant, f"{meant} in the file, {held} in the table"
