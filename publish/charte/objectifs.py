"""Where a target stands: a comparison with the interval considered, and since when. Pure: frames in, values out.

Nothing is projected. A period is met or not met only if its value is published and its whole interval is on one side
of the target; otherwise it cannot be told.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from publish.charte.formats import a_la_periode, date_longue, est_connu, quantite, unite
from publish.charte.i18n import Lang, texts
from publish.charte.mots import label, period_text, text_of, value_text

Verdict = Literal["atteint", "non_atteint", "indecis"]
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
}
PUBLISHED = ("valeur", "zero")


@dataclass(frozen=True)
class Standing:
    """Where a target stands at the last period.

    ``since`` is the first period of the current run of that verdict, ``whole`` whether the run goes back to the first
    period there is, so that it may be older; ``last`` the row of the last period.
    """

    verdict: Verdict
    last: pd.Series
    since: str
    whole: bool


def verdict(row: pd.Series, sign: str, target: float) -> Verdict:
    """Whether the value of a row meets a target. Raises KeyError for an operator that is not in the code list."""
    compare = OPERATORS[sign]
    if row["statut"] not in PUBLISHED or not est_connu(row["valeur"]):
        return "indecis"
    answers = {compare(float(value), target) for value in (row["valeur"], *_limits(row))}
    if len(answers) > 1:
        return "indecis"
    return "atteint" if answers.pop() else "non_atteint"


def _limits(row: pd.Series) -> list[Any]:
    return [row[name] for name in ("borne_basse", "borne_haute") if est_connu(row[name])]


def at_due_date(frame: pd.DataFrame, date: pd.Timestamp) -> pd.Series | None:
    """The row of the period that holds a due date; None where the series does not reach it, or skips it."""
    held = frame[(frame["periode_debut"] <= date) & (date <= frame["periode_fin"])]
    return None if held.empty else held.iloc[0]


def standing(frame: pd.DataFrame, sign: str, target: float) -> Standing | None:
    """Where the target stands on a series sorted in time, one row per period; None without a row."""
    if frame.empty:
        return None
    verdicts = [verdict(row, sign, target) for _, row in frame.iterrows()]
    start = len(verdicts) - 1
    while start > 0 and verdicts[start - 1] == verdicts[-1]:
        start -= 1
    return Standing(verdicts[-1], frame.iloc[-1], str(frame["periode"].iloc[start]), start == 0)


def aim_text(row: pd.Series, lang: Lang) -> str:
    """« au moins 10 lits », for a row of the targets."""
    sign = label("operateur_cible", str(row["operateur"]), lang)
    return f"{sign} {quantite(float(row['valeur_cible']), unite(str(row['unite']), lang), lang)}"


def due_text(row: pd.Series, lang: Lang) -> str:
    """The due date as the source words it, and the date where there is one; inferred is said."""
    t, words = texts(lang), text_of(row, "echeance_texte", lang)
    if pd.isna(row["echeance"]):
        return t("objectifs.echeance.sans_date", texte=words)
    date = date_longue(pd.Timestamp(row["echeance"]).date(), lang)
    key = "objectifs.echeance.deduite" if bool(row["echeance_deduite"]) else "objectifs.echeance.datee"
    return t(key, date=date, texte=words)


def standing_text(where: Standing, lang: Lang) -> str:
    """Met or not, since when, and the last value: two sentences."""
    when = a_la_periode(str(where.last["periode"]), lang)
    key = f"objectifs.etat.{where.verdict}" + (".toujours" if where.whole and where.verdict != "indecis" else "")
    return texts(lang)(
        key,
        quand=when[:1].upper() + when[1:],
        valeur=value_text(where.last, lang),
        depuis=period_text(where.since, lang),
    )
