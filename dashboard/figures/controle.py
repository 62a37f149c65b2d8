"""What a control chart adds to daily attendance: the band of ordinary days, and the days that leave it.

Frames have ``limite_basse``, ``limite_haute`` and ``signal`` (code list ``signal_quotidien``) beside the observations.
Days beyond a limit are told by shape, outline and words; those of a run by a ring.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from dashboard.figures import axes
from dashboard.figures.cadre import Line
from dashboard.figures.modele import COLOURS, MUTED, Trace, rgba
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats

COLUMNS = ("limite_basse", "limite_haute", "signal")
SIGNAL = COLOURS[1]
RUNS = ("serie", "proche")
# The mark of each kind of day out of the ordinary: name in the catalogue, codes of the signal, shape, size.
MARKS: tuple[tuple[str, tuple[str, ...], str, int], ...] = (
    ("au_dessus", ("au_dessus",), "triangle-up", 10),
    ("au_dessous", ("au_dessous",), "triangle-down", 10),
    ("suite", RUNS, "circle-open", 8),
)


def has_limits(frame: pd.DataFrame) -> bool:
    """Whether a frame carries limits for one day at least."""
    return set(COLUMNS) <= set(frame.columns) and bool(frame["limite_haute"].notna().any())


def traces(line: Line, lang: Lang, unit_label: str) -> tuple[list[Trace], list[Trace]]:
    """The band of ordinary days, to draw first, and the days out of it; nothing for a frame without limits."""
    if not has_limits(line.rows):
        return [], []
    marks = [_marks(line, lang, unit_label, *mark) for mark in MARKS]
    return [_band(line, lang)], [mark for mark in marks if mark["x"]]


def upper(frame: pd.DataFrame) -> list[float]:
    """Upper limits, which the axis has to hold."""
    return [float(value) for value in frame["limite_haute"]] if has_limits(frame) else []


def _band(line: Line, lang: Lang) -> Trace:
    """One closed polygon per unbroken run of days with limits; as wide as the days it stands for."""
    x: list[str | None] = []
    y: list[float | None] = []
    whole = line.rows["limite_haute"].notna()
    for known, run in groupby(zip(whole, axes.records(line.rows), strict=True), key=lambda item: item[0]):
        days = [row for _, row in run]
        if known:
            dates = axes.iso(row.periode_debut for row in days)
            x += [*dates, *dates[::-1], None]
            y += [*(row.limite_haute for row in days), *(row.limite_basse for row in days[::-1]), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": texts(lang)("controle.bande"),
        "meta": {"role": "limites"},
        "x": x[:-1],
        "y": y[:-1],
        "fill": "toself",
        "fillcolor": rgba(MUTED, 0.2),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "legendrank": 1500,
    }


def _marks(
    line: Line, lang: Lang, unit_label: str, name: str, signals: tuple[str, ...], symbol: str, size: int
) -> Trace:
    rows = line.rows[line.rows["signal"].isin(signals) & line.rows["valeur"].notna()]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": texts(lang)(f"controle.{name}"),
        "meta": {"role": "signal", "signal": name},
        "x": axes.iso(rows["periode_debut"]),
        "y": [float(value) for value in rows["valeur"]],
        "cliponaxis": False,
        "marker": {"symbol": symbol, "size": size, "color": SIGNAL, "line": {"width": 1.5, "color": SIGNAL}},
        "hovertext": [_hover(row, lang, unit_label) for row in axes.records(rows)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "legendrank": 1510,
    }


def _hover(row: Any, lang: Lang, unit_label: str) -> str:
    t = texts(lang)
    limits = formats.intervalle(row.limite_basse, row.limite_haute, lang, decimales=0)
    return "<br>".join(
        [
            f"<b>{formats.periode(row.periode, lang)}</b>",
            formats.quantite(row.valeur, unit_label, lang),
            t(f"controle.survol.{row.signal}"),
            t("controle.survol.limites", limites=limits),
        ]
    )
