"""A file looked at by parts is what it is as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.validation import sniff
from etl.validation.sniff import Sniff, UnreadableError

PIECES = (b"a", b"1", b",", b";", b"\t", b"\n", b"\r\n", b"\r", b'"', b"\x00", b"\x01", b"\x7f", "é".encode(), b"\xe9")
CONTENTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map(b"".join).filter(bytes.strip)


def told(path: Path) -> Sniff | tuple[str, str, int | None]:
    """What is said of a file, or why it is refused."""
    try:
        return sniff.sniff(path, ("a",))
    except UnreadableError as trouble:
        return trouble.type, trouble.rule, trouble.row


@given(content=CONTENTS, size=st.integers(1, 12))
@example(content=b"a,b\n1,2\n", size=3)  # the last part would be empty
@example(content=b"a\n1\n\x00\n", size=3)  # a row of the second part
@example(content="a\né\n".encode(), size=3)
def test_parts_say_what_the_whole_does(tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int) -> None:
    path = tmp_path_factory.mktemp("parts") / "f.csv"
    path.write_bytes(content)
    whole = told(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sniff, "PART", size)
        assert told(path) == whole
        parts = list(sniff._parts(path))
    assert parts[0][0] == 0
    assert [end for _, end in parts[:-1]] == [start for start, _ in parts[1:]]
    assert parts[-1][1] == len(content)
