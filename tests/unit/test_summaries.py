"""What is said of a chart is true of its frame, and no more than that."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from publish.charte import summaries

N = "\u00a0"
JUDGEMENTS = re.compile(r"mieux|pire|amélior|dégrad|tendance|better|worse|improv|trend", re.IGNORECASE)


def quarters(*cells: Any, modalite: str = "tous", nom: str = "Île-de-France") -> pd.DataFrame:
    """Consecutive quarters that end in 2026-T3: a number, or the status of a quarter without value."""
    periods = pd.period_range(end="2026Q3", periods=len(cells), freq="Q")
    rows = [
        {
            "periode": f"{period.year}-T{period.quarter}",
            "periode_debut": period.start_time.normalize(),
            "periode_fin": period.end_time.normalize(),
            "granularite": "trimestre",
            "modalite": modalite,
            "nom": nom,
            "valeur": float("nan") if isinstance(cell, str) else float(cell),
            "borne_basse": float("nan"),
            "borne_haute": float("nan"),
            "statut": cell if isinstance(cell, str) else "zero" if cell == 0 else "valeur",
            "provisoire": False,
            "origine": "simule",
        }
        for period, cell in zip(periods, cells, strict=True)
    ]
    return pd.DataFrame(rows)


def plain(text: str) -> str:
    return text.replace(N, " ").replace("\u202f", " ")


def french(frame: pd.DataFrame, unit: str = "personnes", **more: Any) -> str:
    return plain(summaries.resume_serie(frame, lang="fr", unit_label=unit, **more))


def english(frame: pd.DataFrame, unit: str = "people", **more: Any) -> str:
    return plain(summaries.resume_serie(frame, lang="en", unit_label=unit, **more))


def test_the_latest_value_with_its_unit_and_the_year_before() -> None:
    frame = quarters(90, 80, 70, 60, 1234)
    assert "Au 3e trimestre 2026 : 1 234 personnes." in french(frame)
    assert "C’est 1 144 de plus qu’un an plus tôt, au 3e trimestre 2025 (90 personnes)." in french(frame)
    assert "In Q3 2026: 1,234 people." in english(frame)
    assert "This is 1,144 higher than a year earlier, in Q3 2025 (90 people)." in english(frame)


def test_the_interval_and_whether_two_intervals_overlap() -> None:
    frame = quarters(90, 80, 70, 60, 95)
    near = frame.assign(borne_basse=frame["valeur"] - 4, borne_haute=frame["valeur"] + 4)
    far = frame.assign(borne_basse=frame["valeur"] - 1, borne_haute=frame["valeur"] + 1)
    assert "(intervalle à 95 % : de 91 à 99)" in french(near)
    assert "Les deux intervalles se recouvrent." in french(near)
    assert "se recouvrent" not in french(far)


def test_a_share_differs_in_points() -> None:
    assert "C’est 2,5 points de moins qu’un an plus tôt" in french(quarters(50, 1, 1, 1, 47.5), "%")
    assert "This is 1.0 percentage point higher than a year earlier" in english(quarters(46.5, 1, 1, 1, 47.5), "%")


def test_an_equal_value_is_said_equal() -> None:
    assert "C’est autant qu’un an plus tôt" in french(quarters(50, 1, 1, 1, 50))
    assert "This is the same as a year earlier" in english(quarters(50, 1, 1, 1, 50))


@pytest.mark.parametrize("cell", ["secret", "non_rapporte", "non_applicable"])
def test_a_latest_period_without_value_says_so_and_gives_the_last_published(cell: str) -> None:
    said = french(quarters(90, 80, 70, 60, cell))
    words = {"secret": "secret statistique", "non_rapporte": "aucune donnée rapportée", "non_applicable": "sans objet"}
    assert f"Au 3e trimestre 2026 : {'valeur protégée par le ' if cell == 'secret' else ''}{words[cell]}." in said
    assert "Dernière valeur publiée, au 2e trimestre 2026 : 60 personnes." in said
    assert "un an plus tôt" not in said


def test_nothing_hidden_in_a_secret_cell_is_said() -> None:
    frame = quarters(90, "secret", 70, 60, "secret")
    leaky = frame.assign(valeur=frame["valeur"].fillna(7777), borne_basse=7776.0, borne_haute=7778.0)
    assert "7 77" not in french(leaky)


def test_a_comparison_with_a_secret_year_says_secret() -> None:
    said = french(quarters("secret", 80, 70, 60, 50))
    assert "Un an plus tôt, au 3e trimestre 2025 : valeur protégée par le secret statistique." in said
    assert "de plus" not in said


def test_without_the_same_period_a_year_before_nothing_is_compared() -> None:
    assert "an plus tôt" not in french(quarters(90, 80))


def test_cells_without_value_are_counted_by_status() -> None:
    frame = quarters("secret", "secret", "non_rapporte", 0, "non_applicable", 3)
    assert "Sur 6 périodes, 1 à zéro, 2 sous secret, 1 sans donnée rapportée, 1 sans objet." in french(frame)
    assert "Of 6 periods, 1 at zero, 2 secret, 1 not reported, 1 not applicable." in english(frame)
    assert "Sur " not in french(quarters(3, 4))


def test_no_judgement_without_polarity_and_none_but_the_declared_direction_with_it() -> None:
    frame = quarters(90, 80, 70, 60, 20)
    assert not JUDGEMENTS.search(french(frame) + english(frame))
    assert "favorable" not in french(frame)
    assert "Pour cet indicateur, une baisse est favorable." in french(frame, polarite="baisse_favorable")
    assert "an increase is favourable" in english(frame, polarite="hausse_favorable")
    assert not JUDGEMENTS.search(french(frame, polarite="baisse_favorable"))


def test_simulated_and_provisional_values_are_said_to_be() -> None:
    frame = quarters(3, 4)
    assert "Valeurs simulées." in french(frame)
    assert "simul" not in french(frame.assign(origine="reel"))
    half = frame.assign(origine=["reel", "simule"])
    assert "Une partie des valeurs est simulée." in french(half)
    assert "La valeur est provisoire." in french(frame.assign(provisoire=[False, True]))
    assert "provisoire" not in french(frame)


def test_a_missing_return_is_told_and_full_coverage_is_not() -> None:
    frame = quarters(3, 4).assign(attendues=4, recues=[4, 3])
    assert "3 déclarations utiles sur 4 attendues, valeurs incomplètes : un total plus bas peut" in french(frame)
    assert "3 usable returns of 4 expected, provisional values: a lower total" in english(frame.assign(provisoire=True))
    assert "reçues" not in french(frame.assign(recues=4))
    assert "reçues" not in french(frame.assign(attendues=None, recues=None))


@pytest.mark.parametrize(
    ("received", "where"),
    [((4, 3), "pour la dernière période"), ((3, 4), "pour cette période-là"), ((3, 3), "aux deux périodes")],
)
def test_a_year_that_lacks_returns_is_compared_with_none(received: tuple[int, int], where: str) -> None:
    frame = quarters(90, 80, 70, 60, 50).assign(attendues=4, recues=[received[0], 4, 4, 4, received[1]])
    said = french(frame, polarite="baisse_favorable")
    assert f"au 3e trimestre 2025, ne peut pas être faite : il manque des déclarations {where}." in said
    assert "de moins" not in said
    assert "favorable" not in said
    assert "40 de moins qu’un an plus tôt" in french(frame.assign(recues=4))


def test_a_week_that_lacks_a_day_is_compared_with_none() -> None:
    frame = days([100.0] * 7 + [50.0] * 357 + [120.0] * 7).assign(attendues=1, recues=1)
    assert "an plus tôt" in summaries.resume_quotidien(frame, lang="fr", unit_label="passages")
    for place in (0, -1):
        frame["recues"] = 1
        frame.loc[frame.index[place], "recues"] = 0
        assert "an plus tôt" not in summaries.resume_quotidien(frame, lang="fr", unit_label="passages")


def test_a_map_compares_no_territory_that_lacks_a_return() -> None:
    now, before = territories({"1er": 5, "2e": 90}), territories({"1er": 9, "2e": 80}, "2026-T2")
    lacking = now.assign(attendues=2, recues=[1, 2])
    said = plain(summaries.resume_carte(lacking, lang="fr", unit_label="", precedent=before))
    assert "sur 1 territoire publié aux deux dates, toutes déclarations reçues : 1 plus haut, 0 plus bas" in said


def test_each_line_is_named_when_there_are_several() -> None:
    frame = pd.concat([quarters(3, 4, nom="Aurore"), quarters(5, "secret", modalite="b", nom="Gaïa")])
    said = french(frame)
    assert "Aurore. Au 3e trimestre 2026 : 4 personnes." in said
    assert "Gaïa. Au 3e trimestre 2026 : valeur protégée" in said
    assert said.count("Valeurs simulées.") == 1


def test_nothing_published_is_said() -> None:
    assert french(quarters("secret", "secret")).startswith("Aucune valeur n’est publiée")
    assert french(quarters(1).iloc[:0]).startswith("Aucune valeur n’est publiée")


def days(values: list[float], end: str = "2026-09-27") -> pd.DataFrame:
    dates = pd.date_range(end=end, periods=len(values))
    week = dates - pd.to_timedelta(dates.day_of_week, unit="D")
    frame = pd.DataFrame(
        {
            "periode": dates.strftime("%Y-%m-%d"), "periode_debut": dates, "periode_fin": dates, "granularite": "jour",
            "modalite": "a", "nom": "A", "valeur": values, "statut": "valeur", "provisoire": False, "origine": "reel",
        }
    )  # fmt: skip
    return frame.assign(mediane=frame.groupby(week)["valeur"].transform("median"))


def test_daily_attendance_says_the_last_whole_week_and_the_one_a_year_before() -> None:
    frame = days([100.0] * 7 + [50.0] * 357 + [120.0] * 7 + [999.0] * 2, end="2026-09-29")
    said = plain(summaries.resume_quotidien(frame, lang="fr", unit_label="passages"))
    assert said.startswith("Semaine du 21 septembre 2026 : médiane quotidienne de 120 passages.")
    assert "C’est 20 de plus qu’un an plus tôt, semaine du 22 septembre 2025 (100 passages)." in said
    assert "999" not in said


def territories(cells: dict[str, Any], period: str = "2026-T3") -> pd.DataFrame:
    frame = pd.concat([quarters(cell, nom=name) for name, cell in cells.items()], ignore_index=True)
    return frame.assign(territoire_niveau="arrondissement", territoire_code=list(cells), periode=period)


def test_a_map_says_its_highest_values_and_counts_every_status() -> None:
    frame = territories({"1er": 5, "2e": 90, "3e": 40, "4e": 60, "5e": "secret", "6e": 0, "7e": "non_rapporte"})
    said = plain(summaries.resume_carte(frame, lang="fr", unit_label="personnes"))
    assert "Plus hautes valeurs publiées : 2e, 90 personnes ; 4e, 60 personnes ; 3e, 40 personnes." in said
    assert "Sur 7 territoires, 4 avec une valeur, 1 à zéro, 1 sous secret, 1 sans donnée rapportée." in said


def test_a_map_says_what_moved_among_territories_published_on_both_dates() -> None:
    now = territories({"1er": 5, "2e": 90, "3e": "secret", "4e": 60})
    before = territories({"1er": 9, "2e": 80, "3e": 40, "4e": 60}, "2026-T2")
    said = plain(summaries.resume_carte(now, lang="fr", unit_label="personnes", precedent=before))
    assert "Par rapport au 2e trimestre 2026, sur 3 territoires publiés aux deux dates" in said
    assert "1 plus haut, 1 plus bas, 1 sans changement" in said
    assert "peuvent être un déplacement" in said
    alone = summaries.resume_carte(now.iloc[1:], lang="fr", unit_label="", precedent=before)
    assert "déplacement" not in alone


def test_bars_say_the_highest_the_lowest_and_who_has_no_value() -> None:
    frame = territories({"A": 5, "B": 90, "C": 0, "D": "secret"})
    said = plain(summaries.resume_barres(frame, lang="en", unit_label="people"))
    assert said.startswith("Highest published value: B, 90 people. Lowest, zeros apart: A, 5 people.")
    assert "Of 4 rows, 1 at zero, 1 secret." in said


def steps(**cells: Any) -> pd.DataFrame:
    rows = [
        {
            "etape": step,
            "nom": step.replace("_", " ").capitalize(),
            "valeur": float("nan") if isinstance(cell, str) else float(cell),
            "statut": cell if isinstance(cell, str) else "valeur",
        }
        for step, cell in cells.items()
    ]
    return pd.DataFrame(rows)


BEDS = steps(lits_finances=14, lits_identifies=9, lits_ouverts=7)
DAYS = steps(journees_disponibles=210, journees_utilisees="secret", journees_attribuees=97)


def test_the_funnel_says_each_step_and_where_the_target_stands() -> None:
    said = plain(summaries.resume_entonnoir(BEDS, DAYS, lang="fr", target=10))
    assert said.startswith("Lits finances : 14 ; lits identifies : 9 (64 % des financés) ; lits ouverts : 7 (78 % des")
    assert "journees utilisees : secret ; journees attribuees : 97." in said
    assert said.endswith("L’objectif est de 10 lits : il en manque 1.")


def test_the_funnel_and_the_bars_say_the_returns_they_lack() -> None:
    told = {"attendues": 27, "recues": 24, "provisoire": True}
    beds, stays = (frame.assign(indicateur=frame["etape"], **told) for frame in (BEDS, DAYS))
    said = plain(summaries.resume_entonnoir(beds, stays, lang="fr", target=10))
    assert "24 déclarations utiles sur 27 attendues, valeurs provisoires" in said
    assert "reçues" not in plain(summaries.resume_entonnoir(BEDS, DAYS, lang="fr", target=10))
    rows = territories({"A": 5, "B": 90}).assign(attendues=3, recues=[3, 1], ventilation="service")
    assert "4 usable returns of 6 expected" in plain(summaries.resume_barres(rows, lang="en", unit_label=""))


def test_a_target_is_met_or_unknown() -> None:
    assert "L’objectif de 9 lits est atteint." in plain(summaries.resume_entonnoir(BEDS, DAYS, lang="fr", target=9))
    unknown = BEDS.assign(statut="non_rapporte", valeur=float("nan"))
    assert "The target is 9 beds." in plain(summaries.resume_entonnoir(unknown, DAYS, lang="en", target=9))
    assert "objectif" not in summaries.resume_entonnoir(BEDS, DAYS, lang="fr", target=None)


def test_every_sentence_is_in_both_catalogues() -> None:
    from dashboard.i18n import catalogue

    for prefix in ("fig.", "resume."):
        keys = [{key for key in catalogue(lang) if key.startswith(prefix)} for lang in ("fr", "en")]
        assert keys[0] == keys[1] != set()
