"""What the release says of series: trend tests, limits of ordinary days, courses towards targets. Read, never computed.

A release without one of these tables, or without the row, is one that says nothing of the series.
"""

from __future__ import annotations

import pandas as pd

from dashboard.queries import daily
from dashboard.router import Lang
from publish.charte.origines import mixed
from publish.reader import Release
from schemas.errors import UsageError

TRENDS, CONTROL, COURSES = "tendances", "controle_quotidien", "trajectoires"
AUTOCORRELATION = "autocorrelation"
KEY = ("indicateur", "territoire_niveau", "territoire_code", "ventilation", "modalite")
LIMITS = ("centre", "limite_basse", "limite_haute")
Key = tuple[str, ...]


def series_key(frame: pd.DataFrame) -> Key | None:
    """The key of the one quarterly series a frame holds; None for another grain, or for several lines."""
    if frame.empty or set(frame["granularite"]) != {"trimestre"} or mixed(frame):
        return None
    keys = frame[list(KEY)].drop_duplicates()
    return tuple(str(cell) for cell in keys.iloc[0]) if len(keys) == 1 else None


def has(release: Release, table: str) -> bool:
    """Whether the release holds a table."""
    return table in release.tables


def trend_of(release: Release, key: Key) -> pd.Series | None:
    """What the trend test says of a series; None where it was not tested."""
    if not has(release, TRENDS):
        return None
    chosen = " and ".join(f"{name} = ${name}" for name in KEY)
    return _first(release.query(f"select * from {TRENDS} where {chosen}", dict(zip(KEY, key, strict=True))))


def course_of(release: Release, target: str) -> pd.Series | None:
    """Where a target stands and when its course would meet it; None where the release does not say."""
    if not has(release, COURSES):
        return None
    return _first(release.query(f"select * from {COURSES} where objectif = $target", {"target": target}))


def autocorrelation_of(release: Release, indicateur: str, quarter: str) -> pd.Series | None:
    """Whether neighbouring territories looked alike in a quarter; None where the release does not say."""
    if not has(release, AUTOCORRELATION):
        return None
    sql = f"select * from {AUTOCORRELATION} where indicateur = $indicateur and periode = $quarter"
    return _first(release.query(sql, {"indicateur": indicateur, "quarter": quarter}))


def _first(frame: pd.DataFrame) -> pd.Series | None:
    return None if frame.empty else frame.iloc[0]


def controlled(release: Release, indicateur: str, service: str, lang: Lang) -> pd.DataFrame:
    """One service day by day with its limits and signal, empty where the release says none of a day."""
    frame = daily(release, indicateur, service, lang)
    if not has(release, CONTROL) or frame.empty:
        return frame
    sql = f"""
        select jour::date::varchar as periode, centre, limite_basse, limite_haute, signal from {CONTROL}
        where indicateur = $indicateur and service_id = $service
    """
    limits = release.query(sql, {"indicateur": indicateur, "service": service})
    joined = frame.merge(limits, on="periode", how="left", validate="many_to_one")
    return joined.assign(**{name: joined[name].astype("float64") for name in LIMITS})


def controlled_extract(release: Release, indicateur: str, service: str, annee: str) -> pd.DataFrame:
    """The days of a year as published, then their limits and signal: what stands behind the daily chart.

    Raises UsageError where the release has no such day.
    """
    frame = controlled(release, indicateur, service, "fr")
    days = frame[frame["periode"].str.startswith(f"{annee}-")] if annee else frame.iloc[:0]
    if days.empty:
        raise UsageError(
            f"Extrait, jours : la publication {release.version} n'a aucun jour de « {indicateur} » pour le service "
            f"« {service} » en « {annee} ». Paramètres : indicateur, service, annee."
        )
    dates = {name: days[name].dt.date for name in ("periode_debut", "periode_fin")}
    return days.drop(columns=["nom", "mediane"]).assign(**dates)
