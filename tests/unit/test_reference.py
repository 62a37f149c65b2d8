"""The transcribed tables: complete, lawful under their contracts, and true to what the sources are known to state."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from etl.validate import check
from schemas.catalogue import load_catalogue
from schemas.contract import ROOT, contract_folder, load_contract, units

REFERENCE = ROOT.parent / "data" / "reference"
TABLES = ("chiffres_publies", "consultations_cocaine", "objectifs", "services", "evenements", "journees_aipauc")
TODAY = date(2026, 11, 21)

Row = dict[str, str]


def _read(table: str) -> list[Row]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by(table: str, key: str = "id") -> dict[str, Row]:
    return {row[key]: row for row in _read(table)}


def _consultation(service: str, period: str, measure: str) -> Row:
    return next(
        row
        for row in _read("consultations_cocaine")
        if (row["service_id"], row["periode"], row["mesure"]) == (f"consultation-cocaine-{service}", period, measure)
    )


@pytest.mark.parametrize("table", TABLES)
def test_the_table_and_its_example_respect_their_contract(table: str) -> None:
    contract = load_contract(table, kind="reference")
    for path in (REFERENCE / f"{table}.csv", contract_folder(table, kind="reference") / "valid.csv"):
        report = check(path, contract, references=REFERENCE, today=TODAY)
        assert report.valid, report.errors[:5]
        assert report.rows > 0


@pytest.mark.parametrize("table", TABLES)
def test_the_bad_example_breaks_every_rule_and_key(table: str) -> None:
    contract = load_contract(table, kind="reference")
    path = contract_folder(table, kind="reference") / "invalid.csv"
    report = check(path, contract, references=REFERENCE, today=TODAY)
    broken = {error.rule for error in report.errors}
    kinds = {error.type for error in report.errors}
    assert {rule.name for rule in contract.rules} <= broken
    assert {"primary-key", "foreign-key", "type-error", "constraint-error"} <= kinds
    assert "unique-error" in kinds or not contract.unique_keys


def test_at_least_150_values_are_published() -> None:
    published = [row for row in _read("chiffres_publies") if row["valeur"] or row["borne_basse"]]
    consultations = [row for row in _read("consultations_cocaine") if row["valeur"] not in ("", "ND")]
    assert len(published) >= 180
    assert len(consultations) >= 55
    assert len({row["id"] for row in published if row["id"].startswith("PF")}) == 34


def test_every_row_names_its_document_and_every_document_is_used() -> None:
    documents = Counter(row["source_fichier"] for table in TABLES for row in _read(table))
    assert len(documents) == 6
    assert "" not in documents


def test_units_are_those_of_the_shared_list() -> None:
    used = {
        row["unite"] for table in ("chiffres_publies", "consultations_cocaine", "objectifs") for row in _read(table)
    }
    assert used <= units().keys()


def test_the_misprint_is_kept_and_flagged() -> None:
    (row,) = [row for row in _read("chiffres_publies") if row["anomalie"] == "coquille"]
    assert row["tel_qu_imprime"] == "12 800 (12 00 – 14 000)"
    assert (float(row["valeur"]), float(row["borne_basse"]), float(row["borne_haute"])) == (12800, 12000, 14000)


@pytest.mark.parametrize(
    ("service", "counts", "men", "share"),
    [
        ("bizia", ("29", "39"), ("51", "68"), "75"),
        ("espace-murger", ("ND", "127"), ("95", ""), "75"),
        ("bus-31-32", ("ND", "187"), ("141", ""), "75"),
        ("ceid", ("87", "121"), ("181", "208"), "87"),
    ],
)
def test_the_table_of_four_services(service: str, counts: tuple[str, str], men: tuple[str, str], share: str) -> None:
    received = [_consultation(service, year, "personnes_accueillies") for year in ("2010", "2011")]
    row = _consultation(service, "2011" if "ND" in counts else "2010/2011", "hommes")
    assert tuple(each["valeur"] for each in received) == counts
    assert (row["effectif"], row["base"], row["valeur"]) == (*men, share)
    base = sum(int(count) for count in counts if count != "ND")
    assert round(100 * int(row["effectif"]) / base) == int(share)
    assert row["base"] in ("", str(base))


def test_not_available_is_a_labelled_absence() -> None:
    field = load_contract("consultations_cocaine", kind="reference").field("valeur")
    assert {missing.value: missing.label for missing in field.missing}["ND"] == "non disponible"
    absent = [row for row in _read("consultations_cocaine") if row["valeur"] == "ND"]
    assert len(absent) == 11
    assert {row["precision"] for row in absent} == {"non_disponible"}


def test_words_of_quantity_are_coded() -> None:
    row = _consultation("espace-murger", "2011", "dependance_crack")
    assert (row["precision"], row["valeur"]) == ("plus_de", "50")


def test_targets_are_those_of_the_regional_plan_and_indicators_name_them() -> None:
    targets = _by("objectifs")
    stated = {
        "lits_identifies": ("lits_identifies", ">=", "10"),
        "admission_5_jours": ("lits_delai_median_jours", "<", "5"),
        "unites_observation_1": ("unites_observation", ">=", "1"),
        "unites_observation_3": ("unites_observation", ">=", "3"),
        "aval_places_2023": ("aval_places", ">=", "50"),
        "aval_places_terme": ("aval_places", ">=", "250"),
        "actions_plan_crack": ("pilotage_actions_realisees", ">=", "33"),
    }
    for key, values in stated.items():
        assert tuple(targets[key][name] for name in ("indicateur", "operateur", "valeur_cible")) == values
    assert targets["aval_places_2023"]["echeance"] == "2023-12-31"
    assert targets["lits_identifies"]["echeance"] == ""
    named = {indicator.objectif for indicator in load_catalogue().indicateurs if indicator.objectif}
    assert named
    assert named <= targets.keys()


def test_only_the_two_rest_spaces_report_in_their_feed() -> None:
    services = _by("services", "service_id")
    reporting = {key for key, row in services.items() if "plan_espaces_repos" in row["flux"].split()}
    assert reporting == {"espace-repos-chapelle", "espace-repos-sleep-in"}
    assert services["haltes-soins-addictions"]["statut"] == "non_ouvert"
    assert {row["origine"] for row in services.values()} == {"publie"}


def test_no_service_has_an_address_or_coordinates() -> None:
    names = set(load_contract("services", kind="reference").names)
    assert not names & {"adresse", "latitude", "longitude", "x", "y", "lat", "lon"}


@pytest.mark.parametrize(
    ("day", "precision", "kind", "territory"),
    [
        ("2019-05-27", "jour", "plan", "11"),
        ("2019-11-18", "jour", "ouverture", "75118"),
        ("2022-01-27", "jour", "appel_projets", "11"),
        ("2022-04-19", "jour", "texte", "FR"),
        ("2022-10-05", "jour", "demantelement", "75119"),
        ("2023-06-01", "mois", "transfert", "75118"),
    ],
)
def test_events_that_series_must_show(day: str, precision: str, kind: str, territory: str) -> None:
    (event,) = [row for row in _read("evenements") if (row["date_debut"], row["genre"]) == (day, kind)]
    assert (event["date_precision"], event["territoire_code"], event["majeur"]) == (precision, territory, "true")


def test_seven_days_two_of_them_sharing_one_attendance() -> None:
    days = _read("journees_aipauc")
    places = {row["ville"]: (row["date"], row["territoire_code"]) for row in days}
    assert places == {
        "Marseille": ("2023-05-22", "93"), "Lille": ("2023-06-01", "32"), "Angoulême": ("2023-09-21", "75"),
        "Saint-Denis": ("2023-09-26", "04"), "Paris": ("2023-10-19", "11"), "Cayenne": ("2023-11-07", "03"),
        "Perpignan": ("2024-01-18", "76"),
    }  # fmt: skip
    (shared,) = {row["participants_chiffre_id"] for row in days if row["statut"] == "tenue"}
    figure = _by("chiffres_publies")[shared]
    assert (figure["valeur"], figure["precision"], figure["unite"]) == ("350", "plus_de", "participants")


@pytest.mark.parametrize("table", TABLES)
def test_every_text_has_its_english(table: str) -> None:
    rows = _read(table)
    pairs = [(name.removesuffix("_en"), name) for name in rows[0] if name.endswith("_en")]
    assert not [row for row in rows for french, english in pairs if bool(row[french]) != bool(row[english])]
