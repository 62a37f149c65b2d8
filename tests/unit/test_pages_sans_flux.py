"""Every page of a release that has the rows of one feed only, or of none: what a plan begins with."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from fixtures_release import observations, write_releases

from dashboard.app import create_app
from dashboard.router import SLUGS, href

ROWS = observations()
FEEDS = tuple(sorted(ROWS["source"].unique()))
LIVING_ON_ONE = ("scenes", "repos", "hopital", "caarud", "maraudes", "hebergement", "aval", "resultats")
NOTHING = "Cette publication ne contient aucune ligne de ce flux."


def pages(root: Path, rows: pd.DataFrame) -> dict[str, tuple[int, str]]:
    """Status and text of every page, of a release with these observations."""
    write_releases(root, instead={"observations": rows})
    client = create_app(root).server.test_client()
    answers = {slug: client.get(href("fr", slug)) for slug in SLUGS}
    return {slug: (answer.status_code, answer.get_data(as_text=True)) for slug, answer in answers.items()}


@pytest.mark.parametrize("feed", FEEDS)
def test_pages_of_other_feeds_say_that_there_is_nothing_and_none_fails(tmp_path: Path, feed: str) -> None:
    found = pages(tmp_path, ROWS[ROWS["source"] == feed])
    assert {slug: status for slug, (status, _) in found.items() if status != 200} == {}
    told = {slug for slug, (_, text) in found.items() if NOTHING in text}
    assert told <= set(LIVING_ON_ONE)
    assert len(told) >= len(LIVING_ON_ONE) - 1


def test_a_release_without_a_row_has_all_its_pages_and_its_targets(tmp_path: Path) -> None:
    found = pages(tmp_path, ROWS.head(0))
    assert {slug: status for slug, (status, _) in found.items() if status != 200} == {}
    assert {slug for slug, (_, text) in found.items() if NOTHING in text} == set(LIVING_ON_ONE)
    assert "Les objectifs du plan, tels qu’écrits" in found["hopital"][1]


def test_readers_are_sent_to_another_release_only_where_there_is_one(tmp_path: Path) -> None:
    several = pages(tmp_path / "deux", ROWS.head(0))["scenes"][1]
    assert f"{NOTHING} Une autre publication peut en contenir" in several
    write_releases(tmp_path / "une", instead={"observations": ROWS.head(0)})
    index = tmp_path / "une" / "index.json"
    listed = json.loads(index.read_text(encoding="utf-8"))
    index.write_text(json.dumps(listed | {"releases": listed["releases"][:1]}), encoding="utf-8")
    alone = create_app(tmp_path / "une").server.test_client().get("/fr/scenes").get_data(as_text=True)
    assert NOTHING in alone
    assert "Une autre publication" not in alone


@pytest.mark.parametrize("statut", ["secret", "non_rapporte"])
def test_a_chart_without_any_value_is_a_sentence_and_its_table(tmp_path: Path, statut: str) -> None:
    numbers = dict.fromkeys(("valeur", "numerateur", "borne_basse", "borne_haute"), float("nan"))
    found = pages(tmp_path, ROWS.assign(statut=statut, **numbers))
    assert {slug: status for slug, (status, _) in found.items() if status != 200} == {}
    for slug in ("repos", "hopital", "caarud", "resultats", "hebergement"):
        assert "Pas de graphique" in found[slug][1]
        assert "graphe--attente" not in found[slug][1]
        assert "Événements marqués sur le graphique" not in found[slug][1]
        assert "Voir les données du graphique en tableau" in found[slug][1]
