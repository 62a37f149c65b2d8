"""Map: a polygon per territory, coloured by class; its outlines are added in the browser, from one immutable file.

The traces carry ``meta = {niveau, code}`` and neither ``x`` nor ``y``: ``assets/carte.js`` fetches the outlines once
and fills them in. Classes are quantiles of the values above zero with rounded limits (Slocum et al., Thematic
Cartography and Geovisualization, ch. 4), computed once over all periods so that a colour means the same all along the
slider. Zero has a colour outside the ramp; secret is hatched, not reported dotted, not applicable crossed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.figures.axes import records
from dashboard.figures.modele import ABSENT, BLANK, PATTERNS, Figure, Trace, layout, pattern, statut_mot, statut_phrase
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats
from publish.charte.classes import (
    INK_ON_RAMP,
    INK_ON_RAMP_DARK,
    RAMP,
    RAMP_DARK,
    ZERO,
    bornes,
    class_index,
    class_label,
    shades,
)

HEIGHT = 520
BORDER = "#7d8590"
SELECTED = "#d9480f"
FAINT = 0.3
HALO = ("#ffffff", "#14181f")


@dataclass(frozen=True)
class Classe:
    """An entry of the legend. ``kind`` is a status; ``pattern`` its plotly filling, empty for a plain colour."""

    label: str
    color: str
    color_dark: str
    kind: str
    pattern: str = ""


def _kind(row: Any) -> str:
    return "zero" if row.statut == "valeur" and row.valeur == 0 else str(row.statut)


def _limits_of(frame: pd.DataFrame, edges: Sequence[float] | None) -> tuple[float, ...]:
    return tuple(edges) if edges else bornes(frame.loc[frame["statut"] == "valeur", "valeur"])


def classes(frame: pd.DataFrame, *, lang: Lang, unit_label: str, bornes: Sequence[float] | None = None) -> list[Classe]:
    """Legend: every class of the scale from low to high, after zero, then the statuses of the frame and no other."""
    edges = _limits_of(frame, bornes)
    found = {_kind(row) for row in records(frame)}
    pairs = list(pairwise(edges))
    scale = [
        Classe(
            class_label(low, high, last=rank == len(pairs) - 1, lang=lang, unit_label=unit_label),
            RAMP[shade],
            RAMP_DARK[shade],
            "valeur",
        )
        for rank, ((low, high), shade) in enumerate(zip(pairs, shades(len(pairs)), strict=True))
    ]
    zero = [Classe(f"0 ({statut_mot('zero', lang)})", *ZERO, "zero")] if "zero" in found else []
    absent = [Classe(statut_mot(s, lang), BLANK, BLANK, s, PATTERNS[s]) for s in ABSENT if s in found]
    return [*zero, *scale, *absent]


def methode(lang: Lang) -> str:
    """The method of classification, in words."""
    return texts(lang)("fig.methode")


def _hover(row: Any, lang: Lang, unit_label: str) -> str:
    t = texts(lang)
    parts = [f"<b>{row.nom}</b>", formats.periode(row.periode, lang)]
    if _kind(row) in ABSENT:
        return "<br>".join([*parts, statut_phrase(row.statut, lang)])
    parts.append(f"<b>{formats.quantite(row.valeur, unit_label, lang)}</b>")
    if pd.notna(row.borne_basse) and pd.notna(row.borne_haute):
        limits = formats.intervalle(row.borne_basse, row.borne_haute, lang, unit_label)
        parts.append(t("fig.intervalle_survol", intervalle=limits))
    return "<br>".join(parts + ([t("fig.provisoire")] if row.provisoire else []))


def _fill(row: Any, edges: Sequence[float]) -> tuple[str, str] | None:
    """Light and dark colour of a territory; None where a pattern stands for its status."""
    kind = _kind(row)
    if kind in ABSENT:
        return None
    if kind == "zero":
        return ZERO
    shade = shades(max(len(edges) - 1, 1))[class_index(row.valeur, edges)]
    return RAMP[shade], RAMP_DARK[shade]


def _polygon(row: Any, edges: Sequence[float], *, lang: Lang, unit_label: str, selected: bool) -> Trace:
    fill = _fill(row, edges)
    trace: Trace = {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": _hover(row, lang, unit_label),
        "name": str(row.nom),
        "line": {"color": SELECTED if selected else BORDER, "width": 3 if selected else 0.8},
        "meta": {"niveau": row.territoire_niveau, "code": row.territoire_code},
        "showlegend": False,
    }
    if fill is None:
        return trace | {"fillcolor": BLANK, "fillpattern": _filling(row.statut)}
    return trace | {"fillcolor": fill[0], "meta": trace["meta"] | {"fill": {"clair": fill[0], "sombre": fill[1]}}}


def _filling(statut: str) -> dict[str, Any]:
    """Pattern of a status on the map; faint where the measure has no object, which is most communes of some maps."""
    return pattern(statut) | ({"fgopacity": FAINT} if statut == "non_applicable" else {})


def _label_inks(row: Any, edges: Sequence[float]) -> tuple[str, str]:
    """Colour of a number written on a territory, on the light page and on the dark one."""
    if _kind(row) in (*ABSENT, "zero"):
        return INK_ON_RAMP[0], INK_ON_RAMP_DARK[0]
    shade = shades(max(len(edges) - 1, 1))[class_index(row.valeur, edges)]
    return INK_ON_RAMP[shade], INK_ON_RAMP_DARK[shade]


def _halos(patterned: Sequence[bool], colour: str) -> list[str]:
    """A halo behind the numbers that stand on a pattern, which would otherwise run through them."""
    return [", ".join([f"0px 0px 2px {colour}"] * 4) if lines else "none" for lines in patterned]


def _numbers(rows: Sequence[Any], edges: Sequence[float]) -> Trace:
    """Numbers of the arrondissements; the browser puts them where the outlines file says."""
    named = [row for row in rows if row.territoire_niveau == "arrondissement"]
    inks = [_label_inks(row, edges) for row in named]
    light, dark = [ink[0] for ink in inks], [ink[1] for ink in inks]
    patterned = [_kind(row) in ABSENT for row in named]
    return {
        "type": "scatter",
        "mode": "text",
        "text": [str(int(str(row.territoire_code)[-2:])) for row in named],
        "textfont": {"size": 11, "color": light, "shadow": _halos(patterned, HALO[0])},
        "meta": {
            "role": "etiquettes",
            "codes": [row.territoire_code for row in named],
            "niveau": "arrondissement",
            "encre": {"clair": light, "sombre": dark},
            "halo": {"clair": _halos(patterned, HALO[0]), "sombre": _halos(patterned, HALO[1])},
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def carte(
    frame: pd.DataFrame, *, lang: Lang, unit_label: str, bornes: Sequence[float] | None = None,
    selection: str | None = None,
) -> Figure:  # fmt: skip
    """Map of a frame with one row per territory to draw (``territoire_niveau``, ``territoire_code``…).

    ``bornes`` are the class limits computed over all periods; without them, those of the frame. ``selection`` is the
    code of a territory to outline.
    """
    edges = _limits_of(frame, bornes)
    rows = sorted(records(frame), key=lambda row: row.territoire_code == selection)
    polygons = [
        _polygon(row, edges, lang=lang, unit_label=unit_label, selected=row.territoire_code == selection)
        for row in rows
    ]
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    figure = layout(
        lang,
        height=HEIGHT,
        xaxis=hidden,
        yaxis=hidden | {"scaleanchor": "x", "scaleratio": 1},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
    )
    figure["meta"] |= {"carte": True, "erreur": texts(lang)("fig.carte_absente")}
    return {"data": [*polygons, _numbers(rows, edges)], "layout": figure}
