"""The delay of admission is told by unit: a median does not add up over those of a hospital."""

from __future__ import annotations

import pandas as pd
import pytest
from fixtures_release import observations as fixture
from fixtures_release import write_releases
from test_pages_registre import words
from test_tendance import page, part
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.chaine import NAMED, series_of
from dashboard.queries import house_name
from dashboard.registre import by_unit
from publish.reader import Releases


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """A release where the hospital has no delay as a whole since April, its two units each have theirs."""
    frame = fixture()
    whole = (frame["indicateur"] == "lits_delai_median_jours") & (frame["ventilation"] != "unite")
    kept = frame[~whole | ((frame["ventilation"] == "service") & (frame["periode"] == "2026-04"))]
    return write_releases(tmp_path_factory.mktemp("unites"), instead={"observations": kept})


@pytest.fixture(scope="module")
def client(folder) -> Client:
    return create_app(folder).server.test_client()


def test_a_unit_is_named_after_its_service() -> None:
    names = {"hopital-a": "Hôpital A"}
    assert house_name(names, "hopital-a") == "Hôpital A"
    assert house_name(names, "hopital-a/observation-orientation-1") == "Hôpital A, observation orientation 1"
    assert house_name(names, "hopital-b/sevrage") == "hopital-b, sevrage"


@pytest.mark.parametrize("unit", ["observation orientation 1", "sevrage"])
def test_the_delay_of_each_unit_goes_on_to_the_last_month(client: Client, unit: str) -> None:
    value = "hopital-a/" + unit.replace(" ", "-")
    text = page(client, f"/fr/hopital?unite={value}")
    assert f'<option value="{value}" selected>' in text
    shown = part(text, "delai")
    assert f", {unit} : délai médian d’admission" in shown
    assert "avril 2026 – septembre 2026" in shown


@pytest.mark.parametrize("value", ["hopital-a", "hopital-a/ailleurs", "hopital-a/../sevrage"])
def test_what_is_no_unit_is_refused(client: Client, value: str) -> None:
    answer = client.get("/fr/hopital", query_string={"unite": value})
    assert answer.status_code == 400
    assert f"« {value} » n’est pas comprise" in words(answer.get_data(as_text=True))


def test_an_indicator_is_shown_by_what_tells_most_of_it_each_line_by_its_name(folder) -> None:
    release = Releases(folder).release("latest")
    lines = series_of(release, "lits_delai_median_jours", "region:11", "fr").groupby("nom").size()
    assert {name.split(", ")[1]: int(count) for name, count in lines.items()} == {
        "observation orientation 1": 6,
        "sevrage": 6,
    }
    assert NAMED["ligne_metro"]("M12", "fr") == "Métro, ligne 12"
    assert NAMED["structure"]("csapa_residentiel", "en") != "csapa_residentiel"


def test_the_target_of_delay_is_followed_unit_by_unit(folder, client: Client) -> None:
    target = pd.Series(
        {"indicateur": "lits_delai_median_jours", "territoire_niveau": "region", "territoire_code": "11"}
    )
    rows = by_unit(Releases(folder).release("latest"), target, "fr")
    assert sorted(set(rows["modalite"])) == ["hopital-a/observation-orientation-1", "hopital-a/sevrage"]
    assert all(", " in name for name in rows["nom"])
