"""What pages say of trends and of courses towards targets: the published row, its words, and silence elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fixtures_release import write_releases
from test_figures_series import line, role
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.figures.objectif import chemin
from dashboard.figures.projection import Projection, with_projections
from dashboard.tendances import series_key
from publish.charte.mots import signed

KEY = {
    "indicateur": "lits_part_admis_5_jours", "territoire_niveau": "region", "territoire_code": "11",
    "ventilation": "ensemble", "modalite": "tous",
}  # fmt: skip


def trend(**changes: Any) -> dict[str, Any]:
    found = {
        "premier_trimestre": "2022-T1", "dernier_trimestre": "2026-T3", "direction": "hausse",
        "formulation": "hausse_favorable", "p": 0.01, "pente": 3.26, "pente_basse": -0.04, "pente_haute": 6.5,
        "pente_unite": "points_par_an", "trimestres_utilises": 17, "trimestres_secrets": 0, "trimestres_manquants": 0,
        "trimestres_provisoires": 1, "raison": None, "origine": "simule", "source": "plan_lits",
    }  # fmt: skip
    return KEY | found | changes


def course(**changes: Any) -> dict[str, Any]:
    found = {
        "objectif": "lits_identifies", "indicateur": "lits_identifies", "etat": "non_atteinte",
        "dernier_trimestre": "2026-T2", "valeur": 6.0, "depuis": None, "attendu": 8.0, "rythme_annuel": 2.0,
        "projection_tot": "2027-T1", "projection": "2027-T3", "projection_tard": "2029-T1",
        "probabilite_echeance": 0.42, "raison": None, "origine": "simule",
    }  # fmt: skip
    return found | changes


UNTOLD = {"direction": "indeterminee", "formulation": "indeterminee", "raison": "trop_court", "trimestres_utilises": 9}
UNTOLD |= dict.fromkeys(("p", "pente", "pente_basse", "pente_haute"))


def reader(root: Path, **tables: dict[str, Any]) -> Client:
    instead = {name: pd.DataFrame([row]) for name, row in tables.items()}
    return create_app(write_releases(root, instead=instead)).server.test_client()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\u00a0", " ").replace("\u202f", " ")


def part(text: str, name: str) -> str:
    return text.split(f'class="partie partie--{name}"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("lang", "changes", "said"),
    [
        ("fr", {}, "Tendance : en hausse, ce qui est favorable. Pente estimée : +3,3 points de pourcentage par an"),
        ("fr", {}, "(intervalle à 95 % : de 0,0 à +6,5 points de pourcentage par an), sur 17 trimestres"),
        ("en", {}, "Trend: increasing, which is favourable. Estimated slope: +3.3 percentage points a year"),
        (
            "fr",
            {"direction": "sans_tendance_demontree"},
            "pas de tendance démontrée, ce qui ne veut pas dire « stable »",
        ),
        ("fr", UNTOLD, "on ne peut pas le dire : moins de douze trimestres connus (9 trimestres utilisables)"),
        ("en", UNTOLD, "it cannot be told: fewer than twelve known quarters (9 usable quarters)"),
    ],
)
def test_a_quarterly_series_says_its_trend(tmp_path: Path, lang: str, changes: dict[str, Any], said: str) -> None:
    client = reader(tmp_path, tendances=trend(**changes))
    shown = part(page(client, f"/{lang}/hopital"), "admis")
    assert said in shown
    assert f'href="/{lang}/methode#tendances"' in shown
    assert 'id="tendances"' in page(client, f"/{lang}/methode")
    assert said in part(page(client, f"/{lang}/indicateurs/lits_part_admis_5_jours"), "serie")


def test_a_series_that_was_not_tested_says_so_and_a_monthly_one_nothing(tmp_path: Path) -> None:
    client = reader(tmp_path, tendances=trend(territoire_code="84"))
    text = page(client, "/fr/hopital")
    assert "cet indicateur n’est pas testé" in part(text, "admis")
    assert "Tendance :" not in part(text, "delai")


def test_a_release_without_the_table_says_nothing(small_releases: Path) -> None:
    client = create_app(small_releases).server.test_client()
    assert "Tendance :" not in page(client, "/fr/hopital")
    assert "Trajectoire." not in page(client, "/fr/objectifs")


def test_only_one_quarterly_line_has_a_key() -> None:
    one = line(("2026-T1", 1), ("2026-T2", 2)).assign(**KEY)
    assert series_key(one) == tuple(KEY.values())
    assert series_key(pd.concat([one, one.assign(modalite="autre")])) is None
    assert series_key(line(("2026-01", 1)).assign(**KEY)) is None
    assert series_key(one.assign(origine=["reel", "simule"])) is None


@pytest.mark.parametrize(("value", "written"), [(3.26, "+3,3"), (-0.04, "0,0"), (-1.25, "\u22121,3"), (0.0, "0,0")])
def test_a_change_carries_its_sign(value: float, written: str) -> None:
    assert signed(value, "fr") == written


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "on attendrait 8 lits au 2e trimestre 2026"),
        ({}, "Rythme qu’il faudrait jusqu’à l’échéance : +2 lits par an"),
        ({}, "atteinte au 3e trimestre 2027 (une chance sur deux ; intervalle à 95 % : du 1er trimestre 2027 au 1er"),
        ({}, "Probabilité d’y être à l’échéance : 42 %"),
        ({"probabilite_echeance": 0.0}, "moins de 1 %"),
        ({"probabilite_echeance": 1.0}, "plus de 99 %"),
        ({}, "une série simulée : ils ne disent rien de la réalité"),
        ({"projection_tard": None, "raison": "au_dela_de_l_horizon"}, "sans borne haute (à plus de dix ans)"),
        ({"projection": None, "raison": "trop_court"}, "on ne peut pas la dire : moins de huit trimestres connus"),
        ({"etat": "atteinte", "depuis": "2024-T4"}, "sans interruption depuis le 4e trimestre 2024"),
        ({"valeur": None, "raison": "sans_serie"}, "aucune série publiée ne mesure cet objectif"),
    ],
)
def test_a_target_says_its_course(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    assert said in page(reader(tmp_path, trajectoires=course(**changes)), "/fr/objectifs")


def test_a_target_that_is_met_is_not_projected(tmp_path: Path) -> None:
    text = page(reader(tmp_path, trajectoires=course(etat="atteinte", depuis="2024-T4")), "/fr/objectifs")
    assert "Si la série se poursuit" not in text


def test_the_projection_stands_at_the_target_beyond_the_values() -> None:
    frame = line(("2026-T1", 4), ("2026-T2", 6))
    path = chemin(frame, lang="fr", unit_label="lits", targets=[10.0])
    figure = with_projections(path, frame, [Projection(10.0, "2027-T1", "2027-T3", "2029-T1", "mots")], lang="fr")
    (drawn,) = role(figure, "projection")
    assert drawn["y"] == [10.0] * 3
    assert drawn["x"] == ["2027-02-15", "2027-08-15", "2029-02-15"]
    assert figure["layout"]["xaxis"]["range"][1] > drawn["x"][2]
    assert role(figure, "objectif")[0]["x"][1] == figure["layout"]["xaxis"]["range"][1]
    assert role(figure, "valeur")[0]["x"] == role(path, "valeur")[0]["x"]
    assert with_projections(path, frame, [], lang="fr") is path
