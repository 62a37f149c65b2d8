"""A release without a simulated row: nothing of the demonstration is in it, and no page speaks of simulated figures."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dashboard.app import create_app
from dashboard.router import LANGUAGES, SLUGS, href
from publish.release import next_revision
from publish.version import parse_version
from schemas.contract import contract_folder
from schemas.errors import ReleaseConflict, UsageError
from tests.integration.conftest import made_once
from tests.integration.house import House

FEEDS = ("plan_espaces_repos", "plan_hebergement", "plan_aval", "trend_scenes")
VERSION = "2026.3.0"
SAID = re.compile(r"simulée?s?\b|simulated|démonstration\b|demonstration\b", re.IGNORECASE)
OF_THE_CALENDAR = re.compile(
    r"Demonstration versions are not part of it|Les versions de démonstration n’en font pas partie"
)


def _reported(folder: Path) -> None:
    house = House(folder / "data")
    for feed in FEEDS:
        rows = (contract_folder(feed, kind="feeds") / "valid.csv").read_text(encoding="utf-8").splitlines()
        kept = [row.replace(",simule", ",reel") for row in rows if not row.startswith("sim-")]
        (folder / f"{feed}.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
        assert house.ingest(feed, folder / f"{feed}.csv").etat == "accepte"
    house.build()
    house.release(VERSION)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return House(made_once(tmp_path_factory, "reel", _reported) / "data").releases


def test_no_row_of_any_table_is_simulated(releases: Path) -> None:
    tables = sorted((releases / VERSION / "data").glob("*.csv"))
    assert {"services.csv", "decisions.csv", "corrections.csv", "observations.csv"} <= {path.name for path in tables}
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            assert {row.get("origine") for row in csv.DictReader(file)} <= {None, "", "reel", "publie"}, path.name


def test_simulated_rows_of_a_feed_without_observations_are_seen_too(house: House) -> None:
    reported = contract_folder("plan_espaces_repos", kind="feeds") / "valid.csv"
    real = house.data.parent / "repos.csv"
    real.write_text(reported.read_text(encoding="utf-8").replace(",simule", ",reel"), encoding="utf-8")
    assert house.ingest("plan_espaces_repos", real).etat == "accepte"
    simulated = contract_folder("trend_produits", kind="feeds") / "valid.csv"
    assert house.ingest("trend_produits", simulated).etat == "accepte"
    house.build()
    with pytest.raises(ReleaseConflict, match=r"17 lignes sont simulées.*Publiez 2026\.3\.0\+demo"):
        house.release(VERSION)
    assert not (house.releases / VERSION).exists()


def test_a_warehouse_without_an_observation_has_nothing_to_publish(house: House) -> None:
    house.build()
    with pytest.raises(UsageError, match="aucune observation"):
        house.release(VERSION)


def test_a_taken_version_is_told_the_first_free_revision() -> None:
    version = parse_version("2026.3.0+demo")
    assert str(next_revision(version)) == "2026.3.1+demo"
    assert str(next_revision(version, {"2026.3.1+demo", "2026.3.2+demo", "2026.3.3"})) == "2026.3.3+demo"


def test_no_page_says_that_its_figures_are_simulated(releases: Path) -> None:
    client = create_app(releases).server.test_client()
    said = {}
    for address in (href(lang, slug) for lang in LANGUAGES for slug in SLUGS):
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True).split("<main")[1].split("</main")[0])
        said[address] = set(SAID.findall(OF_THE_CALENDAR.sub("", text)))
    assert {address: words for address, words in said.items() if words} == {}
