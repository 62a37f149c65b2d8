"""A small release, made from nothing, in the format of the real ones: safe, unless a test spoils it.

One region of two departments, three services each, three months of one quarter. Two services of department 01 have few
visits in January: they are hidden, with two cells of February that shield them. What remains possible is wide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

REGION, DEPARTMENTS = "84", ("01", "26")
MONTHS = ("2026-01", "2026-02", "2026-03")
QUARTER = "2026-T1"
SERVICES = {f"service-{code}-{letter}": code for code in DEPARTMENTS for letter in "abc"}
SMALL = ("service-01-a", "service-01-b")
HIDDEN = tuple((service, month) for service in SMALL for month in MONTHS[:2])
VISITS = {("service-01-a", "2026-01"): 5, ("service-01-a", "2026-02"): 31, ("service-01-b", "2026-01"): 42}
VISITS |= {("service-01-b", "2026-02"): 27}
POPULATION = {"01": 650_000, "26": 510_000, REGION: 1_160_000}
DATES = ("periode_debut", "periode_fin")
SECRET = ("valeur", "numerateur", "denominateur", "borne_basse", "borne_haute")
KEYS = ("indicateur", "territoire_niveau", "territoire_code", "periode", "ventilation", "modalite")

MEASURES = (
    ("essai", "visites", "somme", "somme", True, None, None, None, None, None),
    ("essai", "personnes", "somme", "somme", True, None, None, None, None, None),
    ("essai", "femmes", "somme", "somme", True, "personnes", None, None, None, None),
    ("essai", "places", "somme", "somme", False, None, None, None, None, None),
)
# Code, kind, numerator, denominator, interval, scale.
INDICATORS = (
    ("visites", "effectif", "visites", None, "aucun", 1.0),
    ("visites_taux", "taux", "visites", "population", "byar", 100_000.0),
    ("visites_par_personne", "rapport", "visites", "personnes", "aucun", 1.0),
    ("visites_par_place", "rapport", "visites", "places", "aucun", 1.0),
    ("personnes", "effectif", "personnes", None, "aucun", 1.0),
    ("femmes", "effectif", "femmes", None, "aucun", 1.0),
    ("part_femmes", "part", "femmes", "personnes", "wilson", 100.0),
    ("places", "effectif", "places", None, "aucun", 1.0),
)


Changes = Mapping[tuple[str, str], Mapping[str, int]]


def measured(service: str, month: str, changes: Changes) -> dict[str, int]:
    """What a service counted in a month."""
    rank, late = sorted(SERVICES).index(service), MONTHS.index(month)
    people = 60 + 7 * rank + 3 * late
    return {
        "visites": VISITS.get((service, month), 140 + 11 * rank + 17 * late),
        "personnes": people,
        "femmes": 24 + 2 * rank + late,
        "places": 30,
        "population": 0,
        **changes.get((service, month), {}),
    }


@dataclass
class Fabrique:
    """The release before it is written: change ``observations``, ``tables`` or ``fichiers``, then ``write``."""

    observations: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    fichiers: dict[str, str] = field(default_factory=dict)

    def cells(self, **keys: Any) -> pd.Series:
        """Which rows have these keys."""
        chosen = pd.Series(True, index=self.observations.index)
        for name, value in keys.items():
            chosen &= self.observations[name] == value
        return chosen

    def show(self, columns: Mapping[str, Any], **keys: Any) -> None:
        """Write some numbers in the rows with these keys, whatever their status."""
        for name, value in columns.items():
            self.observations.loc[self.cells(**keys), name] = value

    def reveal(self, **keys: Any) -> None:
        """Publish again the rows with these keys."""
        chosen = self.cells(**keys)
        truth = whole().loc[chosen]
        for name in (*SECRET, "statut"):
            self.observations.loc[chosen, name] = truth[name]

    def hide(self, chosen: pd.Series) -> None:
        """Make some rows secret."""
        self.observations.loc[chosen, list(SECRET)] = None
        self.observations.loc[chosen, "statut"] = "secret"

    def write(self, folder: Path) -> Path:
        """Write the release in ``folder`` and return it."""
        for name in ("data", "schemas"):
            (folder / name).mkdir(parents=True)
        for name, frame in {"observations": self.observations, **self.tables}.items():
            write_table(folder, name, frame)
        (folder / "schemas" / "confidentialite.json").write_text(json.dumps({"seuil": 11}), encoding="utf-8")
        for name, text in self.fichiers.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder


def write_table(folder: Path, name: str, frame: pd.DataFrame) -> None:
    """One table as CSV, Parquet and Table Schema."""
    with duckdb.connect() as con:
        texts = {column: "string" for column in frame.columns if frame[column].dtype == object and column not in DATES}
        con.register("t", frame.astype(texts))
        for suffix, options in (("parquet", "format parquet"), ("csv", "format csv, header")):
            con.execute(f"copy t to '{folder / 'data' / f'{name}.{suffix}'}' ({options})")
    fields = [{"name": column} for column in frame.columns]
    (folder / "schemas" / f"{name}.json").write_text(json.dumps({"name": name, "fields": fields}), encoding="utf-8")


def safe(changes: Changes | None = None) -> Fabrique:
    """The release that gives nothing away, some counts changed for others."""
    made = Fabrique(whole(changes), references())
    cells = made.observations[["modalite", "periode"]].apply(tuple, axis=1).isin(HIDDEN)
    made.hide(cells & made.observations["indicateur"].str.startswith("visites"))
    return made


def write_releases(root: Path, releases: Mapping[str, Fabrique], *, withdrawn: Sequence[str] = ()) -> Path:
    """A folder of releases with its index, in that order; what is withdrawn is kept beside."""
    entries = []
    for version, made in releases.items():
        kept = root.with_name(root.name + ".retirees") if version in withdrawn else root
        made.write(kept / version)
        status = "retire" if version in withdrawn else "publie"
        entries.append({"version": version, "date": "2026-05-01", "statut": status, "simule": False})
    root.mkdir(exist_ok=True)
    document = {"latest": next(reversed(releases)), "releases": entries}
    (root / "index.json").write_text(json.dumps(document), encoding="utf-8")
    return root


def whole(changes: Changes | None = None) -> pd.DataFrame:
    """Every observation as it was counted, nothing hidden."""
    frame = pd.DataFrame(list(_rows(changes or {})))
    for name in ("periode_debut", "periode_fin"):
        frame[name] = pd.to_datetime(frame[name]).dt.date
    for name in SECRET:
        frame[name] = frame[name].astype(float)
    return frame


def _rows(changes: Changes) -> Iterator[dict[str, Any]]:
    for place, ventilation, modality, services in _cuts():
        for period, months in ((QUARTER, MONTHS), *((month, (month,)) for month in MONTHS)):
            reports = [measured(service, month, changes) for service in services for month in months]
            for indicator in INDICATORS:
                row = _row(indicator, place, period, (ventilation, modality), reports)
                if row:
                    yield row


def _cuts() -> Iterator[tuple[tuple[str, str], str, str, list[str]]]:
    yield ("region", REGION), "ensemble", "tous", list(SERVICES)
    for code in DEPARTMENTS:
        inside = [service for service, place in SERVICES.items() if place == code]
        yield ("departement", code), "ensemble", "tous", inside
        for service in inside:
            yield ("departement", code), "service", service, [service]
            yield ("region", REGION), "service", service, [service]


def _row(
    indicator: tuple[Any, ...],
    place: tuple[str, str],
    period: str,
    cut: tuple[str, str],
    reports: list[dict[str, int]],
) -> dict[str, Any] | None:
    code, kind, top, base, interval, scale = indicator
    if kind == "taux" and cut[0] != "ensemble":
        return None
    count = float(sum(report[top] for report in reports))
    total = None if base is None else float(sum(report[base] for report in reports))
    total = float(POPULATION[place[1]]) if base == "population" else total
    value = count if total is None else round(scale * count / total, 6)
    low, high = _interval(interval, count, total, scale)
    start = date.fromisoformat(f"{MONTHS[0] if period == QUARTER else period}-01")
    return {
        "indicateur": code,
        "territoire_niveau": place[0],
        "territoire_code": place[1],
        "periode": period,
        "periode_debut": start,
        "periode_fin": start,
        "granularite": "trimestre" if period == QUARTER else "mois",
        "ventilation": cut[0],
        "modalite": cut[1],
        "valeur": value,
        "numerateur": count,
        "denominateur": total,
        "borne_basse": low,
        "borne_haute": high,
        "statut": "valeur",
        "attendues": len(reports),
        "recues": len(reports),
    }


def _interval(kind: str, count: float, total: float | None, scale: float) -> tuple[float | None, float | None]:
    z = 1.959963984540054
    if kind == "wilson" and total:
        share = count / total
        middle, half = share + z * z / (2 * total), z * sqrt(share * (1 - share) / total + z * z / (4 * total**2))
        return tuple(round(scale * (middle + sign * half) / (1 + z * z / total), 6) for sign in (-1, 1))
    if kind == "byar" and total:
        up = count + 1
        low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
        high = up * (1 - 1 / (9 * up) + z / (3 * sqrt(up))) ** 3
        return round(scale * low / total, 6), round(scale * high / total, 6)
    return None, None


def references() -> dict[str, pd.DataFrame]:
    """Catalogue, measures, territories, services, populations."""
    columns = ("indicateur", "genre", "numerateur", "denominateur", "intervalle", "echelle")
    catalogue = pd.DataFrame(list(INDICATORS), columns=columns)
    catalogue["flux"] = "essai"
    places = [("region", REGION, "france", "FR"), *(("departement", code, "region", REGION) for code in DEPARTMENTS)]
    return {
        "indicateurs": catalogue,
        "mesures": pd.DataFrame(
            MEASURES,
            columns=[
                "flux",
                "mesure",
                "temps",
                "territoire",
                "sensible",
                "partie_de",
                "groupe",
                "identique_a",
                "borne",
                "nulle_si",
            ],
        ),
        "territoires": _frame(places, "niveau", "code", "parent_niveau", "parent_code"),
        "services": _frame(
            [(service, "departement", code) for service, code in SERVICES.items()],
            "service_id",
            "territoire_niveau",
            "territoire_code",
        ),
        "population": _frame(
            [("region" if code == REGION else "departement", code, 2025, n) for code, n in POPULATION.items()],
            "niveau",
            "code",
            "annee",
            "population",
        ),
    }


def _frame(rows: Iterable[tuple[Any, ...]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))
