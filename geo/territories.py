"""Territories as the other floors read them: codes, names, hierarchy, neighbours, population, from plain CSV.

A territory is named by its level and code together (``Key``): official codes clash between levels (region 11 is
Île-de-France, department 11 is Aude).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from schemas.errors import ContractBroken, UsageError

T = TypeVar("T")
Row = Mapping[str, str]
LEVELS = ("france", "region", "departement", "arrondissement", "commune")


class Key(NamedTuple):
    """Level and official code of a territory."""

    niveau: str
    code: str


FRANCE = Key("france", "FR")


@dataclass(frozen=True)
class Territory:
    """A territory. ``date_debut`` and ``date_fin`` are its first and last days, None where they are out of sight."""

    niveau: str
    code: str
    nom: str
    nom_en: str
    parent: Key | None
    date_debut: date | None
    date_fin: date | None

    @property
    def key(self) -> Key:
        """Level and code."""
        return Key(self.niveau, self.code)

    def name(self, lang: str = "fr") -> str:
        """Its name in French, or in English if ``lang`` is ``en``."""
        return self.nom_en if lang == "en" else self.nom

    def existed_on(self, day: date) -> bool:
        """Whether the territory existed that day, both ends included."""
        return (self.date_debut or date.min) <= day <= (self.date_fin or date.max)


@dataclass(frozen=True)
class Population:
    """Legal municipal population, in persons, of the codes of ``annee``; it refers to 1 January of ``annee_legale``."""

    key: Key
    annee: int
    annee_legale: int
    population: int
    source: str


Neighbours = Mapping[Key, tuple[Key, ...]]
Populations = Mapping[Key, Mapping[int, Population]]


def load_territories(folder: Path) -> tuple[Territory, ...]:
    """All territories of ``folder/territoires.csv``, in the order of the file: from France down to communes.

    Raises UsageError if the file is absent, ContractBroken if a line cannot be read.
    """
    return tuple(_read(folder / "territoires.csv", _territory))


def load_neighbours(folder: Path) -> Neighbours:
    """Neighbours of each territory that has some, from ``folder/adjacences.csv``: those it shares a border with."""
    found: dict[Key, list[Key]] = defaultdict(list)
    for key, neighbour in _read(folder / "adjacences.csv", _pair):
        found[key].append(neighbour)
    return {key: tuple(neighbours) for key, neighbours in found.items()}


def load_populations(folder: Path) -> Populations:
    """Populations by territory then year of codes, from ``folder/population.csv``."""
    found: dict[Key, dict[int, Population]] = defaultdict(dict)
    for population in _read(folder / "population.csv", _population):
        found[population.key][population.annee] = population
    return dict(found)


def population_of(populations: Populations, key: Key, year: int) -> Population | None:
    """The population in force for ``year``: that of the year, else of the nearest year before it, else None.

    Nothing is interpolated; ``annee_legale`` of the answer says which year it counts.
    """
    years = [known for known in populations.get(key, {}) if known <= year]
    return populations[key][max(years)] if years else None


def index(territories: Iterable[Territory]) -> Mapping[Key, Territory]:
    """Territories by key."""
    return {territory.key: territory for territory in territories}


def ancestors(territories: Mapping[Key, Territory], key: Key) -> tuple[Territory, ...]:
    """The territory itself, then what it is part of, up to France. Raises KeyError if one is unknown."""
    territory = territories[key]
    return (territory, *(ancestors(territories, territory.parent) if territory.parent else ()))


def children(territories: Iterable[Territory], key: Key) -> tuple[Territory, ...]:
    """Territories right below ``key``, former ones included."""
    return tuple(territory for territory in territories if territory.parent == key)


def _territory(row: Row) -> Territory:
    return Territory(
        niveau=row["niveau"],
        code=row["code"],
        nom=row["nom"],
        nom_en=row["nom_en"],
        parent=Key(row["parent_niveau"], row["parent_code"]) if row["parent_code"] else None,
        date_debut=_day(row["date_debut"]),
        date_fin=_day(row["date_fin"]),
    )


def _population(row: Row) -> Population:
    key = Key(row["niveau"], row["code"])
    return Population(key, int(row["annee"]), int(row["annee_legale"]), int(row["population"]), row["source"])


def _pair(row: Row) -> tuple[Key, Key]:
    return Key(row["niveau"], row["code"]), Key(row["voisin_niveau"], row["voisin_code"])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(path: Path, convert: Callable[[Row], T]) -> Iterator[T]:
    """Rows of a reference table, each converted; one that cannot be is told with its file and line."""
    if not path.is_file():
        raise UsageError(f"{path.name} : table introuvable. Lancez « observatoire geo build » pour la reconstruire.")
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                yield convert(row)
            except (KeyError, TypeError, ValueError) as error:
                raise ContractBroken(
                    f"{path.name}, ligne {line} : illisible ({error}). "
                    "Lancez « observatoire geo build » pour reconstruire la table."
                ) from error
