"""Six releases made quickly from a small warehouse, one after the other, as two years of an observatory."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from etl.files import sha256
from tests.integration.house import House

# The first quarter is revised by the second release; nothing changes after it.
RELEASES = {
    "2026.3.0+demo": date(2026, 12, 16),
    "2026.3.1+demo": date(2027, 1, 6),
    "2026.4.0+demo": date(2027, 3, 18),
    "2027.1.0+demo": date(2027, 6, 16),
    "2027.2.0+demo": date(2027, 9, 15),
    "2027.3.0+demo": date(2027, 12, 16),
}
HEADER = (
    "etablissement_id,unite,mois,lits_finances,lits_identifies,lits_ouverts,journees_disponibles,journees_utilisees,"
    "journees_attribuees,demandes,admissions,admissions_5_jours,delai_median_jours,delai_p90_jours,sorties_precoces,"
    "revus_j8,origine"
)
# What each file of the first release was on the day it was made.
FIRST_PRINTS = "premiere.json"
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")


def returns(path: Path, *, requests: int) -> Path:
    """A file of two hospitals, no count of which is small; ``requests`` is what each declares for September."""
    rows = [
        f"{hospital},sevrage,{month},30,30,30,900,700,600,{requests if month == '2026-09' else 400},200,80,6.0,12.0,"
        "40,50,simule"
        for hospital in ("sim-hopital-75-01", "sim-hopital-93-01")
        for month in MONTHS
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def prints(folder: Path) -> dict[str, str]:
    """SHA-256 of each file below a folder, by its relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def six_releases(folder: Path) -> House:
    """A house with the six releases; their static pages are left out, which is what takes long."""
    house = House(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publish.release.write_site", lambda *_: 0)
        for rank, (version, day) in enumerate(RELEASES.items()):
            if rank < 2:
                file = returns(folder / f"lits_{rank}.csv", requests=400 + 25 * rank)
                assert house.ingest("plan_lits", file).etat == "accepte"
                house.build()
            done = house.release(version, day)
            if rank == 0:
                (house.data / FIRST_PRINTS).write_text(json.dumps(prints(done.dossier)), encoding="utf-8")
    return house
