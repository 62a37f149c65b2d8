"""What the page of the plan asks of a release: its actions in a quarter, its budget in a year, its two indicators."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from dashboard.chaine import ranked
from dashboard.components.etats import CLOSED
from dashboard.queries import Selection, observations
from dashboard.registre import rows_of
from dashboard.router import Lang
from publish.comite.mots import PROGRESS
from publish.reader import Release

REGION = (("region",), ("11",))
WHOLE = ("ensemble",)
COUNTS = {
    "pilotage_actions_realisees": "realisee",
    "pilotage_actions_partiellement_realisees": "partiellement_realisee",
    "pilotage_actions_engagees": "engagee",
    "pilotage_actions_non_engagees": "non_engagee",
    "pilotage_actions_abandonnees": "abandonnee",
}
MONEY = {"pilotage_budget_prevu_meur": "prevu", "pilotage_budget_depense_meur": "depense"}
COUNTED = Selection(tuple(COUNTS), *REGION, ("trimestre",), ventilation=WHOLE)
SPENT = Selection(tuple(MONEY), *REGION, ("annee",), ventilation=WHOLE)


def quarters(release: Release) -> tuple[str, ...]:
    """Quarters the actions are told for, oldest first."""
    frame = rows_of(release, "actions")
    return tuple(sorted(set(frame["trimestre"]))) if len(frame) else ()


def actions_in(release: Release, trimestre: str) -> pd.DataFrame:
    """Actions of a quarter in the order of their numbers, with ``retard``: past their due date and not over."""
    frame = ranked(rows_of(release, "actions", trimestre=(trimestre,)))
    end = pd.Timestamp(quarter_end(trimestre))
    late = (pd.to_datetime(frame["echeance"]) <= end) & ~frame["statut"].isin(CLOSED)
    return frame.assign(retard=late)


def quarter_end(trimestre: str) -> dt.date:
    """Last day of a quarter written ``2026-T3``."""
    return pd.Period(trimestre.replace("-T", "Q"), freq="Q").end_time.date()


def counted(release: Release, lang: Lang) -> pd.DataFrame:
    """Actions by status and quarter: observations, with ``etape`` the status; statuses in the order of the legend."""
    return _steps(release, COUNTED, COUNTS, lang, list(PROGRESS))


def money(release: Release, lang: Lang) -> pd.DataFrame:
    """Money planned and spent by year: observations, with ``etape`` prevu or depense."""
    return _steps(release, SPENT, MONEY, lang, ["prevu", "depense"])


def _steps(release: Release, selection: Selection, steps: dict[str, str], lang: Lang, order: list[str]) -> pd.DataFrame:
    frame = observations(release, selection, lang)
    named = frame.assign(etape=frame["indicateur"].map(steps))
    rank = named["etape"].map(order.index) if len(named) else named["etape"]
    return named.assign(_rang=rank).sort_values(["periode_debut", "_rang"], ignore_index=True).drop(columns="_rang")


def budget_years(release: Release) -> tuple[str, ...]:
    """Years of the budget, oldest first."""
    frame = rows_of(release, "budget")
    return tuple(sorted({str(year) for year in frame["annee"]})) if len(frame) else ()


def budget_in(release: Release, annee: str) -> pd.DataFrame:
    """Rows of the budget of a year: one a funder and an axis that reported."""
    return rows_of(release, "budget", annee=(annee,))
