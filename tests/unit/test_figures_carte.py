"""The map: classes for all periods, four statuses told apart, every period in the page, nothing secret said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
from fixtures_carte import document, ground, level_of, rows
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import carte
from dashboard.figures.fond import NIVEAUX, fond
from dashboard.router import Lang
from publish.charte import ASSETS, classes

CELLS: dict[str, Any] = {
    "75118": 120, "75119": 98, "75110": 42, "75101": 0, "75102": "secret", "93001": "non_rapporte",
    "93066": 63, "94028": "non_applicable", "92012": 15, "93048": 27,
}  # fmt: skip
QUARTERS = ("2026-T2", "2026-T3")


def sheet(
    *frames: pd.DataFrame, periods: tuple[str, ...] = ("2026-T3",), lang: Lang = "fr", codes: list[str] | None = None,
    edges: tuple[float, ...] | None = None, unit: str = "personnes",
) -> carte.Feuille:  # fmt: skip
    frame = pd.concat(frames, ignore_index=True)
    names = {(level_of(code), code): f"Nom {code}" for code in codes or dict.fromkeys(frame["territoire_code"])}
    limits = classes.bornes(frame["valeur"]) if edges is None else edges
    return carte.feuille(frame, periods=periods, names=names, edges=limits, lang=lang, unit_label=unit)


def drawing(made: carte.Feuille, period: str = "2026-T3", **more: Any) -> str:
    codes = [code for _, code in made.cells]
    where = ground(codes)
    cadre = where.cadres[more.pop("cadre", "couronne")]
    return str(carte.dessin("essai", where, made, period, cadre=cadre, title="Titre", description="Mots", **more))


def shapes(picture: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'([a-z-]+)="([^"]*)"', one)) for one in re.findall(r"<path [^>]*data-lieu[^>]*>", picture)]


def legend(made: carte.Feuille, lang: Lang = "fr", unit: str = "personnes") -> list[carte.Classe]:
    return carte.classes(made.marks, made.edges, lang=lang, unit_label=unit)


def test_every_territory_is_a_shape_with_the_mark_of_what_it_shows() -> None:
    marks = {code: one["class"] for code, one in zip(CELLS, shapes(drawing(sheet(rows(CELLS)))), strict=True)}
    assert marks["75118"] == "k4"
    assert marks["92012"] == "k0"
    assert {code: marks[code] for code in ("75101", "75102", "93001", "94028")} == {
        "75101": "zero", "75102": "secret", "93001": "non_rapporte", "94028": "non_applicable",
    }  # fmt: skip


def test_a_status_without_value_is_filled_with_its_own_pattern_and_a_value_is_not() -> None:
    picture = drawing(sheet(rows(CELLS)))
    fills = {code: one.get("fill") for code, one in zip(CELLS, shapes(picture), strict=True)}
    assert fills["75102"] == "url(#essai-secret)"
    assert fills["75118"] is None
    assert fills["75101"] is None
    patterns = re.findall(r'<pattern id="essai-(\w+)"', picture) or re.findall(r'id="essai-(\w+)" width', picture)
    assert sorted(patterns) == ["non_applicable", "non_rapporte", "secret"]


def test_a_value_left_in_a_secret_cell_is_shown_nowhere() -> None:
    frame = rows(CELLS)
    frame.loc[frame["statut"] == "secret", "valeur"] = 77777.0
    edges = classes.bornes(rows(CELLS)["valeur"])
    made, honest = sheet(frame, edges=edges), sheet(rows(CELLS), edges=edges)
    assert made == honest
    assert "77" not in carte.donnees(ground(list(CELLS)), made, lang="fr", shown="2026-T3").replace("7511", "")


def test_a_territory_without_a_row_is_said_without_object() -> None:
    made = sheet(rows({"75118": 12}), codes=["75118", "93001"])
    assert made.shown(("commune", "93001"), "2026-T3") == carte.Etat("non_applicable", "sans objet")


def test_every_period_is_in_the_page_once() -> None:
    made = sheet(rows({"75118": 12, "75119": "secret"}, "2026-T2"), rows({"75118": 30, "75119": 12}), periods=QUARTERS)
    told = json.loads(carte.donnees(ground(["75118", "75119"]), made, lang="fr", shown="2026-T3"))
    assert [code for code, _ in told["periodes"]] == list(QUARTERS)
    said = {name: [told["etats"][rank] for rank in cells] for name, cells in told["lieux"]}
    assert said["Nom 75119"] == [
        ["secret", "secret\u00a0: valeur protégée par le secret statistique"],
        ["k0", "12\u00a0personnes"],
    ]
    assert said["Nom 75118"][1] == ["k4", "30\u00a0personnes"]
    assert len(told["etats"]) == 3


def test_what_is_read_by_the_script_cannot_close_it() -> None:
    made = sheet(rows({"75118": 12}))
    names = {("arrondissement", "75118"): "</script><b>"}
    hostile = carte.Feuille(made.periods, made.etats, made.cells, names, made.edges)
    assert "<" not in carte.donnees(ground(["75118"]), hostile, lang="fr", shown="2026-T3")


def test_a_colour_means_the_same_in_every_period() -> None:
    made = sheet(rows({"75118": 12, "75119": 14}, "2026-T2"), rows({"75118": 12, "75119": 300}), periods=QUARTERS)
    place = ("arrondissement", "75118")
    assert made.shown(place, "2026-T2") == made.shown(place, "2026-T3")
    assert made.shown(("arrondissement", "75119"), "2026-T2").mark != made.shown(place, "2026-T2").mark


def test_the_legend_has_the_scale_and_only_the_statuses_met_in_some_period() -> None:
    marks = [entry.mark for entry in legend(sheet(rows(CELLS)))]
    assert marks == ["zero", "k0", "k1", "k2", "k3", "k4", "secret", "non_rapporte", "non_applicable"]
    plain = sheet(rows({"75118": 12, "75119": 30}))
    assert {entry.mark for entry in legend(plain)} <= {"k0", "k1", "k2", "k3", "k4"}
    once = sheet(rows({"75118": "secret", "75119": 30}, "2026-T2"), rows({"75118": 12, "75119": 30}), periods=QUARTERS)
    assert "secret" in {entry.mark for entry in legend(once)}


def test_classes_of_people_are_whole_and_do_not_overlap() -> None:
    made = sheet(rows({"75118": 12}), edges=(11, 20, 50, 120))
    assert [entry.words for entry in legend(made)] == ["de 11 à 19", "de 20 à 49", "de 50 à 120"]
    assert [entry.words for entry in legend(made, "en", "people")] == ["11 to 19", "20 to 49", "50 to 120"]


def test_classes_of_shares_say_percent() -> None:
    made = sheet(rows({"75118": 12.5}), edges=(2.5, 10.0, 40.0))
    assert [entry.words for entry in legend(made, unit="%")] == ["de 2,5 à moins de 10\u00a0%", "de 10 à 40\u00a0%"]


VALUES = st.lists(
    st.one_of(st.integers(0, 10**6).map(float), st.floats(0, 1e6, allow_nan=False)), min_size=1, max_size=60
)


@given(VALUES)
def test_limits_increase_and_every_value_has_a_class(values: list[float]) -> None:
    edges = classes.bornes(pd.Series(values))
    positive = [value for value in values if value > 0]
    assert bool(edges) == bool(positive)
    if not positive:
        return
    assert list(edges) == sorted(edges)
    assert (edges[0], edges[-1]) == (min(positive), max(positive))
    assert len(edges) <= classes.CLASSES + 1
    made = sheet(rows({f"75{place:03d}": value for place, value in enumerate(values)}))
    assert made.marks <= {entry.mark for entry in legend(made)}


def test_each_value_is_within_the_limits_its_class_says() -> None:
    made = sheet(rows({f"93{value:03d}": value for value in range(1, 200)}))
    words = {entry.mark: entry.words for entry in legend(made)}
    for (_, code), (rank,) in made.cells.items():
        low, high = (int(word) for word in words[made.etats[rank].mark].removeprefix("de ").split(" à "))
        assert low <= int(code[2:]) <= high


@pytest.mark.parametrize("values", [[], [float("nan")], [0.0, 0.0]])
def test_without_a_value_above_zero_there_is_no_class(values: list[float]) -> None:
    assert classes.bornes(pd.Series(values, dtype=float)) == ()


def test_a_map_without_any_value_is_drawn() -> None:
    made = sheet(rows({"75118": "non_rapporte", "75119": "secret", "75101": 0}))
    assert len(shapes(drawing(made))) == 3
    assert [entry.mark for entry in legend(made)] == ["zero", "secret", "non_rapporte"]


def test_the_territory_chosen_is_outlined_over_all_the_shapes() -> None:
    picture = drawing(sheet(rows(CELLS)), selection=("arrondissement", "75118"))
    outline = shapes(picture)[0]["d"]
    assert f'<path d="{outline}" class="atlas__choisi"/>' in picture
    assert picture.index("atlas__choisi") > picture.rindex("data-lieu")


def test_numbers_are_those_of_the_arrondissements_in_the_ink_of_their_class() -> None:
    numbers = re.findall(r'<text [^>]*class="numero ([^ "]+)[^"]*"[^>]*>(\d+)</text>', drawing(sheet(rows(CELLS))))
    assert {number: ink for ink, number in numbers} == {
        "18": "sur-k4", "19": "sur-k4", "10": "sur-k2", "1": "sur-zero", "2": "sur-secret",
    }  # fmt: skip


def test_a_number_without_room_on_a_telephone_is_marked() -> None:
    many = {f"751{rank:02d}": 12 + rank for rank in range(1, 21)}
    assert "numero--petit" in drawing(sheet(rows(many)))
    assert "numero--petit" not in drawing(sheet(rows({"75118": 12, "75119": 20})))


def test_the_inner_frame_is_a_part_of_the_wider_one() -> None:
    made = ground(["75118", "75119", "93001", "94028"])
    wide, paris = made.cadres["couronne"], made.cadres["paris"]
    assert list(made.cadres) == ["couronne", "paris"]
    assert paris.x == wide.x
    assert wide.width / 2 < paris.width + 12 < wide.width


def test_each_level_draws_its_own_territories() -> None:
    everything = document(["75118", "93001", "75", "77", "11", "04"])
    assert [one.place[1] for one in fond(everything, NIVEAUX["fin"]).outlines] == ["75118", "93001"]
    assert [one.place[1] for one in fond(everything, NIVEAUX["departement"]).outlines] == ["75", "77"]
    assert [one.place[1] for one in fond(everything, NIVEAUX["region"]).outlines] == ["11"]


def test_the_method_is_named_in_both_languages() -> None:
    assert "quantiles" in carte.methode("fr")
    assert carte.methode("en").startswith("Quantile classes")


@pytest.mark.parametrize("lang", get_args(Lang))
def test_words_speak_one_language(lang: Lang) -> None:
    said = " ".join(etat.words for etat in sheet(rows(CELLS), lang=lang, unit="people" if lang == "en" else "").etats)
    french = [word for word in ("rapporté", "sans objet", "protégée") if word in said]
    assert bool(french) == (lang == "fr")
    assert ("not reported" in said) == (lang == "en")


def test_the_colours_of_the_sheet_are_those_of_the_classes() -> None:
    tokens = (Path(ASSETS) / "tokens.css").read_text(encoding="utf-8")
    written = {
        name: re.findall(rf"--{name}: (#[0-9a-f]{{6}});", tokens) for name in ("k0", "k1", "k2", "k3", "k4", "zero")
    }
    ramps = zip(classes.RAMP, classes.RAMP_DARK, strict=True)
    assert written == {f"k{rank}": list(pair) for rank, pair in enumerate(ramps)} | {"zero": list(classes.ZERO)}
