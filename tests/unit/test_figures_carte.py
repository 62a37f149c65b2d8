"""Facts of the map: classes that cover every value, four statuses told apart, no outline in the figure."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import carte, modele
from publish.charte.classes import CLASSES

CELLS: dict[str, Any] = {
    "75118": 120, "75119": 98, "75110": 42, "75101": 0, "75102": "secret", "93001": "non_rapporte",
    "93066": 63, "94028": "non_applicable", "92012": 15, "93048": 27,
}  # fmt: skip


def frame_of(cells: dict[str, Any] = CELLS) -> pd.DataFrame:
    rows = [
        {
            "territoire_niveau": "arrondissement" if code.startswith("751") else "commune",
            "territoire_code": code,
            "nom": f"Nom {code}",
            "periode": "2026-T3",
            "valeur": float("nan") if isinstance(cell, str) else float(cell),
            "borne_basse": float("nan"),
            "borne_haute": float("nan"),
            "statut": cell if isinstance(cell, str) else "zero" if cell == 0 else "valeur",
            "provisoire": False,
        }
        for code, cell in cells.items()
    ]
    return pd.DataFrame(rows)


def polygon(figure: modele.Figure, code: str) -> modele.Trace:
    (trace,) = [trace for trace in figure["data"] if trace["meta"].get("code") == code]
    return trace


def test_every_territory_is_named_and_none_is_outlined() -> None:
    figure = carte.carte(frame_of(), lang="fr", unit_label="personnes")
    keys = [(trace["meta"]["niveau"], trace["meta"]["code"]) for trace in figure["data"][:-1]]
    assert sorted(code for _, code in keys) == sorted(CELLS)
    assert ("arrondissement", "75118") in keys
    assert all("x" not in trace and "y" not in trace for trace in figure["data"])
    assert figure["layout"]["meta"]["carte"] is True


def test_a_secret_is_hatched_and_neither_coloured_nor_zero() -> None:
    figure = carte.carte(frame_of(), lang="fr", unit_label="personnes")
    secret, zero = polygon(figure, "75102"), polygon(figure, "75101")
    assert secret["fillpattern"]["shape"] == "/"
    assert "fill" not in secret["meta"]
    assert "secret" in secret["text"]
    assert "fillpattern" not in zero
    assert zero["fillcolor"] == carte.ZERO[0]
    assert "0\u00a0personne" in zero["text"]


def test_the_four_statuses_are_drawn_differently() -> None:
    figure = carte.carte(frame_of(), lang="fr", unit_label="personnes")
    marks = {
        (trace["fillcolor"], trace.get("fillpattern", {}).get("shape"))
        for trace in (polygon(figure, code) for code in ("75101", "75102", "93001", "94028"))
    }
    assert len(marks) == 4


def test_a_value_left_in_a_secret_cell_is_shown_nowhere() -> None:
    frame = frame_of()
    frame.loc[frame["statut"] == "secret", "valeur"] = 77777.0
    figure = carte.carte(frame, lang="fr", unit_label="personnes")
    assert "77\u202f777" not in json.dumps(figure, ensure_ascii=False)
    legend = carte.classes(frame, lang="fr", unit_label="personnes")
    assert legend == carte.classes(frame_of(), lang="fr", unit_label="personnes")


def test_the_colour_is_that_of_the_legend() -> None:
    frame = frame_of()
    figure = carte.carte(frame, lang="fr", unit_label="personnes")
    legend = carte.classes(frame, lang="fr", unit_label="personnes")
    top = [entry for entry in legend if entry.kind == "valeur"][-1]
    assert polygon(figure, "75118")["meta"]["fill"] == {"clair": top.color, "sombre": top.color_dark}


def test_the_legend_has_the_scale_and_only_the_statuses_met() -> None:
    kinds = [entry.kind for entry in carte.classes(frame_of(), lang="fr", unit_label="personnes")]
    assert kinds == ["zero", *["valeur"] * 5, "secret", "non_rapporte", "non_applicable"]
    plain = frame_of({"75118": 12, "75119": 30})
    assert {entry.kind for entry in carte.classes(plain, lang="fr", unit_label="personnes")} == {"valeur"}


def test_classes_of_people_are_whole_and_do_not_overlap() -> None:
    legend = carte.classes(frame_of(), lang="fr", unit_label="personnes", bornes=(11, 20, 50, 120))
    labels = [entry.label for entry in legend if entry.kind == "valeur"]
    assert labels == ["de 11 à 19", "de 20 à 49", "de 50 à 120"]
    english = carte.classes(frame_of(), lang="en", unit_label="people", bornes=(11, 20, 50, 120))
    assert [entry.label for entry in english if entry.kind == "valeur"] == ["11 to 19", "20 to 49", "50 to 120"]


def test_classes_of_shares_say_percent() -> None:
    legend = carte.classes(frame_of({"75118": 12.5}), lang="fr", unit_label="%", bornes=(2.5, 10.0, 40.0))
    assert [entry.label for entry in legend] == ["de 2,5 à moins de 10\u00a0%", "de 10 à 40\u00a0%"]


def test_the_scale_is_the_same_for_every_period_given_the_limits() -> None:
    early, late = frame_of({"75118": 12, "75119": 14}), frame_of({"75118": 12, "75119": 300})
    limits = carte.bornes(pd.concat([early["valeur"], late["valeur"]]))
    drawn = [carte.carte(frame, lang="fr", unit_label="", bornes=limits) for frame in (early, late)]
    assert polygon(drawn[0], "75118")["fillcolor"] == polygon(drawn[1], "75118")["fillcolor"]
    said = [carte.classes(frame, lang="fr", unit_label="", bornes=limits) for frame in (early, late)]
    assert said[0] == said[1]


VALUES = st.lists(
    st.one_of(st.integers(0, 10**6).map(float), st.floats(0, 1e6, allow_nan=False)), min_size=1, max_size=60
)


@given(VALUES)
def test_limits_increase_and_every_value_has_a_class(values: list[float]) -> None:
    edges = carte.bornes(pd.Series(values))
    positive = [value for value in values if value > 0]
    assert bool(edges) == bool(positive)
    if not positive:
        return
    assert list(edges) == sorted(edges)
    assert (edges[0], edges[-1]) == (min(positive), max(positive))
    assert len(edges) <= CLASSES + 1
    frame = frame_of({str(place): value for place, value in enumerate(values)})
    legend = {entry.color for entry in carte.classes(frame, lang="fr", unit_label="", bornes=edges)}
    figure = carte.carte(frame, lang="fr", unit_label="", bornes=edges)
    assert {trace["fillcolor"] for trace in figure["data"][:-1]} <= legend


def test_each_value_is_within_the_limits_its_class_says() -> None:
    frame = frame_of({str(value): value for value in range(1, 200)})
    edges = carte.bornes(frame["valeur"])
    figure = carte.carte(frame, lang="fr", unit_label="", bornes=edges)
    scale = carte.classes(frame, lang="fr", unit_label="", bornes=edges)
    for trace in figure["data"][:-1]:
        (entry,) = [entry for entry in scale if entry.color == trace["fillcolor"]]
        low, high = (int(word) for word in entry.label.removeprefix("de ").split(" à "))
        assert low <= int(trace["meta"]["code"]) <= high


@pytest.mark.parametrize("values", [[], [float("nan")], [0.0, 0.0]])
def test_without_a_value_above_zero_there_is_no_class(values: list[float]) -> None:
    assert carte.bornes(pd.Series(values, dtype=float)) == ()


def test_a_map_without_any_value_is_drawn() -> None:
    frame = frame_of({"75118": "non_rapporte", "75119": "secret", "75101": 0})
    figure = carte.carte(frame, lang="fr", unit_label="")
    assert len(figure["data"]) == 4
    assert [entry.kind for entry in carte.classes(frame, lang="fr", unit_label="")] == [
        "zero",
        "secret",
        "non_rapporte",
    ]


def test_the_territory_selected_is_outlined_last_so_that_no_neighbour_covers_it() -> None:
    figure = carte.carte(frame_of(), lang="fr", unit_label="", selection="75118")
    last = figure["data"][-2]
    assert last["meta"]["code"] == "75118"
    assert last["line"]["color"] == carte.SELECTED
    assert all(trace["line"]["color"] == carte.BORDER for trace in figure["data"][:-2])


def test_numbers_are_those_of_the_arrondissements() -> None:
    labels = carte.carte(frame_of(), lang="fr", unit_label="")["data"][-1]
    assert labels["meta"]["role"] == "etiquettes"
    assert dict(zip(labels["meta"]["codes"], labels["text"], strict=True)) == {
        "75118": "18", "75119": "19", "75110": "10", "75101": "1", "75102": "2",
    }  # fmt: skip


def test_a_number_on_a_pattern_has_a_halo_and_one_on_a_colour_has_none() -> None:
    labels = carte.carte(frame_of(), lang="fr", unit_label="")["data"][-1]
    halos = dict(zip(labels["meta"]["codes"], labels["textfont"]["shadow"], strict=True))
    assert [code for code, halo in halos.items() if halo != "none"] == ["75102"]


def test_the_method_is_named_in_both_languages() -> None:
    assert "quantiles" in carte.methode("fr")
    assert carte.methode("en").startswith("Quantile classes")


def test_hover_labels_speak_one_language() -> None:
    english = [trace["text"] for trace in carte.carte(frame_of(), lang="en", unit_label="people")["data"][:-1]]
    assert not [text for text in english if "rapporté" in text or "trimestre" in text or "sans objet" in text]
    assert any("not reported" in text for text in english)
