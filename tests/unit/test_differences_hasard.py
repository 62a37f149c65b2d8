"""Any two tables of the same key: the rows and cells told are those that a plain comparison finds."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.differences.rows import GAPS, compare_rows

KEY, OTHERS = ("a", "b"), ("x", "y", "statut")
KEYS = st.tuples(st.sampled_from("pqr'"), st.integers(0, 2))
CELLS = st.tuples(
    st.none() | st.sampled_from([0.0, -0.0, 1.5, 1e20]),
    st.none() | st.sampled_from(["", "é", '"', "2026-T1"]),
    st.sampled_from(["valeur", "secret", "zero"]),
)
TABLES = st.dictionaries(KEYS, CELLS, max_size=8)
Table = dict[tuple[str, int], tuple[float | None, str | None, str]]


def expected(old: Table, new: Table) -> set[tuple[str, int, str, str]]:
    added = {(*key, "*", "ajout") for key in new.keys() - old.keys()}
    removed = {(*key, "*", "retrait") for key in old.keys() - new.keys()}
    changed = {
        (*key, name, "modification")
        for key in old.keys() & new.keys()
        for name, before, after in zip(OTHERS, old[key], new[key], strict=True)
        if before != after
    }
    return added | removed | changed


@settings(max_examples=40, deadline=None)
@given(TABLES, TABLES)
def test_every_gap_is_told_once_and_nothing_else(old: Table, new: Table) -> None:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        files = [Path(folder) / "avant.parquet", Path(folder) / "apres.parquet"]
        for file, table in zip(files, (old, new), strict=True):
            con.execute("create or replace table t (a varchar, b int, x double, y varchar, statut varchar)")
            for key, cells in table.items():
                con.execute("insert into t values (?, ?, ?, ?, ?)", [*key, *cells])
            con.table("t").write_parquet(str(file))
        con.execute(GAPS)
        compare_rows(con, "essai", *files, key=KEY)
        rows = con.execute("select cle, champ, nature, secrete from ecarts").fetchall()
    told = [(json.loads(cle)["a"], json.loads(cle)["b"], champ, nature) for cle, champ, nature, _ in rows]
    assert len(told) == len(set(told))
    assert set(told) == expected(old, new)
    for cle, _, nature, secret in rows:
        key = tuple(json.loads(cle).values())
        if nature == "modification":
            assert secret == ((old[key][2] == "secret") != (new[key][2] == "secret"))
