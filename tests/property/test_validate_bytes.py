"""Whatever the bytes, an answer and never a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.validate import Report, check
from schemas.contract import contract_from

CONTRACT = contract_from(
    {
        "name": "essai",
        "fields": [
            {"name": "a", "type": "integer", "constraints": {"required": True}},
            {"name": "b", "type": "date"},
        ],
        "primaryKey": ["a"],
    }
)
HEADER = b"a,b\n"


def answer(content: bytes, name: str = "essai.csv") -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return check(path, CONTRACT, references=Path(folder))


@given(st.binary(max_size=300))
@example(b"")
@example(b"\n")
@example(b'"')
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"PK\x03\x04")
@example(b"a,b\r1,2\r")
@settings(max_examples=80, deadline=None)
def test_arbitrary_bytes_are_refused_with_a_message(content: bytes) -> None:
    report = answer(content)
    if not content.startswith(HEADER):
        assert not report.valid
        assert report.total_errors == len(report.errors) > 0
        assert all(error.message for error in report.errors)


@given(st.binary(max_size=200))
@settings(max_examples=80, deadline=None)
def test_arbitrary_bytes_below_a_header_never_crash(content: bytes) -> None:
    report = answer(HEADER + content)
    assert report.valid is (report.total_errors == 0)


@given(st.text(max_size=60), st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_is_shown_on_one_line(first: str, second: str) -> None:
    content = f"a,b\n{first},{second}\n".encode("utf-8", errors="ignore")
    report = answer(content)
    assert all(len(error.message.splitlines()) == 1 for error in report.errors)
