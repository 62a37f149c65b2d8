"""The memory that the check of a file may take is a setting, and what it does not hold goes beside the rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from etl.memoire import VARIABLE, memory_limit
from etl.validate import check
from etl.validation import engine
from schemas.errors import UsageError
from tests.bench.bench_validate import contract, make_file


@pytest.mark.parametrize(("said", "limit"), [("", "1000MB"), ("2GB", "2000MB"), ("500 Mo", "500MB"), ("3Go", "3000MB")])
def test_the_setting_is_a_quantity(monkeypatch: pytest.MonkeyPatch, said: str, limit: str) -> None:
    monkeypatch.setenv(VARIABLE, said)
    assert memory_limit() == limit


@pytest.mark.parametrize("said", ["beaucoup", "99MB", "-1GB", "0GB", "1TB", "1GB; drop"])
def test_what_is_no_quantity_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(UsageError, match=VARIABLE):
        memory_limit()


def test_rows_that_the_memory_does_not_hold_are_written_beside_and_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_file(tmp_path / "banc.csv", 200_000)
    monkeypatch.setenv(VARIABLE, "100MB")
    rows = tmp_path / "lignes" / "rows.parquet"
    rows.parent.mkdir()
    limits, folders = [], []
    opened = engine.engine

    def seen(*, folder: Path, memory_limit: str, **words):  # type: ignore[no-untyped-def]
        limits.append(memory_limit)
        folders.append(folder)
        return opened(folder=folder, memory_limit=memory_limit, **words)

    monkeypatch.setattr("etl.validation.table.engine", seen)
    assert check(tmp_path / "banc.csv", contract(), references=tmp_path, parquet=rows).valid
    assert limits == ["100MB"]
    assert [folder.parent for folder in folders] == [rows.parent]
    assert [path.name for path in rows.parent.iterdir()] == ["rows.parquet"]
    assert duckdb.sql(f"select count(*) from '{rows}'").fetchall() == [(200_000,)]
