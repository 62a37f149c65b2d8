"""What the page of products asks of a release: TREND's coded evidence, contents of samples, profiles of people."""

from __future__ import annotations

import pandas as pd

from dashboard.queries import Selection, observations
from dashboard.registre import rows_of
from dashboard.router import Lang
from publish.reader import Release

TABLE = "trend_produits"
SAMPLES = ("produits_echantillons", "produits_echantillons_basee")
CONTENTS = ("produits_teneur_cocaine_poudre", "produits_teneur_cocaine_basee")
CUTS = ("produits_part_coupes", "produits_part_conformes")
PROFILES = (
    *("profils_part_cocaine_basee", "profils_part_cocaine_poudre", "profils_part_heroine", "profils_part_opioides"),
    *("profils_part_benzodiazepines", "profils_part_cannabis", "profils_part_alcool"),
)
RESPONDENTS = "profils_repondants"
DETAILED = "profils_part_cocaine_basee"


def evidence(release: Release) -> pd.DataFrame:
    """Every row of TREND, oldest half-year first; empty where the release has none."""
    frame = rows_of(release, TABLE)
    return frame.sort_values(["semestre", "site", "produit"], ignore_index=True) if len(frame) else frame


def values_of(release: Release, column: str) -> tuple[str, ...]:
    """Values of a column of TREND, sorted."""
    frame = evidence(release)
    return tuple(sorted(set(frame[column]))) if len(frame) else ()


def of_product(release: Release, produit: str) -> pd.DataFrame:
    """One product at every site."""
    return rows_of(release, TABLE, produit=(produit,))


def of_site(release: Release, site: str, semestre: str) -> pd.DataFrame:
    """Every product at one site in one half-year."""
    return rows_of(release, TABLE, site=(site,), semestre=(semestre,))


def prices(release: Release, site: str, produit: str) -> pd.DataFrame:
    """Prices of one product at one site: a row for each half-year of the feed, without prices where none was sent."""
    frame = rows_of(release, TABLE, site=(site,), produit=(produit,))
    if frame.empty:
        return frame
    every = pd.DataFrame({"semestre": values_of(release, "semestre")})
    return every.merge(frame, on="semestre", how="left").sort_values("semestre", ignore_index=True)


def samples(release: Release, codes: tuple[str, ...], lang: Lang) -> pd.DataFrame:
    """Yearly observations of samples of the whole country, indicators in the order asked for."""
    return observations(release, samples_selection(codes), lang)


def samples_selection(codes: tuple[str, ...]) -> Selection:
    """What asks for exactly them."""
    return Selection(codes, ("france",), ("FR",), ("annee",), ventilation=("ensemble",))


def profiles_selection(place: str, annee: str) -> Selection:
    """Shares of users in the last 30 days, by product, at one territory and edition."""
    niveau, code = place.split(":")
    return Selection(PROFILES, (niveau,), (code,), ("annee",), (annee,), ("ensemble",))


def profile_places(release: Release) -> tuple[str, ...]:
    """Territories the survey is published for, France first."""
    sql = """
        select distinct territoire_niveau || ':' || territoire_code as lieu, territoire_niveau from observations
        where indicateur = $indicateur and territoire_niveau in ('france', 'region') order by territoire_niveau, lieu
    """
    return tuple(release.query(sql, {"indicateur": DETAILED})["lieu"])


def editions(release: Release) -> tuple[str, ...]:
    """Editions of the survey, oldest first."""
    sql = "select distinct periode from observations where indicateur = $indicateur order by periode"
    return tuple(release.query(sql, {"indicateur": DETAILED})["periode"])
