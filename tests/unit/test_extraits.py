"""The CSV behind each chart: an address that any server accepts, exactly the rows of the table, no empty answer."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from fixtures_api import write_true_releases
from fixtures_release import VERSION
from werkzeug.test import Client

from dashboard import queries
from dashboard.app import create_app
from dashboard.extraits import CUT_BY
from dashboard.queries import Selection, extract
from dashboard.router import LANGUAGES, SLUGS, href
from publish.reader import Releases
from schemas.errors import UsageError

LONGEST = 2_000
PAGES = [
    *(href(lang, slug) for lang in LANGUAGES for slug in SLUGS),
    "/fr/services/espace-repos-chapelle",
    "/fr/indicateurs/caarud_file_active",
]
SECTION = re.compile(
    r"<table(?P<table>.*?)</table>(?P<between>(?:(?!<table).)*?)href=\"(?P<link>/extrait/[^\"]*)\"", re.S
)


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def rows_at(client: Client, link: str) -> list[dict[str, str]]:
    answer = client.get(link)
    assert answer.status_code == 200, f"{link} : {answer.get_data(as_text=True)}"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


@pytest.mark.parametrize("address", PAGES)
def test_each_csv_has_an_address_that_servers_accept_and_answers(client: Client, address: str) -> None:
    text = client.get(address).get_data(as_text=True)
    for link in dict.fromkeys(html.unescape(found) for found in re.findall(r'href="(/extrait/[^"]*)"', text)):
        assert len(link) <= LONGEST
        rows_at(client, link)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("slug", ["repos", "hopital", "caarud"])
def test_the_csv_of_a_chart_has_a_row_for_each_row_of_its_table(client: Client, lang: str, slug: str) -> None:
    text = client.get(f"/{lang}/{slug}").get_data(as_text=True)
    found = list(SECTION.finditer(text))
    assert len(found) == 3
    for match in found:
        shown = match["table"].split("<tbody>")[1].count("<tr>")
        assert shown == len(rows_at(client, html.unescape(match["link"]))) > 0


def test_a_year_of_days_is_asked_for_in_one_word(client: Client) -> None:
    text = client.get("/fr/repos").get_data(as_text=True)
    link = next(found for found in re.findall(r'href="(/extrait/[^"]*)"', text) if "granularite=jour" in found)
    assert "annee=2026" in link
    assert "periode=" not in link
    assert {row["periode"][:4] for row in rows_at(client, html.unescape(link))} == {"2026"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("indicateur", "caarud_rien"),
        ("territoire_niveau", "canton"),
        ("territoire_code", "00000"),
        ("granularite", "heure"),
        ("periode", "1999"),
        ("ventilation", "couleur"),
        ("modalite", "service-inconnu"),
        ("annee", "1999"),
    ],
)
def test_a_value_that_nothing_has_is_a_400_that_names_it(client: Client, name: str, value: str) -> None:
    answer = client.get(f"/extrait/{VERSION}.csv?{name}={value}")
    assert answer.status_code == 400
    assert name in answer.get_data(as_text=True)
    assert f"« {value} »" in answer.get_data(as_text=True)


def test_one_unknown_value_among_known_ones_is_refused_too(client: Client) -> None:
    link = f"/extrait/{VERSION}.csv?indicateur=caarud_pipes&indicateur=caarud_rien"
    assert client.get(link).status_code == 400


def test_a_known_territory_without_observations_is_an_answer(client: Client) -> None:
    link = f"/extrait/{VERSION}.csv?indicateur=caarud_pipes&territoire_niveau=commune&territoire_code=93001"
    assert rows_at(client, link) == []


def test_an_extract_is_never_cut_in_silence(small_releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "ROW_LIMIT", 3)
    with pytest.raises(UsageError, match=r"observations\.csv"):
        extract(Releases(small_releases).release(), Selection(("caarud_pipes",)))


def test_the_link_says_how_the_file_writes_what_the_table_says_in_words(client: Client) -> None:
    french, english = (client.get(f"/{lang}/repos").get_data(as_text=True) for lang in ("fr", "en"))
    assert "<code>non_rapporte</code> (non rapporté)" in french
    assert "<code>non_applicable</code> (not applicable)" in english
    shares = client.get("/fr/hopital").get_data(as_text=True)
    assert "<code>non_rapporte" not in shares.split('class="liens"')[1].split("</p>")[0]


def test_a_row_is_the_same_text_as_in_the_file_of_the_release(tmp_path: Path) -> None:
    release = Releases(write_true_releases(tmp_path)).release()
    client = create_app(tmp_path).server.test_client()
    tables = [*(table for table in CUT_BY if table in release.tables), "observations"]
    assert len(tables) > 3
    for table in tables:
        address = f"/extrait/{release.version}{'' if table == 'observations' else f'/{table}'}.csv"
        published = release.path(f"data/{table}.csv").read_text(encoding="utf-8")
        assert sorted(client.get(address).get_data(as_text=True).splitlines()) == sorted(published.splitlines())
