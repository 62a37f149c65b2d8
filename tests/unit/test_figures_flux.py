"""The map of flows: an arc per destination, as wide as its value, thin and dashed where the value is not told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.figures.flux import CASING, DASHED, THINNEST, WIDEST, carte_flux, epaisseur, traits

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


PLACES = frame(
    ("11", "Île-de-France", None, "non_applicable"),
    ("28", "Normandie", 8.0, "valeur"),
    ("32", "Hauts-de-France", 3.0, "valeur"),
    ("75", "Nouvelle-Aquitaine", 14.0, "valeur"),
)
FLOWS = frame(
    ("28", "Normandie", 20.0, "valeur"),
    ("32", "Hauts-de-France", None, "secret"),
    ("75", "Nouvelle-Aquitaine", 40.0, "valeur"),
    ("94", "Corse", 0.0, "zero"),
    ("84", "Auvergne-Rhône-Alpes", None, "non_rapporte"),
)


@pytest.fixture
def figure() -> dict[str, Any]:
    return carte_flux(
        PLACES,
        FLOWS,
        lang="fr",
        origin=ORIGIN,
        origin_name="Île-de-France",
        unit_label="places",
        flow_unit="orientations",
        bornes=(3, 5, 14),
    )


def arcs(figure: dict[str, Any]) -> list[dict[str, Any]]:
    found = [trace for trace in figure["data"] if trace["meta"].get("role") == "flux"]
    return [trace for trace in found if trace["line"]["color"] != CASING]


def test_a_flow_of_zero_has_no_arc_and_every_other_has_one(figure: dict[str, Any]) -> None:
    assert sorted(trace["meta"]["code"] for trace in arcs(figure)) == ["28", "32", "75", "84"]
    assert {trace["meta"]["depart"] for trace in arcs(figure)} == {"region/11"}


def test_width_is_proportional_to_the_value(figure: dict[str, Any]) -> None:
    widths = {trace["meta"]["code"]: trace["line"]["width"] for trace in arcs(figure)}
    assert widths["75"] == WIDEST
    assert widths["28"] == WIDEST / 2
    assert epaisseur(1, 1000) == THINNEST


def test_what_is_not_told_is_dashed_and_says_why(figure: dict[str, Any]) -> None:
    by_code = {trace["meta"]["code"]: trace for trace in arcs(figure)}
    assert by_code["32"]["line"]["dash"] == DASHED["secret"]
    assert by_code["84"]["line"]["dash"] == DASHED["non_rapporte"]
    assert "secret" in by_code["32"]["text"]
    assert by_code["75"]["line"]["dash"] == "solid"
    assert "Île-de-France \u2192 Nouvelle-Aquitaine" in by_code["75"]["text"]
    assert "40\u00a0orientations" in by_code["75"]["text"]


def test_widest_arcs_are_drawn_first(figure: dict[str, Any]) -> None:
    assert [trace["meta"]["code"] for trace in arcs(figure)][:2] == ["75", "28"]


def test_no_coordinates_travel_with_the_figure(figure: dict[str, Any]) -> None:
    assert all("x" not in trace and "y" not in trace for trace in figure["data"])
    assert figure["layout"]["meta"]["carte"] is True


def test_every_territory_is_filled_and_named(figure: dict[str, Any]) -> None:
    fills = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert sorted(trace["meta"]["code"] for trace in fills) == ["11", "28", "32", "75"]
    names = figure["data"][-1]
    assert names["meta"]["codes"] == ["11", "28", "32", "75"]
    assert "Nouvelle-<br>Aquitaine" in names["text"]
    assert "Normandie" in names["text"]


def test_legend_has_published_values_and_the_statuses_met() -> None:
    legend = traits(FLOWS, lang="fr", unit_label="orientations")
    assert [(one.label.replace("\u00a0", " "), one.dash) for one in legend] == [
        ("20 orientations", "solid"),
        ("40 orientations", "solid"),
        ("secret", "dash"),
        ("non rapporté", "dot"),
    ]
    assert legend[0].width == legend[1].width / 2


def test_legend_without_a_published_value_has_statuses_only() -> None:
    only = FLOWS[FLOWS["statut"] == "secret"]
    assert [one.dash for one in traits(only, lang="en", unit_label="referrals")] == ["dash"]
