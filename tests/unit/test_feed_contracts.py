"""The contracts of feeds: what they promise to providers, proved on their own examples by the validator."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import frictionless
import pytest

from etl.validate import Report, check
from schemas.contract import Contract, contract_folder, contract_names, load_contract, units

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = ROOT / "data" / "reference"
TODAY = date(2026, 10, 15)
FEEDS = contract_names("feeds")

# Counts of persons or of acts on persons: the disclosure rule protects them when they are small.
ON_PERSONS = {
    *("personnes", "passages", "entretiens", "actes", "orientations", "demandes", "admissions", "tests"),
    *("accompagnements", "contacts", "entrees", "sorties", "sejours"),
}
NOT_ON_PERSONS = {"lits", "places", "jours", "heures", "maraudes", "etp", "materiels", "meur", "euros", "releves"}
TYPES_READ_AS_ANYTHING = {"string", "any"}


def checked(path: Path, contract: Contract) -> Report:
    return check(path, contract, references=REFERENCES, today=TODAY, limit=None)


def demanded(contract: Contract) -> set[tuple[str, str]]:
    """Every (field, rule) that a file can break under a contract; a key or a reference is told by its rule alone."""
    fields = contract.fields
    return {
        ("", "primaryKey"),
        *(("", "foreignKeys") for _ in contract.foreign_keys),
        *((field.name, constraint) for field in fields for constraint in field.constraints),
        *((field.name, "categories") for field in fields if field.categories),
        *((field.name, "type") for field in fields if field.type not in TYPES_READ_AS_ANYTHING),
        *((rule.fields[0], rule.name) for rule in contract.rules),
    }


@pytest.fixture(params=FEEDS)
def contract(request: pytest.FixtureRequest) -> Contract:
    return load_contract(request.param)


def test_the_thirteen_feeds_are_declared() -> None:
    assert set(FEEDS) == {
        *("trend_scenes", "trend_produits", "sintes_analyses", "caarud_activite", "caarud_profils"),
        *("plan_espaces_repos", "plan_hebergement", "plan_lits", "plan_aval", "plan_maraudes"),
        *("plan_actions", "plan_budget", "plan_resultats"),
    }


def test_valid_example_conforms(contract: Contract) -> None:
    report = checked(contract_folder(contract.name, kind="feeds") / "valid.csv", contract)
    assert report.errors == ()
    assert report.valid
    assert report.rows >= 12


def test_invalid_example_breaks_every_promise_once(contract: Contract) -> None:
    report = checked(contract_folder(contract.name, kind="feeds") / "invalid.csv", contract)
    broken = {(error.field, error.rule) for error in report.errors}
    assert demanded(contract) - broken == set()


def test_every_row_of_invalid_example_but_the_repeated_one_is_broken(contract: Contract) -> None:
    report = checked(contract_folder(contract.name, kind="feeds") / "invalid.csv", contract)
    assert {error.row for error in report.errors} == set(range(3, report.rows + 2))


def seen_by_frictionless(contract: Contract, name: str) -> set[tuple[int | None, str | None, str]]:
    """Broken cells (row, field, type) of an example for the standard's own validator, which knows no rule of ours.

    Errors of keys are left out: it also calls incomplete a key whose cell it could not read and has already reported.
    """
    schema = {key: value for key, value in contract.descriptor.items() if key != "foreignKeys"}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "resources": [{"name": "example", "path": name, "schema": schema}],
    }
    folder = str(contract_folder(contract.name, kind="feeds"))
    report = frictionless.Package.from_descriptor(package, basepath=folder).validate()
    found = report.flatten(["rowNumber", "fieldName", "type"])
    return {(row, field, kind) for row, field, kind in found if field or kind != "primary-key"}


def test_the_standard_accepts_the_contract_and_its_valid_example(contract: Contract) -> None:
    assert seen_by_frictionless(contract, "valid.csv") == set()


def test_what_the_standard_sees_in_the_invalid_example_we_see_too(contract: Contract) -> None:
    report = checked(contract_folder(contract.name, kind="feeds") / "invalid.csv", contract)
    ours = {(error.row, error.field, error.type) for error in report.errors}
    seen = seen_by_frictionless(contract, "invalid.csv")
    assert len(seen) > 12
    assert seen - ours == set()


def test_texts_are_given_in_both_languages(contract: Contract) -> None:
    labels = [
        contract.description,
        *(field.description for field in contract.fields),
        *(rule.title for rule in contract.rules),
    ]
    assert all(label.fr and label.en and label.fr != label.en for label in labels)
    for key in ("title", "grain", "source_form"):
        assert contract.descriptor[key]
        assert contract.descriptor[f"{key}_en"]


def test_frequency_is_a_duration_and_its_period_is_in_the_key(contract: Contract) -> None:
    """With periods of a fixed length, a key that holds the period keeps one reporter's periods from overlapping."""
    assert re.fullmatch(r"P\d+[DMY]", contract.descriptor["frequency"])
    by_event = contract.descriptor.get("expected") == "aucune"
    assert contract.descriptor["period_field"] in (contract.names if by_event else contract.primary_key)


def test_keys_and_origin_are_required(contract: Contract) -> None:
    assert all(contract.field(name).required for name in contract.primary_key)
    assert contract.field("origine").required
    assert {category.value for category in contract.field("origine").categories} == {"simule", "reel"}


def test_units_are_known_and_tell_what_is_sensitive(contract: Contract) -> None:
    for field in contract.fields:
        assert field.unit is None or field.unit in units()
        if field.unit in ON_PERSONS:
            assert field.sensitive, field.name
        if field.unit in NOT_ON_PERSONS:
            assert not field.sensitive, field.name


def test_measures_tell_three_kinds_of_absence_apart(contract: Contract) -> None:
    for field in contract.fields:
        if field.unit:
            assert {mark.value: mark.label for mark in field.missing} == {
                "": "non renseigné",
                "ND": "non disponible",
                "NC": "non concerné",
            }


def test_a_form_is_shown_by_an_example_that_keeps_to_it_and_is_known(contract: Contract) -> None:
    known = {key.fields[0]: key.reference_fields[0] for key in contract.foreign_keys}
    tables = {key.fields[0]: REFERENCES / f"{key.resource}.csv" for key in contract.foreign_keys}
    for field in contract.fields:
        if pattern := field.constraints.get("pattern"):
            assert re.fullmatch(pattern, field.options["example"]), field.name
        if field.name in known:
            with tables[field.name].open(encoding="utf-8", newline="") as file:
                assert field.options["example"] in {row[known[field.name]] for row in csv.DictReader(file)}


def test_changelog_tells_of_the_version(contract: Contract) -> None:
    changelog = (contract_folder(contract.name, kind="feeds") / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {contract.version}" in changelog


def test_ordered_opinions_are_declared_so(contract: Contract) -> None:
    """What can be compared but not averaged says so; nothing that is measured does."""
    ordered = {field.name for field in contract.fields if field.options.get("categoriesOrdered")}
    assert ordered == {"trend_produits": {"disponibilite", "accessibilite"}, "caarud_profils": {"classe_age"}}.get(
        contract.name, set()
    )


LIMITS_ALLOWED = {
    "women may be the whole": ("caarud_activite", {"femmes": "1840"}),
    "new people may be the whole": ("caarud_activite", {"nouveaux": "1840"}),
    "fewer visits than people: outreach": ("caarud_activite", {"passages": "12"}),
    "a year begun": ("caarud_activite", {"annee": "2026"}),
    "the year a service opens": ("caarud_activite", {"service_id": "sim-caarud-93-04", "annee": "2021"}),
    "the year a service closes": ("caarud_activite", {"service_id": "sim-caarud-75-06", "annee": "2022"}),
    "the day a space opens": ("plan_espaces_repos", {"jour": "2019-11-18"}),
    "today": ("plan_espaces_repos", {"jour": TODAY.isoformat()}),
    "one visit each": ("plan_espaces_repos", {"passages": "171"}),
    "open all day": ("plan_espaces_repos", {"heures_ouverture": "24"}),
    "every day of a long quarter": ("trend_scenes", {"trimestre": "2025-T3", "jours_observes": "92"}),
    "every day of a leap winter": ("trend_scenes", {"trimestre": "2024-T1", "jours_observes": "91"}),
    "the last quarter of a merged commune": ("trend_scenes", {"territoire_code": "93059", "trimestre": "2024-T4"}),
    "not observed, not counted": (
        "trend_scenes",
        {"jours_observes": "0", "jours_actifs": "0", "personnes_min": "", "personnes_max": ""},
    ),
    "every bed every day": ("plan_lits", {"journees_disponibles": "124"}),
    "half of the admissions, any median": (
        "plan_lits",
        {"admissions": "14", "admissions_5_jours": "7", "delai_median_jours": "5.5"},
    ),
    "a bed identified before it is funded": ("plan_lits", {"lits_finances": "0"}),
    "more admissions than requests": ("plan_lits", {"demandes": "3"}),
    "every place taken": ("plan_hebergement", {"places_occupees_moyenne": "240"}),
    "destinations not told": (
        "plan_hebergement",
        dict.fromkeys(("sorties_logement", "sorties_soins", "sorties_rue", "sorties_autres"), "ND"),
    ),
    "the month a team begins": ("plan_maraudes", {"equipe_id": "sim-maraude-93-02", "mois": "2022-01"}),
    "a round on a metro line": ("plan_maraudes", {"lieu_code": "M14"}),
    "a month without a round": (
        "plan_maraudes",
        dict.fromkeys(("maraudes", "contacts", "personnes_rencontrees", "orientations", "kits_remis"), "0"),
    ),
    "more admissions than referrals": ("plan_aval", {"orientations": "0"}),
    "more spent than planned": ("plan_budget", {"prevu_meur": "0", "depense_meur": "9"}),
    "planned for next year": ("plan_budget", {"annee": "2027", "depense_meur": ""}),
    "the whole cohort": ("plan_resultats", {"effectif_cohorte": "9", "effectif_resultat": "9"}),
    "one price": ("trend_produits", {"prix_min": "60", "prix_median": "60", "prix_max": "60"}),
    "nobody speaks of it": (
        "trend_produits",
        {
            **dict.fromkeys(("disponibilite", "accessibilite", "prix_min", "prix_median", "prix_max"), ""),
            **{"prix_unite": "", "tendance": "", "signalements": "0"},
        },
    ),
    "pure": ("sintes_analyses", {"coupe_1": "NC", "coupe_2": "NC"}),
    "no admission, no delay": (
        "plan_lits",
        {
            **dict.fromkeys(("admissions", "admissions_5_jours", "sorties_precoces", "revus_j8"), "0"),
            "delai_median_jours": "NC",
            "delai_p90_jours": "NC",
        },
    ),
}


@pytest.mark.parametrize(("feed", "change"), LIMITS_ALLOWED.values(), ids=LIMITS_ALLOWED.keys())
def test_rules_stop_at_their_limit(feed: str, change: dict[str, str], tmp_path: Path) -> None:
    with (contract_folder(feed, kind="feeds") / "valid.csv").open(encoding="utf-8", newline="") as file:
        row = {**next(csv.DictReader(file)), **change}
    path = tmp_path / "limit.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    assert checked(path, load_contract(feed)).errors == ()
