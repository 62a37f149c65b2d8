"""The review of a quarter: its facts read in a release, its words, its drawings, its page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import fixtures_comite
import pandas as pd
import pytest
from fixtures_release import OLDER, VERSION, write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.pages.comite import COLUMNS
from publish.charte.i18n import texts
from publish.comite import dessins, mots
from publish.comite.blocs import Chapter, Column, Table, written
from publish.comite.revue import TABLES, Review, checked_quarter, quarter_before, quarters, review, reviewed
from publish.reader import Release, Releases
from publish.site.carte import Key
from schemas.errors import UsageError

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_releases(tmp_path_factory.mktemp("comite"), instead=fixtures_comite.tables())


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return Releases(folder).release()


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    return create_app(folder).server.test_client()


def of(release: Release, quarter: str = "2026-T3", version: str = VERSION) -> Review:
    return review(release.query, release.tables, version=version, day=DAY, quarter=quarter)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    found = re.search(r'<div class="parties">.*?</main>', answer.get_data(as_text=True), re.DOTALL)
    return found.group(0) if found else ""


# ── Facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_release_holds_what_a_review_reads(release: Release) -> None:
    assert set(TABLES) <= set(release.tables)


def test_the_quarter_is_that_of_the_version_or_the_last_there_is() -> None:
    assert reviewed("2026.3.1+demo", ("2026-T2", "2026-T3", "2026-T4")) == "2026-T3"
    assert reviewed("2026.3.0", ("2026-T1", "2026-T2")) == "2026-T2"
    assert reviewed("2026.3.0", ()) == "2026-T3"
    assert quarter_before("2026-T1") == "2025-T4"


def test_a_quarter_without_figures_is_refused_by_name(release: Release) -> None:
    with pytest.raises(UsageError, match="1999-T1") as told:
        checked_quarter("1999-T1", VERSION, quarters(release.query))
    assert "2026-T3" in str(told.value)


def test_a_target_stands_where_its_last_value_of_the_quarter_does(release: Release) -> None:
    aim = next(aim for aim in of(release).aims if aim.target["id"] == "lits_identifies")
    assert aim.standing is not None
    assert aim.path["periode"].iloc[-1] == "2026-09"
    assert aim.verdict == ("atteint" if aim.path["valeur"].iloc[-1] >= 10 else "non_atteint")
    assert aim.course is not None


def test_an_earlier_quarter_knows_neither_later_values_nor_the_course_nor_the_shortlist(release: Release) -> None:
    found = of(release, "2026-T2")
    aim = next(aim for aim in found.aims if aim.target["id"] == "lits_identifies")
    assert pd.to_datetime(aim.path["periode_fin"]).max() == pd.Timestamp("2026-06-30")
    assert aim.course is None
    assert not found.last
    assert texts("fr")("comite.constat.surveiller.ailleurs") in mots.findings(found, "fr")


def test_the_shortlist_is_what_the_release_flags(release: Release) -> None:
    found = of(release)
    assert list(found.shortlist["territoire_code"]) == ["75118"]
    assert found.compared == 2


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_where_nothing_can_be_compared_the_review_says_so_and_counts_nothing(release: Release, lang: mots.Lang) -> None:
    found = replace(of(release), compared=0, shortlist=of(release).shortlist.head(0))
    said = [*mots.findings(found, lang), *(f"{fact.value} {fact.words}" for fact in mots.facts(found, lang))]
    assert texts(lang)("comite.constat.surveiller.sans") in said
    assert not [words for words in said if re.match(r"0 (sur|of) 0", words)]
    assert mots.nothing_flagged(found, lang) == texts(lang)("comite.surveiller.sans")


def test_returns_are_those_of_the_periods_that_ended_or_of_the_last_one(release: Release) -> None:
    rows = of(release).returns.set_index("flux")
    assert tuple(rows.loc["plan_espaces_repos", ["premiere", "derniere", "recues", "attendues", "incomplets"]]) == (
        *("2026-08", "2026-09", 43, 61, 1),
    )
    assert tuple(rows.loc["trend_produits", ["derniere", "recues"]]) == ("2026-S1", 1)
    assert tuple(rows.loc["plan_budget", ["derniere", "recues", "attendues"]]) == ("2025", 1, 2)


def test_actions_are_ranked_by_number_and_late_past_their_due_date(release: Release) -> None:
    rows = of(release).actions.set_index("action_id")
    assert list(rows.index) == ["1.1", "1.2", "1.10", "2.1"]
    assert list(rows["retard"]) == [False, True, False, False]


def test_decisions_are_those_of_the_last_review_and_the_older_ones_still_open(release: Release) -> None:
    rows = of(release).decisions.set_index("id")
    assert list(rows.index) == ["sim-DE001", "sim-DE002", "sim-DE003"]
    assert list(rows["derniere"]) == [True, True, False]
    assert list(rows["retard"]) == [False, True, False]
    assert list(of(release, "2026-T2").decisions["id"]) == ["sim-DE003", "sim-DE004"]


def test_revisions_are_told_with_their_cause_and_their_usual_size(release: Release) -> None:
    found = of(release)
    assert found.before == "2026.2.0+demo"
    (row,) = found.revised.to_dict("records")
    assert (row["indicateur"], row["cause"], row["valeurs"]) == ("lits_ouverts", "revision", 1)
    line = mots.revised_line(found.revised.iloc[0], {"lits_ouverts": "Lits ouverts"}, "fr")
    assert line == ("Lits ouverts", "révision", "1", "3 sur 12, de 2,5\u00a0% en moyenne")


# ── Words and drawings ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_findings_say_every_part_once(release: Release, lang: mots.Lang) -> None:
    said = mots.findings(of(release), lang)
    assert len(said) == 6
    assert all("{" not in words for words in said)


def test_an_amount_is_written_as_its_language_does(release: Release) -> None:
    places = {("arrondissement", "75118"): "Paris 18e", ("departement", "75"): "Paris"}
    row = of(release).shortlist.iloc[0]
    french = mots.watched_line(row, places, {}, "fr")
    assert french[3:6] == ("90\u00a0%", "de 85 à 94,5\u00a0%", "Paris\u00a0: 70\u00a0%")
    assert "Paris: 70%" in mots.watched_line(row, places, {}, "en")


def test_a_stacked_column_adds_up_and_what_is_given_up_is_crossed() -> None:
    drawn = dessins.stacked("a", [("T3 26", {"realisee": 3, "abandonnee": 1})], mots.PROGRESS, lang="fr")
    tree = ElementTree.fromstring(dessins.framed("a", drawn, width=720, height=270, legend=[Key("realisee", "faite")]))
    bars = [node for node in tree.iter() if (node.get("class") or "").startswith("barre")]
    heights = {str(node.get("class")).split()[1]: float(str(node.get("height"))) for node in bars}
    assert heights["realisee"] == pytest.approx(3 * heights["abandonnee"], abs=0.3)
    assert next(node for node in bars if "abandonnee" in str(node.get("class"))).get("fill") == "url(#a-abandonnee)"


def test_a_legend_that_is_too_long_goes_on_below_the_drawing() -> None:
    keys = [Key("k1", "une classe de la carte, dite longuement")] * 4
    tree = ElementTree.fromstring(dessins.framed("carte", "", width=640, height=100, legend=keys))
    rows = {node.get("y") for node in tree.iter() if (node.get("class") or "") == "pave k1"}
    assert len(rows) > 1
    assert float(str(tree.get("height"))) > max(float(str(row)) for row in rows)


def test_blocks_are_written_with_their_kind() -> None:
    told = written(Chapter("Titre", [Table("Légende", [Column("A")], [("1",)])]))
    assert told["blocks"][0]["genre"] == "Table"
    assert told["blocks"][0]["columns"][0] == {"genre": "Column", "name": "A", "width": 1.0, "number": False}


# ── Page ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_tells_every_chapter(client: Client, lang: mots.Lang) -> None:
    page = text(client, f"/{lang}/comite")
    for name in ("essentiel", *COLUMNS.keys() - {"revisions"}):
        assert f'id="{name}"' in page
    assert texts(lang)("comite.revisions.lignes") in page


def test_the_page_shows_decisions_with_their_institution(client: Client) -> None:
    page = text(client, "/fr/comite")
    assert "Décision B." in page
    assert "agence régionale de santé" in page
    assert "Décision D." not in page


def test_the_address_freezes_the_quarter_and_the_release(client: Client) -> None:
    page = text(client, "/fr/comite?trimestre=2026-T2")
    assert f"release={VERSION.replace('+', '%2B')}" in page
    assert "trimestre=2026-T2" in page
    assert "Décision A." not in page


def test_a_quarter_the_release_does_not_have_is_an_error_told(client: Client) -> None:
    assert client.get("/fr/comite?trimestre=1999-T1").status_code == 400


def test_a_release_older_than_the_review_says_so(small_releases: Path) -> None:
    page = text(create_app(small_releases).server.test_client(), f"/fr/comite?release={OLDER.replace('+', '%2B')}")
    assert texts("fr")("comite.essentiel") not in page
    assert "elle lui est antérieure" in page
