"""What the committee reviews: the facts of one quarter as one release tells them, for its page and for its report.

Everything is read in the release alone, so that a review is frozen with it: the same version gives the same review.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from publish.charte.objectifs import Standing, standing
from publish.version import parse_version
from schemas.contract import load_contract
from schemas.errors import UsageError

SQL = Path(__file__).resolve().parents[1] / "sql"
# Rows of a bound SELECT over the tables of a release: ``Release.query`` and ``Source.query`` are such.
Ask = Callable[[str, Mapping[str, Any]], pd.DataFrame]
# A status after which a due date no longer binds an action, or a decision.
CLOSED_ACTIONS = ("realisee", "abandonnee")
CLOSED_DECISIONS = ("faite", "abandonnee")
# What a release must hold to be reviewed; the feed of actions may never have come.
TABLES = (
    *("observations", "objectifs", "trajectoires", "comparaisons", "differences", "revisions", "corrections"),
    *("couverture", "decisions"),
)
ACTIONS = "actions"
ACTION_COLUMNS = (*load_contract("plan_actions").names, "retard", "avant", "rang")
QUARTERS = "select distinct periode from observations where granularite = 'trimestre' order by periode"


@dataclass(frozen=True)
class Aim:
    """A target, its published path up to the quarter, where it stands there; its course where the release tells it.

    ``course`` is a row of dataset ``trajectoires``, None for another quarter than the last.
    """

    target: pd.Series
    path: pd.DataFrame
    standing: Standing | None
    course: pd.Series | None

    @property
    def verdict(self) -> str:
        """``atteint``, ``non_atteint`` or ``indecis``."""
        return self.standing.verdict if self.standing else "indecis"


@dataclass(frozen=True)
class Review:
    """The facts of one quarter. Frames hold rows of published datasets, with what is told of each.

    ``last`` tells the last quarter of the release, the only one whose trends, courses and shortlist it holds;
    ``before`` is the release that ``changes`` compares with, empty for none.
    """

    version: str
    quarter: str
    last: bool
    aims: tuple[Aim, ...]
    shortlist: pd.DataFrame
    compared: int
    before: str
    changes: pd.DataFrame
    revised: pd.DataFrame
    errors: pd.DataFrame
    returns: pd.DataFrame
    actions: pd.DataFrame
    decisions: pd.DataFrame


def quarters(ask: Ask) -> tuple[str, ...]:
    """Quarters that a release can be reviewed for, oldest first."""
    return tuple(ask(QUARTERS, {})["periode"])


def reviewed(version: str, held: tuple[str, ...]) -> str:
    """The quarter a release is about, or its last one where it has figures of others alone."""
    named = parse_version(version)
    quarter = f"{named.annee}-T{named.trimestre}"
    return quarter if quarter in held or not held else held[-1]


def checked_quarter(wanted: str, version: str, held: tuple[str, ...]) -> str:
    """The quarter asked for. Raises UsageError where the release has no figure of it."""
    if wanted not in held:
        raise UsageError(
            f"La version {version} n'a pas de chiffre du trimestre « {wanted} ». "
            f"Donnez l'un de ceux qu'elle a : {', '.join(held) or 'aucun'}."
        )
    return wanted


def review(ask: Ask, tables: Collection[str], *, version: str, day: dt.date, quarter: str) -> Review:
    """The review of a quarter, as the release that ``ask`` reads tells it; ``tables`` it has, ``day`` it was made."""
    start, end = _days(quarter)
    last = quarter == reviewed(version, quarters(ask))
    changes = ask(_sql("changements"), {})
    return Review(
        version=version,
        quarter=quarter,
        last=last,
        aims=_aims(ask, end, told=last),
        shortlist=ask("select * from comparaisons where signale order by all", {}),
        compared=int(ask("select count(*) as n from comparaisons", {})["n"].iloc[0]),
        before=str(changes["version_avant"].iloc[0]) if len(changes) else "",
        changes=changes,
        revised=ask(_sql("revisions"), {}),
        errors=_errors(ask, version),
        returns=ask(_sql("couverture"), {"debut": start, "fin": end}),
        actions=_actions(ask, quarter, end) if ACTIONS in tables else pd.DataFrame(columns=list(ACTION_COLUMNS)),
        decisions=_decisions(ask, quarter, day),
    )


def quarter_before(quarter: str) -> str:
    """« 2026-T1 » gives « 2025-T4 »."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year}-T{number - 1}" if number > 1 else f"{year - 1}-T4"


def _days(quarter: str) -> tuple[dt.date, dt.date]:
    period = pd.Period(quarter.replace("-T", "Q"), freq="Q")
    return period.start_time.date(), period.end_time.date()


def _sql(name: str) -> str:
    return (SQL / f"comite_{name}.sql").read_text(encoding="utf-8")


def _aims(ask: Ask, end: dt.date, *, told: bool) -> tuple[Aim, ...]:
    """Targets in the order of their table, the steps of one indicator together."""
    targets = ask("select * from objectifs order by indicateur, valeur_cible, id", {})
    paths = ask(_sql("chemins"), {"fin": end})
    courses = ask("select * from trajectoires", {}).set_index("objectif") if told else pd.DataFrame()
    return tuple(_aim(target, paths, courses) for _, target in targets.iterrows())


def _aim(target: pd.Series, paths: pd.DataFrame, courses: pd.DataFrame) -> Aim:
    path = paths[paths["objectif"] == target["id"]].reset_index(drop=True)
    where = standing(path, str(target["operateur"]), float(target["valeur_cible"]))
    return Aim(target, path, where, courses.loc[target["id"]] if target["id"] in courses.index else None)


def _errors(ask: Ask, version: str) -> pd.DataFrame:
    """The errors that this release corrects."""
    return ask("select * from corrections where version_corrigee = $version order by id", {"version": version})


def _actions(ask: Ask, quarter: str, end: dt.date) -> pd.DataFrame:
    """Actions of the quarter by number; ``retard``: past its due date and not over, ``avant``: its status before."""
    every = ask(
        "select * from actions where trimestre in ($quarter, $before)",
        {"quarter": quarter, "before": quarter_before(quarter)},
    )
    now = every[every["trimestre"] == quarter]
    before = every[every["trimestre"] != quarter].set_index("action_id")["statut"]
    late = (pd.to_datetime(now["echeance"]) <= pd.Timestamp(end)) & ~now["statut"].isin(CLOSED_ACTIONS)
    rank = now["action_id"].map(lambda code: tuple(int(part) for part in str(code).split(".")))
    return now.assign(retard=late, avant=now["action_id"].map(before), rang=rank).sort_values("rang", ignore_index=True)


def _decisions(ask: Ask, quarter: str, day: dt.date) -> pd.DataFrame:
    """Decisions of the last review before this one, and earlier ones still open; ``derniere`` tells the former.

    ``retard`` is told on the day of the release.
    """
    rows = ask("select * from decisions where trimestre < $quarter order by trimestre desc, id", {"quarter": quarter})
    newest = rows["trimestre"] == rows["trimestre"].max() if len(rows) else rows["trimestre"] == ""
    open_ = ~rows["statut"].isin(CLOSED_DECISIONS)
    late = open_ & (pd.to_datetime(rows["echeance"]) < pd.Timestamp(day))
    return rows.assign(derniere=newest, retard=late)[newest | open_].reset_index(drop=True)
