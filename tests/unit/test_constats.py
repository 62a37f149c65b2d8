"""What charts say in their titles on real pages, what is told of an absence and of what is narrowly hidden."""

from __future__ import annotations

import html
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from fixtures_registre import real_tables
from fixtures_release import write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.components.absences import absent, reason, reasons
from dashboard.components.graphique import heading
from dashboard.components.statique import to_html
from dashboard.i18n import texts
from dashboard.pages import secret
from dashboard.router import SLUGS, href
from publish.charte.constats import constat
from tests.unit.test_public import rows

SECTION = re.compile(r'<section class="partie partie--([\w-]+)">(.*?)</section>', re.DOTALL)
SCHEMA = """{"fields": [{"name": "prix"}, {"name": "prix_statut", "status_of": "prix", "categories": [
  {"value": "valeur", "label": "valeur connue", "label_en": "known value"},
  {"value": "non_disponible", "label": "non disponible", "label_en": "not available"},
  {"value": "non_concerne", "label": "non concerné", "label_en": "not applicable"}]}]}"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The site on a release that holds the reference tables of the repository."""
    folder = write_releases(tmp_path_factory.mktemp("constats"), instead=real_tables())
    made: Client = create_app(folder).server.test_client()
    return made


def drawn(client: Client, address: str) -> dict[str, str]:
    """The sections of a page that hold a chart, by name, as HTML."""
    text = client.get(address).get_data(as_text=True).split("<main", 1)[1]
    return {name: inside for name, inside in SECTION.findall(text) if "graphe--attente" in inside}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_chart_of_every_page_can_be_taken_away(client: Client, lang: Any) -> None:
    found = {(slug, name): inside for slug in SLUGS for name, inside in drawn(client, href(lang, slug)).items()}
    assert {"histoire", "consultations", "accueil"} <= {slug for slug, _ in found}
    assert [key for key, inside in found.items() if "graphique__partage" not in inside] == []
    assert [key for key, inside in found.items() if 'data-image="svg"' not in inside] == []


def test_the_frame_of_each_chart_shows_it_alone(client: Client) -> None:
    for slug in ("histoire", "consultations", "objectifs"):
        for name, inside in drawn(client, f"/fr/{slug}").items():
            code = html.unescape(html.unescape(re.findall(r"&lt;iframe src=.*?&gt;", inside)[0]))
            address = re.findall(r'src="https?://[^/]+([^"]+)"', code)[0]
            assert list(drawn(client, address)) == [name]


@pytest.mark.parametrize("slug", ["histoire", "consultations"])
def test_charts_of_real_figures_say_what_they_show(client: Client, slug: str) -> None:
    sections = drawn(client, f"/fr/{slug}")
    assert len(sections) >= 3
    assert [name for name, inside in sections.items() if "graphique__constat" not in inside] == []


def test_the_first_and_the_last_value_of_a_survey_are_its_finding(client: Client) -> None:
    said = html.unescape(drawn(client, "/en/histoire")["histoire-essai"])
    assert "Aged 18–64: 1.8% in 2000, 3.8% in 2010" in said


def test_a_finding_is_read_against_its_targets() -> None:
    frame = rows(("A", "2026-T3", 12, "valeur"))
    assert constat(frame, lang="en", aims=["at least 10", "at least 20"]).endswith(
        "target: at least 10, then at least 20"
    )
    assert constat(rows(("A", "2026-T3", None, "secret")), lang="en", aims=["at least 10"]) == ""


def test_a_chart_within_a_section_is_titled_one_level_down() -> None:
    assert to_html(heading("Lits", "12 lits", within=True)).startswith('<h3 class="graphique__titre">')
    assert to_html(heading("Lits", "12 lits")).startswith('<h2 class="graphique__titre">')


@pytest.fixture
def context(tmp_path: Path) -> Any:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "trend_produits.json").write_text(SCHEMA, encoding="utf-8")
    release = SimpleNamespace(folder=tmp_path)
    return SimpleNamespace(cached=lambda call, *args: call(release, *args), texts=texts("fr"), lang="fr")


@pytest.mark.parametrize(
    ("code", "said", "mark"),
    [
        ("non_disponible", "non disponible", "non_rapporte"),
        ("non_concerne", "non concerné", "non_applicable"),
        (float("nan"), "non rapporté", "non_rapporte"),
    ],
)
def test_an_empty_cell_says_why_it_is_empty(context: Any, code: Any, said: str, mark: str) -> None:
    row = pd.Series({"prix": None, "prix_statut": code})
    assert reason(context, "trend_produits", row, "prix") == said
    assert (
        to_html(absent(context, "trend_produits", row, "prix")) == f'<span class="statut statut--{mark}">{said}</span>'
    )


def test_a_release_older_than_the_reasons_has_none(tmp_path: Path) -> None:
    assert reasons(SimpleNamespace(folder=tmp_path), "trend_produits") == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "told"), [({"de": 1, "a": 10, "quantites": 50}, True), (None, False)])
def test_what_is_narrowly_hidden_is_explained(first: dict[str, int] | None, told: bool) -> None:
    widths = [one for one in (first, {"de": 11, "a": 20, "quantites": 7}) if one]
    report = {"regle": {"valeurs_possibles": 11}, "largeurs": widths, "nombre_de_fuites": 0}
    shown = secret._narrow(SimpleNamespace(texts=texts("en"), lang="en"), report)  # type: ignore[arg-type]
    assert (shown is not None) == told
    if told:
        assert "fewer than 11 possible values (50 here)" in to_html(shown)


def test_a_service_whose_operator_is_unknown_is_found_without_one(client: Client) -> None:
    text = client.get("/fr/recherche?q=fluidcrack").get_data(as_text=True)
    found = re.findall(r'<li><a href="/fr/services/[^"]*">FluidCrack</a>(.*?)</li>', text)
    assert found == [""]
