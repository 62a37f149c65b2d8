"""The nine criteria by which data.gouv.fr grades a dataset, computed from the Data Package of a release.

As udata computes them (``Dataset.compute_quality``): what a harvester would find in the catalogue is what counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from publish.catalogue.dcat import dataset_names, long_description, resources_of

# udata: QUALITY_DESCRIPTION_LENGTH, CLOSED_FORMATS.
LONG = 100
CLOSED = ("pdf", "doc", "docx", "word", "xls", "excel", "xlsx")
# A quarter, and the month that udata allows before it calls a dataset late.
QUARTER = timedelta(days=92 + 31)


def criteria(package: Mapping[str, Any], name: str, *, today: date, available: frozenset[str]) -> dict[str, bool]:
    """Whether a table of a release meets each criterion on a day; ``available``: paths of the files that are there."""
    files = resources_of(package, name)
    description = long_description(package, files[0])[0] if files else ""
    age = today - date.fromisoformat(package["created"][:10])
    return {
        "licence": bool(package.get("licenses")),
        "couverture_temporelle": bool(files and (files[0].get("temporal") or package.get("temporal"))),
        "couverture_spatiale": bool(package.get("spatial")),
        "frequence": bool(package.get("accrualPeriodicity")),
        "mise_a_jour": age <= QUARTER,
        "description": len(description) > LONG,
        "formats_ouverts": any(resource["format"] not in CLOSED for resource in files),
        "ressources_disponibles": bool(files) and all(resource["path"] in available for resource in files),
        "ressources_documentees": any(resource.get("description") for resource in files),
    }


def unmet(package: Mapping[str, Any], *, today: date, available: frozenset[str]) -> dict[str, list[str]]:
    """The criteria that each table fails; empty where all meet all nine."""
    graded = {name: criteria(package, name, today=today, available=available) for name in dataset_names(package)}
    failed = {name: [code for code, met in found.items() if not met] for name, found in graded.items()}
    return {name: codes for name, codes in failed.items() if codes}
