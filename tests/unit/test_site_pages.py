"""Pages that tell what changed and what was wrong, on rows made by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from publish.charte.i18n import LANGUAGES, Lang
from publish.notice import Notice
from publish.site.carte import Background
from publish.site.page import Page, Work, sized, texts
from publish.site.pages import corrections, methode, publication
from publish.site.pages.jeux import coded
from publish.version import parse_version
from schemas.contract import load_contract

VERSION = "2026.3.1+demo"
CHANGES = [
    ("observations", "repos_passages", "modification", "correction", 3),
    ("observations", "repos_passages", "modification", "revision", 40),
    ("observations", "lits_ouverts", "ajout", "nouvelle_donnee", 12),
    ("services", None, "ajout", "nouvelle_donnee", 1),
]
ERROR = {
    "id": "CO001", "date": dt.date(2026, 11, 20), "cause": "saisie", "origine": "reel",
    "constat": "Deux fois le même jour.", "constat_en": "The same day twice.",
    "remede": "Retiré.", "remede_en": "Removed.",
    "version_erronee": "2026.3.0+demo", "version_corrigee": VERSION,
}  # fmt: skip
DUE = {"trimestre": "2026-T4", "version": "2026.4.0", "date_prevue": dt.date(2027, 3, 18), "etat": "prevue"}
PAST = {"trimestre": "2026-T2", "version": "2026.2.0", "date_prevue": dt.date(2026, 9, 1), "etat": "prevue"}
NAMED = {"nom": "Passages", "nom_en": "Visits", "theme": "repos", "sensible": True, "unite": "passages"}


def work(lang: Lang, folder: Path, **told: Any) -> Work:
    """A release of a few rows; ``told`` stands in place of what it would read."""
    names = ("jeu", "indicateur", "nature", "cause", "nombre")
    tables = {
        "corrections": [ERROR],
        "calendrier": [PAST, DUE],
    }
    source = SimpleNamespace(
        folder=folder,
        notice=Notice(parse_version(VERSION), dt.date(2026, 11, 22), "https://exemple.invalid"),
        changes=[dict(zip(names, row, strict=True)) | {"version_avant": "2026.3.0+demo"} for row in CHANGES],
        indicators={"repos_passages": NAMED},
        contracts={"observations": load_contract("observations", kind="datasets")},
        statuses=[],
        table=lambda name: tables.get(name, []),
    )
    return Work(SimpleNamespace(**vars(source) | told), lang, texts(lang), Background((), 0))  # type: ignore[arg-type]


def only(pages: Any) -> Page:
    (page,) = pages
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_release_counts_its_changes_by_table_and_cause(lang: Lang, tmp_path: Path) -> None:
    content = only(publication.pages(work(lang, tmp_path))).content
    assert content["before"] == "2026.3.0+demo"
    assert [row[-1] for row in content["changes"].rows] == ["3", "12", "40", "1"]
    assert content["corrections"] == ["CO001"]


def test_only_indicators_with_rows_already_published_are_listed_as_changed(tmp_path: Path) -> None:
    table = only(publication.pages(work("en", tmp_path))).content["indicators"]
    assert [(str(row[0]).count("repos_passages.html"), row[1], row[2]) for row in table.rows] == [
        (1, "correction of an error", "3"),
        (1, "revision", "40"),
    ]


def test_a_first_release_has_nothing_to_compare_with(tmp_path: Path) -> None:
    content = only(publication.pages(work("fr", tmp_path, changes=[]))).content
    assert (content["changes"], content["indicators"], content["before"]) == (None, None, "")


def test_only_dates_to_come_are_announced(tmp_path: Path) -> None:
    table = only(publication.pages(work("fr", tmp_path))).content["next"]
    assert [row[0] for row in table.rows] == ["2026.4.0"]


def test_only_files_that_are_there_are_listed(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text("{}", encoding="utf-8")
    content = only(publication.pages(work("fr", tmp_path))).content
    assert [name for name, _ in content["files"]] == ["datapackage.json", "SHA256SUMS"]


@pytest.mark.parametrize(("lang", "said"), [("fr", "Deux fois le même jour."), ("en", "The same day twice.")])
def test_our_errors_are_told_with_the_version_that_mends_them(lang: Lang, said: str, tmp_path: Path) -> None:
    (row,) = only(corrections.pages(work(lang, tmp_path))).content["ours"].rows
    assert '<code id="CO001">' in str(row[0])
    assert row[3] == said
    assert VERSION in row[-1]


def test_the_page_on_secrecy_says_what_its_audit_found(tmp_path: Path) -> None:
    report = {
        "quantites": {"connues": 7040, "secretes": 12},
        "versions_connues": ["2026.3.0+demo"],
        "largeurs": [{"de": 11, "a": 20, "quantites": 5}, {"de": 1001, "a": None, "quantites": 7}],
    }
    (tmp_path / "audit.json").write_text("{}", encoding="utf-8")
    given = work("en", tmp_path, document=lambda _: report, trends={})
    told = [page for page in methode.pages(given) if page.path == "secret.html"]
    audit = only(told).content["audit"]
    assert "7,040" in audit["told"]
    assert [list(row) for row in audit["table"].rows] == [["11 to 20", "5"], ["1,001 or more", "7"]]


def test_names_between_backquotes_are_code_and_the_rest_is_escaped() -> None:
    assert coded("see `a_b` & <c>") == "see <code>a_b</code> &amp; &lt;c&gt;"


SIZES = [(999, "1,0\u00a0ko"), (725_800, "725,8\u00a0ko"), (23_925_511, "23,9\u00a0Mo")]


@pytest.mark.parametrize(("size", "written"), SIZES)
def test_sizes_are_decimal_multiples(size: int, written: str) -> None:
    assert sized(size, texts("fr")) == written


def test_a_page_leads_from_its_own_depth() -> None:
    deep, shallow = Page("indicateurs/x.html", "", "", ""), Page("methode.html", "", "", "")
    assert (deep.to("index.html"), deep.file("data/a.csv")) == ("../index.html", "../../../data/a.csv")
    assert (shallow.to("index.html"), shallow.file("data/a.csv")) == ("index.html", "../../data/a.csv")
