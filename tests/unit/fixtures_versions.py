"""Release folders of a few rows, to compare: the observations of two indicators, with what changed between them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from publish.differences.diff import Snapshot
from schemas.contract import Contract, load_contract

Row = dict[str, Any]
BEFORE, AFTER = "2026.3.0+demo", "2026.3.1+demo"
TYPES = {"number": "double", "integer": "bigint", "boolean": "boolean", "date": "date"}
KINDS = {
    "observations": "datasets",
    "revisions": "datasets",
    "calendrier": "reference",
    "indicateurs": "datasets",
    "tendances": "datasets",
    "differences": "datasets",
    "corrections": "reference",
    "territoires": "reference",
    "services": "reference",
}


def observation(period: str = "2026-T3", value: float | None = 100.0, **more: Any) -> Row:
    """One overall observation of a quarter; ``value`` None is a secret cell."""
    year, quarter = int(period[:4]), int(period[-1])
    end = pd.Period(f"{year}Q{quarter}", freq="Q").end_time.date()
    return {
        "indicateur": "lits_demandes",
        "territoire_niveau": "departement",
        "territoire_code": "75",
        "periode": period,
        "periode_debut": date(year, 3 * quarter - 2, 1),
        "periode_fin": end,
        "granularite": "trimestre",
        "ventilation": "ensemble",
        "modalite": "tous",
        "valeur": value,
        "numerateur": value,
        "denominateur": None,
        "borne_basse": None,
        "borne_haute": None,
        "unite": "demandes",
        "statut": "secret" if value is None else "valeur",
        "obs_status": "Q" if value is None else "A",
        "conf_status": "C" if value is None else "F",
        "provisoire": False,
        "attendues": 2,
        "recues": 2,
        "origine": "simule",
        "source": "plan_lits",
        **more,
    }


def indicator(code: str = "lits_demandes", **more: Any) -> Row:
    """One row of the catalogue."""
    texts = dict.fromkeys(load_contract("indicateurs", kind="datasets").names, "x")
    plain = {"echelle": 1.0, "additif": True, "sensible": True}
    return {**texts, "indicateur": code, "nom": f"Nom de {code}", **plain, **more}


def error(code: str = "sim-CO001", **more: Any) -> Row:
    """One declared error, of every observation unless ``more`` says where."""
    empty = dict.fromkeys(load_contract("corrections", kind="reference").names)
    told = {"id": code, "jeu": "observations", "constat": "Compté deux fois.", "remede": "Double retiré."}
    return {**empty, **told, "version_erronee": BEFORE, "version_corrigee": AFTER, "origine": "simule", **more}


def write(root: Path, version: str, schemas: dict[str, Any] | None = None, **tables: list[Row]) -> Snapshot:
    """A release folder that holds these rows, and the contracts of their tables (``schemas`` replaces some)."""
    folder = root / version
    (folder / "data").mkdir(parents=True)
    (folder / "schemas").mkdir()
    held = {"indicateurs": [indicator()], "territoires": TERRITORIES, **tables}
    for name, rows in held.items():
        contract = load_contract(name, kind=KINDS[name])
        _write_parquet(folder / "data" / f"{name}.parquet", contract, rows)
        descriptor = (schemas or {}).get(name, contract.descriptor)
        (folder / "schemas" / f"{name}.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return Snapshot(folder, version)


def _write_parquet(path: Path, contract: Contract, rows: list[Row]) -> None:
    """The rows typed as the contract types them, a column without any value too."""
    columns = ", ".join(f'"{field.name}" {TYPES.get(field.type, "varchar")}' for field in contract.fields)
    with duckdb.connect(":memory:") as con:
        con.execute(f"create table t ({columns})")
        for row in rows:
            marks = ", ".join("?" for _ in contract.names)
            con.execute(f"insert into t values ({marks})", [row.get(name) for name in contract.names])
        con.table("t").write_parquet(str(path))


TERRITORIES = [
    {**dict.fromkeys(load_contract("territoires", kind="reference").names), "niveau": level, "code": code}
    | {"parent_niveau": above[0], "parent_code": above[1]}
    for level, code, above in (
        ("france", "FR", (None, None)),
        ("region", "11", ("france", "FR")),
        ("departement", "75", ("region", "11")),
        ("departement", "93", ("region", "11")),
    )
]
