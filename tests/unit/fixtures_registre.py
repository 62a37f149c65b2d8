"""The reference tables of the repository as a release holds them: the pages of the register and of history are real."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
NUMBERS = ("valeur", "borne_basse", "borne_haute", "effectif", "base", "valeur_cible", "capacite")
DATES = ("date_debut", "date_fin", "periode_debut", "periode_fin", "echeance")
BOOLEANS = ("majeur", "echeance_deduite", "periode_imprimee")


def read(name: str) -> pd.DataFrame:
    """A reference table, typed as in a release; « ND » is a missing value, told by its precision."""
    frame = pd.read_csv(REFERENCE / f"{name}.csv", dtype=str, keep_default_na=False, na_values=["", "ND"])
    for column in frame.columns:
        if column in NUMBERS:
            frame[column] = frame[column].astype("float64")
        elif column in DATES:
            frame[column] = pd.to_datetime(frame[column])
        elif column in BOOLEANS:
            frame[column] = frame[column] == "true"
    return frame


def services() -> pd.DataFrame:
    """The register, the rest space under the name the small release gives it, with a hospital that is simulated."""
    frame = read("services")
    frame.loc[frame["service_id"] == "espace-repos-chapelle", ["nom", "nom_en"]] = ["Espace de repos", "Rest space"]
    hospital: dict[str, Any] = dict.fromkeys(frame.columns) | {
        "service_id": "hopital-a",
        "nom": "Hôpital A",
        "nom_en": "Hospital A",
        "genre": "hopital",
        "territoire_niveau": "departement",
        "territoire_code": "75",
        "statut": "ouvert",
        "flux": "plan_lits",
        "origine": "simule",
    }
    return pd.concat([frame, pd.DataFrame([hospital])], ignore_index=True).astype({"date_fin": "datetime64[ns]"})


def small_tables() -> dict[str, pd.DataFrame]:
    """The tables that every small release takes from the repository."""
    names = ("objectifs", "consultations_cocaine")
    return {"services": services()} | {name: read(name) for name in names}


def real_tables() -> dict[str, pd.DataFrame]:
    """Those of a release whose published figures and events are the real ones too."""
    return small_tables() | {name: read(name) for name in ("chiffres_publies", "evenements")}
