"""What a release says of itself: Data Package v2 descriptor, reading notes, licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from etl.files import sha256
from publish.coverage import WHOLE, spatial, temporal
from publish.formats.territories import NAME as TERRITORIES
from publish.formats.territories import SCHEMA as GEOGRAPHIC_SCHEMA
from publish.formats.xlsx import sheet_names
from publish.notice import (
    BOUNDARIES,
    DOCUMENTS,
    KEYWORDS,
    LICENCE,
    NAME,
    READING,
    RETURNS,
    SIMULATED,
    TITLE,
    Notice,
    source_of,
)
from publish.tables import Table
from schemas.contract import Contract

MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "json": "application/json",
}
TEXTS = ("csv", "geojson", "json")
# A release a quarter, by rule (ISO 8601 repeating interval).
EVERY_QUARTER = "R/P3M"
DIALECT = "https://datapackage.org/profiles/2.0/tabledialect.json"


def data_package(folder: Path, tables: tuple[Table, ...], rows: dict[str, int], notice: Notice) -> dict[str, Any]:
    """The Data Package v2 descriptor of a release folder whose data files are written.

    Standard: https://datapackage.org/standard/data-package/ (2.0); one resource per dataset and format. Properties of
    our own, which the standard allows: ``*_en``, ``temporal``, ``spatial``, ``accrualPeriodicity``, ``rows``.
    """
    data = folder / "data"
    whole = next((span for table in tables if table.name == WHOLE and (span := temporal(data, table.contract))), None)
    resources = [resource for table in tables for resource in _resources(folder, table, rows[table.name])]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "id": notice.permanent("datapackage.json"),
        "title": TITLE.fr,
        "title_en": TITLE.en,
        "description": notice.description("fr"),
        "description_en": notice.description("en"),
        "homepage": notice.base,
        "version": str(notice.version),
        "created": f"{notice.day.isoformat()}T00:00:00Z",
        "licenses": [LICENCE],
        "contributors": [{"title": TITLE.fr, "path": notice.base, "roles": ["publisher"]}],
        "keywords": list(KEYWORDS),
        "sources": [{"title": label.fr, "title_en": label.en} for label in (RETURNS, DOCUMENTS, BOUNDARIES)],
        "accrualPeriodicity": EVERY_QUARTER,
        **({"temporal": whole} if whole else {}),
        "spatial": spatial(data),
        "resources": [*resources, *_outlines(folder)],
    }


def table_schema(contract: Contract) -> dict[str, Any]:
    """The Table Schema of a published dataset.

    ``fieldsMatch`` is how a feed may be sent; what is published has exactly its fields, which is the default (and the
    2.0 profile is wrong about its type: frictionlessdata/datapackage, issue 965).
    """
    return {name: value for name, value in contract.descriptor.items() if name != "fieldsMatch"}


def _resources(folder: Path, table: Table, rows: int) -> list[dict[str, Any]]:
    """The resources of a dataset, one a format. The CSV bears the name that foreign keys refer to."""
    contract, source = table.contract, source_of(table.contract)
    span = temporal(folder / "data", contract)
    shared = {
        "title": contract.title.fr,
        "title_en": contract.title.en,
        "description": contract.description.fr,
        "description_en": contract.description.en,
        "sources": [{"title": source.fr, "title_en": source.en}],
        **({"temporal": span} if span else {}),
    }
    files = sorted(
        (folder / "data").glob(f"{contract.name}.*"), key=lambda path: list(MEDIA_TYPES).index(path.suffix[1:])
    )
    return [_resource(folder, path) | shared | _table(path, contract.name, rows) for path in files]


def _table(path: Path, name: str, rows: int) -> dict[str, Any]:
    """What makes a resource a table: its schema, the sheet it is in."""
    if path.suffix == ".geojson":
        return {}
    table = {"type": "table", "rows": rows, "schema": f"schemas/{name}.json"}
    if path.suffix == ".xlsx":
        sheets = sheet_names(name, rows)
        dialect = {"$schema": DIALECT, "sheetName": sheets[0]}
        return {**table, "dialect": dialect, **({"sheets": list(sheets)} if len(sheets) > 1 else {})}
    if path.suffix == ".parquet" and name == TERRITORIES:
        return {**table, "schema": f"schemas/{GEOGRAPHIC_SCHEMA}.json"}
    return table


def _resource(folder: Path, path: Path) -> dict[str, Any]:
    format = path.suffix[1:]
    return {
        "name": path.stem if format == "csv" else f"{path.stem}-{format}",
        "path": path.relative_to(folder).as_posix(),
        "format": format,
        "mediatype": MEDIA_TYPES[format],
        **({"encoding": "utf-8"} if format in TEXTS else {}),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
    }


def _outlines(folder: Path) -> list[dict[str, Any]]:
    """The outlines that maps are drawn from: the same boundaries, projected and simplified."""
    return [
        {
            **_resource(folder, path),
            "name": f"carte-{path.name.split('.')[0].replace('_', '-')}",
            "title": "Contours en Lambert-93, pour dessiner une carte",
            "title_en": "Outlines in Lambert-93, to draw a map",
            "sources": [{"title": BOUNDARIES.fr, "title_en": BOUNDARIES.en}],
        }
        for path in sorted((folder / "cartes").glob("*.json"))
    ]


def readme(tables: tuple[Table, ...], rows: dict[str, int], notice: Notice) -> str:
    """The reading notes of a release, French then English, in Markdown."""
    return _notes(tables, rows, notice, "fr") + "\n" + _notes(tables, rows, notice, "en")


def _notes(tables: tuple[Table, ...], rows: dict[str, int], notice: Notice, lang: str) -> str:
    listed = "\n".join(
        f"- `{table.name}` ({rows[table.name]}) : {table.contract.title[lang]}. {table.contract.description[lang]}"
        for table in tables
    )
    demo = f"\n**{SIMULATED[lang]}**\n" if notice.version.demo else ""
    published = (
        f"Publiée le {notice.day.isoformat()}. Cette version ne changera plus."
        if lang == "fr"
        else f"Published on {notice.day.isoformat()}. This version will never change."
    )
    cite = "Citer : " if lang == "fr" else "Cite: "
    return (
        f"# {TITLE[lang]} — version {notice.version}\n\n{published}\n{demo}\n{READING[lang]}\n\n"
        f"{cite}{notice.citation(lang)}\n\n{listed}\n"
    )


def licence() -> str:
    """The licence notice of a release's data."""
    return f"{LICENCE['title']} ({LICENCE['name']})\n{LICENCE['path']}\n\n{BOUNDARIES.fr}\n{BOUNDARIES.en}\n"
