"""Rows keep their numbers: whatever a contract asks, nothing in the reading of a file changes the order of its rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.validate import check
from etl.validation.dialect import csv_dialect
from etl.validation.engine import engine
from etl.validation.header import match
from etl.validation.scan import Plan
from etl.validation.source import Source
from schemas.contract import contract_from, contract_names, load_contract

ROWS = 120_000  # some ten megabytes, which several threads share
CODES = [f"valeur_{number:02d}" for number in range(60)]  # so many that the engine would make a join of them
CONTRACT: dict[str, Any] = {
    "name": "long",
    "fields": [
        {"name": "numero", "type": "integer", "constraints": {"required": True}},
        {"name": "code", "type": "string", "constraints": {"enum": CODES}},
        {"name": "genre", "type": "string", "categories": CODES},
        {"name": "texte", "type": "string", "missingValues": ["", *(f"ND{number}" for number in range(60))]},
    ],
}


@pytest.mark.parametrize("whole", [False, True], ids=["proof", "whole"])
@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in ("feeds", "reference") for name in contract_names(kind)]
)
def test_every_contract_is_read_in_order(tmp_path: Path, kind: str, name: str, whole: bool) -> None:
    contract = load_contract(name, kind=kind)
    path = tmp_path / "f.csv"
    path.write_text(",".join(contract.names) + "\n", encoding="utf-8")
    plan = Plan(contract, match(list(contract.names), contract), csv_dialect(","), whole=whole)
    allowed = {"folder": tmp_path, "readable": [path], "memory_limit": "1GB", "threads": 2, "today": date(2026, 1, 1)}
    source = Source(path, list(contract.names), plan.dialect, "utf-8", ",", lines=1)
    with engine(**allowed) as connection, source.texts(connection, {}) as texts:
        steps = connection.execute(f"EXPLAIN {plan.scan(texts)}").fetchall()[0][1]
    assert "BATCH_CREATE_TABLE_AS" in steps  # the engine's way where it keeps the order of several threads
    assert "JOIN" not in steps


def test_rows_of_a_large_file_are_numbered_as_they_stand(tmp_path: Path) -> None:
    path, kept = tmp_path / "long.csv", tmp_path / "long.parquet"
    lines = [f"{row},{CODES[row % 60]},{CODES[row % 7]},{'x' * 60}" for row in range(2, ROWS + 2)]
    path.write_text("\n".join(["numero,code,genre,texte", *lines]) + "\n", encoding="utf-8")
    contract = contract_from(CONTRACT)
    assert check(path, contract, parquet=kept).valid
    assert duckdb.sql(f"SELECT count(*) FROM '{kept}' WHERE numero <> file_row_number + 2").fetchall() == [(0,)]
    lines[-1] = lines[-1].replace("valeur", "inconnue", 1)
    path.write_text("\n".join(["numero,code,genre,texte", *lines]) + "\n", encoding="utf-8")
    assert [error.row for error in check(path, contract).errors] == [ROWS + 1]
