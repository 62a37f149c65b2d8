"""What a chart shows, in the few words of a title: a value and its year before, or who stands highest.

Only published values are told, and plainly compared: that a series rises or falls takes the test of the release.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from publish.charte import formats, retours
from publish.charte.i18n import Lang, texts
from publish.charte.lignes import records
from publish.charte.mots import GIVEN, label
from publish.charte.origines import line_keys

TESTED = ("hausse", "baisse")


def constat(frame: pd.DataFrame, *, lang: Lang, trend: pd.Series | None = None, aims: Sequence[str] = ()) -> str:
    """The finding of rows of one unit; empty where they have several, or where nothing is published.

    ``frame`` is that of the figures; ``trend`` what the release tells of the one quarterly series it holds, if any;
    ``aims`` the targets it is read against, in words.
    """
    known = frame[frame["statut"].isin(GIVEN) & frame["valeur"].notna()]
    if known.empty or frame["unite"].nunique() > 1:
        return ""
    if frame.groupby(line_keys(frame) + _places(frame)).ngroups > 1:
        said = _highest(known, lang)
    else:
        said = _latest(known, frame["periode_debut"].max(), lang) + _trend(trend, lang)
    return said + texts(lang)("constat.cible", cible=texts(lang)("constat.puis").join(aims)) if said and aims else said


def _places(frame: pd.DataFrame) -> list[str]:
    return [name for name in ("territoire_niveau", "territoire_code", "indicateur") if name in frame]


def _latest(known: pd.DataFrame, end: Any, lang: Lang) -> str:
    """« 159 personnes au 3e trimestre 2026, 1 de moins qu’un an plus tôt »; the last value, where ``end`` has none."""
    rows = records(known.sort_values("periode_debut", kind="stable"))
    t, now = texts(lang), rows[-1]
    said = t("constat.valeur", valeur=_amount(now, lang), quand=formats.a_la_periode(now.periode, lang))
    before = next((row for row in rows if _a_year_apart(row, now)), None)
    if before is not None and not retours.incomplete(now) and not retours.incomplete(before):
        said += t("constat.un_an", ecart=_gap(now, before, lang))
    return said if now.periode_debut == end else t("constat.derniere", constat=said)


def _a_year_apart(row: Any, now: Any) -> bool:
    then = pd.Timestamp(row.periode_debut) + pd.DateOffset(years=1)
    return bool(then == pd.Timestamp(now.periode_debut))


def _gap(now: Any, before: Any, lang: Lang) -> str:
    """The difference of what is written, in points for a share."""
    t = texts(lang)
    places = 0 if float(now.valeur).is_integer() and float(before.valeur).is_integer() else 1
    gap = round(round(now.valeur, places) - round(before.valeur, places), places)
    if gap == 0:
        return t("resume.autant")
    unit = t("resume.points") if formats.unite(now.unite, lang) == "%" else ""
    size = formats.quantite(abs(gap), unit, lang, places)
    return t("resume.de_plus" if gap > 0 else "resume.de_moins", n=size)


def _trend(trend: pd.Series | None, lang: Lang) -> str:
    """What the test found, where it found a direction."""
    if trend is None or trend["direction"] not in TESTED:
        return ""
    return texts(lang)("constat.tendance", mots=label("formulation", str(trend["formulation"]), lang))


def _highest(known: pd.DataFrame, lang: Lang) -> str:
    """« Plus haute valeur publiée au 3e trimestre 2026 : Paris 18e, 219 personnes », of the last period with values.

    What is not published may be higher, and one value alone is higher than none.
    """
    last = known[known["periode_debut"] == known["periode_debut"].max()]
    rows = [row for row in records(last.sort_values("valeur", ascending=False, kind="stable")) if row.valeur > 0]
    if not rows or (len(rows) > 1 and rows[0].valeur == rows[1].valeur):
        return ""
    when, value = formats.a_la_periode(rows[0].periode, lang), _amount(rows[0], lang)
    said = "constat.plus_haut" if len(last) > 1 else "constat.seule"
    return texts(lang)(said, nom=rows[0].nom, quand=when, valeur=value)


def _amount(row: Any, lang: Lang) -> str:
    return formats.quantite(float(row.valeur), formats.unite(row.unite, lang), lang)
