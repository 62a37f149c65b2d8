"""Rows of the small release for the review: one share flagged, decisions of two reviews, one revision."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from schemas.contract import contract_folder, load_contract

FLAGGED = ("arrondissement", "75118")
QUARTER, BEFORE = "2026-T2", "2026-T1"


def comparison(code: str = "scenes_part_jours_actifs", place: tuple[str, str] = FLAGGED, **more: Any) -> dict[str, Any]:
    """A share worse than its benchmark and worsening."""
    return {
        "indicateur": code,
        "territoire_niveau": place[0],
        "territoire_code": place[1],
        "periode": QUARTER,
        "valeur": 90.0,
        "borne_basse": 85.0,
        "borne_haute": 94.5,
        "unite": "pourcent",
        "reference_niveau": "departement",
        "reference_code": "75",
        "reference_valeur": 70.0,
        "comparaison": "moins_bon",
        "formulation": "hausse_defavorable",
        "signale": True,
        "origine": "simule",
    } | more


def comparisons() -> pd.DataFrame:
    """One flagged, one similar."""
    similar = {"comparaison": "similaire", "signale": False, "borne_basse": 65.0, "formulation": "indeterminee"}
    return pd.DataFrame([comparison(), comparison(place=("arrondissement", "75119"), **similar)])


def decisions() -> pd.DataFrame:
    """Two of the last review, the one done and the other late; two of an earlier one, one still open."""
    rows = [
        ("sim-DE001", "2026-09-17", "2026-T2", "Décision A.", "Decision A.", "2026-10-15", "faite", "lits_ouverts"),
        ("sim-DE002", "2026-09-17", "2026-T2", "Décision B.", "Decision B.", "2026-10-31", "en_cours", None),
        ("sim-DE003", "2026-06-18", "2026-T1", "Décision C.", "Decision C.", None, "a_faire", None),
        ("sim-DE004", "2026-06-18", "2026-T1", "Décision D.", "Decision D.", None, "faite", None),
    ]
    names = ("id", "revue", "trimestre", "decision", "decision_en", "echeance", "statut", "indicateur")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    common = {"axe": "axe_1", "responsable": "ars", "statut_le": frame["revue"], "note": None, "note_en": None}
    return _dated(frame.assign(**common, origine="simule"), "revue", "echeance", "statut_le")


def _dated(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: pd.to_datetime(frame[name]).dt.date for name in names})


def differences() -> pd.DataFrame:
    """One published value revised after a new return, and one row added."""
    common = {"jeu": "observations", "correction": None, "version_avant": "2026.2.0+demo", "indicateur": "lits_ouverts"}
    key = {"indicateur": "lits_ouverts", "periode": "2026-T1"}
    rows = [
        {"cle": json.dumps(key), "champ": "valeur", "nature": "modification", "cause": "revision"}
        | {"avant": "20", "apres": "21"},
        {"cle": json.dumps(key | {"periode": "2026-T3"}), "champ": "*", "nature": "ajout", "cause": "nouvelle_donnee"}
        | {"avant": None, "apres": None},
    ]
    return pd.DataFrame([common | row for row in rows])


def revisions() -> pd.DataFrame:
    """How the beds open are usually revised."""
    sizes = {"comparaisons": 12, "revisees": 3, "biais": 0.5, "ecart_absolu_moyen": 0.5, "ecart_relatif": 0.025}
    row = {"indicateur": "lits_ouverts", "age_trimestres": 0, "unite": "lits", "ecart_absolu_max": 2.0, "versions": 4}
    return pd.DataFrame([row | sizes | {"origine": "simule"}])


def courses() -> pd.DataFrame:
    """The course of the beds identified, met."""
    names = load_contract("trajectoires", kind="datasets").names
    row = {"objectif": "lits_identifies", "indicateur": "lits_identifies", "etat": "atteinte", "origine": "simule"}
    row |= {"dernier_trimestre": QUARTER, "valeur": 24.0, "depuis": BEFORE}
    frame = pd.DataFrame([dict.fromkeys(names) | row])
    numbers = ("valeur", "attendu", "rythme_annuel", "probabilite_echeance")
    return frame.astype(dict.fromkeys(numbers, float) | dict.fromkeys(set(names) - set(numbers), "str"))


def errors() -> pd.DataFrame:
    """The register of errors, empty, with its columns."""
    return pd.read_csv(contract_folder("corrections", kind="reference") / "valid.csv", dtype="str").head(0)


def tables() -> dict[str, pd.DataFrame]:
    """What a release must hold to be reviewed, beside what the others give."""
    return {
        "comparaisons": comparisons(),
        "decisions": decisions(),
        "differences": differences(),
        "revisions": revisions(),
        "trajectoires": courses(),
        "corrections": errors(),
    }
