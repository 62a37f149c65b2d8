"""Two ways to one report: a file whose rows are not wanted is only proven valid, and read in whole where it is not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.validate import check
from schemas.contract import contract_from

CONTRACT = contract_from(
    {
        "name": "essai",
        "fields": [
            {"name": "code", "type": "string", "constraints": {"required": True, "maxLength": 3}},
            {"name": "jour", "type": "date"},
            {"name": "total", "type": "integer", "constraints": {"minimum": 0}, "missingValues": ["", "ND"]},
            {"name": "part", "type": "number", "constraints": {"unique": True}},
            {"name": "parent", "type": "string"},
        ],
        "primaryKey": ["code", "jour"],
        "uniqueKeys": [["total", "parent"]],
        "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "code"}}],
        "rules": [
            {"name": "une_ligne", "check": "part <= total", "fields": ["part", "total"]},
            {"name": "fenetre", "check": "count(*) over (partition by parent) < 3", "fields": ["parent"]},
            {"name": "requete", "check": "(select count(*) from essai e where e.jour > jour) < 9", "fields": ["jour"]},
        ],
    }
)
CELLS = {
    "code": ("a", "b", "c", "", "=1", "trop"),
    "jour": ("2026-01-01", "2026-01-02", "", "2026-1-1"),
    "total": ("1", "2", "300", "1200", "", "ND", "-1", "1.5"),
    "part": ("0", "0.5", "1", "2", "", "1e2", "x"),
    "parent": ("a", "b", "c", "", "z"),
}
ROWS = st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), max_size=6)


@given(rows=ROWS)
@example(rows=[])
@example(rows=[("a", "2026-01-01", "1", "0", "a"), ("a", "2026-01-02", "2", "1", "a")])  # valid
@example(rows=[("a", "2026-01-01", "1", "", ""), ("b", "2026-01-01", "1", "", "")])  # absent parts repeat nothing
@example(rows=[("a", "2026-01-01", "1", "0", ""), ("a", "2026-01-01", "2", "1", "")])  # a key alone is wrong
@example(rows=[("a", "2026-01-01", "1", "2", "")])  # a rule alone is broken
def test_a_proof_and_a_whole_reading_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str]]
) -> None:
    folder = tmp_path_factory.mktemp("proof")
    path = folder / "f.csv"
    path.write_text("\n".join(",".join(row) for row in [tuple(CELLS), *rows]) + "\n", encoding="utf-8")
    proof, whole = check(path, CONTRACT), check(path, CONTRACT, parquet=folder / "f.parquet")
    assert proof == whole
    assert proof.valid == (folder / "f.parquet").exists()
