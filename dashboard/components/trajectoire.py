"""The course of a target in words: state, since when, what the path asks for, the pace needed, when it would be met."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.tendance import method_link
from dashboard.context import Context
from dashboard.figures.projection import Projection
from dashboard.tendances import course_of
from publish.charte.formats import LARGE, a_la_periode, periode, quantite, unite
from publish.charte.mots import label

MET = "atteinte"
NO_SERIES = "sans_serie"
# Probabilities beyond these are not written as 0 or 100 %: nothing is certain.
SLIM, NEAR = 0.01, 0.99


def course_words(context: Context, target: pd.Series) -> list[Component]:
    """What the release says of the course of a target, as it says it; nothing where it holds no such row."""
    row = context.cached(course_of, str(target["id"]))
    if row is None:
        return []
    said = sentences(row, target, context)
    told = row["etat"] == MET or str(row["raison"]) == NO_SERIES
    link: list[Any] = [] if told else [" ", method_link(context, "trajectoire.methode")]
    return [
        html.P([html.Strong(context.texts("trajectoire.titre")), " ", " ".join(said), *link], className="trajectoire")
    ]


def projections(context: Context, targets: pd.DataFrame) -> list[Projection]:
    """The projections of the steps of a target that have both ends, to draw on their path."""
    pairs = [(target, context.cached(course_of, str(target["id"]))) for _, target in targets.iterrows()]
    return [_projection(row, target, context) for target, row in pairs if row is not None and _whole(row)]


def _whole(row: pd.Series) -> bool:
    return bool(row[["projection_tot", "projection", "projection_tard"]].notna().all())


def _projection(row: pd.Series, target: pd.Series, context: Context) -> Projection:
    aim = float(target["valeur_cible"])
    words = context.texts(
        "trajectoire.survol",
        cible=_amount(aim, target, context),
        quand=a_la_periode(str(row["projection"]), context.lang),
        intervalle=_interval(row, context),
    )
    early, central, late = (str(row[name]) for name in ("projection_tot", "projection", "projection_tard"))
    return Projection(aim, early, central, late, words)


def sentences(row: pd.Series, target: pd.Series, context: Context) -> list[str]:
    """State, since when or what remains, date or why there is none, origin: only what the release has."""
    t = context.texts
    if pd.isna(row["valeur"]):
        return [_no_date(row, context)]
    state = t(
        "trajectoire.etat",
        quand=periode(str(row["dernier_trimestre"]), context.lang),
        valeur=_amount(float(row["valeur"]), target, context),
        etat=label("etat_objectif", str(row["etat"]), context.lang),
    )
    rest = _since(row, context) if row["etat"] == MET else [*_asked(row, target, context), *_projected(row, context)]
    return [state, *rest, *([t("trajectoire.simule")] if row["origine"] == "simule" else [])]


def _amount(value: float, target: pd.Series, context: Context) -> str:
    places = 0 if abs(value) >= LARGE else None
    return quantite(value, unite(str(target["unite"]), context.lang), context.lang, places)


def _since(row: pd.Series, context: Context) -> list[str]:
    if pd.isna(row["depuis"]):
        return []
    return [context.texts("trajectoire.depuis", quand=periode(str(row["depuis"]), context.lang))]


def _asked(row: pd.Series, target: pd.Series, context: Context) -> list[str]:
    """What the straight path asks for now, and the pace from here to the due date."""
    t, said = context.texts, list[str]()
    if pd.notna(row["attendu"]):
        when = a_la_periode(str(row["dernier_trimestre"]), context.lang)
        said.append(t("trajectoire.attendu", valeur=_amount(float(row["attendu"]), target, context), quand=when))
    if pd.notna(row["rythme_annuel"]):
        pace = float(row["rythme_annuel"])
        sign = "+" if pace > 0 else ""
        said.append(t("trajectoire.rythme", valeur=f"{sign}{_amount(pace, target, context)}"))
    return said


def _projected(row: pd.Series, context: Context) -> list[str]:
    """The quarter met one time in two with its interval, the odds at the due date; or why no quarter can be told."""
    if pd.isna(row["projection"]):
        return [_no_date(row, context)]
    t, lang = context.texts, context.lang
    when = a_la_periode(str(row["projection"]), lang)
    return [t("trajectoire.projection", quand=when, intervalle=_interval(row, context)), *_odds(row, context)]


def _interval(row: pd.Series, context: Context) -> str:
    t, lang = context.texts, context.lang
    early, late = (
        None if pd.isna(row[f"projection_{end}"]) else str(row[f"projection_{end}"]) for end in ("tot", "tard")
    )
    if late is None:
        reason = "" if pd.isna(row["raison"]) else label("raison_sans_date", str(row["raison"]), lang)
        return t("trajectoire.au_plus_tot", tot=periode(early or str(row["projection"]), lang), raison=reason)
    return t("trajectoire.de_a", tot=periode(early or str(row["projection"]), lang), tard=periode(late, lang))


def _odds(row: pd.Series, context: Context) -> list[str]:
    if pd.isna(row["probabilite_echeance"]):
        return []
    t, chance = context.texts, float(row["probabilite_echeance"])
    written = quantite(100 * chance, "%", context.lang, 0)
    if chance < SLIM or chance > NEAR:
        written = t("trajectoire.probabilite.infime" if chance < SLIM else "trajectoire.probabilite.presque")
    return [t("trajectoire.probabilite", valeur=written)]


def _no_date(row: pd.Series, context: Context) -> str:
    reason = label("raison_sans_date", str(row["raison"]), context.lang)
    return context.texts("trajectoire.sans_date", raison=reason)
