"""What the releases say of one another: changes and their causes, errors declared, figures as each release had them."""

from __future__ import annotations

import pandas as pd

from dashboard.i18n import texts
from dashboard.registre import COLON, SEMICOLON, rows_of
from dashboard.router import Lang
from publish.charte.formats import nombre
from publish.charte.mots import label
from publish.reader import Release, Releases

CHANGES = """
    select jeu, cause, nature, count(distinct cle) as lignes, count(*) filter (champ = 'valeur') as valeurs
    from differences
    group by jeu, cause, nature
    order by jeu, cause, nature
"""
COLUMNS = ("jeu", "cause", "nature", "lignes", "valeurs")
# Causes in the order of what a reader must know first, natures in that of the sentence.
CAUSES = (
    "definition",
    "correction",
    "non_declaree",
    "revision",
    "protection",
    "nouvelle_donnee",
    "registre",
    "recalcul",
)
NATURES = ("ajout", "retrait", "modification")
GRAINS = ("trimestre", "semestre", "mois", "annee")
# A triangle keeps what a screen can hold: the last periods and the last versions.
PERIODS, VERSIONS = 12, 8


def changes(release: Release) -> pd.DataFrame:
    """Rows changed since the previous release, by dataset, cause and nature; empty where none is told."""
    return release.query(CHANGES) if "differences" in release.tables else pd.DataFrame(columns=list(COLUMNS))


def previous(release: Release) -> str:
    """The version that a release is compared with, empty where it is the first or nothing changed."""
    if "differences" not in release.tables:
        return ""
    found = release.query("select version_avant from differences limit 1")["version_avant"]
    return str(found.iloc[0]) if len(found) else ""


def cause_words(counts: pd.DataFrame, cause: str, lang: Lang) -> str:
    """« révision : 12 lignes modifiées (dont 3 dans leur valeur) », for one cause of ``changes``."""
    mine = counts[counts["cause"] == cause]
    parts = [_nature_words(mine[mine["nature"] == nature], nature, lang) for nature in NATURES]
    return label("cause_difference", cause, lang) + COLON[lang] + ", ".join(part for part in parts if part)


def words(counts: pd.DataFrame, lang: Lang) -> str:
    """All that changed, in one sentence; says so where nothing did."""
    told = [cause_words(counts, cause, lang) for cause in CAUSES if (counts["cause"] == cause).any()]
    return SEMICOLON[lang].join(told) or texts(lang)("versions.rien")


def _nature_words(counts: pd.DataFrame, nature: str, lang: Lang) -> str:
    rows, values, t = int(counts["lignes"].sum()), int(counts["valeurs"].sum()), texts(lang)
    if not rows:
        return ""
    said = t(f"versions.nature.{nature}.{'plusieurs' if rows > 1 else 'une'}", nombre=nombre(rows, lang))
    return said + (t("versions.nature.valeurs", nombre=nombre(values, lang)) if values else "")


def errors(release: Release) -> pd.DataFrame:
    """The register of errors, latest first; simulated ones only where the release is simulated."""
    frame = rows_of(release, "corrections")
    if frame.empty:
        return frame
    kept = frame if release.entry.simule else frame[frame["origine"] != "simule"]
    return kept.sort_values(["date", "id"], ascending=False, ignore_index=True)


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
