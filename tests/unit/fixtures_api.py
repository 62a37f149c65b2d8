"""A small release true to its contracts: the real catalogue and reference tables, and a few hundred observations.

Unlike in the small release of the pages, each table has the columns, types and Table Schema that ``publish`` writes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pandas as pd
from fixtures_release import observations

from schemas.catalogue import load_catalogue, row_of
from schemas.contract import Contract, contract_names, load_contract

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
VERSION, OLDER, GONE = "2026.3.0+demo", "2026.2.0+demo", "2026.1.0+demo"
REASON = "Deux trimestres étaient intervertis."
SQL = {"string": "varchar", "number": "double", "integer": "bigint", "year": "integer", "boolean": "boolean"}
SQL |= {"date": "date"}


def write_true_releases(root: Path) -> Path:
    """Write a folder of two releases that stand and one that was withdrawn, and return it."""
    for version in (VERSION, OLDER):
        _write(root / version)
    stands = [_line(VERSION, "2026-11-21"), _line(OLDER, "2026-08-21")]
    gone = _line(GONE, "2026-05-21") | {
        "statut": "retire",
        "retraits": [{"fichier": "", "date": "2026-06-01", "raison": REASON}],
    }
    index = {"latest": VERSION, "releases": [*stands, gone]}
    (root / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return root


def _line(version: str, day: str) -> dict[str, object]:
    return {"version": version, "date": day, "statut": "publie", "simule": True}


def _write(folder: Path) -> None:
    for name in ("data", "schemas"):
        (folder / name).mkdir(parents=True)
    with duckdb.connect() as con:
        con.register("vues", observations())
        con.register("catalogue", pd.DataFrame([row_of(indicator) for indicator in load_catalogue().indicateurs]))
        _table(con, folder, load_contract("observations", kind="datasets"), "vues")
        _table(con, folder, load_contract("indicateurs", kind="datasets"), "catalogue")
        for name in contract_names("reference"):
            source = f"read_csv('{REFERENCE / name}.csv', all_varchar = true, nullstr = '')"
            _table(con, folder, load_contract(name, kind="reference"), source)
    (folder / "datapackage.json").write_text(json.dumps({"version": folder.name, "resources": []}), encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _table(con: duckdb.DuckDBPyConnection, folder: Path, contract: Contract, source: str) -> None:
    columns = ", ".join(f'try_cast("{field.name}" as {SQL[field.type]}) as "{field.name}"' for field in contract.fields)
    rows = f"(select {columns} from {source} order by {', '.join(contract.primary_key)})"
    con.execute(f"copy {rows} to '{folder / 'data' / contract.name}.parquet' (format parquet)")
    con.execute(f"copy {rows} to '{folder / 'data' / contract.name}.csv' (format csv, header)")
    text = json.dumps(contract.descriptor, ensure_ascii=False)
    (folder / "schemas" / f"{contract.name}.json").write_text(text, encoding="utf-8")
