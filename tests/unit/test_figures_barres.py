"""Facts of the bars and of the bed funnel."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from dashboard.figures import barres, modele


def bars_of(cells: dict[str, Any]) -> pd.DataFrame:
    rows = [
        {
            "nom": name,
            "valeur": float("nan") if isinstance(cell, str) else float(cell),
            "borne_basse": float("nan") if isinstance(cell, str) else cell * 0.9,
            "borne_haute": float("nan") if isinstance(cell, str) else cell * 1.2 + 3,
            "statut": cell if isinstance(cell, str) else "zero" if cell == 0 else "valeur",
            "provisoire": False,
        }
        for name, cell in cells.items()
    ]
    return pd.DataFrame(rows)


LONG = "CAARUD Aurore Espoir Goutte d’Or, Paris 18e arrondissement"
CELLS = {LONG: 1200, "Gaïa": 830, "Proses": 0, "Diabolo": "secret", "Boutique": "non_rapporte"}


def role(figure: modele.Figure, name: str) -> list[modele.Trace]:
    return [trace for trace in figure["data"] if trace.get("meta", {}).get("role") == name]


def notes(figure: modele.Figure) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def legend(figure: modele.Figure) -> list[str]:
    return [trace["name"] for trace in figure["data"] if trace.get("showlegend", True)]


def test_only_rows_with_a_value_have_a_bar() -> None:
    (bar,) = role(barres.barres(bars_of(CELLS), lang="fr", unit_label="personnes"), "valeur")
    assert bar["x"] == [1200, 830, 0]
    assert bar["y"] == [0, -1, -2]


def test_a_row_without_value_says_its_status_beside_its_mark() -> None:
    figure = barres.barres(bars_of(CELLS), lang="fr", unit_label="personnes")
    marks = {shape["name"]: shape for shape in figure["layout"]["shapes"]}
    assert {status: mark["yanchor"] for status, mark in marks.items()} == {"secret": -3, "non_rapporte": -4}
    assert marks["secret"]["path"] != marks["non_rapporte"]["path"]
    assert all(mark["xsizemode"] == "pixel" for mark in marks.values())
    assert {"secret", "non rapporté", "<b>0 (zéro constaté)</b>"} <= set(notes(figure))


def test_the_mark_of_a_secret_does_not_depend_on_what_it_hides() -> None:
    frame = bars_of(CELLS)
    leaky = frame.assign(valeur=frame["valeur"].fillna(9))
    drawn = [json.dumps(barres.barres(one, lang="fr", unit_label="")) for one in (frame, leaky)]
    assert drawn[0] == drawn[1]


def test_whiskers_are_the_interval() -> None:
    (bar,) = role(barres.barres(bars_of({"Gaïa": 100}), lang="fr", unit_label=""), "valeur")
    assert bar["error_x"]["array"] == [23]
    assert bar["error_x"]["arrayminus"] == [10]
    assert bar["error_x"]["visible"] is True


def test_without_interval_there_is_no_whisker_nor_its_legend() -> None:
    frame = bars_of({"Gaïa": 100}).assign(borne_basse=float("nan"), borne_haute=float("nan"))
    figure = barres.barres(frame, lang="fr", unit_label="")
    assert role(figure, "valeur")[0]["error_x"]["visible"] is False
    assert legend(figure) == []


def test_the_legend_lists_the_marks_that_are_drawn() -> None:
    figure = barres.barres(bars_of(CELLS), lang="en", unit_label="people")
    assert legend(figure) == ["95% interval", "secret", "not reported"]


def test_a_long_name_is_wrapped_whole() -> None:
    figure = barres.barres(bars_of(CELLS), lang="fr", unit_label="")
    (name,) = [note for note in notes(figure) if note.startswith("CAARUD")]
    assert name.replace("<br>", " ") == LONG
    assert max(map(len, name.split("<br>"))) <= barres.NAME_WIDTH


def test_the_axis_has_room_for_the_longest_whisker_and_its_number() -> None:
    figure = barres.barres(bars_of(CELLS), lang="fr", unit_label="")
    assert figure["layout"]["xaxis"]["range"][1] > 1.2 * 1200 + 3


def steps(prefix: str, **cells: Any) -> pd.DataFrame:
    rows = [
        {
            "etape": f"{prefix}_{name}",
            "nom": name.capitalize(),
            "valeur": float("nan") if isinstance(cell, str) else float(cell),
            "statut": cell if isinstance(cell, str) else "valeur",
        }
        for name, cell in cells.items()
    ]
    return pd.DataFrame(rows)


BEDS = steps("lits", finances=14, identifies=9, ouverts=7)
DAYS = steps("journees", disponibles=210, utilisees=164, attribuees="secret")


def test_beds_and_bed_days_never_share_an_axis() -> None:
    figure = barres.entonnoir(BEDS, DAYS, lang="fr", target=10)
    beds, days = role(figure, "valeur")
    assert (beds["meta"]["unite"], days["meta"]["unite"]) == ("lits", "journées-lit")
    assert (beds["xaxis"], days["xaxis"]) == ("x", "x2")
    assert figure["layout"]["xaxis"]["range"][1] < 20 < figure["layout"]["xaxis2"]["range"][1]


def test_each_step_says_its_share_of_the_one_before() -> None:
    said = "\n".join(notes(barres.entonnoir(BEDS, DAYS, lang="fr", target=10)))
    assert "9\u00a0lits · 64\u00a0% des financés" in said
    assert "7\u00a0lits · 78\u00a0% des identifiés" in said
    assert "164\u00a0journées-lit · 78\u00a0% des disponibles" in said


def test_a_secret_step_has_no_bar_and_no_share() -> None:
    figure = barres.entonnoir(BEDS, DAYS, lang="fr", target=None)
    _, days = role(figure, "valeur")
    assert days["x"] == [210, 164]
    assert "<b>Attribuees</b>" in notes(figure)
    assert "secret" in notes(figure)
    assert legend(figure) == ["secret"]


def test_a_share_of_a_secret_step_is_not_said() -> None:
    days = steps("journees", disponibles=210, utilisees="secret", attribuees=97)
    said = notes(barres.entonnoir(BEDS, days, lang="fr", target=None))
    assert "<b>Attribuees</b><br>97\u00a0journées-lit" in said


def test_the_target_stands_on_the_step_of_identified_beds() -> None:
    figure = barres.entonnoir(BEDS, DAYS, lang="en", target=10)
    ticks = [shape for shape in figure["layout"]["shapes"] if shape["name"] == "objectif"]
    assert {(tick["x0"], tick["x1"]) for tick in ticks} == {(10, 10)}
    assert all(tick["y0"] < -1 < tick["y1"] for tick in ticks)
    assert next(note for note in notes(figure) if "target: 10\u00a0beds" in note).startswith("<b>Identifies</b>")
    without = barres.entonnoir(BEDS, DAYS, lang="en", target=None)["layout"]["shapes"]
    assert [shape["name"] for shape in without] == ["secret"]


def test_a_target_beyond_every_bed_is_within_the_axis() -> None:
    assert barres.entonnoir(BEDS, DAYS, lang="fr", target=40)["layout"]["xaxis"]["range"][1] > 40


def test_bars_and_steps_that_lack_returns_say_so_beside_their_number() -> None:
    frame = bars_of({"Gaïa": 830, "Proses": 40}).assign(attendues=9, recues=[9, 6], provisoire=[False, True])
    drawn = notes(barres.barres(frame, lang="fr", unit_label="personnes"))
    assert "<b>830</b>" in drawn
    assert "<b>40</b> (provisoire, 6/9)" in drawn
    (bar,) = role(barres.barres(frame, lang="fr", unit_label="personnes"), "valeur")
    assert "6 déclarations utiles sur 9 attendues, valeurs provisoires" in bar["hovertext"][1]
    step = {"etape": "lits_ouverts", "nom": "Lits ouverts", "valeur": 7.0, "statut": "valeur", "provisoire": False}
    beds = pd.DataFrame([{**step, "attendues": 9, "recues": 6}])
    drawn = notes(barres.entonnoir(beds, beds.iloc[:0], lang="en", target=None))
    assert "<b>Beds</b> (incomplete, 6/9)" in drawn
    assert sum("6/9" in note for note in drawn) == 1
    two = pd.DataFrame([{**step, "attendues": 9, "recues": 6}, {**step, "attendues": 9, "recues": 9}])
    drawn = notes(barres.entonnoir(two, two.iloc[:0], lang="en", target=None))
    assert "<b>Beds</b>" in drawn
    assert [("incomplete, 6/9" in note) for note in drawn[1:3]] == [True, False]


def test_words_beyond_a_bar_have_room() -> None:
    frame = bars_of({"Gaïa": 830, "Boutique": 400})
    plain = barres.barres(frame, lang="fr", unit_label="personnes")["layout"]["xaxis"]["range"][1]
    wordy = barres.barres(frame.assign(provisoire=True), lang="fr", unit_label="personnes")["layout"]["xaxis"]["range"][
        1
    ]
    assert wordy > 1.3 * plain
