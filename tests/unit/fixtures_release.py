"""A small release, made from nothing in a folder of the test: every status, every theme, every kind of period.

The values are a formula, not data: what matters is that each page has something of each sort to show.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import fixtures_parcours
import fixtures_plan
import pandas as pd
from fixtures_registre import small_tables

from schemas.contract import KINDS, contract_names, load_contract

VERSION = "2026.3.0+demo"
OLDER = "2026.2.0+demo"
Row = dict[str, Any]

TERRITORIES = (
    ("france", "FR", "France", "", ""),
    ("region", "11", "Île-de-France", "france", "FR"),
    ("departement", "75", "Paris", "region", "11"),
    ("departement", "93", "Seine-Saint-Denis", "region", "11"),
    ("arrondissement", "75110", "Paris 10e", "departement", "75"),
    ("arrondissement", "75118", "Paris 18e", "departement", "75"),
    ("arrondissement", "75119", "Paris 19e", "departement", "75"),
    ("commune", "93001", "Aubervilliers", "departement", "93"),
    ("commune", "93055", "Pantin", "departement", "93"),
    *fixtures_parcours.TERRITORIES,
)
FINE = tuple(row for row in TERRITORIES if row[0] in ("arrondissement", "commune"))
MAPS = {
    "paris_petite_couronne": FINE,
    "departements": tuple(row for row in TERRITORIES if row[0] == "departement"),
    "regions": tuple(row for row in TERRITORIES if row[0] == "region"),
}
QUARTERS = tuple(f"{year}-T{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4))[:7]
MONTHS = tuple(f"2026-{month:02d}" for month in range(4, 10))
HOSPITAL = (("service", "hopital-a"), ("unite", "hopital-a/sevrage"), ("unite", "hopital-a/observation-orientation-1"))
DAYS = tuple(str(day.date()) for day in pd.date_range("2026-07-01", "2026-09-30"))
YEARS = ("2023", "2024", "2025")

# One indicator a line: code, theme, feed, unit, kind, interval, French name, English name.
TABLE = """
scenes_presence_max scenes trend_scenes personnes mesure aucun Présence_maximale Highest_presence
scenes_jours_observes scenes trend_scenes jours effectif aucun Jours_observés Days_observed
scenes_part_jours_actifs scenes trend_scenes pourcent part wilson Part_des_jours_actifs Share_of_active_days
repos_passages repos plan_espaces_repos passages effectif aucun Passages Visits
repos_passages_jour repos plan_espaces_repos par_jour rapport aucun Passages_par_jour Visits_per_day
repos_part_femmes repos plan_espaces_repos pourcent part wilson Part_des_femmes Share_of_women
caarud_file_active caarud caarud_activite personnes effectif byar File_active File_active
caarud_part_femmes caarud caarud_activite pourcent part wilson Part_des_femmes Share_of_women
caarud_kits_base caarud caarud_activite materiels effectif aucun Kits_base Base_kits
caarud_pipes caarud caarud_activite materiels effectif aucun Pipes Pipes
caarud_seringues caarud caarud_activite materiels effectif aucun Seringues Syringes
lits_finances hopital plan_lits lits effectif aucun Lits_financés Beds_funded
lits_identifies hopital plan_lits lits effectif aucun Lits_identifiés Beds_identified
lits_ouverts hopital plan_lits lits effectif aucun Lits_ouverts Beds_open
lits_journees_disponibles hopital plan_lits journees_lit effectif aucun Journées_disponibles Bed-days_available
lits_journees_utilisees hopital plan_lits journees_lit effectif aucun Journées_utilisées Bed-days_used
lits_journees_attribuees hopital plan_lits journees_lit effectif aucun Journées_attribuées Bed-days_attributed
lits_admissions hopital plan_lits admissions effectif byar Admissions Admissions
lits_part_admis_5_jours hopital plan_lits pourcent part wilson Part_admise_en_5_jours Share_admitted_within_5_days
lits_delai_median_jours hopital plan_lits jours mesure aucun Délai_médian Median_delay
lits_delai_p90_jours hopital plan_lits jours mesure aucun Délai_du_9e_décile 90th_percentile_of_delay
"""
INDICATORS = {
    code: (*facts, french.replace("_", " "), english.replace("_", " "))
    for code, *facts, french, english in (
        line.split() for line in (TABLE + fixtures_parcours.TABLE + fixtures_plan.TABLE).split("\n") if line
    )
}
STATUSES = (
    "valeur",
    "valeur",
    "valeur",
    "secret",
    "valeur",
    "zero",
    "valeur",
    "non_rapporte",
    "valeur",
    "non_applicable",
)
SDMX = {"valeur": "A", "zero": "A", "secret": "Q", "non_rapporte": "O", "non_applicable": "M"}


def _bounds(period: str, grain: str) -> tuple[str, str]:
    freq = {"jour": "D", "mois": "M", "trimestre": "Q", "annee": "Y"}[grain]
    span = pd.Period(period.replace("T", "Q"), freq=freq)
    return str(span.start_time.date()), str(span.end_time.date())


def _row(indicator: str, place: tuple[str, str], grain: str, period: str, cut: tuple[str, str], rank: int) -> Row:
    statut = "valeur" if place[0] == "region" else STATUSES[rank % len(STATUSES)]
    unit, interval = INDICATORS[indicator][2], INDICATORS[indicator][4]
    value = {"valeur": 20.0 + rank * 7 % 60, "zero": 0.0}.get(statut)
    banded = interval != "aucun" and value
    start, end = _bounds(period, grain)
    return {
        "indicateur": indicator,
        "territoire_niveau": place[0],
        "territoire_code": place[1],
        "periode": period,
        "periode_debut": start,
        "periode_fin": end,
        "granularite": grain,
        "ventilation": cut[0],
        "modalite": cut[1],
        "valeur": value,
        "numerateur": value,
        "denominateur": None,
        "borne_basse": value - 5 if banded and value else None,
        "borne_haute": value + 5 if banded and value else None,
        "unite": unit,
        "statut": statut,
        "obs_status": SDMX[statut],
        "conf_status": "C" if statut == "secret" else "F",
        "provisoire": period.startswith(("2026-T3", "2026-09")),
        "attendues": 2,
        "recues": 1 if statut == "non_rapporte" else 2,
        "origine": "simule",
        "source": INDICATORS[indicator][1],
    }


def _cells() -> Iterator[tuple[str, tuple[str, str], str, str, tuple[str, str]]]:
    whole = ("ensemble", "tous")
    for code, (theme, *_) in INDICATORS.items():
        if theme == "scenes":
            fine = [(place[:2], cut) for place in FINE for cut in (whole, ("genre_scene", "scene_ouverte"))]
            yield from ((code, place, "trimestre", quarter, cut) for place, cut in fine for quarter in QUARTERS)
        if theme == "repos":
            service = ("service", "espace-repos-chapelle")
            yield from ((code, ("arrondissement", "75118"), "jour", day, service) for day in DAYS)
            for cut, place in (
                (whole, ("region", "11")),
                (service, ("arrondissement", "75118")),
                (service, ("region", "11")),
            ):
                yield from ((code, place, "mois", month, cut) for month in MONTHS)
                yield from ((code, place, "trimestre", quarter, cut) for quarter in QUARTERS)
        if theme == "caarud":
            places = (("region", "11"), ("departement", "75"), ("departement", "93"))
            yield from ((code, place, "annee", year, whole) for place in places for year in YEARS)
        if theme == "hopital":
            yield from ((code, ("region", "11"), "mois", month, whole) for month in MONTHS)
            yield from ((code, ("region", "11"), "trimestre", quarter, whole) for quarter in QUARTERS)
            yield from ((code, ("region", "11"), "mois", month, part) for part in HOSPITAL for month in MONTHS)
    yield from fixtures_parcours.cells(QUARTERS, MONTHS)
    yield from fixtures_plan.cells(QUARTERS)


def observations() -> pd.DataFrame:
    """The tidy table of the small release."""
    frame = pd.DataFrame([_row(*cell, rank) for rank, cell in enumerate(_cells())])
    for column in ("periode_debut", "periode_fin"):
        frame[column] = pd.to_datetime(frame[column]).dt.date
    return frame


def catalogue() -> pd.DataFrame:
    """The catalogue of the small release."""
    return pd.DataFrame(
        {
            "indicateur": code,
            "theme": theme,
            "nom": french,
            "nom_en": english,
            "definition": f"Ce que mesure « {french} ».",
            "definition_en": f"What “{english}” measures.",
            "genre": kind,
            "unite": unit,
            "echelle": 1.0,
            "polarite": "aucune",
            "numerateur": "mesure",
            "denominateur": "",
            "flux": feed,
            "intervalle": interval,
            "frequence": "P3M",
            "additif": False,
            "sensible": unit == "personnes",
            "objectif": "",
            "reserves": "Relevés par passage.",
            "reserves_en": "Recorded by rounds.",
        }
        for code, (theme, feed, unit, kind, interval, french, english) in INDICATORS.items()
    )


def _figure(number: int, theme: str, measure: str, **more: Any) -> Row:
    empty = dict.fromkeys(
        ("lieu", "lieu_en", "population", "population_en", "service_id", "anomalie", "anomalie_note"), ""
    )
    return {
        "id": f"CP{number:03d}",
        "theme": theme,
        "mesure": measure,
        "mesure_en": f"{measure} (EN)",
        "territoire_niveau": "region",
        "territoire_code": "11",
        **empty,
        "anomalie_note_en": "",
        "note": "",
        "note_en": "",
        "periode": "2019",
        "periode_debut": "2019-01-01",
        "periode_fin": "2019-12-31",
        "valeur": 100.0 * number,
        "borne_basse": None,
        "borne_haute": None,
        "precision": "exact",
        "unite": "personnes",
        "publie_le": "2023",
        "editeur": "ARS Île-de-France",
        "titre": "Fiche 2.20",
        "url": "",
        "source_fichier": "001.txt",
        "source_lieu": "ligne 12",
        "tel_qu_imprime": str(100 * number),
        **more,
    }


def published() -> pd.DataFrame:
    """Published figures: one approximate, one with an anomaly, one range, one without a number."""
    return pd.DataFrame(
        [
            _figure(1, "usages", "usagers de crack", valeur=13000.0, tel_qu_imprime="13 000", precision="environ"),
            _figure(
                2,
                "usages",
                "usagers de cocaïne basée",
                valeur=12800.0,
                borne_basse=12000.0,
                borne_haute=14000.0,
                tel_qu_imprime="12 800 [12 00 – 14 000]",
                precision="intervalle",
                anomalie="coquille",
                anomalie_note="La borne basse est imprimée « 12 00 ».",
                anomalie_note_en="The lower limit is printed “12 00”.",
            ),
            _figure(
                3,
                "repos",
                "passages par jour",
                unite="par_jour",
                precision="plus_de",
                territoire_niveau="arrondissement",
                territoire_code="75118",
                lieu="boulevard Ney",
                tel_qu_imprime="150",
                valeur=150.0,
                url="https://example.org/a",
            ),
            _figure(4, "pilotage", "actions du plan", unite="actions", valeur=33.0, tel_qu_imprime="33"),
            _figure(
                5,
                "scenes",
                "démantèlement",
                unite="evenement",
                valeur=None,
                precision="sans_nombre",
                tel_qu_imprime="démantèlement",
            ),
        ]
    )


def _events() -> pd.DataFrame:
    common = {"date_fin": None, "date_precision": "jour", "service_id": "", "url": "", "source_fichier": "001.txt"}
    common |= {
        "source_lieu": "ligne 3",
        "majeur": True,
        "note": "",
        "note_en": "",
        "territoire_niveau": "arrondissement",
    }
    rows = (
        ("ouverture", "2026-08-10", "Ouverture d'un lieu", "Opening of a place", "ouverture", "75118"),
        (
            "demantelement",
            "2026-02-05",
            "Démantèlement d'une scène",
            "Dismantling of a scene",
            "demantelement",
            "75119",
        ),
    )
    names = ("id", "date_debut", "intitule", "intitule_en", "genre", "territoire_code")
    return pd.DataFrame([common | dict(zip(names, row, strict=True)) for row in rows])


def _territories() -> pd.DataFrame:
    names = ("niveau", "code", "nom", "parent_niveau", "parent_code")
    return pd.DataFrame([dict(zip(names, row, strict=True)) | {"nom_en": row[2]} for row in TERRITORIES])


def _adjacencies() -> pd.DataFrame:
    pairs = (("arrondissement", "75119", "arrondissement", "75118"), ("arrondissement", "75119", "commune", "93001"))
    both = [*pairs, *((*pair[2:], *pair[:2]) for pair in pairs)]
    return pd.DataFrame(both, columns=["niveau", "code", "voisin_niveau", "voisin_code"])


def _postcodes() -> pd.DataFrame:
    rows = (("arrondissement", "75119", "75019"), ("commune", "93001", "93300"))
    return pd.DataFrame(rows, columns=["niveau", "code", "code_postal"])


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the small release, by name."""
    return {
        "observations": observations(),
        "indicateurs": catalogue(),
        "chiffres_publies": published(),
        "evenements": _events(),
        "territoires": _territories(),
        "adjacences": _adjacencies(),
        "codes_postaux": _postcodes(),
        **small_tables(),
        **fixtures_plan.tables(),
    }


def outlines(territories: Sequence[tuple[str, ...]] = FINE) -> dict[str, Any]:
    """Squares in Lambert-93, metres, in the layout of the map files."""
    places = []
    for rank, (niveau, code, nom, *_) in enumerate(territories):
        west, south = 650_000 + 3_000 * (rank % 3), 6_860_000 + 3_000 * (rank // 3)
        x, y = [west, west + 3_000, west + 3_000, west, west], [south, south, south + 3_000, south + 3_000, south]
        label = [west + 1_500, south + 1_500]
        places.append({"niveau": niveau, "code": code, "nom": nom, "x": x, "y": y, "label": label})
    return {"crs": "EPSG:2154", "bounds": [650_000, 6_860_000, 659_000, 6_866_000], "territories": places}


def write_release(root: Path, version: str = VERSION, *, instead: dict[str, pd.DataFrame] | None = None) -> Path:
    """Write the small release under ``root/<version>``, some tables replaced, and return its folder."""
    folder = root / version
    for name in ("data", "cartes", "schemas"):
        (folder / name).mkdir(parents=True)
    for name, frame in (tables() | (instead or {})).items():
        frame.to_csv(folder / "data" / f"{name}.csv", index=False, lineterminator="\n")
        duckdb.from_df(frame).write_parquet(str(folder / "data" / f"{name}.parquet"))
        (folder / "schemas" / f"{name}.json").write_text(json.dumps(_schema(name, frame)), encoding="utf-8")
    for name, places in MAPS.items():
        (folder / "cartes" / f"{name}.lambert93.json").write_text(json.dumps(outlines(places)), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(_descriptor(folder), ensure_ascii=False), encoding="utf-8")
    seal(folder)
    return folder


def _schema(name: str, frame: pd.DataFrame) -> Row:
    """The Table Schema of a table: that of its contract for the columns it has here, where it has one."""
    kind = next((kind for kind in KINDS if name in contract_names(kind)), None)
    declared = load_contract(name, kind=kind).descriptor if kind else {"fields": []}
    fields = {field["name"]: field for field in declared["fields"]}
    titles = {key: declared[key] for key in ("title", "title_en", "description", "description_en") if key in declared}
    key = [column for column in declared.get("primaryKey", ()) if column in frame]
    listed = [fields.get(column, {"name": column, "type": "string"}) for column in frame.columns]
    return {"name": name, **titles, "fields": listed, "primaryKey": key or [frame.columns[0]]}


def _descriptor(folder: Path) -> Row:
    resources = [
        {
            "name": f"{path.stem}-{path.suffix[1:]}",
            "title": path.stem,
            "path": f"data/{path.name}",
            "format": path.suffix[1:],
            "bytes": path.stat().st_size,
            "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
            "schema": f"schemas/{path.stem}.json",
        }
        for path in sorted((folder / "data").iterdir())
    ]
    return {
        "name": "observatoire",
        "version": folder.name,
        "licenses": [{"name": "etalab-2.0"}],
        "resources": resources,
    }


def seal(folder: Path) -> None:
    """List the files of a release with their checksums."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def without(folder: Path, names: Iterable[str]) -> None:
    """Leave tables out of a release, as one that never had them."""
    sums, gone = folder / "SHA256SUMS", {f"data/{name}.parquet" for name in names}
    for name in gone:
        (folder / name).unlink()
    kept = [line for line in sums.read_text(encoding="utf-8").splitlines() if line.split(maxsplit=1)[1] not in gone]
    sums.write_text("\n".join(kept) + "\n", encoding="utf-8")


def write_releases(root: Path, *, instead: dict[str, pd.DataFrame] | None = None) -> Path:
    """Write a folder of two small releases with its index, and return it."""
    versions = [write_release(root, version, instead=instead).name for version in (VERSION, OLDER)]
    entries = [{"version": version, "date": "2026-11-21", "statut": "publie", "simule": True} for version in versions]
    (root / "index.json").write_text(json.dumps({"latest": VERSION, "releases": entries}), encoding="utf-8")
    return root
