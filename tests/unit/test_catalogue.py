"""The catalogue against the contracts."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest

from etl.build import SQL
from schemas import catalogue as module
from schemas.catalogue import load_catalogue, row_of
from schemas.contract import contract_names, load_contract
from schemas.errors import ContractBroken

THEMES = ("usages", "scenes", "rdr", "repos", "hebergement", "hopital", "aval", "resultats", "pilotage")


def test_each_of_the_nine_themes_has_its_indicators() -> None:
    counts = Counter(indicator.theme for indicator in load_catalogue().indicateurs)
    assert sum(counts.values()) >= 60
    assert set(counts) == set(THEMES)
    assert all(counts[theme] >= 5 for theme in THEMES)


def test_every_feed_is_measured_or_published_as_evidence() -> None:
    """Ordered opinions are never averaged: their feed has no measure, and is published row by row."""
    measured = {measure.flux for measure in load_catalogue().mesures}
    evidence = {name for name in contract_names("feeds") if name not in measured}
    assert evidence == {"trend_produits"}
    assert load_contract("trend_produits").descriptor["published"] == "trend_produits"


def test_carried_out_and_partly_carried_out_are_never_merged() -> None:
    statuses = {"realisees", "partiellement_realisees"}
    for indicator in load_catalogue().indicators_of("plan_actions"):
        assert not statuses <= {indicator.numerateur, indicator.denominateur}
    assert statuses <= {indicator.numerateur for indicator in load_catalogue().indicators_of("plan_actions")}


def test_an_indicator_may_belong_to_another_theme_than_its_feed() -> None:
    themes = {indicator.indicateur: indicator.theme for indicator in load_catalogue().indicateurs}
    assert (themes["hebergement_places"], themes["aval_stabilisation_paris"]) == ("hebergement", "aval")


def test_rows_fit_the_published_contract() -> None:
    contract = load_contract("indicateurs", kind="datasets")
    for indicator in load_catalogue().indicateurs:
        row = row_of(indicator)
        assert tuple(row) == contract.names
        assert all(row[field.name] not in (None, "") for field in contract.fields if field.required)
        for field in contract.fields:
            allowed = [category.value for category in field.categories] or field.constraints.get("enum")
            assert not allowed or row[field.name] in allowed


@pytest.mark.parametrize("measure", [one for one in load_catalogue().mesures if one.recul], ids=lambda one: one.mesure)
def test_an_outcome_is_expected_from_the_day_its_contract_admits_it(measure: module.Measure) -> None:
    check = next(rule.check for rule in load_contract(measure.flux).rules if rule.name == "recul_suffisant")
    with duckdb.connect() as con:
        con.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        due = "date '2026-01-01' + interval 3 month + duree(?)"
        for day, admitted in ((due, True), (f"{due} - interval 1 day", False)):
            con.execute(f"set variable aujourdhui = ({day})::date", [measure.recul])
            row = f"select '{measure.mesure}' as resultat, '2026-T1' as trimestre, 1 as effectif_resultat"
            assert con.execute(f"select {check} from ({row})").fetchall() == [(admitted,)]


def test_whatever_counts_persons_is_sensitive() -> None:
    for indicator in load_catalogue().indicateurs:
        if indicator.unite in (
            "personnes",
            "passages",
            "admissions",
            "demandes",
            "actes",
            "orientations",
            "entrees",
            "sorties",
            "sejours",
        ):
            assert indicator.sensible, indicator.indicateur


def test_beds_and_openings_lose_nothing() -> None:
    harmless = {"lits_finances", "lits_identifies", "lits_ouverts", "lits_journees_disponibles", "repos_jours_ouverts"}
    assert not any(i.sensible for i in load_catalogue().indicateurs if i.indicateur in harmless)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('unite = "lits"', 'unite = "litres"', "unit litres"),
        ('numerateur = "lits_ouverts"', 'numerateur = "lits_oubliés"', "measure lits_oubliés"),
        ('numerateur = "femmes"\ndenominateur = "file_active"', 'numerateur = "femmes"', "needs a denominator"),
        ('genre = "mesure"', 'genre = "humeur"', "unknown genre humeur"),
        ('jusqua = "france"', 'jusqua = "lune"', "unknown level lune"),
        ('granularites = ["trimestre"]\nreserves = ["delai"]', 'additif = true\nreserves = ["delai"]', "additive, but"),
        ('temps = "minimum"', 'temps = "moyenne"', "unknown roll-up"),
        ('territoire = "maximum"', 'territoire = "dernier"', "comes last"),
        (
            "[plan_lits.mesures]",
            '[plan_lits.mesures]\nsoupirs = { temps = "somme", territoire = "somme" }',
            "derived measures only",
        ),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(tmp_path, monkeypatch, old: str, new: str, told: str) -> None:
    text = (module.ROOT / "indicators.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "indicators.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    with pytest.raises(ContractBroken, match=told):
        load_catalogue.__wrapped__()
