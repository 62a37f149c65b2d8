"""Files sent to do harm: each is refused, and the message says where, what, and what to do."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from pathlib import Path

import pytest

from etl.validate import Report, check
from etl.validation import signs, sniff, workbook
from tests.fuzz.choices import Choices
from tests.fuzz.files import MEASURES, TEXTS
from tests.fuzz.workbooks import archive, ods_parts, xlsx_parts

LABELS = list(TEXTS.names)
GOOD = ["Halte", "a-1", "salle", "2", "1"]
PARTS = {".xlsx": xlsx_parts, ".ods": ods_parts}
MAIN = {".xlsx": "xl/worksheets/sheet1.xml", ".ods": "content.xml"}


def report_of(folder: Path, content: bytes, name: str = "envoi.csv", contract=TEXTS) -> Report:
    path = folder / name
    path.write_bytes(content)
    return check(path, contract, references=folder, threads=1)


def rows(*texts: str, column: str = "lieu") -> bytes:
    """A CSV good but for a cell of each row."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(LABELS)
    for number, text in enumerate(texts):
        writer.writerow({**dict(zip(LABELS, GOOD, strict=True)), "code": f"a-{number}", column: text}.values())
    return made.getvalue().encode()


def told(report: Report) -> list[tuple[int | None, str, str]]:
    return [(error.row, error.field, error.rule) for error in report.errors]


def parts(suffix: str) -> dict[str, str]:
    return PARTS[suffix](Choices(b""), [LABELS, GOOD])


# ── Texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

UNSEEN = {
    "\x01": "U+0001 (caractère de contrôle)",
    "\x1b": "U+001B (caractère de contrôle)",
    "\x7f": "U+007F (caractère de contrôle)",
    "\x85": "U+0085 (caractère de contrôle)",
    "\u202e": "U+202E (marque de sens d'écriture)",
    "\u202a": "U+202A (marque de sens d'écriture)",
    "\u2066": "U+2066 (marque de sens d'écriture)",
    "\u2069": "U+2069 (marque de sens d'écriture)",
    "\u200e": "U+200E (marque de sens d'écriture)",
    "\u200f": "U+200F (marque de sens d'écriture)",
    "\u200b": "U+200B (caractère invisible)",
    "\u200d": "U+200D (caractère invisible)",
    "\u2060": "U+2060 (caractère invisible)",
    "\ufeff": "U+FEFF (caractère invisible)",
    "\u00ad": "U+00AD (caractère invisible)",
    "\U000e0041": "U+E0041 (caractère invisible)",
}


def test_a_sign_that_is_not_seen_is_named_with_its_cell(tmp_path: Path) -> None:
    report = report_of(tmp_path, rows(*(f"Por{sign}te" for sign in UNSEEN)))
    texts = [error for error in report.errors if error.rule == "invisible"]
    assert [error.row for error in texts] == list(range(2, 2 + len(UNSEEN)))
    for error, name in zip(texts, UNSEEN.values(), strict=True):
        assert f"colonne « lieu » : « Por⟨{name.split()[0]}⟩te » contient {name}" in error.message
        assert "supprimez ce signe" in error.message


@pytest.mark.parametrize("sign", UNSEEN)
def test_an_identifier_may_hold_none_either(tmp_path: Path, sign: str) -> None:
    report = report_of(tmp_path, rows(f"a{sign}1", column="code"))
    assert ("invisible" in {error.rule for error in report.errors}) is True
    assert "pattern" in {error.rule for error in report.errors}


def test_what_is_seen_may_be_written(tmp_path: Path) -> None:
    seen = [
        "Été à l'abri",
        "deux\nlignes",
        "x – y",
        "a\u00a0: b",
        "日本",
        "مرحبا",
        "🙂",
        "« x »",
        "-5",
        "+3 %",
        "1;2; =x",
    ]
    assert told(report_of(tmp_path, rows(*seen))) == []


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    " =1",
    "\u00a0=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "a;=1",
    "a\n=1",
    "=",
    "-",
]


def test_what_a_spreadsheet_would_compute_is_refused(tmp_path: Path) -> None:
    report = report_of(tmp_path, rows(*FORMULAS))
    assert told(report) == [(row, "lieu", "formule") for row in range(2, 2 + len(FORMULAS))]
    assert "serait pris pour une formule" in report.errors[0].message
    assert "commencez le texte par une lettre ou un chiffre" in report.errors[0].message
    assert {rule for _, _, rule in told(report_of(tmp_path, rows("\t=1", "\r=1")))} == {"invisible", "formule"}


def test_numbers_may_be_negative_and_codes_need_no_such_rule(tmp_path: Path) -> None:
    content = b"jour,mois,annee,heures,budget,ouvert\n2026-09-30,2026-09,2026,-3.5,-10,1\n"
    assert report_of(tmp_path, content, contract=MEASURES).valid
    assert signs.is_free(TEXTS.field("lieu"))
    assert not signs.is_free(TEXTS.field("code"))
    assert not signs.is_free(TEXTS.field("genre"))


@pytest.mark.parametrize("suffix", PARTS)
def test_the_same_in_a_workbook(tmp_path: Path, suffix: str) -> None:
    table = [LABELS, ["=1+1", "a-1", "salle", "2", "1"], ["Por\u202ete", "a-2", "salle", "2", "1"]]
    content = archive(PARTS[suffix](Choices(b""), table))
    report = report_of(tmp_path, content, f"a{suffix}")
    assert told(report) == [(2, "lieu", "formule"), (3, "lieu", "invisible")]
    assert "(A3)" in report.errors[1].message


def test_a_label_that_hides_signs_is_shown_with_them(tmp_path: Path) -> None:
    report = report_of(tmp_path, b"\xe2\x80\xaelieu,code\nx\n")
    assert not report.valid
    assert all(error.message.isprintable() for error in report.errors)
    assert "⟨U+202E⟩lieu" in report.to_text()


# ── Numbers and dates ─────────────────────────────────────────────────────────────────────────────────────────────────

BAD_VALUES = {
    "heures": ["NaN", "nan", "INF", "-INF", "Infinity", "1e309", "-1e400", "0x10", "1_0", "1" * 400],
    "budget": ["NaN", "INF", "-INF", "1e309", "9" * 400],
    "annee": ["0000", "10000", "-001", "２０２６"],
    "mois": ["0000-01", "2026-13", "2026-00", "10000-01"],
    "jour": ["0000-01-01", "10000-01-01", "01/01/0000", "2026-02-30", "-2026-01-01", "2026-9-1"],
    "ouvert": ["2", "oui", "tRue"],
}


@pytest.mark.parametrize("column", BAD_VALUES)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_values_without_measure_are_of_no_type(tmp_path: Path, column: str, delimiter: str) -> None:
    place, names = MEASURES.names.index(column), list(MEASURES.names)
    lines = [[f"2026-01-{day:02}", "2026-09", "2026", "7", "1", "1"] for day in range(1, 1 + len(BAD_VALUES[column]))]
    for line, text in zip(lines, BAD_VALUES[column], strict=True):
        line[place] = text
    content = "\n".join(delimiter.join(line) for line in (names, *lines)).encode()
    report = report_of(tmp_path, content, contract=MEASURES)
    found = {(error.row, error.type) for error in report.errors if error.field == column}
    assert found == {(row, "type-error") for row in range(2, 2 + len(lines))}


def test_an_integer_beyond_64_bits_is_said_to_be_too_large(tmp_path: Path) -> None:
    content = rows("9223372036854775808", "9" * 400, "-9223372036854775809", column="personnes")
    report = report_of(tmp_path, content)
    assert {(error.row, error.rule) for error in report.errors if error.field == "personnes"} == {
        (2, "type"),
        (3, "type"),
        (4, "type"),
    }
    assert "plus de dix-huit chiffres" in report.errors[0].message


def test_minus_zero_is_zero(tmp_path: Path) -> None:
    path, typed = tmp_path / "a.csv", tmp_path / "a.parquet"
    path.write_text("jour,mois,annee,heures,budget,ouvert\n2026-09-30,,,-0,-0.0,\n", encoding="utf-8")
    assert check(path, MEASURES, references=tmp_path, parquet=typed).valid
    import duckdb

    assert duckdb.sql(f"SELECT heures::VARCHAR, budget::VARCHAR FROM '{typed}'").fetchall() == [("0.0", "0.0")]


# ── Bytes and sizes ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "rule", "row"),
    [
        (b"lieu,code\nx,\x00\n", "nul", 2),
        ("lieu,code\nx,\0\n".encode("utf-16"), "nul", 2),
        ("lieu,code\nÉté,Été\n".encode() + b"\xe9t\xe9,x\n", "mixed", 2),
        (b"lieu,code\nx,y\nx,\xed\xa0\x80\n", "halves", 3),
        ("lieu,code\nx,\ud800\n".encode("utf-16", errors="surrogatepass"), "encoding", None),
        (b"lieu,code\nx,\x81\n", "encoding", None),
    ],
)
def test_bytes_that_are_no_text_are_told(tmp_path: Path, content: bytes, rule: str, row: int | None) -> None:
    (error,) = report_of(tmp_path, content).errors
    assert (error.type, error.rule) == ("encoding-error", rule)
    assert row is None or error.row == row
    assert "enregistrez le tableau en CSV UTF-8" in error.message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encodings", "row", "utf8", "other"),
    [
        (("utf-8", "utf-8", "cp1252", "utf-8"), 4, 2, 4),
        (("cp1252", "cp1252", "ascii", "utf-8"), 5, 5, 2),
        (("cp1252", "utf-8", "utf-8"), 2, 3, 2),
        (("utf-8", "cp1252", "cp1252"), 2, 2, 3),
    ],
)
def test_of_two_encodings_the_rarer_is_the_row_and_both_are_told(
    tmp_path: Path, encodings: tuple[str, ...], row: int, utf8: int, other: int, end: str
) -> None:
    lines = [("x,y" if name == "ascii" else "Été à Épône,y").encode(name) for name in encodings]
    (error,) = report_of(tmp_path, end.encode().join([b"lieu,code", *lines])).errors
    assert (error.rule, error.row) == ("mixed", row)
    assert f"UTF-8 (d'abord à la ligne {utf8}) et un autre" in error.message
    assert f"Windows-1252 (d'abord à la ligne {other})" in error.message


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_hundred_thousand_columns_are_counted_and_not_read(tmp_path: Path, quote: str) -> None:
    header = ",".join(f"{quote}c{number}{quote}" for number in range(100_000))
    (error,) = report_of(tmp_path, f"{header}\n".encode()).errors
    assert (error.rule, error.value) == ("too-many-columns", "100000")
    assert sniff.MAX_COLUMNS < 100_000


def test_a_cell_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b'lieu,code,genre,personnes,femmes\n"')
        for _ in range(100):
            file.write((b"x" * 999 + b"\n") * 1000)
        file.write(b'",a,,,\n')
    (error,) = check(path, TEXTS, references=tmp_path).errors
    assert (error.rule, error.row) == ("line-too-long", 2)


# ── Workbooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("suffix", PARTS)
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://hote.test/x.dtd">',
    ],
)
def test_entities_are_never_unfolded(tmp_path: Path, suffix: str, declaration: str) -> None:
    for name in (MAIN[suffix], sorted(parts(suffix))[-2]):
        content = parts(suffix)
        content[name] = declaration + content[name].replace("Halte", "&b;")
        (error,) = report_of(tmp_path, archive(content), f"a{suffix}").errors
        assert error.rule == "workbook-entities"
        assert "DOCTYPE" in error.message


def test_entities_in_another_encoding_are_seen_too(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        made = io.BytesIO(archive(parts(".xlsx")))
        with zipfile.ZipFile(made, "a") as file:
            file.writestr("xl/theme/theme1.xml", ("x" * ((1 << 19) - 9) + "<!DOCTYPE x>").encode(encoding))
        (error,) = report_of(tmp_path, made.getvalue(), "a.xlsx").errors
        assert error.rule == "workbook-entities"


@pytest.mark.parametrize("suffix", sorted(MAIN))
def test_xml_without_an_end_is_not_waited_for(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it is cut: the reader of .ods looks for ever for the end of a table of which a row is whole."""
    monkeypatch.setattr(workbook, "MAX_SECONDS", 60)
    content = parts(suffix)
    whole = content[MAIN[suffix]]
    for cut in (
        whole[: whole.rindex("</table:table>" if suffix == ".ods" else "</sheetData>")],
        whole[:-9],
        whole[:90],
    ):
        (error,) = report_of(tmp_path, archive({**content, MAIN[suffix]: cut}), f"a{suffix}").errors
        assert error.rule == "workbook"


def zipped(*entries: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in entries:
            file.writestr(name, content)
    return made.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """An archive whose directory and headers declare another size, unfolded, for its first part."""
    central, local = content.index(b"PK\x01\x02"), content.index(b"PK\x03\x04")
    told_size = struct.pack("<I", size)
    content = content[: central + 24] + told_size + content[central + 28 :]
    return content[: local + 22] + told_size + content[local + 26 :]


BIG = bytes(1 << 20)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (zipped(("xl/workbook.xml", BIG * 9)), "workbook-too-big"),
        (zipped(("content.xml", BIG * 9)), "workbook-too-big"),
        (lying(zipped(("xl/workbook.xml", BIG * 9)), 100), "workbook"),
        (lying(zipped(("content.xml", BIG)), 1 << 31), "workbook-too-big"),
        (zipped(*((f"xl/{number}", b"") for number in range(60)), ("xl/workbook.xml", b"")), "workbook-too-big"),
        (zipped(("xl/workbook.xml", zipped(("a", BIG * 3))), ("b.zip", zipped(("a", BIG * 3)))), "workbook"),
    ],
    ids=["xlsx", "ods", "declares less", "declares more", "members", "nested"],
)
def test_bombs_are_refused_before_they_are_read(
    tmp_path: Path, content: bytes, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are those of production, made smaller so that the bombs are."""
    monkeypatch.setattr(workbook, "MAX_UNFOLDED", 8 << 20)
    monkeypatch.setattr(workbook, "MAX_ENTRIES", 50)
    (error,) = report_of(tmp_path, content, "bombe.xlsx").errors
    assert error.rule == rule
    assert "enregistrez-le" in error.message


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("suffix", PARTS)
def test_two_parts_of_one_name_are_refused(tmp_path: Path, suffix: str) -> None:
    made = io.BytesIO(archive(parts(suffix)))
    with zipfile.ZipFile(made, "a") as file:
        file.writestr(MAIN[suffix], parts(suffix)[MAIN[suffix]].replace("Halte", "Salle"))
    assert [error.rule for error in report_of(tmp_path, made.getvalue(), f"a{suffix}").errors] == ["workbook"]


@pytest.mark.parametrize("suffix", PARTS)
def test_an_archive_with_any_byte_of_its_directory_altered_is_refused_or_read(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version of ZIP that is not known, a member that is encrypted, a size that is another's: none is a failure.

    What is taken for whole would be read by a process of its own, which is not started here.
    """
    monkeypatch.setattr(workbook, "apart", lambda *_: (workbook.UNREADABLE, ""))
    content = archive(parts(suffix))
    for place in range(content.index(b"PK\x01\x02"), len(content)):
        for sign in (0, 0x7F, 0xFF):
            altered = content[:place] + bytes([sign]) + content[place + 1 :]
            (error,) = report_of(tmp_path, altered, f"a{suffix}").errors
            assert (error.type, error.rule[:8]) == ("source-error", "workbook")
