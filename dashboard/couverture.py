"""What the page of coverage asks of a release: returns expected and received, by feed, period and reporter."""

from __future__ import annotations

import pandas as pd

from dashboard.queries import place_names, service_names
from dashboard.registre import rows_of
from dashboard.router import Lang
from publish.charte.formats import periode
from publish.charte.mots import label
from publish.reader import Release

TABLE = "couverture"
GRAINS = ("mois", "trimestre", "semestre", "annee")
# Months that a period spans: what a column of a year of twelve is counted in.
MONTHS = {"mois": 1, "trimestre": 3, "semestre": 6, "annee": 12}
# What each part of the name of a reporter is a code of, by feed; what is not here is a service or the name itself.
PARTS = {
    "trend_scenes": ("territoire", "genre_scene"),
    "trend_produits": ("site_trend", "produit"),
    "caarud_profils": ("region", "sexe", "classe_age"),
    "plan_aval": ("region", "genre_structure_aval"),
    "plan_budget": ("partenaire", "axe_plan"),
    "plan_maraudes": ("service", "territoire"),
    "plan_resultats": ("departement",),
    "plan_lits": ("service", ""),
}
PLACES = {"territoire": ("arrondissement", "commune"), "region": ("region",), "departement": ("departement",)}


def status(recues: float, attendues: float) -> str:
    """``complete``, ``partielle`` or ``aucune``, codes of the list ``statut_couverture``."""
    return "complete" if recues >= attendues else "partielle" if recues > 0 else "aucune"


def _table(release: Release) -> pd.DataFrame:
    frame = rows_of(release, TABLE)
    return frame.assign(annee=pd.to_datetime(frame["periode_debut"]).dt.year.astype(str)) if len(frame) else frame


def years(release: Release) -> tuple[str, ...]:
    """Years in which a return was expected, oldest first."""
    frame = _table(release)
    return tuple(sorted(set(frame["annee"]))) if len(frame) else ()


def feeds(release: Release) -> tuple[str, ...]:
    """Feeds that expect returns, by code."""
    frame = _table(release)
    return tuple(sorted(set(frame["flux"]))) if len(frame) else ()


def by_year(release: Release) -> pd.DataFrame:
    """Returns by feed and year: ``flux``, ``annee``, ``attendues``, ``recues``, ``statut``."""
    return _summed(_table(release), ["flux", "annee"])


def by_period(release: Release, annee: str) -> pd.DataFrame:
    """Returns by feed and period of a year, oldest first, with ``granularite`` and ``periode_debut``."""
    frame = _table(release)
    keys = ["flux", "granularite", "periode", "periode_debut"]
    return _summed(frame[frame["annee"] == annee], keys).sort_values(["flux", "periode_debut"], ignore_index=True)


def _summed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    sums = frame.groupby(keys, as_index=False)[["attendues", "recues"]].sum()
    pairs = zip(sums["recues"], sums["attendues"], strict=True)
    return sums.assign(statut=[status(received, expected) for received, expected in pairs])


def missing(release: Release, annee: str, flux: str) -> pd.DataFrame:
    """Reporters of whom returns are missing in a year (of one feed, or of all), feed by feed, newest period first."""
    frame = _table(release)
    wanted = (frame["annee"] == annee) & (frame["recues"] < frame["attendues"])
    kept = frame[wanted & (frame["flux"] == flux)] if flux else frame[wanted]
    return kept.sort_values(["flux", "periode_debut", "declarant"], ascending=[True, False, True], ignore_index=True)


def reporter_name(release: Release, flux: str, declarant: str, lang: Lang) -> str:
    """A reporter in words: a service, a place and what is watched there, a funder and an axis, an action."""
    if flux == "plan_actions":
        return f"Action {declarant}"
    kinds = PARTS.get(flux, ("service",) * (1 + declarant.count("/")))
    parts = declarant.split("/")
    return ", ".join(
        _part(release, kind, part, lang) for kind, part in zip((*kinds, *[""] * len(parts)), parts, strict=False)
    )


def _part(release: Release, kind: str, part: str, lang: Lang) -> str:
    if kind == "service":
        return service_names(release, lang).get(part, part)
    if kind in PLACES:
        names = place_names(release, lang)
        return next((names[level, part] for level in PLACES[kind] if (level, part) in names), part)
    return label(kind, part, lang) if kind else part.replace("-", " ")


def short_period(code: str, lang: Lang) -> str:
    """A period at the head of a column: the month alone, the quarter or the half-year alone, the year."""
    words = periode(code, lang)
    return words if len(code) == 4 else words.removesuffix(code[:4]).strip("\u00a0 ")
