"""What the register, the targets and the pages of history ask of a release: reference tables, series of a service.

A release without one of these tables is one where it holds nothing: the frame is empty, with no column.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pandas as pd

from dashboard.queries import Selection, Values, extract, observations, place_names
from dashboard.router import Lang
from publish.charte.mots import label
from publish.reader import Release
from schemas.contract import code_list

# What a series is shown at, the first that exists: fine enough to see a change, coarse enough to be published.
GRAINS = ("trimestre", "semestre", "mois", "annee", "jour")
LEVELS = ("commune", "arrondissement", "departement", "region", "france")
SERVICE = "service"


def rows_of(release: Release, table: str, **wanted: Values) -> pd.DataFrame:
    """Rows of a table whose columns have one of the values wanted, in the order of the file."""
    if table not in release.tables:
        return pd.DataFrame()
    frame = release.query(f'select * from "{table}"')
    for name, values in wanted.items():
        frame = frame[frame[name].astype(str).isin(values)] if name in frame else frame.iloc[:0]
    return frame.reset_index(drop=True)


def capital(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def filled(value: Any) -> bool:
    """Whether a cell holds a text."""
    return isinstance(value, str) and value != ""


def services(release: Release, lang: Lang) -> pd.DataFrame:
    """The register, kinds in the order of their code list, then by name, with ``territoire`` in words."""
    frame, places = rows_of(release, "services"), place_names(release, lang)
    if frame.empty:
        return frame
    kinds = {item["value"]: rank for rank, item in enumerate(code_list("genre_service"))}
    pairs = zip(frame["territoire_niveau"], frame["territoire_code"], strict=True)
    named = frame.assign(
        territoire=[places.get(pair, pair[1]) for pair in pairs],
        genre_rang=frame["genre"].map(kinds).fillna(len(kinds)),
        simule=frame["origine"] == "simule",
    )
    return named.sort_values(["simule", "genre_rang", "nom"], ignore_index=True)


def feeds(row: pd.Series) -> tuple[str, ...]:
    """Feeds that speak of a service: those its reporter fills in, then those linked to it."""
    cells = (row.get("flux"), row.get("flux_lies"))
    return tuple(dict.fromkeys(code for cell in cells if filled(cell) for code in str(cell).split()))


def service_series(release: Release, service_id: str, lang: Lang) -> pd.DataFrame:
    """Observations of a service: each indicator at its own territory and at one grain only, oldest first."""
    frame = observations(release, Selection(ventilation=(SERVICE,), modalite=(service_id,)), lang)
    if frame.empty:
        return frame
    fine = frame.assign(
        _niveau=frame["territoire_niveau"].map(_rank(LEVELS)), _grain=frame["granularite"].map(_rank(GRAINS))
    )
    best = fine.groupby("indicateur")[["_niveau", "_grain"]].transform("min")
    kept = fine[(fine["_grain"] == best["_grain"]) & (fine["_niveau"] == best["_niveau"])]
    return kept.drop(columns=["_niveau", "_grain"]).sort_values(["indicateur", "periode_debut"], ignore_index=True)


def _rank(names: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def series_selection(frame: pd.DataFrame) -> Selection:
    """What asks for exactly the rows of one series."""
    columns = ("indicateur", "territoire_niveau", "territoire_code", "granularite", "ventilation", "modalite")
    return Selection(**{name: tuple(dict.fromkeys(frame[name])) for name in columns})


def path_of(release: Release, target: pd.Series, lang: Lang) -> pd.DataFrame:
    """The indicator of a target on the territory of the target, for all together, at the finest grain but the day."""
    place = ((str(target["territoire_niveau"]),), (str(target["territoire_code"]),))
    selection = Selection((str(target["indicateur"]),), *place, ventilation=("ensemble",))
    frame = observations(release, selection, lang)
    grain = next((name for name in ("mois", "trimestre", "semestre", "annee") if name in set(frame["granularite"])), "")
    return frame[frame["granularite"] == grain].sort_values("periode_debut", ignore_index=True)


def by_unit(release: Release, target: pd.Series, lang: Lang) -> pd.DataFrame:
    """The same indicator unit by unit, where it has no value for all together."""
    place = ((str(target["territoire_niveau"]),), (str(target["territoire_code"]),))
    selection = Selection((str(target["indicateur"]),), *place, ventilation=("unite",))
    frame = observations(release, selection, lang)
    grain = next((name for name in ("mois", "trimestre", "semestre", "annee") if name in set(frame["granularite"])), "")
    return frame[frame["granularite"] == grain].sort_values(["modalite", "periode_debut"], ignore_index=True)


def exists(release: Release, indicateur: str) -> bool:
    """Whether the release has an observation of an indicator, whatever its territory."""
    return not extract(release, Selection((indicateur,))).empty


def extract_address(version: str, table: str, **wanted: Values) -> str:
    """Address of the CSV of some rows of a reference table."""
    pairs = [(name, value) for name, values in wanted.items() for value in values]
    return f"/extrait/{version}/{table}.csv" + (f"?{urlencode(pairs)}" if pairs else "")


def coded(codes: str, value: Any, lang: Lang) -> str:
    """The label of a coded value, empty where there is none."""
    return label(codes, str(value), lang) if filled(value) else ""
