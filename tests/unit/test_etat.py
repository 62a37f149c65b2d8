"""What machines ask of the site: alive, ready, counted; what is written of each answer, and what is not."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures_release import OLDER, VERSION
from werkzeug.test import Client, EnvironBuilder

from dashboard.app import create_app
from dashboard.journal import Line
from dashboard.mesures import UNKNOWN, answer_of
from dashboard.reglages import ALONE, Settings


@pytest.fixture
def folder(small_releases: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_releases, tmp_path / "publications"))


def client_of(folder: Path, settings: Settings = ALONE) -> Client:
    return create_app(folder, settings).server.test_client()


def test_ready_names_what_is_served(small_releases: Path) -> None:
    answer = client_of(small_releases).get("/pret")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "etat": "pret",
        "publication": VERSION,
        "publications": [VERSION, OLDER],
        "abimees": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_alive_without_any_release_but_not_ready(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    assert client.get("/sante").get_json() == {"etat": "ok"}
    answer = client.get("/pret")
    assert answer.status_code == 503
    assert "observatoire release" in answer.get_json()["raison"]
    assert str(tmp_path) not in answer.get_data(as_text=True)


def test_not_ready_until_there_is_an_index(folder: Path) -> None:
    whole = (folder / "index.json").read_bytes()
    (folder / "index.json").write_bytes(b"{")
    client = client_of(folder)
    assert client.get("/pret").status_code == 503
    (folder / "index.json").write_bytes(whole)
    assert client.get("/pret").status_code == 200


def test_an_index_that_breaks_is_named_and_the_last_one_served(folder: Path) -> None:
    client = client_of(folder)
    assert client.get("/pret").get_json()["abimees"] == []
    (folder / "index.json").write_bytes(b"{")
    told = client.get("/pret").get_json()
    assert (told["etat"], told["publication"], told["abimees"]) == ("pret", VERSION, ["index.json"])
    assert client.get("/fr/caarud").status_code == 200


@pytest.mark.parametrize(
    ("broken", "served"), [(f"{OLDER}/SHA256SUMS", VERSION), (f"{VERSION}/data/observations.parquet", OLDER)]
)
def test_the_last_good_release_is_served_and_the_damaged_one_named(folder: Path, broken: str, served: str) -> None:
    whole = (folder / broken).read_bytes()
    (folder / broken).write_bytes(b"")
    client = client_of(folder)
    told = client.get("/pret").get_json()
    assert (told["etat"], told["publication"], told["abimees"]) == ("pret", served, [broken.split("/")[0]])
    assert f"<code>{served}</code>" in client.get("/fr/").get_data(as_text=True)
    (folder / broken).write_bytes(whole)
    assert client.get("/pret").get_json()["publication"] == VERSION
    assert f"<code>{VERSION}</code>" in client.get("/fr/").get_data(as_text=True)


def flip(table: Path) -> None:
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)


def cut(table: Path) -> None:
    table.write_bytes(table.read_bytes()[:-100])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
def test_a_table_damaged_while_the_site_runs_is_shown_to_nobody(folder: Path, damage: Callable[[Path], None]) -> None:
    client, table = client_of(folder), folder / VERSION / "data" / "observations.parquet"
    assert client.get("/pret").get_json()["publication"] == VERSION
    whole = table.read_bytes()
    damage(table)
    first = client.get("/fr/scenes")
    assert first.status_code == 503 or f"<code>{OLDER}</code>" in first.get_data(as_text=True)
    assert f"<code>{OLDER}</code>" in client.get("/fr/scenes").get_data(as_text=True)
    assert client.get("/api/v1/datasets/observations").get_json()["publication"] == OLDER
    told = client.get("/pret").get_json()
    assert (told["etat"], told["publication"], told["abimees"]) == ("pret", OLDER, [VERSION])
    table.write_bytes(whole)
    assert client.get("/pret").get_json() | {"publications": []} == {
        **{"etat": "pret", "publication": VERSION, "publications": [], "abimees": []}
    }
    assert f"<code>{VERSION}</code>" in client.get("/fr/scenes").get_data(as_text=True)


def test_ready_looks_at_once_at_what_was_damaged(folder: Path) -> None:
    client = client_of(folder)
    assert client.get("/pret").get_json()["publication"] == VERSION
    flip(folder / VERSION / "data" / "observations.parquet")
    told = client.get("/pret").get_json()
    assert (told["etat"], told["publication"], told["abimees"]) == ("pret", OLDER, [VERSION])


def told(client: Client, path: str, headers: dict[str, str]) -> dict[str, object]:
    """What the journal tells of an answer to ``path``."""
    environ = EnvironBuilder(path, headers=headers, base_url="https://hote.test").get_environ()
    environ["REMOTE_ADDR"] = "203.0.113.77"
    said: list[str] = []
    answer = client.application(environ, lambda status, *_: said.append(status))
    answer.close()
    return answer_of(environ, int(said[0].split()[0]), 1234, dt.timedelta(milliseconds=5.26))


ROUTES = {
    "/fr/?indicateur=secret-cherche": "/fr/accueil",
    "/en/scenes?trimestre=2026-T3": "/en/scenes",
    "/fr/services/caarud-secret-cherche": "/fr/services/<element>",
    f"/donnees/{VERSION}/data/observations.csv": "/donnees/<version>/<path:relative>",
    "/extrait/latest.csv?service=secret-cherche": "/extrait/<version>.csv",
    "/api/v1/releases/secret-cherche": "/api/v1",
    "/secret-cherche/..%2f..%2fetc": UNKNOWN,
    "/fr/secret-cherche": UNKNOWN,
    "/fr/recherche?q=secret-cherche": "/fr/recherche",
}


@pytest.mark.parametrize("path", ROUTES)
def test_a_line_tells_the_pattern_of_an_address_and_nothing_of_who_asked(small_releases: Path, path: str) -> None:
    client = client_of(small_releases)
    line = told(client, path, {"User-Agent": "Navigateur-Reconnaissable", "Referer": "https://ailleurs.test/x"})
    assert set(line) == {"methode", "route", "statut", "duree_ms", "octets", "publication"}
    assert line["route"] == ROUTES[path]
    assert (line["duree_ms"], line["octets"], line["publication"]) == (5.3, 1234, VERSION)
    text = json.dumps(line)
    for private in ("203.0.113", "Navigateur", "ailleurs", "secret-cherche", "hote.test", "?"):
        assert private not in text


def test_a_failure_is_told_by_the_pattern_of_its_address(
    small_releases: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asker = client_of(small_releases)
    monkeypatch.setattr("dashboard.app.resolve", lambda _path: 1 / 0)
    answer = asker.get("/fr/services/secret-cherche?q=secret-cherche")
    assert answer.status_code == 500
    (line,) = [json.loads(Line().format(record)) for record in caplog.records]
    assert line["message"] == "the site failed on /fr/services/<element>"
    assert "ZeroDivisionError" in line["trace"]
    assert "secret-cherche" not in json.dumps(line)


def test_nginx_writes_down_neither_who_asked_nor_what_for() -> None:
    deployed = (Path(__file__).parents[2] / "deploy" / "nginx" / "observatoire.conf").read_text(encoding="utf-8")
    line = deployed.split("log_format observatoire", 1)[1].split(";", 1)[0]
    told = {"time_iso8601", "request_method", "status", "request_time", "body_bytes_sent", "upstream_cache_status"}
    assert set(re.findall(r"\$(\w+)", line)) == told
    # What it says of a trouble names the client and the request, at every level but this one.
    servers = deployed.split("server {")[1:]
    levels = [re.findall(r"error_log \S+ (\w+);", server) for server in servers if "access_log" in server]
    assert levels == [["emerg"]]


def test_a_line_is_json_and_bears_its_time_and_level() -> None:
    record = logging.LogRecord("dashboard", logging.ERROR, "x.py", 1, "rien à lire : %s", ("index",), None)
    record.created = 1_800_000_000.25
    line = json.loads(Line().format(record))
    assert line == {"temps": "2027-01-15T08:00:00.250+00:00", "niveau": "error", "message": "rien à lire : index"}
    record.reponse = {"route": "/fr/", "statut": 200}
    assert json.loads(Line().format(record)).keys() == {"temps", "niveau", "route", "statut"}


@pytest.mark.parametrize(
    ("wanted", "address", "headers", "status"),
    [
        (False, "127.0.0.1", {}, 404),
        (True, "127.0.0.1", {}, 200),
        (True, "::1", {}, 200),
        (True, "203.0.113.77", {}, 404),
        (True, "127.0.0.1", {"X-Forwarded-For": "203.0.113.77"}, 404),
        (True, "127.0.0.1", {"Forwarded": "for=203.0.113.77"}, 404),
    ],
)
def test_counts_are_told_to_this_machine_alone_and_only_where_wanted(
    small_releases: Path, wanted: bool, address: str, headers: dict[str, str], status: int
) -> None:
    client = client_of(small_releases, Settings(metrics=wanted))
    answer = client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert (b"python_info" in answer.get_data()) == (status == 200)
