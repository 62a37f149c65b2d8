"""Where each target stands, and when its course would meet it, read on the published values alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from etl.statistics import Course, Standing, course, quarter_name, quarter_number, standing
from publish.charte.objectifs import returns_matter
from schemas.contract import load_contract

SERIES = Path(__file__).resolve().parent / "sql" / "series_des_objectifs.sql"
DECIMALS = 6


def courses(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of dataset ``trajectoires``, over a connection where ``protect`` made the publishable observations."""
    series = con.execute(SERIES.read_text(encoding="utf-8")).df()
    rows = [_row(part) for _, part in series.groupby("objectif", sort=True)]
    return pd.DataFrame(rows, columns=list(load_contract("trajectoires", kind="datasets").names))


def _row(part: pd.DataFrame) -> dict[str, Any]:
    """One target with its quarters, oldest first; a target without a series has one row without a quarter."""
    about = part.iloc[0]
    row = {"objectif": about["objectif"], "indicateur": about["indicateur"]}
    if part["periode"].isna().all():
        return {**row, "etat": "indeterminee", "raison": "sans_serie"}
    known = _every_quarter(part)
    deadline = None if pd.isna(about["echeance"]) else quarter_number(_quarter_of(about["echeance"]))
    asked: dict[str, Any] = {
        "first": int(known.index[0]),
        "target": float(about["valeur_cible"]),
        "operator": about["operateur"],
        "deadline": deadline,
        "provisional": known["provisoire"].to_numpy(),
    }
    values = known["valeur"].to_numpy(dtype=float)
    now = standing(values, **asked)
    ahead = Course() if now.status == "atteinte" else _ahead(part, values, asked)
    return {**row, **_told(now), **_projected(ahead), "origine": part["origine"].max()}


def _ahead(part: pd.DataFrame, values: Any, asked: Mapping[str, Any]) -> Course:
    """When the course would meet the target; no date where it asks for more than there can be."""
    most = part["plafond"].dropna()
    if len(most) and most.iloc[-1] < asked["target"]:
        return Course(reason="hors_de_portee")
    return course(values, **asked)


def _every_quarter(part: pd.DataFrame) -> pd.DataFrame:
    """Value and provisional flag by quarter number, absent quarters between the first and the last included. What
    missing returns keep from telling is provisional too."""
    numbers = part["periode"].map(quarter_number)
    aim = str(part["operateur"].iloc[0]), float(part["valeur_cible"].iloc[0])
    short = pd.Series([returns_matter(row, *aim) for _, row in part.iterrows()], index=part.index)
    held = part.assign(numero=numbers, provisoire=part["provisoire"] | short)
    table = held.set_index("numero")[["valeur", "provisoire"]].sort_index()
    every = table.reindex(range(int(numbers.min()), int(numbers.max()) + 1))
    return every.assign(provisoire=every["provisoire"].astype("boolean").fillna(False).astype(bool))


def _quarter_of(day: Any) -> str:
    moment = pd.Timestamp(day)
    return f"{moment.year}-T{moment.quarter}"


def _told(now: Standing) -> Mapping[str, Any]:
    return {
        "etat": now.status,
        "dernier_trimestre": _name(now.quarter),
        "valeur": now.value,
        "depuis": _name(now.since),
        "attendu": _rounded(now.expected),
        "rythme_annuel": _rounded(now.pace),
    }


def _projected(ahead: Course) -> Mapping[str, Any]:
    return {
        "projection_tot": _name(ahead.early),
        "projection": _name(ahead.central),
        "projection_tard": _name(ahead.late),
        "probabilite_echeance": _rounded(ahead.by_deadline),
        "raison": ahead.reason,
    }


def _name(quarter: int | None) -> str | None:
    return None if quarter is None else quarter_name(quarter)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
