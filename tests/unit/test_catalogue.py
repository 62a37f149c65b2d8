"""The catalogue against the contracts."""

from __future__ import annotations

from collections import Counter

import pytest

from schemas import catalogue as module
from schemas.catalogue import load_catalogue, row_of
from schemas.contract import load_contract
from schemas.errors import ContractBroken

THEMES = {"scenes": 5, "caarud": 5, "repos": 5, "hopital": 5}


def test_each_of_the_four_themes_has_its_indicators() -> None:
    counts = Counter(indicator.theme for indicator in load_catalogue().indicateurs)
    assert len(load_catalogue().indicateurs) >= 20
    assert all(counts[theme] >= least for theme, least in THEMES.items())


def test_rows_fit_the_published_contract() -> None:
    contract = load_contract("indicateurs", kind="datasets")
    for indicator in load_catalogue().indicateurs:
        row = row_of(indicator)
        assert tuple(row) == contract.names
        assert all(row[field.name] not in (None, "") for field in contract.fields if field.required)
        for field in contract.fields:
            allowed = [category.value for category in field.categories] or field.constraints.get("enum")
            assert not allowed or row[field.name] in allowed


def test_whatever_counts_persons_is_sensitive() -> None:
    for indicator in load_catalogue().indicateurs:
        if indicator.unite in ("personnes", "passages", "admissions", "demandes", "actes", "orientations"):
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
