"""Where a target stands: a comparison with the interval considered, and since when. Pure: frames in, values out.

Nothing is projected. A period is met or not met only if its value is published, if its whole interval is on one side
of the target, and if the returns that are missing would not change it; otherwise it cannot be told.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from publish.charte.formats import a_la_periode, date_longue, est_connu, quantite, unite
from publish.charte.i18n import Lang, texts
from publish.charte.mots import GIVEN, label, period_text, text_of, value_text
from publish.charte.retours import of_row

Verdict = Literal["atteint", "non_atteint", "indecis"]
Doubt = Literal["absent", "intervalle", "retours"]
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
}
# Under this share of the returns expected, those that came do not tell what the others hold.
TELLING_SHARE = 0.5


@dataclass(frozen=True)
class Standing:
    """Where a target stands at the last period.

    ``since`` is the first period of the current run of that verdict, ``whole`` whether the run goes back to the first
    period there is, so that it may be older; ``last`` the row of the last period; ``doubt`` why it cannot be told.
    """

    verdict: Verdict
    last: pd.Series
    since: str
    whole: bool
    doubt: Doubt | None = None


def verdict(row: pd.Series, sign: str, target: float) -> Verdict:
    """Whether the value of a row meets a target. Raises KeyError for an operator that is not in the code list."""
    if not _is_published(row):
        return "indecis"
    return _told(_with_missing(row), sign, target)


def returns_matter(row: pd.Series, sign: str, target: float) -> bool:
    """Whether a published value would tell if a target is met, were it not for the returns that are missing."""
    return _is_published(row) and _told(_interval(row), sign, target) != verdict(row, sign, target)


def _doubt(row: pd.Series, sign: str, target: float) -> Doubt:
    if not _is_published(row):
        return "absent"
    return "retours" if returns_matter(row, sign, target) else "intervalle"


def _is_published(row: pd.Series) -> bool:
    return row["statut"] in GIVEN and est_connu(row["valeur"])


def _told(interval: tuple[float, float], sign: str, target: float) -> Verdict:
    """What an interval tells: nothing if its ends differ, or if it holds a value to be equalled."""
    low, high = interval
    met = OPERATORS[sign](low, target)
    if met != OPERATORS[sign](high, target) or (sign == "=" and low < target < high):
        return "indecis"
    return "atteint" if met else "non_atteint"


def _interval(row: pd.Series) -> tuple[float, float]:
    ends = [float(row[name]) for name in ("valeur", "borne_basse", "borne_haute") if est_connu(row[name])]
    return min(ends), max(ends)


def _with_missing(row: pd.Series) -> tuple[float, float]:
    """The least and the most that a value can be said to be once all returns are there.

    A total is a least. Its most counts each missing return as the mean of those received, and as one at the least; it
    has none where less than ``TELLING_SHARE`` of the returns came. What is no total has neither there.
    """
    (low, high), returns = _interval(row), of_row(row)
    if returns is None or not returns.missing:
        return low, high
    is_total = est_connu(row["numerateur"]) and not est_connu(row["denominateur"])
    if returns.received < TELLING_SHARE * returns.expected:
        return (low if is_total else -math.inf), math.inf
    if not is_total:
        return low, high
    return low, high + (returns.expected - returns.received) * max(1.0, high / returns.received)


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
    last = frame.iloc[-1]
    doubt = _doubt(last, sign, target) if verdicts[-1] == "indecis" else None
    return Standing(verdicts[-1], last, str(frame["periode"].iloc[start]), start == 0, doubt)


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
    told = where.doubt or ("toujours" if where.whole else "")
    key = f"objectifs.etat.{where.verdict}" + (f".{told}" if told else "")
    return texts(lang)(
        key,
        quand=when[:1].upper() + when[1:],
        valeur=value_text(where.last, lang),
        depuis=period_text(where.since, lang),
    )
