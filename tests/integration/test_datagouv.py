"""The national portal says what the newest release says: created once, changed in place, nothing else touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from publish import adresses
from publish.deposit.datagouv.bodies import TAGS
from publish.deposit.datagouv.http import PRODUCTION, Api, Call
from publish.deposit.datagouv.sync import Sync, synchronise
from publish.deposit.target import HostFailed
from publish.withdraw import withdraw
from schemas.errors import ReleaseConflict, UsageError
from tests.integration.datagouv_server import KEY, Portal, quality, serve
from tests.integration.house import House
from tests.unit.fixtures_depot import FILES, write_index, write_release, write_releases

VERSION, NEXT = "2026.3.0", "2026.3.1"
SITE = "https://observatoire.example"
ORGANIZATION = "0123456789abcdef01234567"
TABLES = {**FILES, "data/lits.csv": b"lits\n4\n"}


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return write_releases(tmp_path / "releases", VERSION, files=TABLES)


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal, stop = serve()
    yield portal
    stop()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def api(portal: Portal, waits: list[float]) -> Api:
    return Api(base=portal.address, key=KEY, wait=waits.append)


def only(portal: Portal) -> dict:
    (dataset,) = portal.datasets.values()
    return dataset


def run(releases: Path, api: Api, organization: str = "") -> Sync:
    return synchronise(releases, api, organization=organization, dry=False)


def test_a_first_run_creates_the_dataset_and_a_resource_for_each_file(releases: Path, api: Api, portal: Portal) -> None:
    run(releases, api, ORGANIZATION)
    assert portal.wrong == []
    dataset = only(portal)
    assert dataset["license"] == "lov2"
    assert dataset["frequency"] == "quarterly"
    assert dataset["organization"] == {"id": ORGANIZATION}
    assert dataset["temporal_coverage"] == {"start": "2019-01-01T00:00:00+00:00", "end": "2026-09-30T00:00:00+00:00"}
    assert dataset["spatial"] == {"zones": ["country:fr", "fr:region:11"], "granularity": "fr:commune"}
    assert all(quality(dataset).values()), quality(dataset)
    urls = {item["url"].removeprefix(f"{SITE}/donnees/{VERSION}/") for item in dataset["resources"]}
    archive = f"observatoire-plan-crack-{VERSION}.zip"
    tables = {"data/observations.csv", "data/observations.parquet", "data/lits.csv"}
    assert urls == {*tables, archive, "README.md", "datapackage.json"}


def test_a_resource_says_its_file_as_it_is(releases: Path, api: Api, portal: Portal) -> None:
    run(releases, api)
    table = next(item for item in only(portal)["resources"] if item["url"].endswith("observations.csv"))
    sums = (releases / VERSION / "SHA256SUMS").read_text()
    assert f"{table['checksum']['value']}  data/observations.csv" in sums
    assert table["checksum"]["type"] == "sha256"
    assert table["filesize"] == len(FILES["data/observations.csv"])
    assert (table["format"], table["mime"], table["type"]) == ("csv", "text/csv", "main")
    assert table["schema"] == {"url": f"{SITE}/donnees/{VERSION}/schemas/observations.json"}
    documents = [item["type"] for item in only(portal)["resources"] if item["url"].endswith((".md", "package.json"))]
    assert documents == ["documentation", "documentation"]
    # The portal puts each new resource first: tables that everyone opens are seen first all the same.
    assert [item["format"] for item in only(portal)["resources"]] == ["csv", "csv", "parquet", "zip", "md", "json"]


def test_a_second_run_changes_nothing(releases: Path, api: Api, portal: Portal) -> None:
    run(releases, api)
    writes = portal.writes()
    again = run(releases, api)
    assert again.calls == ()
    assert portal.writes() == writes
    assert "0 appel" in again.summary(dry=False)


def test_a_new_release_updates_in_place_and_tells_what_it_removes(releases: Path, api: Api, portal: Portal) -> None:
    run(releases, api)
    before = {item["extras"]["observatoire:fichier"]: item["id"] for item in only(portal)["resources"]}
    only(portal)["resources"].append({"id": "x", "title": "Carte d'un lecteur", "extras": {"check:status": 200}})
    only(portal)["extras"]["autre:outil"] = "garde"
    newer = {name: body for name, body in TABLES.items() if name != "data/lits.csv"}
    write_release(releases, NEXT, {**newer, "data/places.csv": b"places\n4\n"})
    write_index(releases, [VERSION, NEXT])
    done = run(releases, api)
    assert portal.wrong == []
    after = {item["extras"].get("observatoire:fichier"): item for item in only(portal)["resources"]}
    assert all(after[name]["id"] == before[name] for name in before if name != "lits.csv")
    assert all(f"/donnees/{NEXT}/" in item["url"] for name, item in after.items() if name)
    assert "lits.csv" not in after
    assert "places.csv" in after
    assert after[None]["title"] == "Carte d'un lecteur"
    assert only(portal)["extras"]["autre:outil"] == "garde"
    assert "Retirée du portail, la version ne l'a plus : « Lits (CSV) »." in done.notes
    assert "Laissée comme elle est : « Carte d'un lecteur », ajoutée sur le portail." in done.notes
    assert run(releases, api).calls == ()


def test_a_dry_run_prints_the_calls_that_would_be_made_and_makes_none(releases: Path, api: Api, portal: Portal) -> None:
    plan = synchronise(releases, api)
    assert portal.writes() == []
    run(releases, api)
    made = [(method, json.dumps(body)) for method, path, body in portal.calls if method != "GET"]
    assert [(call.method, json.dumps(call.body)) for call in plan.calls] == made
    text = plan.to_text()
    assert f"POST {portal.address}/datasets/\n{{" in text
    assert f'"url": "{SITE}/donnees/{VERSION}/data/observations.csv"' in text
    assert "ajoutez « --execute »" in plan.summary(dry=True)
    assert KEY not in text + plan.summary(dry=True) + repr(api)
    only(portal)["title"] = "Autre"
    assert [call.method for call in synchronise(releases, api).calls] == ["PUT"]


def test_a_dry_run_without_a_key_calls_nobody_and_says_so(releases: Path, portal: Portal) -> None:
    plan = synchronise(releases, Api(base=portal.address))
    assert portal.calls == []
    assert any("n'a pas été lu" in note for note in plan.notes)
    with pytest.raises(UsageError, match="DATAGOUV_API_KEY"):
        synchronise(releases, Api(base=portal.address), dry=False)


def test_a_run_that_was_cut_goes_on_without_a_double(releases: Path, api: Api, portal: Portal) -> None:
    def cut(call: Call) -> object:
        if len(portal.writes()) == 3:
            raise KeyboardInterrupt
        return Api.__call__(api, call)

    with pytest.raises(KeyboardInterrupt):
        run(
            releases,
            type("Cut", (), {"__call__": staticmethod(cut), "key": KEY, "base": api.base, "production": False})(),
        )
    run(releases, api)
    names = [item["extras"]["observatoire:fichier"] for item in only(portal)["resources"]]
    assert len(names) == len(set(names)) == 6


def test_a_withdrawn_dataset_leaves_the_portal(releases: Path, api: Api, portal: Portal) -> None:
    run(releases, api)
    withdraw(VERSION, releases=releases, reason="Erreur.", day=date(2026, 11, 23), dataset="lits")
    run(releases, api)
    names = {item["extras"]["observatoire:fichier"] for item in only(portal)["resources"]}
    assert names == {"observations.csv", "observations.parquet", "README.md", "datapackage.json"}


def test_two_datasets_of_ours_are_told_apart_by_a_person(releases: Path, api: Api, portal: Portal) -> None:
    run(releases, api)
    portal.datasets["autre"] = {**only(portal), "id": "autre"}
    with pytest.raises(UsageError, match=r"plusieurs jeux de données.*DATAGOUV_ORGANISATION"):
        run(releases, api)


# ── What must not be told ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_demonstration_never_goes_where_everyone_reads(tmp_path: Path, api: Api) -> None:
    releases = write_releases(tmp_path / "releases", "2026.3.0+demo", files=TABLES)
    # Without a network: refused before any call.
    with pytest.raises(UsageError, match="démonstration"):
        run(releases, Api(base=PRODUCTION, key=KEY))
    assert any("démonstration" in note for note in synchronise(releases, Api(base=f"{PRODUCTION}/")).notes)
    assert run(releases, api).calls


def test_a_release_that_knows_no_address_or_is_broken_is_not_told(
    tmp_path: Path, releases: Path, api: Api, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (releases / VERSION / "README.md").write_text("autre")
    with pytest.raises(ReleaseConflict, match=r"README\.md"):
        run(releases, api)
    whole = write_releases(tmp_path / "whole", VERSION, files=TABLES)
    monkeypatch.setattr(adresses, "DEFAULT", SITE)
    with pytest.raises(UsageError, match="OBSERVATOIRE_ADRESSE"):
        run(whole, Api(base=PRODUCTION, key=KEY))
    assert portal.writes() == []


# ── What the portal answers ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "headers", "body", "told"),
    [
        (400, {}, {"errors": {"license": ["Invalid"]}, "message": "Validation error"}, r"refusés.*Validation.*license"),
        (401, {}, {"message": f"Invalid API token {KEY}"}, r"401, la clé n'est pas reconnue.*Invalid API token …"),
        (403, {}, {"message": "You do not have the permission"}, "403, cette clé n'a pas le droit"),
        (404, {}, None, "404, ce jeu de données"),
        (410, {}, {}, "410, ce jeu de données a été supprimé"),
        (413, {}, None, "413, la description envoyée est trop longue"),
        (423, {}, {}, "423, le portail n'accepte aucune modification"),
        (308, {"Location": "https://ailleurs.example/"}, None, r"l'adresse a changé pour https://ailleurs\.example/"),
        (500, {}, None, "500, le portail a échoué"),
    ],
)
def test_a_refusal_is_told_once_with_what_to_do_and_never_the_key(
    api: Api, portal: Portal, status: int, headers: dict[str, str], body: object, told: str
) -> None:
    portal.failures.append((status, headers, body))
    with pytest.raises(HostFailed, match=told) as caught:
        api(Call("PUT", "/datasets/x/", {}))
    assert KEY not in str(caught.value)
    assert len(portal.calls) == 1


def test_what_passes_is_tried_again_as_the_portal_asks(api: Api, portal: Portal, waits: list[float]) -> None:
    portal.failures += [(429, {"Retry-After": "7"}, None), (503, {}, None), (502, {"Retry-After": "3600"}, None)]
    assert api(Call("GET", "/me/org_datasets/")) == []
    assert waits == [7, 2, 60]
    portal.failures += [(429, {}, None)] * 4
    with pytest.raises(HostFailed, match="trop d'appels"):
        api(Call("GET", "/me/org_datasets/"))


def test_a_creation_is_never_asked_twice_after_a_failure_that_may_hide_a_success(
    api: Api, portal: Portal, waits: list[float]
) -> None:
    portal.failures.append((502, {}, None))
    with pytest.raises(HostFailed, match="502"):
        api(Call("POST", "/datasets/", {}))
    assert (len(portal.calls), waits) == (1, [])


def test_an_address_where_nobody_answers_or_not_in_json_is_told(portal: Portal, waits: list[float]) -> None:
    with pytest.raises(HostFailed, match="ne répond pas"):
        Api(base="http://127.0.0.1:9/api/1", key=KEY, wait=waits.append)(Call("GET", "/me/org_datasets/"))
    assert waits == [1, 2, 4]


# ── The demonstration ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_real_descriptions_fit_the_portal(demo: House, api: Api, portal: Portal) -> None:
    done = synchronise(demo.releases, api, dry=False)
    assert portal.wrong == []
    assert len(only(portal)["resources"]) == len(done.calls) - 1 > 40
    assert all(quality(only(portal)).values())
    assert set(only(portal)["tags"]) == set(TAGS)
    assert "secret" in only(portal)["description"]
