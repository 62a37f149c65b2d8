"""The course of a target in words: state, since when, what the path asks for, the pace needed, when it would be met."""

from __future__ import annotations

import pandas as pd

from publish.charte.formats import LARGE, a_la_periode, periode, quantite, unite
from publish.charte.i18n import Lang, texts
from publish.charte.mots import label

MET = "atteinte"
# Probabilities beyond these are not written as 0 or 100 %: nothing is certain.
SLIM, NEAR = 0.01, 0.99


def sentences(row: pd.Series, target: pd.Series, lang: Lang) -> list[str]:
    """State, since when or what remains, date or why there is none, origin: only what the release has."""
    t = texts(lang)
    if pd.isna(row["valeur"]):
        return [_no_date(row, lang)]
    state = t(
        "trajectoire.etat",
        quand=periode(str(row["dernier_trimestre"]), lang),
        valeur=amount(float(row["valeur"]), target, lang),
        etat=label("etat_objectif", str(row["etat"]), lang),
    )
    rest = _since(row, lang) if row["etat"] == MET else [*_asked(row, target, lang), *_projected(row, lang)]
    return [state, *rest, *([t("trajectoire.simule")] if row["origine"] == "simule" else [])]


def amount(value: float, target: pd.Series, lang: Lang) -> str:
    """A value in the unit of its target."""
    places = 0 if abs(value) >= LARGE else None
    return quantite(value, unite(str(target["unite"]), lang), lang, places)


def _since(row: pd.Series, lang: Lang) -> list[str]:
    if pd.isna(row["depuis"]):
        return []
    return [texts(lang)("trajectoire.depuis", quand=periode(str(row["depuis"]), lang))]


def _asked(row: pd.Series, target: pd.Series, lang: Lang) -> list[str]:
    """What the straight path asks for now, and the pace from here to the due date."""
    t, said = texts(lang), list[str]()
    if pd.notna(row["attendu"]):
        when = a_la_periode(str(row["dernier_trimestre"]), lang)
        said.append(t("trajectoire.attendu", valeur=amount(float(row["attendu"]), target, lang), quand=when))
    if pd.notna(row["rythme_annuel"]):
        pace = float(row["rythme_annuel"])
        sign = "+" if pace > 0 else ""
        said.append(t("trajectoire.rythme", valeur=f"{sign}{amount(pace, target, lang)}"))
    return said


def _projected(row: pd.Series, lang: Lang) -> list[str]:
    """The quarter met one time in two with its interval, the odds at the due date; or why no quarter can be told."""
    if pd.isna(row["projection"]):
        return [_no_date(row, lang)]
    t = texts(lang)
    when = a_la_periode(str(row["projection"]), lang)
    return [t("trajectoire.projection", quand=when, intervalle=interval(row, lang)), *_odds(row, lang)]


def interval(row: pd.Series, lang: Lang) -> str:
    """The quarters between which the target is met, the latest perhaps unknown and then why."""
    t = texts(lang)
    early, late = (
        None if pd.isna(row[f"projection_{end}"]) else str(row[f"projection_{end}"]) for end in ("tot", "tard")
    )
    if late is None:
        reason = "" if pd.isna(row["raison"]) else label("raison_sans_date", str(row["raison"]), lang)
        return t("trajectoire.au_plus_tot", tot=periode(early or str(row["projection"]), lang), raison=reason)
    return t("trajectoire.de_a", tot=periode(early or str(row["projection"]), lang), tard=periode(late, lang))


def _odds(row: pd.Series, lang: Lang) -> list[str]:
    if pd.isna(row["probabilite_echeance"]):
        return []
    t, chance = texts(lang), float(row["probabilite_echeance"])
    written = quantite(100 * chance, "%", lang, 0)
    if chance < SLIM or chance > NEAR:
        written = t("trajectoire.probabilite.infime" if chance < SLIM else "trajectoire.probabilite.presque")
    return [t("trajectoire.probabilite", valeur=written)]


def _no_date(row: pd.Series, lang: Lang) -> str:
    reason = label("raison_sans_date", str(row["raison"]), lang)
    return texts(lang)("trajectoire.sans_date", raison=reason)
