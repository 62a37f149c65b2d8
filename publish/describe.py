"""What a release says of itself: Data Package v2 descriptor, reading notes, licence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from etl.files import sha256
from publish.tables import Table
from publish.version import Version

TITLE = {"fr": "Observatoire du plan crack", "en": "Observatory of the crack plan"}
LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte / Open Licence 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "json": "application/json",
}
BOUNDARIES = "Contours : IGN (Admin Express) ; codes et populations légales : INSEE, Etalab — Licence Ouverte 2.0."


DEMO = {
    "fr": "\n**Version de démonstration : les observations sont simulées** (colonne `origine`). "
    "Ne les citez pas comme des faits.\n",
    "en": "\n**Demonstration version: the observations are simulated** (column `origine`). "
    "Do not quote them as facts.\n",
}


def data_package(
    folder: Path, tables: tuple[Table, ...], rows: dict[str, int], *, version: Version, day: date
) -> dict[str, Any]:
    """The Data Package v2 descriptor of a release folder whose data files are written.

    Standard: https://datapackage.org/standard/data-package/ (2.0); one resource per dataset and format.
    """
    resources = [resource for table in tables for resource in _resources(folder, table, rows[table.name])]
    boundaries = _resource(folder, folder / "data" / "territoires.geojson", name="territoires-contours")
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "observatoire-plan-crack",
        "title": TITLE["fr"],
        "title_en": TITLE["en"],
        "description": _description(version),
        "version": str(version),
        "created": f"{day.isoformat()}T00:00:00Z",
        "licenses": [LICENCE],
        "contributors": [{"title": TITLE["fr"], "roles": ["publisher"]}],
        "keywords": ["crack", "cocaïne", "addictologie", "CAARUD", "Paris", "Île-de-France"],
        "resources": [
            *resources,
            {**boundaries, "title": "Contours des territoires", "sources": [{"title": BOUNDARIES}]},
        ],
    }


def _description(version: Version) -> str:
    if not version.demo:
        return "Indicateurs de suivi du plan crack à Paris et en Île-de-France."
    return (
        "Indicateurs de suivi du plan crack à Paris et en Île-de-France. Version de démonstration : les observations "
        "sont SIMULÉES (origine = simule) ; seuls les chiffres publiés, transcrits de documents, sont réels."
    )


def _resources(folder: Path, table: Table, rows: int) -> list[dict[str, Any]]:
    contract = table.contract
    shared = {
        "type": "table",
        "title": contract.title.fr,
        "title_en": contract.title.en,
        "description": contract.description.fr,
        "description_en": contract.description.en,
        "rows": rows,
        "schema": f"schemas/{contract.name}.json",
    }
    # The CSV bears the name that foreign keys refer to.
    names = {"csv": contract.name, "parquet": f"{contract.name}-parquet"}
    return [
        {**_resource(folder, folder / "data" / f"{contract.name}.{format}", name=name), **shared}
        for format, name in names.items()
    ]


def _resource(folder: Path, path: Path, *, name: str) -> dict[str, Any]:
    format = path.suffix[1:]
    return {
        "name": name,
        "path": path.relative_to(folder).as_posix(),
        "format": format,
        "mediatype": MEDIA_TYPES[format],
        **({} if format == "parquet" else {"encoding": "utf-8"}),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
    }


def readme(tables: tuple[Table, ...], rows: dict[str, int], *, version: Version, day: date) -> str:
    """The reading notes of a release, French then English, in Markdown."""
    lists = {
        lang: "\n".join(
            f"- `{t.name}` ({rows[t.name]}) : {t.contract.title[lang]}. {t.contract.description[lang]}" for t in tables
        )
        for lang in ("fr", "en")
    }
    demo = DEMO if version.demo else {"fr": "", "en": ""}
    return f"""# {TITLE["fr"]} — version {version}

Publiée le {day.isoformat()}. Cette version ne changera plus.
{demo["fr"]}
Une cellule vide se lit avec son statut : `zero`, `non_rapporte`, `non_applicable` et `secret` sont quatre choses.
Un effectif de personnes ou d'actes sur des personnes compris entre 1 et 10 n'est pas publié.

{lists["fr"]}

# {TITLE["en"]} — version {version}

Published on {day.isoformat()}. This version will never change.
{demo["en"]}
An empty cell is read with its status: `zero`, `non_rapporte`, `non_applicable` and `secret` are four things.
A count of people, or of acts on people, from 1 to 10 is not published.

{lists["en"]}
"""


def licence() -> str:
    """The licence notice of a release's data."""
    return f"{LICENCE['title']} ({LICENCE['name']})\n{LICENCE['path']}\n\n{BOUNDARIES}\n"
