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
from publish.charte.formats import a_la_periode
from publish.charte.trajectoires import MET, amount, interval, sentences

NO_SERIES = "sans_serie"


def course_words(context: Context, target: pd.Series) -> list[Component]:
    """What the release says of the course of a target, as it says it; nothing where it holds no such row."""
    row = context.cached(course_of, str(target["id"]))
    if row is None:
        return []
    said = sentences(row, target, context.lang)
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
        cible=amount(aim, target, context.lang),
        quand=a_la_periode(str(row["projection"]), context.lang),
        intervalle=interval(row, context.lang),
    )
    early, central, late = (str(row[name]) for name in ("projection_tot", "projection", "projection_tard"))
    return Projection(aim, early, central, late, words)
