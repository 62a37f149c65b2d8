"""The texts of a plain file are those of its lines, in their order, wherever its parts end."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.validate import check
from etl.validation import plain
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
    found = plain.texts(path, width=len(rows[0]), delimiter=",").read_all()
    assert found.column_names == [f"c{position}" for position in range(len(rows[0]))]
    assert [list(row.values()) for row in found.to_pylist()] == [[cell or None for cell in row] for row in rows]


@pytest.mark.parametrize("line", ["1", "1,2,3", "x" * (3 << 20) + ",1"])
def test_a_line_that_is_no_record_is_not_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"a,b\n1,2\n{line}\n3,4\n")
    with pytest.raises(pa.ArrowInvalid):
        plain.texts(path, width=2, delimiter=",").read_all()


def test_a_line_without_text_is_a_row_without_text(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1,2\n\n3,4\n")
    found = plain.texts(path, width=2, delimiter=",").read_all()
    assert found["c0"].to_pylist() == ["1", None, "3"]
    assert [(error.row, error.rule) for error in check(path, contract_from(CONTRACT)).errors] == [(3, "blank-row")]


def test_a_wrong_cell_keeps_its_row_whatever_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n" + "".join(f"x,{'douze' if row == 700 else row}\n" for row in range(2, 1000)))
    assert [(error.row, error.field) for error in check(path, contract_from(CONTRACT)).errors] == [(700, "b")]
