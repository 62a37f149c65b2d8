"""A territory and those it touches, this quarter and the one before: a scene that moved is not a scene that shrank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.cellules import DASH, value_cell
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Section
from dashboard.queries import Place
from publish.charte.formats import nombre, periode
from publish.charte.mots import GIVEN

Rows = Mapping[Place, pd.Series]


def neighbourhood(
    context: Context, places: Sequence[Place], now: pd.DataFrame, before: pd.DataFrame | None, *, title: str
) -> Section:
    """A table of territories, the followed one first. Values are never added up: the indicator may not be additive."""
    t, current = context.texts, _by_place(now)
    known = [place for place in places if place in current]
    if not known:
        return Section()
    earlier = _by_place(before) if before is not None else {}
    rows = [_row(context, place, current[place], earlier.get(place)) for place in known]
    columns = [
        Column(t("voisins.territoire")),
        *_periods(context, now, before),
        Column(t("voisins.ecart"), number=True),
    ]
    grid = table(columns, rows, caption=title)
    return Section(before=[html.H2(title), html.P(t("voisins.texte")), grid])


def _by_place(frame: pd.DataFrame) -> Rows:
    keys = zip(frame["territoire_niveau"], frame["territoire_code"], strict=True)
    return {key: row for key, (_, row) in zip(keys, frame.iterrows(), strict=True)}


def _periods(context: Context, now: pd.DataFrame, before: pd.DataFrame | None) -> list[Column]:
    codes = [frame["periode"].iloc[0] for frame in (before, now) if frame is not None and len(frame)]
    return [Column(periode(str(code), context.lang), number=True) for code in codes]


def _row(context: Context, place: Place, row: pd.Series, earlier: pd.Series | None) -> tuple[Any, ...]:
    name = html.A(str(row["nom"]), href=context.here(territoire=":".join(place)))
    past = [] if earlier is None else [value_cell(earlier, context.lang)]
    return (name, *past, value_cell(row, context.lang), _gap(row, earlier, context))


def _gap(row: pd.Series, earlier: pd.Series | None, context: Context) -> str:
    """The difference, where both values are published; a dash where one is not, which is not a difference of zero."""
    if earlier is None or row["statut"] not in GIVEN or earlier["statut"] not in GIVEN:
        return DASH
    gap = float(row["valeur"]) - float(earlier["valeur"])
    return ("+" if gap > 0 else "") + nombre(gap, context.lang)
