"""The report of the committee in a real release: an accessible PDF, the same bytes again, the facts of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from typer.testing import CliRunner

from dashboard.app import create_app
from observatoire import app
from publish.charte.i18n import texts
from publish.comite import mots
from publish.comite.chapitres import address
from publish.comite.rapport import report_of
from publish.comite.revue import review
from publish.reader import Releases
from schemas.errors import UsageError
from tests.integration.house import DAY, House

VERSION = "2026.3.0+demo"
LANGUAGES = ("fr", "en")
PAGES = range(8, 17)


@pytest.fixture(scope="module")
def release(demo: House) -> Path:
    return demo.releases / VERSION


@pytest.fixture(scope="module", params=LANGUAGES)
def pdf(request: pytest.FixtureRequest, release: Path) -> PdfReader:
    return PdfReader(release / address(request.param))


def tags(node: Any) -> Iterator[DictionaryObject]:
    """Every element of the structure tree, in reading order."""
    kids = node.get("/K").get_object() if "/K" in node else []
    for kid in (one.get_object() for one in (kids if isinstance(kids, ArrayObject) else [kids])):
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            yield from tags(kid)


@pytest.fixture(scope="module")
def tagged(pdf: PdfReader) -> list[tuple[str, DictionaryObject]]:
    """Elements of the structure tree by kind."""
    return [(str(tag["/S"]), tag) for tag in tags(pdf.root_object["/StructTreeRoot"])]


def read(path: Path) -> str:
    """The text of a PDF as a reader copies it, spaces made plain."""
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    return re.sub(r"[ \u00a0\u202f\n]+", " ", text)


def test_the_report_is_tagged_titled_and_in_its_language(pdf: PdfReader) -> None:
    root = pdf.root_object
    lang = str(root["/Lang"])[:2]
    assert lang in LANGUAGES
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    told = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in told
    assert texts(lang)("comite.rapport.titre", trimestre="").strip() in told


def test_it_has_from_eight_to_sixteen_a4_pages(pdf: PdfReader) -> None:
    assert len(pdf.pages) in PAGES
    for page in pdf.pages:
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]


def test_every_image_is_described_in_words(tagged: list[tuple[str, DictionaryObject]]) -> None:
    figures = [tag for kind, tag in tagged if kind == "/Figure"]
    assert len(figures) >= 8
    assert all(len(str(tag["/Alt"])) > 40 for tag in figures)


def test_headings_are_an_outline_without_a_gap(pdf: PdfReader, tagged: list[tuple[str, DictionaryObject]]) -> None:
    levels = [int(kind[2:]) for kind, _ in tagged if re.fullmatch(r"/H[1-6]", kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    chapters = [entry for entry in pdf.outline if not isinstance(entry, list)]
    assert len(chapters) == levels.count(1) == 8


def test_tables_have_header_cells(tagged: list[tuple[str, DictionaryObject]]) -> None:
    tables = [tag for kind, tag in tagged if kind == "/Table"]
    assert len(tables) >= 8
    for table in tables:
        inside = [str(one["/S"]) for one in tags(table)]
        assert inside.count("/TH") >= 4
        assert inside.count("/TD") >= 4


def test_the_report_is_of_the_release_and_no_byte_of_it_changes(release: Path, demo: House) -> None:
    found = Releases(demo.releases).release(VERSION)
    for lang in LANGUAGES:
        written = (release / address(lang)).read_bytes()
        assert report_of(found, lang) == written
        assert address(lang) in found.checksums
    found.close()


def test_it_says_what_the_page_says(release: Path, demo: House) -> None:
    found = Releases(demo.releases).release(VERSION)
    facts = review(found.query, found.tables, version=VERSION, day=DAY, quarter="2026-T3")
    client = create_app(demo.releases).server.test_client()
    for lang in LANGUAGES:
        paper = read(release / address(lang)).replace("\u2019", "'")
        screen = client.get(f"/{lang}/comite").get_data(as_text=True)
        for fact in mots.facts(facts, lang):
            assert re.sub(r"[\u00a0\u202f]", " ", fact.value) in paper
            assert fact.value in screen
    found.close()


def test_figures_of_the_shortlist_are_published_ones(release: Path) -> None:
    data = release / "data"
    with duckdb.connect() as con:
        pairs = con.execute(
            f"""select count(*), count(*) filter (o.valeur = c.valeur and r.valeur = c.reference_valeur)
            from '{data}/comparaisons.parquet' as c
            join '{data}/observations.parquet' as o
                on (o.indicateur, o.territoire_niveau, o.territoire_code, o.periode, o.ventilation)
                = (c.indicateur, c.territoire_niveau, c.territoire_code, c.periode, 'ensemble')
            join '{data}/observations.parquet' as r
                on (r.indicateur, r.territoire_niveau, r.territoire_code, r.periode, r.ventilation)
                = (c.indicateur, c.reference_niveau, c.reference_code, c.periode, 'ensemble')"""
        ).fetchall()[0]
        told = con.execute(f"select count(*) from '{data}/comparaisons.parquet'").fetchall()[0][0]
    assert pairs == (told, told)
    assert told > 0


def test_the_command_writes_another_quarter_of_the_same_release(demo: House, tmp_path: Path) -> None:
    target = tmp_path / "revue.pdf"
    asked = ["report", VERSION, "--quarter", "2025-T4", "--lang", "en", "--output", str(target), "--data"]
    assert CliRunner().invoke(app, [*asked, str(demo.data)]).exit_code == 0
    opened = PdfReader(target)
    assert opened.metadata is not None
    assert "Q4\u00a02025" in str(opened.metadata.title)
    assert len(opened.pages) in PAGES
    assert "up to its last quarter" in read(target)


def test_a_folder_that_is_not_there_is_told(demo: House, tmp_path: Path) -> None:
    asked = ["report", VERSION, "--output", str(tmp_path / "absent" / "revue.pdf"), "--data", str(demo.data)]
    told = CliRunner().invoke(app, asked).exception
    assert isinstance(told, UsageError)
    assert "absent" in str(told)


def test_a_quarter_the_release_does_not_have_is_refused(demo: House) -> None:
    found = Releases(demo.releases).release(VERSION)
    with pytest.raises(UsageError, match="1999-T1"):
        report_of(found, "fr", "1999-T1")
    found.close()
