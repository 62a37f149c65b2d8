"""Whether neighbouring scenes look alike, in words: Moran's I as the release publishes it, or why there is none."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from publish.charte.formats import nombre, periode

# Below this two-sided p-value the likeness is more than what chance gives (one time in twenty).
LEVEL = 0.05
DECIMALS = 3


def resemblance(context: Context, row: pd.Series) -> Component:
    """One sentence and its figures: a likeness between neighbours is a place of scenes, not a displacement."""
    t, quarter = context.texts, periode(str(row["periode"]), context.lang)
    if pd.isna(row["i"]):
        return html.P(t(f"moran.{row['raison']}", periode=quarter, secrets=int(row["secrets"])), className="note")
    told = "moran.semblables" if row["p"] < LEVEL and row["i"] > 0 else "moran.hasard"
    figures = {name: nombre(float(row[name]), context.lang, DECIMALS) for name in ("i", "p")}
    counts = {name: int(row[name]) for name in ("territoires", "secrets")}
    return html.P(t(told, periode=quarter, **figures, **counts), className="note")
