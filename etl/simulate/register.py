"""The simulated reporters: services that exist in no register but ours, so that simulated rows point at nobody real.

At scale 1 they are those of ``data/reference/services_demo.csv``, all in Île-de-France. A larger scale adds others in
other departments and never changes the first ones: a table of scale 10 holds that of scale 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import cycle, islice

import pandas as pd

ILE_DE_FRANCE = ("75", "77", "78", "91", "92", "93", "94", "95")
CAARUD_DEPARTMENTS = [
    "75",
    "75",
    "75",
    "75",
    "75",
    "75",
    "93",
    "93",
    "93",
    "93",
    "92",
    "92",
    "94",
    "94",
    "77",
    "78",
    "91",
    "95",
]
HOPITAL_DEPARTMENTS = ["75", "75", "75", "93", "93", "94"]
HOUSING_DEPARTMENTS = ["75", "75", "92", "93", "93", "94"]
ROUNDS_DEPARTMENTS = ["75", "75", "75", "92", "93", "93"]
OTHER_DEPARTMENTS = tuple(
    code
    for code in [*(f"{n:02d}" for n in range(1, 20)), "2A", "2B", *(str(n) for n in range(21, 96))]
    if code not in ILE_DE_FRANCE
)
# Beyond Île-de-France, rounds are told by municipal arrondissement: those of Lyon and Marseille.
DEPARTMENTS_OF_ARRONDISSEMENTS = ("69", "13")
REST_SPACES_PER_SCALE = 2

OPENINGS = {
    "sim-caarud-93-04": "2021-01-04",
    "sim-hopital-94-01": "2024-01-01",
    "sim-maraude-93-02": "2022-01-03",
}
CLOSINGS = {"sim-caarud-75-06": "2022-12-31"}

KINDS = {
    "caarud": ("CAARUD simulé", "Simulated CAARUD", "caarud_activite"),
    "hopital": ("Hôpital simulé", "Simulated hospital", "plan_lits"),
    "espace_repos": ("Espace de repos simulé", "Simulated rest space", "plan_espaces_repos"),
    "hebergement": ("Hébergement simulé", "Simulated housing service", "plan_hebergement"),
    "maraude": ("Équipe de maraude simulée", "Simulated outreach team", "plan_maraudes"),
}
FIRST: Mapping[str, Sequence[str]] = {
    "caarud": CAARUD_DEPARTMENTS,
    "hopital": HOPITAL_DEPARTMENTS,
    "espace_repos": (),
    "hebergement": HOUSING_DEPARTMENTS,
    "maraude": ROUNDS_DEPARTMENTS,
}


@dataclass(frozen=True)
class Service:
    """One row of the register of services, simulated; every cell is text as in the file."""

    service_id: str
    nom: str
    nom_en: str
    genre: str
    operateur: str
    territoire_niveau: str
    territoire_code: str
    date_debut: str
    date_fin: str
    statut: str
    capacite: str
    flux: str
    origine: str
    source_fichier: str
    source_lieu: str
    tel_qu_imprime: str
    nature: str
    date_precision: str
    flux_lies: str
    note: str
    note_en: str


def _service(genre: str, department: str, rank: int) -> Service:
    number = f"{department}-{rank:02d}"
    key = f"sim-{genre.replace('_', '-')}-{number.lower()}"
    name, name_en, feed = KINDS[genre]
    opening, closing = OPENINGS.get(key, ""), CLOSINGS.get(key, "")
    return Service(
        service_id=key,
        nom=f"{name} {number}",
        nom_en=f"{name_en} {number}",
        genre=genre,
        operateur="Opérateur simulé",
        territoire_niveau="departement",
        territoire_code=department,
        date_debut=opening,
        date_fin=closing,
        statut="ferme" if closing else "ouvert",
        capacite="",
        flux=feed,
        origine="simule",
        source_fichier="",
        source_lieu="",
        tel_qu_imprime="",
        nature="service",
        date_precision="jour" if opening else "",
        flux_lies="",
        note="Service simulé : n'existe pas.",
        note_en="Simulated service: does not exist.",
    )


def _departments(genre: str, scale: int) -> Iterator[str]:
    first = FIRST[genre]
    added = len(first) or REST_SPACES_PER_SCALE
    others = DEPARTMENTS_OF_ARRONDISSEMENTS if genre == "maraude" else OTHER_DEPARTMENTS
    yield from first
    yield from islice(cycle(others), added * (scale - 1))


def services(genre: str, *, scale: int) -> list[Service]:
    """Simulated services of a kind (a key of ``KINDS``) at a scale, numbered within their department."""
    seen: Counter[str] = Counter()
    rows = []
    for department in _departments(genre, scale):
        seen[department] += 1
        rows.append(_service(genre, department, seen[department]))
    return rows


def register(*, scale: int) -> pd.DataFrame:
    """Every simulated service at a scale, sorted by identifier: the columns of ``services_demo.csv``."""
    rows = [astuple(service) for genre in KINDS for service in services(genre, scale=scale)]
    names = [field.name for field in fields(Service)]
    return pd.DataFrame(rows, columns=names).sort_values("service_id", ignore_index=True)
