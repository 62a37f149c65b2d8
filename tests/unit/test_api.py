"""The API on a small release true to its contracts: rows, filters, pages, formats, caches, withdrawals, problems."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest
from fixtures_api import GONE, OLDER, REASON, VERSION, write_true_releases
from pyarrow import parquet
from werkzeug.test import Client, TestResponse

from dashboard.api.answers import answer
from dashboard.api.problems import KINDS
from dashboard.app import create_app
from dashboard.cache import Cache
from dashboard.i18n import texts

API = "/api/v1"
PINNED = f"release={quote(VERSION)}"
TABLES = ("adjacences", "chiffres_publies", "consultations_cocaine", "corrections", "evenements", "indicateurs")
TABLES += ("journees_aipauc", "liens", "objectifs", "observations", "population", "services", "territoires")
KEY = "indicateur, territoire_niveau, territoire_code, granularite, periode, ventilation, modalite"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_true_releases(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def client(releases: Path) -> Client:
    return create_app(releases).server.test_client()


def data(releases: Path, table: str, suffix: str = "parquet") -> Path:
    return releases / VERSION / "data" / f"{table}.{suffix}"


def truth(releases: Path, where: str, table: str = "observations", order: str = KEY) -> list[dict[str, Any]]:
    """Rows of the published file itself, as JSON writes them."""
    sql = f"select to_json(r)::varchar from (from '{data(releases, table)}' where {where} order by {order}) as r"
    return [json.loads(text) for (text,) in duckdb.sql(sql).fetchall()]


def lines(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(API + address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json()["lignes"]
    return found


# Rows, in the three formats


@pytest.mark.parametrize("table", TABLES)
def test_csv_is_the_published_file(client: Client, releases: Path, table: str) -> None:
    answer = client.get(f"{API}/datasets/{table}.csv")
    assert answer.mimetype == "text/csv"
    assert answer.get_data() == data(releases, table, "csv").read_bytes()


@pytest.mark.parametrize("table", TABLES)
def test_parquet_has_rows_and_types_of_the_published_file(client: Client, releases: Path, table: str) -> None:
    answer = client.get(f"{API}/datasets/{table}?format=parquet")
    assert answer.mimetype == "application/vnd.apache.parquet"
    found, file = parquet.read_table(io.BytesIO(answer.get_data())), parquet.read_table(data(releases, table))
    assert found.schema.names == file.schema.names
    assert found.schema.types == file.schema.types
    assert found.to_pylist() == file.to_pylist()


@pytest.mark.parametrize("address", ["/observations", "/datasets/observations"])
def test_json_has_the_same_rows(client: Client, releases: Path, address: str) -> None:
    assert lines(client, f"{address}?taille=10000") == truth(releases, "true")


def test_json_says_what_it_is_read_from(client: Client) -> None:
    head = client.get(f"{API}/observations?taille=1&lang=en").get_json()
    assert (head["publication"], head["date"], head["simule"]) == (VERSION, "2026-11-21", True)
    assert (head["licence"], head["jeu"]) == ("etalab-2.0", "observations")
    assert head["titre"] == "Observations of every indicator"


def test_a_secret_cell_is_there_and_empty(client: Client, releases: Path) -> None:
    found = lines(client, "/observations?statut=secret&taille=10000")
    assert len(found) == len(truth(releases, "statut = 'secret'")) > 0
    assert all("valeur" in row and row["valeur"] is None for row in found)
    text = client.get(f"{API}/observations.csv?statut=secret").get_data(as_text=True)
    assert all(row["valeur"] == "" and row["statut"] == "secret" for row in csv.DictReader(io.StringIO(text)))


FILTERS = {
    "indicateur=scenes_presence_max": "indicateur = 'scenes_presence_max'",
    "indicateur=repos_passages&indicateur=lits_ouverts": "indicateur in ('repos_passages', 'lits_ouverts')",
    "territoire=arrondissement:75119": "territoire_niveau = 'arrondissement' and territoire_code = '75119'",
    "territoire=region:11&territoire=commune:93001": "territoire_niveau || territoire_code "
    "in ('region11', 'commune93001')",
    "niveau=region": "territoire_niveau = 'region'",
    "granularite=mois&granularite=jour": "granularite in ('mois', 'jour')",
    "periode_min=2026": "periode_debut >= '2026-01-01'",
    "periode_min=2026-T2&periode_max=2026-T2": "periode_debut >= '2026-04-01' and periode_fin <= '2026-06-30'",
    "periode_max=2025-S2": "periode_fin <= '2025-12-31'",
    "periode_min=2026-07&periode_max=2026-07-15": "periode_debut >= '2026-07-01' and periode_fin <= '2026-07-15'",
    "ventilation=service": "ventilation = 'service'",
    "modalite=hopital-a": "modalite = 'hopital-a'",
    "statut=zero&statut=secret": "statut in ('zero', 'secret')",
    "niveau=region&granularite=trimestre&indicateur=repos_passages": "territoire_niveau = 'region' and granularite = "
    "'trimestre' and indicateur = 'repos_passages'",
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters_keep_the_rows_they_say(client: Client, releases: Path, query: str) -> None:
    expected = truth(releases, FILTERS[query])
    assert 0 < len(expected) < len(truth(releases, "true"))
    assert lines(client, f"/observations?taille=10000&{query}") == expected


def test_tables_are_cut_by_their_columns(client: Client, releases: Path) -> None:
    found = lines(client, "/datasets/population?annee=2021&niveau=region")
    assert found == truth(releases, "annee = 2021 and niveau = 'region'", "population", "niveau, code, annee")
    assert found
    assert lines(client, "/datasets/evenements?genre=ouverture")
    assert {row["theme"] for row in lines(client, "/indicateurs?theme=repos")} == {"repos"}


def test_items(client: Client) -> None:
    assert [row["nom"] for row in lines(client, "/territoires/arrondissement/75119")] == ["Paris 19e"]
    assert [row["indicateur"] for row in lines(client, "/indicateurs/repos_passages")] == ["repos_passages"]
    assert client.get(f"{API}/indicateurs/repos_passages.csv").get_data(as_text=True).count("\n") == 2


def test_names_stand_beside_codes_where_a_language_is_asked_for(client: Client) -> None:
    address = "/observations?indicateur=scenes_presence_max&territoire=arrondissement:75119&taille=3"
    bare = lines(client, address)
    named = lines(client, f"{address}&lang=en")
    assert {row["territoire_nom"] for row in named} == {"Paris 19th arrondissement"}
    assert {row["indicateur_nom"] for row in named} == {lines(client, "/indicateurs/scenes_presence_max")[0]["nom_en"]}
    assert {row["territoire_nom"] for row in lines(client, f"{address}&lang=fr")} == {"Paris 19e"}
    assert [{name: row[name] for name in bare[0]} for row in named] == bare
    assert "territoire_nom" not in bare[0]
    text = client.get(f"{API}{address}&lang=en&format=csv").get_data(as_text=True)
    assert [row["territoire_nom"] for row in csv.DictReader(io.StringIO(text))] == ["Paris 19th arrondissement"] * 3


# Pages


@pytest.mark.parametrize("table", ["observations", "population", "evenements"])
def test_pages_follow_each_other_and_miss_nothing(client: Client, table: str) -> None:
    whole = lines(client, f"/datasets/{table}?taille=10000")
    size = len(whole) // 4 + 1
    address, found, pages = f"{API}/datasets/{table}?taille={size}", [], 0
    while address:
        answer = client.get(address)
        page = answer.get_json()
        found += page["lignes"]
        address, pages = page["suivant"], pages + 1
        assert ("Link" in answer.headers) == bool(address)
        if address:
            assert answer.headers["Link"] == f'<{address}>; rel="next"'
            assert len(page["lignes"]) == size
    assert (pages, found) == (4, whole)


def test_pages_of_csv_and_parquet(client: Client) -> None:
    first = client.get(f"{API}/observations.csv?taille=700&niveau=region")
    following = first.headers["Link"].split(">")[0].removeprefix("<")
    second = client.get(following)
    rows = [*csv.reader(io.StringIO(first.get_data(as_text=True)))][1:]
    rows += [*csv.reader(io.StringIO(second.get_data(as_text=True)))][1:]
    whole = client.get(f"{API}/observations.csv?niveau=region").get_data(as_text=True)
    assert rows == [*csv.reader(io.StringIO(whole))][1 : len(rows) + 1]
    page = client.get(f"{API}/observations.parquet?taille=700&niveau=region")
    assert page.headers["Link"].replace("format=parquet", "format=csv") == first.headers["Link"]


def test_a_page_leads_to_the_same_release_after_a_newer_one(releases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "suite"
    folder.mkdir()
    for version in (VERSION, OLDER):
        (folder / version).symlink_to(releases / version)
    index = json.loads((releases / "index.json").read_text(encoding="utf-8"))
    (folder / "index.json").write_text(json.dumps({**index, "latest": OLDER}), encoding="utf-8")
    client = create_app(folder).server.test_client()
    following = client.get(f"{API}/observations?taille=2").get_json()["suivant"]
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert client.get(f"{API}/observations?taille=2").get_json()["publication"] == VERSION
    assert client.get(following).get_json()["publication"] == OLDER


def test_a_cursor_is_for_one_question(client: Client) -> None:
    cursor = client.get(f"{API}/observations?taille=2").get_json()["suivant"].split("curseur=")[1]
    assert client.get(f"{API}/observations?curseur={cursor}").status_code == 200
    for address in ("/observations?niveau=region", f"/observations?release={quote(OLDER)}", "/datasets/observations?"):
        answer = client.get(f"{API}{address}&curseur={cursor}")
        assert (answer.status_code, kind(answer)) == (422, "curseur-inutile")


def test_whole_tables_are_never_cut_in_silence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.api.select.MOST_ROWS", 100)
    answer = client.get(f"{API}/observations.csv?release={quote(OLDER)}")
    assert (answer.status_code, kind(answer)) == (422, "trop-de-lignes")
    assert "100" in answer.get_json()["detail"]
    assert client.get(f"{API}/observations.csv?release={quote(OLDER)}&taille=100").status_code == 200


# Caches


@pytest.mark.parametrize(
    "address",
    [
        "/observations?statut=zero&taille=20&lang=en",
        "/observations.csv?niveau=region",
        "/indicateurs/repos_passages",
        "/datasets",
        "/openapi.json?lang=en",
        "/territoires?niveau=region&format=parquet",
    ],
)
def test_content_location_is_the_same_answer_for_ever(client: Client, address: str) -> None:
    latest = client.get(API + address)
    assert latest.headers["Cache-Control"] == "public, no-cache"
    pinned = client.get(latest.headers["Content-Location"])
    assert pinned.status_code == 200
    assert pinned.get_data() == latest.get_data()
    assert pinned.headers["ETag"] == latest.headers["ETag"]
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Location" not in pinned.headers
    assert "release=" in latest.headers["Content-Location"]


def test_a_release_of_today_is_not_that_of_yesterday(client: Client) -> None:
    older = client.get(f"{API}/observations?taille=1&release={quote(OLDER)}").get_json()
    assert older["publication"] == OLDER
    plus = client.get(f"{API}/observations?taille=1&release={VERSION}")
    assert plus.get_json()["publication"] == VERSION


def test_not_modified(client: Client) -> None:
    address = f"{API}/observations?{PINNED}&taille=50"
    tag = client.get(address).headers["ETag"]
    assert tag.startswith('"')
    for given in (tag, f'"autre", {tag}', f"W/{tag}", "*"):
        answer = client.get(address, headers={"If-None-Match": given})
        assert (answer.status_code, answer.get_data(), answer.headers["ETag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"autre"'}).status_code == 200


def test_compressed_for_those_who_read_it(client: Client) -> None:
    address = f"{API}/observations?{PINNED}&taille=50"
    plain = client.get(address)
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(zipped.get_data()) == plain.get_data()
    assert len(zipped.get_data()) < len(plain.get_data()) / 4
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in zipped.headers["Vary"]


@pytest.mark.parametrize("address", ["/observations?taille=5", "/releases", "/openapi.json", "/rien"])
def test_head_is_get_without_its_body(client: Client, address: str) -> None:
    got, head = client.get(API + address), client.head(API + address)
    assert head.status_code == got.status_code
    assert head.get_data() == b""
    assert dict(head.headers) == dict(got.headers)


def test_answers_are_kept_within_their_room() -> None:
    kept, made = Cache(1600, weigh=lambda one: len(one.body)), []

    def ask(name: int, size: int = 90) -> bytes:
        return kept.get(name, lambda: made.append(name) or answer(bytes(size), "x", zipped=False)).body

    for name in range(20):
        ask(name)
    made.clear()
    ask(19), ask(0)
    assert made == [0]
    assert ask(99, 500) == bytes(500)
    ask(99, 500)
    assert made == [0, 99, 99]


# Every page of the web may read it; nothing may be written


def test_cors(client: Client) -> None:
    for address in ("/observations?taille=1", "/rien", "/observations?x=1"):
        assert client.get(API + address).headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options(f"{API}/observations", headers={"Access-Control-Request-Headers": "x-demande"})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert asked.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "GE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = client.open(f"{API}/observations", method=method)
    assert (answer.status_code, kind(answer)) == (405, "methode-refusee")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


# Formats


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", "text/csv"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/*", "text/csv"),
    ],
)
def test_accept_chooses_the_format(client: Client, accept: str, expected: str) -> None:
    answer = client.get(f"{API}/observations?taille=1", headers={"Accept": accept})
    assert answer.mimetype == expected
    assert "Accept" in answer.headers["Vary"]


def test_the_address_says_it_louder(client: Client) -> None:
    answer = client.get(f"{API}/observations.csv?taille=1", headers={"Accept": "application/json"})
    assert answer.mimetype == "text/csv"


# Releases


def test_releases_are_listed(client: Client) -> None:
    found = client.get(f"{API}/releases").get_json()
    assert found["derniere"] == VERSION
    assert [line["publication"] for line in found["publications"]] == [VERSION, OLDER, GONE]
    assert [line["statut"] for line in found["publications"]] == ["publie", "publie", "retire"]
    assert client.get(found["publications"][0]["adresse"]).get_json()["publication"] == VERSION


def test_tables_are_listed_with_their_files(client: Client, releases: Path) -> None:
    found = {table["jeu"]: table for table in client.get(f"{API}/releases/{VERSION}").get_json()["jeux"]}
    assert set(TABLES) <= set(found)
    assert found["observations"]["lignes"] == len(truth(releases, "true"))
    assert found["observations"]["cle"] == KEY.split(", ")
    for table in found.values():
        assert client.get(table["adresse"]).status_code == 200
        assert table["fichiers"]
        for file in table["fichiers"]:
            with client.get(file["adresse"]) as sent:
                assert sent.headers["ETag"] == f'"{file["sha256"]}"'


def test_a_withdrawn_release_says_why(client: Client) -> None:
    for address in ("/observations", "/datasets", "/openapi.json", "/indicateurs/repos_passages"):
        answer = client.get(f"{API}{address}?release={quote(GONE)}")
        assert (answer.status_code, kind(answer)) == (410, "publication-retiree")
        assert REASON in answer.get_json()["detail"]
    found = client.get(f"{API}/releases/{GONE}").get_json()
    assert (found["statut"], found["motif"], found["jeux"]) == ("retire", REASON, [])


def test_a_withdrawn_table_says_why(releases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "retrait"
    shutil.copytree(releases / VERSION, folder / VERSION, ignore=shutil.ignore_patterns("population.parquet"))
    index = json.loads((releases / "index.json").read_text(encoding="utf-8"))
    index["releases"] = index["releases"][:1]
    client = create_app(folder).server.test_client()
    forms = ("data/population.csv", "data/population.parquet")
    gone = [{"fichier": form, "date": "2026-12-01", "raison": REASON} for form in forms]
    index["releases"][0]["retraits"] = gone
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    answer = client.get(f"{API}/datasets/population")
    assert (answer.status_code, kind(answer)) == (410, "jeu-retire")
    assert REASON in answer.get_json()["detail"]
    assert client.get(f"{API}/datasets").status_code == 200
    assert client.get(f"{API}/observations?territoire=region:11&taille=1").status_code == 200


# Problems


def kind(answer: TestResponse) -> str:
    """The kind of a problem, once its form is checked."""
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.get_data())
    assert problem["status"] == answer.status_code
    assert {"type", "title", "detail", "instance"} <= set(problem)
    found: str = problem["type"].split("#")[1]
    assert problem["type"] == f"/fr/api#{found}"
    return found


REFUSED = [
    ("/rien", 404, "adresse-inconnue", None),
    ("", 404, "adresse-inconnue", None),
    ("/", 404, "adresse-inconnue", None),
    ("/observations/", 404, "adresse-inconnue", None),
    ("/datasets/secrets", 404, "adresse-inconnue", None),
    ("/datasets/observations; drop table x", 404, "adresse-inconnue", None),
    ("/indicateurs/rien", 404, "element-inconnu", "code"),
    ("/indicateurs/' or 1=1 --", 404, "element-inconnu", "code"),
    ("/territoires/planete/1", 404, "element-inconnu", "niveau"),
    ("/territoires/region/99", 404, "element-inconnu", "code"),
    ("/releases/2031.1.0", 404, "publication-inconnue", "release"),
    ("/releases/demain", 404, "element-inconnu", "version"),
    ("/observations?release=2031.1.0", 404, "publication-inconnue", "release"),
    ("/observations?release=hier", 400, "valeur-invalide", "release"),
    ("/observations?territoires=region:11", 400, "parametre-inconnu", "territoires"),
    ("/releases?release=latest", 400, "parametre-inconnu", "release"),
    ("/indicateurs/repos_passages?taille=2", 400, "parametre-inconnu", "taille"),
    ("/observations?lang=fr&lang=en", 400, "parametre-repete", "lang"),
    ("/observations?lang=de", 400, "valeur-invalide", "lang"),
    ("/observations?statut=", 400, "valeur-invalide", "statut"),
    ("/observations?statut=secrets", 400, "valeur-invalide", "statut"),
    ("/observations?territoire=75119", 400, "valeur-invalide", "territoire"),
    ("/observations?territoire=planete:75119", 400, "valeur-invalide", "territoire"),
    ("/observations?periode_min=2026-T5", 400, "valeur-invalide", "periode_min"),
    ("/observations?periode_max=2026-02-31", 400, "valeur-invalide", "periode_max"),
    ("/observations?periode_min=９９９９", 400, "valeur-invalide", "periode_min"),
    ("/observations?taille=0", 400, "valeur-invalide", "taille"),
    ("/observations?taille=10001", 400, "valeur-invalide", "taille"),
    ("/observations?taille=1e3", 400, "valeur-invalide", "taille"),
    ("/observations?taille=NaN", 400, "valeur-invalide", "taille"),
    (f"/observations?taille={'9' * 400}", 400, "valeur-invalide", "taille"),
    ("/datasets/population?annee=deux", 400, "valeur-invalide", "annee"),
    (f"/datasets/population?annee={'1' * 50}", 400, "valeur-invalide", "annee"),
    ("/observations?curseur=~~", 400, "valeur-invalide", "curseur"),
    ("/observations?curseur=abc", 422, "curseur-inutile", "curseur"),
    ("/observations?indicateur=%00", 400, "valeur-invalide", "indicateur"),
    ("/observations?indicateur=a%0Ab", 400, "valeur-invalide", "indicateur"),
    (f"/observations?indicateur={'a' * 300}", 400, "valeur-invalide", "indicateur"),
    (f"/observations?{'&'.join(['indicateur=x'] * 51)}", 400, "valeur-invalide", "indicateur"),
    (f"/observations?{'&'.join(['indicateur=x'] * 600)}", 400, "adresse-illisible", None),
    (f"/observations?indicateur={'a' * 9000}", 400, "adresse-illisible", None),
    ("/observations?indicateur=%ff%fe", 400, "adresse-illisible", None),
    ("/observations?indicateur=inconnu", 422, "valeur-inconnue", "indicateur"),
    ("/observations?indicateur=' or 1=1 --", 422, "valeur-inconnue", "indicateur"),
    ("/observations?modalite={parameter}", 422, "valeur-inconnue", "modalite"),
    ("/observations?territoire=region:999", 422, "valeur-inconnue", "territoire"),
    ("/datasets/liens?indicateur=inconnu", 422, "valeur-inconnue", "indicateur"),
    ("/observations?periode_min=2026&periode_max=2025", 422, "periode-inversee", "periode_min"),
    ("/observations.csv?format=json", 400, "valeur-invalide", "format"),
    ("/releases.csv", 406, "format-refuse", None),
]


@pytest.mark.parametrize(("address", "status", "expected", "parameter"), REFUSED)
def test_refusals(client: Client, address: str, status: int, expected: str, parameter: str | None) -> None:
    answer = client.get(API + address)
    assert (answer.status_code, kind(answer)) == (status, expected)
    problem = answer.get_json(force=True)
    assert problem.get("parametre") == parameter
    assert len(problem["detail"]) < 600


def test_problems_say_which_values_would_do(client: Client) -> None:
    def allowed(address: str) -> list[str]:
        found: list[str] = client.get(API + address).get_json(force=True)["valeurs_admises"]
        return found

    assert allowed("/observations?statut=x") == ["valeur", "zero", "non_rapporte", "non_applicable", "secret"]
    assert "repos_passages" in allowed("/observations?indicateur=repos")
    assert "periode_min" in allowed("/observations?periode=2026")
    assert allowed("/observations?release=2031.1.0") == [VERSION, OLDER, GONE]
    assert f"{API}/datasets/services" in allowed("/datasets/rien")


def test_problems_in_english(client: Client) -> None:
    for address in ("/rien?lang=en", "/observations?lang=en&statut=x"):
        problem = client.get(API + address).get_json(force=True)
        assert problem["type"].startswith("/en/api#")
        assert problem["title"] in ("Unknown address", "Invalid value")
        assert problem["instance"] == API + address


def test_nothing_acceptable(client: Client) -> None:
    answer = client.get(f"{API}/observations", headers={"Accept": "text/html"})
    assert (answer.status_code, kind(answer)) == (406, "format-refuse")
    assert "text/csv" in answer.get_json(force=True)["valeurs_admises"]


def test_every_kind_is_told_in_both_languages() -> None:
    for lang in ("fr", "en"):
        told = texts(lang)
        for name in KINDS:
            assert told(f"api.probleme.{name}")
            assert told(f"api.probleme.{name}.quand")


HOSTILE = ["%00", "%ff", "é", "../../etc/passwd", "%0d%0aSet-Cookie:a=b", "'%3b--", "💣", "a" * 3000, "{0}", "%7Bx%7D"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "address", ["/indicateurs/{}", "/releases/{}", "/{}", "/observations?{}=1", "/observations?statut={}"]
)
def test_hostile_texts_are_refused_in_plain_ascii(client: Client, address: str, text: str) -> None:
    answer = client.get(API + address.replace("{}", text))
    assert 400 <= answer.status_code < 500
    assert kind(answer)
    assert answer.get_json(force=True)["instance"].isascii()
    assert "Set-Cookie" not in answer.headers


def test_an_empty_accept_asks_for_nothing(client: Client) -> None:
    assert client.get(f"{API}/observations?taille=1", headers={"Accept": ""}).mimetype == "application/json"


def test_a_forged_cursor_is_refused(client: Client) -> None:
    from dashboard.api.cursor import Cursor, digest

    question = digest(("/datasets/population", []))
    for key in (("region", "11", "'; drop"), ("region", "11", "9" * 40), ("region",), ("region", "11", "NaN")):
        text = Cursor(VERSION, question, key).text()
        answer = client.get(f"{API}/datasets/population?curseur={text}")
        assert (answer.status_code, kind(answer)) == (422, "curseur-inutile")
    half = base64.urlsafe_b64encode(json.dumps([VERSION, question, "region", "\ud800", "2020"]).encode()).decode()
    assert client.get(f"{API}/datasets/population?curseur={half.rstrip('=')}").status_code == 422
    good = Cursor(VERSION, question, ("region", "11", "2020")).text()
    assert client.get(f"{API}/datasets/population?curseur={good}").status_code == 200


def test_without_a_release(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(tmp_path).server.test_client()
    answer = client.get(f"{API}/observations")
    assert (answer.status_code, kind(answer)) == (503, "sans-publication")
    assert str(tmp_path) not in answer.get_data(as_text=True)
    assert caplog.records


def test_a_fault_of_ours_is_logged_and_said_without_detail(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("interne")

    monkeypatch.setattr("dashboard.api.render.select", broken)
    answer = client.get(f"{API}/observations?taille=7")
    assert (answer.status_code, kind(answer)) == (500, "panne")
    assert "interne" not in answer.get_data(as_text=True)
    assert "interne" in caplog.text


# The description


def test_description_tells_every_address_and_parameter(client: Client) -> None:
    found = client.get(f"{API}/openapi.json").get_json()
    assert found["openapi"] == "3.1.0"
    for path, methods in found["paths"].items():
        names = {parameter["name"] for parameter in methods["get"]["parameters"] if parameter["in"] == "query"}
        if "{" not in path:
            problem = client.get(f"{API}{path}?inconnu=1").get_json(force=True)
            assert set(problem["valeurs_admises"]) == names
    assert {f"/datasets/{table}" for table in TABLES} <= set(found["paths"])


def test_description_follows_the_contract(client: Client) -> None:
    row = client.get(f"{API}/openapi.json").get_json()["components"]["schemas"]["ligne_observations"]
    assert row["properties"]["statut"]["enum"] == ["valeur", "zero", "non_rapporte", "non_applicable", "secret"]
    assert row["properties"]["valeur"]["type"] == ["number", "null"]
    assert row["properties"]["periode_debut"]["format"] == "date"
    assert row["additionalProperties"] is False
    english = client.get(f"{API}/openapi.json?lang=en").get_json()
    assert english["info"]["title"] == "API of the observatory of the crack plan"


def test_other_addresses_are_left_to_the_site(client: Client) -> None:
    for address, status in (("/sante", 200), ("/api/v2/observations", 404), ("/api/v1x", 404), ("/fr/api", 200)):
        answer = client.get(address)
        assert answer.status_code == status
        assert answer.mimetype != "application/problem+json"
