"""Bad input for some seconds: the targets of ``make fuzz``, and that their judges see what they should."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from etl.validation import signs, workbook
from etl.validation.formulas import Appearance
from schemas.contract import Contract
from tests.fuzz import files, web, witness, workbooks
from tests.fuzz.choices import NASTY, Choices
from tests.fuzz.descriptors import judge_descriptor
from tests.fuzz.files import CONTRACTS, GOOD, TEXTS
from tests.fuzz.targets import TARGETS

EXAMPLES = {"csv": 25, "xlsx": 15, "ods": 15, "contrat": 40, "site": 10, "api": 25, "curseur": 15, "rappel": 15}
GOOD_ROWS = {
    "textes": ["halte", "a-1", "salle", "2", "1"],
    "mesures": ["2026-09-30", "2026-09", "2026", "7.5", "1", "1"],
}

COLUMNS = [(contract, name) for contract in CONTRACTS for name in contract.names]


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_the_bytes(name: str) -> None:
    @settings(max_examples=EXAMPLES[name])
    @given(st.binary(min_size=24, max_size=200))
    def tried(data: bytes) -> None:
        TARGETS[name](data)

    tried()


def table(contract: Contract, column: str, texts: Sequence[str]) -> bytes:
    """A CSV of rows that are good but for one cell, each with a key of its own."""
    place, rows = contract.names.index(column), []
    for number, text in enumerate(texts):
        row = list(GOOD_ROWS[contract.name])
        row[0] = f"lieu {number}" if contract is TEXTS else str(date(2020, 1, 1) + timedelta(number))
        row[1] = f"a-{number}" if contract is TEXTS else row[1]
        rows.append([*row[:place], text, *row[place + 1 :]])
    made = io.StringIO(newline="")
    csv.writer(made).writerows([contract.names, *rows])
    return made.getvalue().encode()


@pytest.mark.parametrize(("contract", "column"), COLUMNS)
def test_every_nasty_text_in_a_cell(contract: Contract, column: str) -> None:
    """Those that a file can hold: a NUL or half a character make it no text at all."""
    texts = [text for text in NASTY if "\0" not in text and not any("\ud800" <= sign < "\ue000" for sign in text)]
    assert len(texts) > 80
    report = files.judge(table(contract, column, texts), ".csv", contract)
    assert not report.valid


@pytest.mark.parametrize(("contract", "column"), COLUMNS)
def test_every_good_text_in_a_cell(contract: Contract, column: str) -> None:
    files.judge(table(contract, column, GOOD[contract.field(column).type]), ".csv", contract)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_good_files_are_accepted_and_the_witness_reads_them(contract: Contract, tmp_path) -> None:
    assert files.judge(table(contract, contract.names[2], [GOOD_ROWS[contract.name][2]]), ".csv", contract).valid
    rows = [list(contract.names), GOOD_ROWS[contract.name]]
    for suffix, parts in ((".xlsx", workbooks.xlsx_parts), (".ods", workbooks.ods_parts)):
        content = workbooks.archive(parts(Choices(b""), rows))
        assert files.judge(content, suffix, contract).valid
        (tmp_path / f"a{suffix}").write_bytes(content)
        assert witness.grid(tmp_path / f"a{suffix}", encoding="utf-8", delimiter=None) == rows


def with_a_number(suffix: str, look: str, value: int) -> bytes:
    """A workbook that is good but for a number which this look may hide."""
    rows = [list(TEXTS.names), [*GOOD_ROWS["textes"][:4], "0"]]
    if suffix == ".xlsx":
        parts, name = workbooks.xlsx_parts(Choices(b""), rows), "xl/worksheets/sheet1.xml"
        number, cells = workbooks.xlsx_number("D2", look, value), r'<c r="D2".*?</c>'
    else:
        parts, name = workbooks.ods_parts(Choices(b""), rows), "content.xml"
        number, cells = (
            workbooks.ods_number(look, value),
            "<table:table-cell [^>]*><text:p>2</text:p></table:table-cell>",
        )
    parts[name], changed = re.subn(cells, number, parts[name])
    assert changed == 1
    return workbooks.archive(parts)


LOOKS = [(".xlsx", look) for look in workbooks.MASKS] + [(".ods", look) for look in workbooks.TOLD]


@pytest.mark.parametrize(("suffix", "look"), LOOKS)
def test_every_look_of_a_number(suffix: str, look: str) -> None:
    """Some numbers of a look that hides may be seen under it, and those of one that hides nothing all are."""
    valid = [files.judge(with_a_number(suffix, look, value), suffix, TEXTS).valid for value in range(10)]
    assert all(valid) is (look in ("0", workbooks.MASKS[-1])), valid


@pytest.mark.parametrize(("suffix", "look"), [(".xlsx", ";;;"), (".ods", "ND")])
def test_the_judge_sees_a_number_that_is_not_shown_and_let_through(
    suffix: str, look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "appearance", lambda _path, _sheet: Appearance({}, []))
    with pytest.raises(AssertionError, match="accepted with bad rows"):
        files.judge(with_a_number(suffix, look, 5), suffix, TEXTS)


@pytest.mark.parametrize("text", ["\u202e1202", "=1+1"])
def test_the_judge_sees_a_bad_cell_that_is_let_through(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs, "unseen", lambda _text: "FALSE")
    monkeypatch.setattr(signs, "formula", lambda _text, bland: "FALSE")
    with pytest.raises(AssertionError, match="are bad"):
        files.judge(table(TEXTS, "lieu", [text]), ".csv", TEXTS)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b'"',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"PK\x03\x04",
        b"lieu\r1\r",
        # Found by the long run: a NUL in a label of UTF-16; the line that ends a file, in its middle.
        "lieu;\0code;genre;personnes;femmes\n".encode("utf-16"),
        "lieu,code\n\ue000end\ue000,\ue000end\ue000\n=1,b\n".encode(),
    ],
)
def test_files_that_once_broke_something(content: bytes) -> None:
    assert not files.judge(content, ".csv", TEXTS).valid


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, {"fields": None}, {"fields": [None]}, {"fields": [{}]}])
def test_descriptors_that_are_none(value: object) -> None:
    judge_descriptor(value)


def test_the_judge_of_answers_sees_a_failure() -> None:
    with pytest.raises(AssertionError, match="status 500"):
        web.sound(TestResponse([b""], "500", Headers(), Request(EnvironBuilder().get_environ())))
