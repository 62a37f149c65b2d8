"""The map of flows: an arc per destination, as wide as its value, thin and dashed where the value is not told."""

from __future__ import annotations

import pandas as pd
import pytest
from fixtures_carte import ground

from dashboard.figures.flux import THINNEST, WIDEST, arcs, epaisseur, noms, traits

ORIGIN = ("region", "11")


def frame(*rows: tuple[str, str, float | None, str]) -> pd.DataFrame:
    """Rows of code, name, value and status."""
    return pd.DataFrame(
        {
            "territoire_niveau": "region",
            "territoire_code": [row[0] for row in rows],
            "nom": [row[1] for row in rows],
            "valeur": [row[2] for row in rows],
            "statut": [row[3] for row in rows],
            "borne_basse": None,
            "borne_haute": None,
            "periode": "2025",
            "provisoire": False,
        }
    ).astype({"valeur": "float64"})


FLOWS = frame(
    ("28", "Normandie", 20.0, "valeur"),
    ("32", "Hauts-de-France", None, "secret"),
    ("76", "Occitanie", 40.0, "valeur"),
    ("94", "Corse", 0.0, "zero"),
    ("84", "Auvergne-Rhône-Alpes", None, "non_rapporte"),
)


@pytest.fixture
def drawn() -> list[str]:
    """The arcs over four regions, without their casings."""
    where = ground(["11", "28", "32", "76", "84"], "region")
    found = arcs(where, FLOWS, lang="fr", origin=ORIGIN, origin_name="Île-de-France", unit_label="orientations")
    return [one for one in found if "atlas__gaine" not in one]


def words(arc: str) -> str:
    return arc.split('data-mots="')[1].split('"')[0]


def width(arc: str) -> float:
    return float(arc.split("var(--trait) * ")[1].split("px")[0])


def test_a_flow_of_zero_has_no_arc_and_every_other_has_one(drawn: list[str]) -> None:
    assert [words(one).split(",")[0].split("\u2192 ")[1] for one in drawn] == [
        "Occitanie",
        "Normandie",
        "Hauts-de-France",
        "Auvergne-Rhône-Alpes",
    ]


def test_width_is_proportional_to_the_value_and_the_widest_are_drawn_first(drawn: list[str]) -> None:
    assert [width(one) for one in drawn[:2]] == [WIDEST, WIDEST / 2]
    assert epaisseur(1, 1000) == THINNEST


def test_what_is_not_told_is_dashed_and_says_why(drawn: list[str]) -> None:
    top, _, secret, silent = drawn
    assert 'class="atlas__arc atlas__arc--secret"' in secret
    assert "secret" in words(secret)
    assert 'class="atlas__arc atlas__arc--non_rapporte"' in silent
    assert words(top) == "Île-de-France \u2192 Occitanie, 40\u00a0orientations"


def test_arcs_leave_from_the_origin_and_each_has_a_casing() -> None:
    where = ground(["11", "76"], "region")
    found = list(arcs(where, FLOWS, lang="fr", origin=ORIGIN, origin_name="Île-de-France", unit_label="orientations"))
    assert len(found) == 2
    assert "atlas__gaine" in found[0]
    assert width(found[0]) > width(found[1])
    assert all('d="M250 250Q' in one and ' 750 250"' in one for one in found)


def test_a_long_name_stands_on_two_lines() -> None:
    where = ground(["75"], "departement")
    (long,) = noms(where, {("departement", "75"): "Nouvelle-Aquitaine"})
    assert [part.split("</tspan>")[0].split(">")[1] for part in long.split("<tspan")[1:]] == ["Nouvelle-", "Aquitaine"]
    (short,) = noms(where, {("departement", "75"): "Normandie"})
    assert short.count("<tspan") == 1


def test_legend_has_published_values_and_the_statuses_met() -> None:
    legend = traits(FLOWS, lang="fr", unit_label="orientations")
    assert [(one.label.replace("\u00a0", " "), one.mark) for one in legend] == [
        ("20 orientations", "valeur"),
        ("40 orientations", "valeur"),
        ("secret", "secret"),
        ("non rapporté", "non_rapporte"),
    ]
    assert legend[0].width == legend[1].width / 2


def test_legend_without_a_published_value_has_statuses_only() -> None:
    only = FLOWS[FLOWS["statut"] == "secret"]
    assert [one.mark for one in traits(only, lang="en", unit_label="referrals")] == ["secret"]
