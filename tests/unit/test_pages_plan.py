"""Products, plan, coverage and indicators: what their pages say of the small release, and where they lead."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import fixtures_plan
import fixtures_release
import pandas as pd
import pytest
from werkzeug.test import Client

from dashboard.app import create_app


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def part(client: Client, address: str, name: str) -> str:
    """One section of the first view of a page."""
    text = page(client, address)
    return text.split(f"partie--{name}")[1].split("<section")[0]


def words(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text)))


def rows(client: Client, text: str) -> list[dict[str, str]]:
    """The CSV that a section links to."""
    found = re.search(r'href="(/extrait/[^"]+)"', text)
    assert found is not None
    answer = client.get(html.unescape(found.group(1)))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


# The plan.


def test_statuses_of_actions_are_never_merged(client: Client) -> None:
    text = part(client, "/fr/pilotage", "actions")
    assert text.count('action--realisee">réalisée<') == 1
    assert text.count('action--partiellement_realisee">partiellement réalisée<') == 1
    assert "jamais additionnés" in words(part(client, "/fr/pilotage", "statuts"))


def test_actions_stand_in_the_order_of_their_numbers(client: Client) -> None:
    text = part(client, "/fr/pilotage", "actions")
    assert re.findall(r'id="action-([\d.]+)"', text) == ["1.1", "1.2", "1.10", "2.1"]


def test_an_action_past_its_date_is_late_unless_it_is_over(client: Client) -> None:
    text = part(client, "/fr/pilotage", "actions")
    late = [row for row in text.split("<tr>")[1:] if "en retard" in row]
    assert len(late) == 1
    assert f'id="action-{fixtures_plan.LATE}"' in late[0]


def test_an_action_leads_to_its_indicators_and_back(client: Client) -> None:
    text = part(client, "/fr/pilotage", "actions")
    assert 'href="/fr/indicateurs/lits_identifies"' in text
    back = part(client, "/fr/indicateurs/lits_identifies", "chaine")
    assert 'href="/fr/pilotage#action-1.10"' in back
    assert 'href="/fr/pilotage#action-2.1"' not in back


def test_filters_of_actions_cut_the_table_and_its_csv_alike(client: Client) -> None:
    text = part(client, "/fr/pilotage?axe=axe_1&statut=realisee", "actions")
    assert re.findall(r'id="action-([\d.]+)"', text) == ["1.1"]
    assert [(row["action_id"], row["trimestre"]) for row in rows(client, text)] == [("1.1", "2026-T3")]


@pytest.mark.parametrize("query", ["axe=axe_9", "statut=presque", "trimestre=2001-T1", "annee=1990"])
def test_plan_refuses_what_the_release_does_not_have(client: Client, query: str) -> None:
    assert client.get(f"/fr/pilotage?{query}").status_code == 400


def test_money_that_was_not_reported_is_not_zero(client: Client) -> None:
    text = part(client, "/fr/pilotage?annee=2025", "financeurs")
    city = next(row for row in text.split("<tr>") if "Ville de Paris" in row)
    assert "non rapporté" in city
    assert "prévu 0,50" in city
    assert "dépensé 0,75" in city
    assert len(rows(client, text)) == 3


def test_real_money_stands_apart_from_what_is_simulated(small_releases: Path, tmp_path: Path) -> None:
    published = fixtures_release.published()
    real = published.iloc[[0]].assign(id="PF021", mesure="dépenses prévues", valeur=9.0, unite="meur", theme="pilotage")
    fixtures_release.write_releases(tmp_path, instead={"chiffres_publies": pd.concat([published, real])})
    text = part(create_app(tmp_path).server.test_client(), "/fr/pilotage", "reel")
    assert "Données réelles" in text
    assert "Données simulées" not in text
    assert "millions d'euros" in words(text)


# Coverage.


def test_coverage_says_full_partial_and_none_in_words(client: Client) -> None:
    text = words(part(client, "/fr/couverture?annee=2026", "periodes"))
    assert "août complète 31/31" in text
    assert "septembre partielle 12/30" in text
    assert "3e trimestre aucune 0/1" in text
    assert "sans objet" in text


def test_a_period_spans_its_months(client: Client) -> None:
    text = part(client, "/fr/couverture?annee=2026", "periodes")
    for row in text.split("<tr>")[2:]:
        assert sum(int(span) for span in re.findall(r'<td[^>]*colspan="(\d+)"', row)) == 12
    assert 'colspan="6"' in text


def test_missing_reporters_are_named_with_what_is_missing(client: Client) -> None:
    section = part(client, "/fr/couverture?annee=2026", "manquantes")
    text = words(section)
    assert "Paris 18e, lieu de deal" in text
    assert "Espace de repos" in text
    assert f"Action {fixtures_plan.LATE}" in text
    assert "20 déclarations manquent" in text
    assert {row["statut"] for row in rows(client, section)} == {"partielle", "aucune"}
    assert "Ville de Paris, hébergement" in words(part(client, "/fr/couverture?annee=2025", "manquantes"))


def test_coverage_of_one_feed_leads_to_its_indicators(client: Client) -> None:
    text = page(client, "/en/couverture?flux=plan_lits&annee=2026")
    assert 'href="/en/indicateurs/lits_identifies"' in text
    assert "/en/indicateurs/repos_passages" not in text
    assert client.get("/fr/couverture?flux=rien").status_code == 400


# Products.


def test_ordinals_are_words_and_no_mean_is_made(client: Client) -> None:
    text = part(client, "/fr/produits", "matrice")
    said = words(text)
    assert "très disponible" in said
    assert "accès facile" in said
    assert "accès : non rapporté" in said
    assert "7 signalements" in said
    assert "ne se moyennent pas" in said
    assert "moyenne" not in said.replace("moyennent", "")


def test_a_half_year_without_a_return_says_so(client: Client) -> None:
    text = part(client, "/fr/produits", "matrice")
    row = next(row for row in text.split("<tr>") if "2e semestre 2025" in row)
    assert "non rapporté" in row


def test_each_price_has_its_own_unit(client: Client) -> None:
    text = words(part(client, "/fr/produits?semestre=2026-S1", "site"))
    assert "20 € (10–35) la dose" in text
    assert "20 € (10–35) le gramme" in text


def test_products_are_cut_like_their_csv(client: Client) -> None:
    section = part(client, "/fr/produits?site=lille&semestre=2025-S2", "site")
    found = rows(client, section)
    assert {(row["site"], row["semestre"]) for row in found} == {("lille", "2025-S2")}
    assert len(found) == section.count("<tr>") - 1


def test_prices_in_two_units_are_not_drawn_together(tmp_path: Path) -> None:
    products = fixtures_plan.tables()["trend_produits"]
    products.loc[products["semestre"] == "2025-S1", "prix_unite"] = "gramme"
    fixtures_release.write_releases(tmp_path, instead={"trend_produits": products})
    text = words(part(create_app(tmp_path).server.test_client(), "/fr/produits", "prix"))
    assert "n’ont pas tous la même unité" in text


def test_contents_and_profiles_come_with_base_and_caveat(client: Client) -> None:
    samples = words(part(client, "/fr/produits", "echantillons"))
    assert "ne représentent pas le marché" in samples
    profiles = words(part(client, "/fr/produits", "profils"))
    assert "elle voit davantage les personnes qui viennent souvent" in profiles
    assert "femmes" in profiles


# Indicators.


def test_every_indicator_has_its_page_in_both_languages(client: Client) -> None:
    listed = page(client, "/fr/indicateurs")
    for code in fixtures_release.INDICATORS:
        assert f'href="/fr/indicateurs/{code}"' in listed
        assert f"<code>{code}</code>" in page(client, f"/en/indicateurs/{code}")


@pytest.mark.parametrize("code", ["nulle_part", "lits-identifies", "LITS", "a/b"])
def test_unknown_indicator_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/fr/indicateurs/{code}").status_code == 404


def test_the_chain_tells_target_and_evidence(client: Client) -> None:
    section = part(client, "/fr/indicateurs/lits_identifies", "chaine")
    text = words(section)
    assert "au moins 10 lits" in text
    assert 'href="/fr/objectifs#lits_identifies"' in section
    assert 'href="/fr/couverture?flux=plan_lits"' in section
    assert all(row["indicateur"] == "lits_identifies" for row in rows(client, section))
    assert "(données simulées)" in text


def test_a_target_leads_to_its_indicator(client: Client) -> None:
    assert 'href="/fr/indicateurs/lits_identifies"' in page(client, "/fr/objectifs")


def test_the_page_holds_the_contract_of_the_feed(client: Client) -> None:
    text = words(part(client, "/en/indicateurs/repos_passages_jour", "contrat"))
    assert "One row is a rest space × a day" in text
    assert "required" in text
    assert "passages" in text


def test_the_release_chosen_is_kept_along_the_chain(client: Client) -> None:
    older = fixtures_release.OLDER
    text = page(client, f"/fr/indicateurs/lits_identifies?release={older.replace('+', '%2B')}")
    asked = f"release={older.replace('+', '%2B')}"
    for slug in ("pilotage", "objectifs", "couverture"):
        assert re.search(rf'href="/fr/{slug}\?[^"]*{re.escape(asked)}', text), slug


def test_search_and_theme_cut_the_catalogue_and_its_csv(client: Client) -> None:
    section = part(client, "/fr/indicateurs?theme=hopital&q=identifiés", "liste")
    assert re.findall(r'href="/fr/indicateurs/([a-z_]+)"', section) == ["lits_identifies"]
    assert [row["indicateur"] for row in rows(client, section)] == ["lits_identifies"]


def test_pages_say_so_where_the_release_lacks_their_tables(tmp_path: Path) -> None:
    folder = fixtures_release.write_release(tmp_path, fixtures_release.VERSION)
    fixtures_release.without(folder, fixtures_plan.tables())
    entry = {"version": fixtures_release.VERSION, "date": "2026-11-21", "statut": "publie", "simule": True}
    index = pd.Series({"latest": fixtures_release.VERSION, "releases": [entry]}).to_json()
    (tmp_path / "index.json").write_text(index, encoding="utf-8")
    lone = create_app(tmp_path).server.test_client()
    for slug in ("produits", "pilotage", "couverture"):
        assert "Cette publication ne contient pas" in page(lone, f"/fr/{slug}")


def test_an_incomplete_year_of_money_tells_its_returns(tmp_path: Path) -> None:
    observations = fixtures_release.observations()
    observations.loc[observations["indicateur"] == "pilotage_budget_depense_meur", "recues"] = 1
    observations.loc[observations["indicateur"].str.startswith("pilotage_budget"), ["valeur", "statut"]] = [
        4.0,
        "valeur",
    ]
    fixtures_release.write_releases(tmp_path, instead={"observations": observations})
    text = words(part(create_app(tmp_path).server.test_client(), "/fr/pilotage", "budget"))
    assert "4 millions d'euros dépensés pour 4 millions d'euros prévus en 2025" in text.replace("\u00a0", " ")
    assert "En 2025 : 4 millions d'euros dépensés pour 4 millions d'euros prévus" in text.replace("\u00a0", " ")
    assert "Déclarations reçues : 1 sur 2 attendues" in text.replace("\u00a0", " ")


def test_tables_of_feeds_have_the_title_of_their_contract(client: Client) -> None:
    assert "Actions du plan <code>actions</code>" in page(client, "/fr/donnees")


def test_definitions_of_the_method_lead_to_the_page_of_the_indicator(client: Client) -> None:
    assert 'href="/en/indicateurs/lits_ouverts"' in page(client, "/en/methode")
