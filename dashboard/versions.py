"""What the releases say of one another: the one before, errors declared, figures as each release had them."""

from __future__ import annotations

import pandas as pd

from dashboard.registre import rows_of
from publish.reader import Release, Releases

GRAINS = ("trimestre", "semestre", "mois", "annee")
# A triangle keeps what a screen can hold: the last periods and the last versions.
PERIODS, VERSIONS = 12, 8


def previous(release: Release) -> str:
    """The version that a release is compared with, empty where it is the first or nothing changed."""
    if "differences" not in release.tables:
        return ""
    found = release.query("select version_avant from differences limit 1")["version_avant"]
    return str(found.iloc[0]) if len(found) else ""


def errors(release: Release) -> pd.DataFrame:
    """The register of errors, latest first."""
    frame = rows_of(release, "corrections")
    if frame.empty:
        return frame
    return frame.sort_values(["date", "id"], ascending=False, ignore_index=True)


def corrected(release: Release) -> dict[str, int]:
    """How many cells of this release each declared error changed, by its identifier."""
    if "differences" not in release.tables:
        return {}
    rows = release.rows("select correction, count(*) from differences where correction is not null group by 1")
    return {str(code): int(count) for code, count in rows}


def grain(release: Release, indicateur: str, place: tuple[str, str]) -> str:
    """The length of period to follow an overall figure by, empty where there is no such figure."""
    rows = release.rows(
        "select distinct granularite from observations where indicateur = $indicateur and ventilation = 'ensemble' "
        "and territoire_niveau = $niveau and territoire_code = $code",
        {"indicateur": indicateur, "niveau": place[0], "code": place[1]},
    )
    held = {str(name) for (name,) in rows}
    return next((name for name in GRAINS if name in held), "")


def triangle(releases: Releases, release: Release, indicateur: str, place: tuple[str, str]) -> pd.DataFrame:
    """The last periods of an overall figure as the last releases of the same nature had them (``vintages``)."""
    step = grain(release, indicateur, place)
    if not step:
        return pd.DataFrame()
    frame = releases.vintages(indicateur, place, granularite=step)
    kind = {entry.version for entry in releases.index() if entry.simule == release.entry.simule}
    frame = frame[frame["version"].isin(kind)]
    versions = list(dict.fromkeys(frame["version"]))[-VERSIONS:]
    periods = sorted(set(frame["periode_debut"]))[-PERIODS:]
    return frame[frame["version"].isin(versions) & frame["periode_debut"].isin(periods)].reset_index(drop=True)


def sizes(release: Release, indicateur: str) -> pd.DataFrame:
    """Usual size of the revisions of an indicator by age of the figure, youngest first; empty where none is known."""
    frame = rows_of(release, "revisions", indicateur=(indicateur,))
    return frame if frame.empty else frame.sort_values("age_trimestres", ignore_index=True)
