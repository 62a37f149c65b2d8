"""Territories and their populations by year, from the editions of official codes. Pure Python: no geometry here."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.sources import Codes, Record
from geo.territories import FRANCE, LEVELS, Key, Population, Territory
from schemas.errors import ContractBroken

INNER_RING = ("92", "93", "94")
MAYOTTE = "976"
MAYOTTE_LEGAL_YEAR = 2017  # its only census behind these figures; counted apart from the rest of France

ENGLISH = {
    "Bretagne": "Brittany",
    "Corse": "Corsica",
    "Guyane": "French Guiana",
    "La Réunion": "Réunion",
    "Normandie": "Normandy",
}


@dataclass(frozen=True)
class Named:
    """A territory as one edition has it."""

    key: Key
    nom: str
    parent: Key | None


def _of_edition(codes: Codes) -> Iterator[Named]:
    yield Named(FRANCE, "France", None)
    for code, item in codes.regions.items():
        yield Named(Key("region", code), item["nom"], FRANCE)
    for code, item in codes.departements.items():
        yield Named(Key("departement", code), item["nom"], Key("region", item["region"]))
    for code, item in codes.arrondissements.items():
        yield Named(Key("arrondissement", code), _short(item["nom"]), Key("departement", item["departement"]))
    for code, item in codes.communes.items():
        if item["departement"] in INNER_RING:
            yield Named(Key("commune", code), item["nom"], Key("departement", item["departement"]))


def _short(name: str) -> str:
    """« Paris 18e Arrondissement » is read « Paris 18e »."""
    return name.removesuffix(" Arrondissement")


def english(nom: str) -> str:
    """The English name, where there is one: some regions, and municipal arrondissements."""
    numbered = re.fullmatch(r"(.+) (\d+)er?", nom)
    if numbered is None:
        return ENGLISH.get(nom, nom)
    city, number = numbered[1], int(numbered[2])
    suffix = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{city} {number}{suffix} arrondissement"


def order(key: Key) -> tuple[int, str]:
    """Sort order of every table: France, regions, departments, arrondissements, communes; then by code."""
    return LEVELS.index(key.niveau), key.code


def territories(editions: Sequence[Codes]) -> tuple[Territory, ...]:
    """Every territory that at least one edition knows, with the name of the newest that does.

    Codes change on 1 January: ``date_debut`` is that of the edition a territory appears in (None in the first, which
    says nothing of what came before) and ``date_fin`` the eve of the one it is absent from (None in the last).
    """
    seen: dict[Key, list[tuple[Codes, Named]]] = defaultdict(list)
    for codes in editions:
        for named in _of_edition(codes):
            seen[named.key].append((codes, named))
    years = [codes.year for codes in editions]
    rows = (_territory(years, [codes.year for codes, _ in found], found[-1][1]) for found in seen.values())
    return tuple(sorted(rows, key=lambda territory: order(territory.key)))


def _territory(years: Sequence[int], present: Sequence[int], newest: Named) -> Territory:
    first, last = present[0], present[-1]
    return Territory(
        niveau=newest.key.niveau,
        code=newest.key.code,
        nom=newest.nom,
        nom_en=english(newest.nom),
        parent=newest.parent,
        date_debut=None if first == years[0] else date(first, 1, 1),
        date_fin=None if last == years[-1] else date(years[years.index(last) + 1] - 1, 12, 31),
    )


def absorptions(editions: Sequence[Codes], *, since: int) -> dict[str, str]:
    """Commune that existed in ``since`` or later and no longer does → commune of the last edition it is now part of."""
    last = editions[-1]
    past = {code for codes in editions if codes.year >= since for code in codes.communes} - set(last.communes)
    return {code: last.absorbed[code] for code in sorted(past) if last.absorbed.get(code) in last.communes}


def postcodes(places: Iterable[Territory], last: Codes) -> Iterator[tuple[str, str, str]]:
    """Level, code and postcode of every current arrondissement and commune, one a row, in the order of ``places``."""
    listed = {"arrondissement": last.arrondissements, "commune": last.communes}
    for place in places:
        record = listed.get(place.niveau, {}).get(place.code, {})
        for postcode in sorted(record.get("codesPostaux", ())):
            yield (*place.key, postcode)


def populations(editions: Sequence[Codes]) -> tuple[Population, ...]:
    """Legal municipal populations of every territory in every edition, sorted by territory then year."""
    rows = (row for codes in editions for row in _populations(codes))
    return tuple(sorted(rows, key=lambda row: (order(row.key), row.annee)))


def _populations(codes: Codes) -> Iterator[Population]:
    communes = commune_populations(codes)
    by_department = department_populations(codes, communes)
    by_region: Counter[str] = Counter()
    for code, item in codes.departements.items():
        by_region[item["region"]] += by_department[code]
    yield _row(codes, FRANCE, sum(by_region.values()))
    for code in codes.regions:
        yield _row(codes, Key("region", code), by_region[code])
    for code in codes.departements:
        yield _row(codes, Key("departement", code), by_department[code])
    for code, item in codes.arrondissements.items():
        yield _row(codes, Key("arrondissement", code), item["population"])
    for code, item in codes.communes.items():
        if item["departement"] in INNER_RING:
            yield _row(codes, Key("commune", code), communes[code])


def _row(codes: Codes, key: Key, population: int) -> Population:
    mayotte = {codes.departements[MAYOTTE]["region"]} if MAYOTTE in codes.departements else set()
    alone = key == Key("departement", MAYOTTE) or (key.niveau == "region" and key.code in mayotte)
    legal_year = MAYOTTE_LEGAL_YEAR if alone else codes.edition.legal_year
    note = f" ; Mayotte : {MAYOTTE_LEGAL_YEAR}" if key == FRANCE and mayotte else ""
    source = f"INSEE, population municipale {legal_year}{note}"
    return Population(key, codes.year, legal_year, population, source)


def commune_populations(codes: Codes) -> Mapping[str, int]:
    """Municipal population by commune. In a late edition the table of groupings knows better, member by member."""
    found = {code: int(item.get("population") or 0) for code, item in codes.communes.items()}
    if codes.edition.late:
        members = (member for grouping in codes.groupings for member in grouping["membres"])
        found |= {
            member["code"]: int(member["populationMunicipale"])
            for member in members
            if member["code"] in found and member.get("populationMunicipale") is not None
        }
    return found


def department_populations(codes: Codes, communes: Mapping[str, int]) -> Counter[str]:
    """Population by department: the sum of its communes, and in a late edition what the list by commune leaves out.

    What is left out is the difference between a grouping's own total and the sum of its members; it belongs to the
    communes born of a merger among them, hence to their department.
    """
    totals: Counter[str] = Counter()
    for code, item in codes.communes.items():
        totals[item["departement"]] += communes[code]
    for grouping in codes.groupings if codes.edition.late else ():
        members = [member["code"] for member in grouping["membres"] if member["code"] in communes]
        if missing := int(grouping["populationMunicipale"]) - sum(communes[code] for code in members):
            totals[_department_of(grouping, members, codes)] += missing
    return totals


def _department_of(grouping: Record, members: Iterable[str], codes: Codes) -> str:
    merged = [code for code in members if code in codes.created]
    departments: set[str] = {codes.communes[code]["departement"] for code in merged or members}
    if len(departments) != 1:
        raise ContractBroken(
            f"{grouping['nom']} ({codes.edition.package.label}) : sa population ne peut être rattachée à un seul "
            f"département ({', '.join(sorted(departments))}). Complétez la règle de geo/tables.py."
        )
    return departments.pop()
