"""When and where the rows of a release are about, read from its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from etl.validation.sql import literal
from publish.formats.territories import bounds
from schemas.contract import Contract

# Columns that say when a row begins and ends, the first pair that a dataset has.
SPANS = (("periode_debut", "periode_fin"), ("date_debut", "date_fin"))
WHOLE = "observations"
# The country, where anything is published of it, then the region most rows are about.
PLACES = """
select niveau, code, nom, nom_en from {territories} join (
  select territoire_niveau as niveau, territoire_code as code, count(*) as lignes from {observations}
  where territoire_niveau in ('france', 'region') group by territoire_niveau, territoire_code
  qualify row_number() over (partition by territoire_niveau order by count(*) desc, territoire_code) = 1
) using (niveau, code) order by niveau
"""


def temporal(data: Path, contract: Contract) -> dict[str, str] | None:
    """First and last day of a dataset, ISO 8601; None where its rows have no period."""
    span = next((pair for pair in SPANS if set(pair) <= set(contract.names)), None)
    if span is None:
        return None
    first, last = span
    with duckdb.connect() as con:
        start, end = con.execute(
            f"select min({first}), max(coalesce({last}, {first})) from {_file(data, contract.name)}"
        ).fetchall()[0]
    return {"start": start.isoformat(), "end": end.isoformat()} if start and end else None


def spatial(data: Path) -> list[dict[str, Any]]:
    """Places the observations are about, widest first: level, official code, names, west-south-east-north box."""
    with duckdb.connect() as con:
        query = PLACES.format(territories=_file(data, "territoires"), observations=_file(data, WHOLE))
        found = con.execute(query).fetchall()
    boxes = _boxes(data / "territoires.geojson")
    return [
        {"level": level, "code": code, "name": name, "name_en": english, "bbox": boxes[level, code]}
        for level, code, name, english in found
        if (level, code) in boxes
    ]


def _boxes(path: Path) -> Mapping[tuple[str, str], list[float]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {
        (feature["properties"]["niveau"], feature["properties"]["code"]): bounds([feature["geometry"]])
        for feature in features
        if feature["geometry"]
    }


def _file(data: Path, name: str) -> str:
    return f"read_parquet({literal(str(data / f'{name}.parquet'))}, hive_partitioning = false)"
