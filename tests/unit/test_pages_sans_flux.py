"""Every page of a release that has the rows of one feed only, or of none: what a plan begins with."""

from __future__ import annotations

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
