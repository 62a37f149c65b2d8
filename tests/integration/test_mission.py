"""The whole mission: every feed, service and target that the observatory must carry is in the contracts, in the
catalogue, in the release and on the site. The tables below are the mission; one thing missing fails here by its name.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from werkzeug.test import Client

from dashboard.app import create_app
from schemas.catalogue import load_catalogue
from schemas.contract import contract_names, load_contract
from tests.integration.house import House


@dataclass(frozen=True)
class Feed:
    """A feed: its page, the columns that tell one row from another, what it measures; its dataset if it has one."""

    page: str
    grain: str
    measures: str
    published: str | None = None


@dataclass(frozen=True)
class Target:
    """A target: the indicator it is about, and the bound as the plan states it."""

    indicator: str
    bound: tuple[str, float]
    place: tuple[str, str] = ("region", "11")


FEEDS = {
    "trend_scenes": Feed(
        "scenes",
        "territoire_code trimestre genre_scene",
        "personnes_min personnes_max jours_observes jours_actifs tendance genre_observateur",
    ),
    "trend_produits": Feed(
        "produits",
        "site semestre produit",
        "disponibilite accessibilite prix_min prix_median prix_max prix_unite tendance signalements",
        published="trend_produits",
    ),
    "sintes_analyses": Feed(
        "produits", "echantillon_id", "mois departement_code produit_presume teneur_pourcent coupe_1 coupe_2 forme"
    ),
    "caarud_activite": Feed(
        "caarud",
        "service_id annee",
        "file_active femmes moins_25_ans nouveaux passages entretiens actes_infirmiers actes_medicaux actes_sociaux "
        "actes_hygiene kits_base pipes seringues kits_sniff roule_ta_paille feuilles_aluminium tests_vih tests_vhc "
        "tests_vhb accompagnements maraudes etp",
    ),
    "caarud_profils": Feed(
        "produits",
        "edition region_code produit sexe classe_age",
        "repondants usagers_30_jours usagers_injection usagers_inhalation usagers_sniff usagers_autre_voie",
    ),
    "plan_espaces_repos": Feed(
        "repos",
        "service_id jour",
        "passages personnes femmes premieres_visites soins_infirmiers orientations_hebergement orientations_soins "
        "orientations_droits heures_ouverture capacite",
    ),
    "plan_hebergement": Feed(
        "hebergement",
        "service_id mois",
        "places_ouvertes places_occupees_moyenne entrees sorties_logement sorties_soins sorties_rue sorties_autres",
    ),
    "plan_lits": Feed(
        "hopital",
        "etablissement_id unite mois",
        "lits_finances lits_identifies lits_ouverts journees_disponibles journees_utilisees journees_attribuees "
        "demandes admissions admissions_5_jours delai_median_jours delai_p90_jours sorties_precoces revus_j8",
    ),
    "plan_aval": Feed(
        "aval",
        "region_code genre_structure trimestre",
        "places_disponibles orientations admissions sejours_termines delai_median_jours",
    ),
    "plan_maraudes": Feed(
        "maraudes", "equipe_id lieu_code mois", "maraudes contacts personnes_rencontrees orientations kits_remis"
    ),
    "plan_actions": Feed(
        "pilotage",
        "action_id trimestre",
        "axe pilote statut avancement_pourcent echeance indicateurs_lies",
        published="actions",
    ),
    "plan_budget": Feed("pilotage", "financeur axe annee", "prevu_meur depense_meur", published="budget"),
    "plan_resultats": Feed("resultats", "resultat departement_code trimestre", "effectif_cohorte effectif_resultat"),
}
# Outcomes that `plan_resultats` follows.
OUTCOMES = (
    *("revu_j8", "soins_3_mois", "soins_6_mois", "soins_12_mois"),
    *("logement_6_mois", "droits_ouverts", "sortie_precoce", "passage_urgences"),
)
# Name in the mission: (identifier, kind) in the register.
SERVICES = {
    "CAARUD": ("caarud-idf", "caarud"),
    "CSAPA ambulatory": ("csapa-idf", "csapa"),
    "consultation cocaïne, Bizia": ("consultation-cocaine-bizia", "consultation_cocaine"),
    "consultation cocaïne, Espace Murger": ("consultation-cocaine-espace-murger", "consultation_cocaine"),
    "consultation cocaïne, Bus 31/32": ("consultation-cocaine-bus-31-32", "consultation_cocaine"),
    "consultation cocaïne, CEID": ("consultation-cocaine-ceid", "consultation_cocaine"),
    "CSAPA résidentiel": ("csapa-residentiels", "csapa_residentiel"),
    "communautés thérapeutiques": ("communautes-therapeutiques", "communaute_therapeutique"),
    "SMR-A": ("smr-a", "smr_a"),
    "espace de repos, La Chapelle then porte de la Chapelle": ("espace-repos-chapelle", "espace_repos"),
    "espace de repos, CSAPA Sleep In": ("espace-repos-sleep-in", "espace_repos"),
    "CSAPA Sleep In": ("csapa-sleep-in", "csapa"),
    "Bus de premier accueil, porte de la Villette": ("bus-premier-accueil-villette", "accueil_mobile"),
    "maraudes in the street": ("maraudes-rue", "maraude"),
    "maraudes on metro lines": ("maraudes-metro", "maraude"),
    "ASSORE": ("assore", "hebergement"),
    "PHASE": ("phase", "hebergement"),
    "UHS": ("uhs", "uhs"),
    "LHSS": ("lhss-addictions", "lhss"),
    "LAM": ("lam-addictions", "lam"),
    "CTR or LHSS inside Paris": ("ctr-lhss-paris", "ctr"),
    "haltes soins addictions": ("haltes-soins-addictions", "hsa"),
    "hospital beds identified, AP-HP": ("ap-hp", "hopital"),
    "hospital beds identified, GHU-PPN": ("ghu-ppn", "hopital"),
    "hospital beds identified, others": ("autres-etablissements", "hopital"),
    "observation and orientation units": ("unites-observation", "unite_observation"),
    "ELSA": ("elsa", "liaison"),
    "FluidCrack": ("fluidcrack", "liaison"),
    "ELA": ("ela", "liaison"),
    "addiction consultations": ("consultations-addictologie", "consultation_addictologie"),
    "day hospitals": ("hopitaux-de-jour", "hopital_de_jour"),
    "withdrawal wards": ("services-sevrage", "sevrage"),
    "post-cure wards": ("services-post-cure", "sevrage"),
    "orientation between regions": ("orientation-inter-regions", "orientation"),
    "injonctions thérapeutiques": ("injonctions-therapeutiques", "injonction_therapeutique"),
    "regulation of the pathway": ("regulation-parcours", "regulation"),
    "training": ("formation", "formation"),
    "peer support": ("pair-aidance", "auto_support"),
    "AIPAUC days": ("journees-aipauc", "formation"),
    "TREND": ("trend", "connaissance"),
    "SINTES": ("sintes", "connaissance"),
    "ENa-CAARUD": ("ena-caarud", "connaissance"),
    "Inserm/OFDT study": ("etude-inserm-ofdt", "connaissance"),
}
TARGETS = {
    "lits_identifies": Target("lits_identifies", (">=", 10)),
    "admission_5_jours": Target("lits_delai_median_jours", ("<", 5)),
    "unites_observation_1": Target("unites_observation", (">=", 1)),
    "unites_observation_3": Target("unites_observation", (">=", 3)),
    "unites_observation_lits": Target("unites_observation_lits", ("=", 3)),
    "aval_places_2023": Target("aval_places", (">=", 50), ("france", "FR")),
    "aval_places_terme": Target("aval_places", (">=", 250), ("france", "FR")),
    "stabilisation_paris": Target("aval_stabilisation_paris", (">=", 1), ("departement", "75")),
    "actions_plan_crack": Target("pilotage_actions_realisees", (">=", 33)),
}
# The form, not the place: a register that could hold where a scene or a service stands would point at people.
WHERE = re.compile(r"adresse|address|latitude|longitude|coord|^[xy]$|^(lat|lon|lng|geom)")


@pytest.fixture(scope="module")
def data(demo: House) -> Path:
    return demo.releases / "2026.3.0+demo" / "data"


@pytest.fixture(scope="module")
def client(demo: House) -> Client:
    return create_app(demo.releases).server.test_client()


@pytest.fixture(scope="module")
def register(data: Path) -> pd.DataFrame:
    return duckdb.sql(f"from '{data}/services.parquet'").df().set_index("service_id")


@pytest.fixture(scope="module")
def objectives(client: Client) -> str:
    return _page(client, "/fr/objectifs")


def test_the_feeds_are_those_of_the_mission_and_no_other() -> None:
    assert len(FEEDS) == 13
    assert set(contract_names("feeds")) == set(FEEDS)


@pytest.mark.parametrize("name", FEEDS)
def test_feed_has_its_contract(name: str) -> None:
    contract, feed = load_contract(name), FEEDS[name]
    assert set(contract.primary_key) == set(feed.grain.split())
    assert set(feed.measures.split()) <= set(contract.names)
    assert "origine" in contract.names


@pytest.mark.parametrize("name", FEEDS)
def test_feed_is_read_in_the_release(name: str, data: Path) -> None:
    published = FEEDS[name].published
    codes = {indicator.indicateur for indicator in load_catalogue().indicateurs if indicator.flux == name}
    assert codes or published, f"{name} has neither an indicator nor a published dataset"
    if published:
        assert duckdb.sql(f"select count(*) from '{data}/{published}.parquet'").fetchall()[0][0] > 0
    told = duckdb.sql(
        f"select distinct indicateur from '{data}/observations.parquet' where source = '{name}'"
    ).fetchall()
    assert {code for (code,) in told} == codes


@pytest.mark.parametrize("name", FEEDS)
def test_feed_has_its_page(name: str, client: Client) -> None:
    feed, codes = FEEDS[name], [one.indicateur for one in load_catalogue().indicateurs if one.flux == name]
    page = _page(client, f"/fr/{feed.page}")
    own = [f"indicateur={code}" for code in codes] + ([f"/{feed.published}.csv"] if feed.published else [])
    assert any(re.search(rf"{re.escape(link)}\b", page) for link in own), "the page of the feed shows nothing of it"
    assert f'<option value="{name}" selected>' in _page(client, f"/fr/couverture?flux={name}")
    for code in codes[:1]:
        assert _name(code) in _heading(_page(client, f"/fr/indicateurs/{code}"))


def test_outcomes_are_all_followed(data: Path) -> None:
    codes = {category.value for category in load_contract("plan_resultats").field("resultat").categories}
    assert set(OUTCOMES) <= codes
    read = duckdb.sql(
        f"select count(distinct indicateur) from '{data}/observations.parquet' "
        "where source = 'plan_resultats' and statut in ('valeur', 'zero')"
    )
    assert read.fetchall()[0][0] >= len(OUTCOMES)


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_its_row_and_its_page(name: str, register: pd.DataFrame, client: Client) -> None:
    code, kind = SERVICES[name]
    assert code in register.index, f"{name} is not in the register"
    row = register.loc[code]
    assert row["genre"] == kind
    assert row["origine"] == "publie"
    assert row["source_fichier"]
    assert row["source_lieu"]
    assert row["nom"] in _heading(_page(client, f"/fr/services/{code}"))
    assert row["nom_en"] in _heading(_page(client, f"/en/services/{code}"))


def test_a_service_that_is_not_open_yet_says_so(register: pd.DataFrame, client: Client) -> None:
    for name in ("haltes soins addictions", "observation and orientation units", "CTR or LHSS inside Paris"):
        code, _ = SERVICES[name]
        assert register.loc[code, "statut"] == "non_ouvert"
        assert "pas encore ouvert" in _page(client, f"/fr/services/{code}")


def test_nothing_has_an_address_or_coordinates(data: Path) -> None:
    columns = {
        f"{path.stem}.{name}" for path in data.glob("*.parquet") for name in duckdb.sql(f"from '{path}'").columns
    }
    # The outlines of territories are the only places.
    assert {column for column in columns if WHERE.search(column.split(".")[1])} == {"territoires.geometry"}


def test_the_targets_are_those_of_the_mission_and_no_other(data: Path) -> None:
    rows = duckdb.sql(f"select id from '{data}/objectifs.parquet'").fetchall()
    assert {code for (code,) in rows} == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_target_has_its_indicator_its_row_and_its_course(name: str, data: Path) -> None:
    target = TARGETS[name]
    assert target.indicator in {indicator.indicateur for indicator in load_catalogue().indicateurs}
    row = duckdb.sql(f"select * from '{data}/objectifs.parquet' where id = '{name}'").df().iloc[0]
    assert row["indicateur"] == target.indicator
    assert (row["operateur"], row["valeur_cible"]) == target.bound
    assert (row["territoire_niveau"], row["territoire_code"]) == target.place
    assert row["source_fichier"]
    course = duckdb.sql(f"select etat from '{data}/trajectoires.parquet' where objectif = '{name}'").fetchall()
    assert len(course) == 1


@pytest.mark.parametrize("name", TARGETS)
def test_target_has_its_words_and_its_curve_on_the_site(name: str, data: Path, objectives: str, client: Client) -> None:
    target = TARGETS[name]
    (title,) = duckdb.sql(f"select intitule from '{data}/objectifs.parquet' where id = '{name}'").fetchall()[0]
    section = objectives.split(f'class="partie partie--objectif-{target.indicator}"')[1].split("</section>")[0]
    assert title in section
    assert f"indicateur={target.indicator}&" in section, "no curve, hence no file of it"
    assert _page(client, f"/fr/indicateurs/{target.indicator}")


def _name(code: str) -> str:
    return next(one.nom.fr for one in load_catalogue().indicateurs if one.indicateur == code)


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.get_data(as_text=True))


def _heading(page: str) -> str:
    return page.split("<h1", 1)[1].split("</h1>")[0]
