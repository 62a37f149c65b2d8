"""Bars: a measure by service or territory, and the funnel of hospital beds.

Names stand above their bar rather than beside it: on a telephone a long name would leave no room for the bar. A row
without value shows the pattern of its status and the word, never a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard.figures import axes
from dashboard.figures.modele import (
    ABSENT,
    COLOURS,
    INK,
    MUTED,
    TARGET,
    Figure,
    Trace,
    layout,
    legend_swatch,
    status_swatch,
    statut_mot,
)
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats, retours
from publish.charte.mots import GIVEN
from publish.charte.origines import require_one_origin

ROW = 50
NAME_WIDTH = 40
NAME_LINE = 17
FUNNEL_ROW = 64
HEADING = 34
THICK = 0.34
BOX_WIDTH = 18
BOX = "M0,-7 L18,-7 L18,7 L0,7 Z"
INSIDE = {
    "secret": "M0,1 L6,7 M0,-5 L12,7 M4,-7 L18,7 M10,-7 L18,1",
    "non_rapporte": "".join(
        f"M{x},{y} L{x + 1},{y} L{x + 1},{y + 1} L{x},{y + 1} Z" for x in (4, 9, 14) for y in (-3, 3)
    ),
    "non_applicable": "M0,-7 L18,7 M0,7 L18,-7",
}
"""What fills the box of a status, in pixels: hatched, dotted, crossed, as in the legend."""
ROOM_FOR_VALUE = 1.26
ROOM_FOR_WORDS = 1.95
TARGETED_STEP = "lits_identifies"


def _note(text: str, *, y: float, axis: str = "", **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": f"y{axis}",
        "y": y,
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 13, "color": INK},
    } | more


def _known(row: Any) -> bool:
    return row.statut in GIVEN and pd.notna(row.valeur)


def _absent_marks(rows: Sequence[Any], *, axis: str = "") -> list[dict[str, Any]]:
    """A patterned box at the foot of each row without value, a few pixels wide at any scale: it is no quantity."""
    return [
        {
            "type": "path",
            "name": row.statut,
            "path": BOX + INSIDE[row.statut],
            "xref": f"x{axis}",
            "yref": f"y{axis}",
            "xsizemode": "pixel",
            "ysizemode": "pixel",
            "xanchor": 0,
            "yanchor": -place,
            "line": {"color": MUTED, "width": 1.2},
        }
        for place, row in enumerate(rows)
        if not _known(row)
    ]


def _hover(row: Any, lang: Lang, unit_label: str) -> str:
    parts = [f"<b>{row.nom}</b>", formats.quantite(row.valeur, unit_label, lang)]
    if _has_interval(row):
        limits = formats.intervalle(row.borne_basse, row.borne_haute, lang, unit_label)
        parts.append(texts(lang)("fig.intervalle_survol", intervalle=limits))
    return "<br>".join(parts + ([mark] if (mark := _provisional(row, lang)) else []))


def _provisional(row: Any, lang: Lang) -> str:
    """What is said of a value that may still change: the returns it lacks, else that it is provisional."""
    returns = retours.of_row(row)
    if returns is not None and returns.missing:
        return returns.words(lang)
    return texts(lang)("fig.provisoire") if getattr(row, "provisoire", False) else ""


def _short_mark(row: Any, lang: Lang) -> str:
    """The same in a few characters, for beside a bar: « provisoire, 24/27 »."""
    returns, t = retours.of_row(row), texts(lang)
    word = t("fig.provisoire") if getattr(row, "provisoire", False) else ""
    if returns is None or not returns.missing:
        return word
    return f"{word or t('fig.incomplet')}, {returns.received}/{returns.expected}"


def _has_interval(row: Any) -> bool:
    return bool(_known(row) and pd.notna(row.borne_basse) and pd.notna(row.borne_haute))


def _whiskers(rows: Sequence[Any]) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [row.borne_haute - row.valeur if _has_interval(row) else 0 for row in rows],
        "arrayminus": [row.valeur - row.borne_basse if _has_interval(row) else 0 for row in rows],
        "color": INK,
        "thickness": 1.6,
        "width": 5,
        "visible": any(_has_interval(row) for row in rows),
    }


def _value_note(place: int, row: Any, *, lang: Lang, unit_label: str) -> dict[str, Any]:
    """The number beyond the bar and its whisker; beyond the mark of its status, the word."""
    if not _known(row):
        return _note(
            statut_mot(row.statut, lang),
            y=-place,
            xref="x",
            x=0,
            xshift=BOX_WIDTH + 6,
            yanchor="middle",
            font={"size": 12},
        )
    end = row.borne_haute if _has_interval(row) else row.valeur
    written = formats.quantite(row.valeur, unit_label if unit_label == "%" else "", lang)
    if row.valeur == 0:
        written = f"{written} ({statut_mot('zero', lang)})"
    mark = f" ({short})" if (short := _short_mark(row, lang)) else ""
    return _note(f"<b>{written}</b>{mark}", y=-place, xref="x", x=end, xshift=6, yanchor="middle", font={"size": 12})


def _bars(rows: Sequence[Any], *, lang: Lang, unit_label: str, thick: float) -> Trace:
    known = [(place, row) for place, row in enumerate(rows) if _known(row)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": unit_label,
        "meta": {"role": "valeur"},
        "x": [float(row.valeur) for _, row in known],
        "y": [-place for place, _ in known],
        "width": thick,
        "marker": {"color": COLOURS[0]},
        "error_x": _whiskers([row for _, row in known]),
        "hovertext": [_hover(row, lang, unit_label) for _, row in known],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def barres(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> Figure:
    """A horizontal bar per row of the frame, in its order, from the top; whiskers are the interval at 95 %.

    Columns: ``nom``, ``valeur``, ``borne_basse``, ``borne_haute``, ``statut``, ``provisoire``. Raises ValueError where
    one ``nom`` covers rows of several origins.
    """
    require_one_origin(frame)
    rows = axes.records(frame)
    end = axes.top([row.valeur for row in rows if _known(row)], [row.borne_haute for row in rows if _has_interval(row)])
    wrapped = ["<br>".join(wrap(str(row.nom), NAME_WIDTH)) for row in rows]
    row_height = ROW + NAME_LINE * max((name.count("<br>") for name in wrapped), default=0)
    thick = THICK * ROW / row_height
    names = [_note(name, y=-place + thick / 2, yshift=2) for place, name in enumerate(wrapped)]
    values = [_value_note(n, row, lang=lang, unit_label=unit_label) for n, row in enumerate(rows)]
    entries = _swatches(rows, lang)
    box = layout(
        lang,
        height=70 + row_height * len(rows) + (26 if entries else 0),
        barmode="overlay",
        xaxis={"range": [0, end * _room(rows, lang)], "nticks": 5, "rangemode": "tozero"},
        yaxis={"range": [-len(rows) + 0.6, 0.72], "visible": False},
        annotations=[*names, *values, _unit_note(unit_label)],
        shapes=_absent_marks(rows),
        margin={"l": 8, "r": 12, "t": 26, "b": 8},
    )
    return {"data": [_bars(rows, lang=lang, unit_label=unit_label, thick=thick), *entries], "layout": box}


def _room(rows: Sequence[Any], lang: Lang) -> float:
    """Room for what is written beyond the longest bar: a number, or words with it where it is zero or incomplete."""
    wordy = any(_known(row) and (_short_mark(row, lang) or (row.valeur == 0 and _has_interval(row))) for row in rows)
    return ROOM_FOR_WORDS if wordy else ROOM_FOR_VALUE


def _unit_note(unit_label: str) -> dict[str, Any]:
    return _note(unit_label, y=1, yref="paper", yshift=2, font={"size": 12, "color": INK}, name="unite")


def _swatches(rows: Sequence[Any], lang: Lang) -> list[Trace]:
    """Legend entries of the marks on the chart: the statuses met, and the interval if a bar has one."""
    interval = []
    if any(_has_interval(row) for row in rows):
        marker = {"symbol": "line-ew-open", "size": 14, "color": MUTED, "line": {"width": 2, "color": MUTED}}
        name = texts(lang)("fig.intervalle")
        interval = [legend_swatch(name, rank=1500, type="scatter", mode="markers", marker=marker)]
    return [*interval, *(status_swatch(statut, lang) for statut in ABSENT if any(r.statut == statut for r in rows))]


def _step_words(row: Any, before: Any | None, *, lang: Lang, unit_label: str, target: float | None, mark: str) -> str:
    """What is written above a step: its name, its quantity, its share of the step before, the target it has."""
    if not _known(row):
        return f"<b>{row.nom}</b>"
    parts = [formats.quantite(row.valeur, unit_label, lang)]
    if before is not None and _known(before) and before.valeur > 0:
        share = formats.quantite(100 * row.valeur / before.valeur, "%", lang, 0)
        parts.append(texts(lang)(f"fig.part.{row.etape}", part=share))
    if mark:
        parts.append(mark)
    if target is not None:
        parts.append(texts(lang)("fig.objectif", valeur=formats.quantite(target, unit_label, lang)))
    return f"<b>{row.nom}</b><br>{' · '.join(parts)}"


def _steps(rows: Sequence[Any], *, axis: str, colour: str, unit_label: str, lang: Lang) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": unit_label,
        "meta": {"role": "valeur", "unite": unit_label},
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "x": [float(row.valeur) for row in rows if _known(row)],
        "y": [-place for place, row in enumerate(rows) if _known(row)],
        "width": THICK,
        "marker": {"color": colour},
        "hovertext": [
            f"<b>{row.nom}</b><br>{formats.quantite(row.valeur, unit_label, lang)}" for row in rows if _known(row)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _step_notes(rows: Sequence[Any], *, axis: str, lang: Lang, unit_label: str, target: float | None) -> list[Any]:
    notes, shared = [], _shared_mark(rows, lang)
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else None
        aim = target if row.etape == TARGETED_STEP else None
        words = _step_words(
            row, before, lang=lang, unit_label=unit_label, target=aim, mark="" if shared else _short_mark(row, lang)
        )
        notes.append(_note(words, y=-place + THICK / 2, axis=axis, yshift=2))
    return notes


def _shared_mark(rows: Sequence[Any], lang: Lang) -> str:
    """The mark that every step bears, said once in their heading; empty where they differ."""
    marks = {_short_mark(row, lang) for row in rows}
    return marks.pop() if len(marks) == 1 else ""


def _word_notes(rows: Sequence[Any], *, axis: str, lang: Lang) -> list[Any]:
    return [
        _note(
            statut_mot(row.statut, lang),
            y=-place,
            axis=axis,
            xref=f"x{axis}",
            x=0,
            xshift=BOX_WIDTH + 6,
            yanchor="middle",
        )
        for place, row in enumerate(rows)
        if not _known(row)
    ]


def _target_tick(rows: Sequence[Any], target: float | None) -> list[dict[str, Any]]:
    """The target as a tick across the bar of the step it is set for, cased so that it is seen on the bar and off it."""
    places = [place for place, row in enumerate(rows) if row.etape == TARGETED_STEP]
    return [
        {
            "type": "line",
            "name": "objectif",
            "xref": "x",
            "yref": "y",
            "x0": target,
            "x1": target,
            "y0": -place - 0.3,
            "y1": -place + 0.24,
            "line": {"color": colour, "width": width},
        }
        for place in places
        for colour, width in ((TARGET, 7), ("#ffffff", 2))
        if target is not None
    ]


@dataclass(frozen=True)
class _Group:
    """One half of the funnel: steps in one unit, on its own axes."""

    rows: tuple[Any, ...]
    axis: str
    heading: str
    unit_label: str
    colour: str
    end: float


def _group(frame: pd.DataFrame, key: str, *, axis: str, colour: str, lang: Lang, target: float | None) -> _Group:
    rows, t = tuple(axes.records(frame)), texts(lang)
    end = axes.top([float(row.valeur) for row in rows if _known(row)], [target])
    return _Group(rows, axis, t(f"fig.{key}"), t(f"fig.unite.{key}"), colour, end)


def _group_parts(group: _Group, *, lang: Lang, target: float | None) -> tuple[Trace, list[Any]]:
    mark = f" ({shared})" if (shared := _shared_mark(group.rows, lang)) else ""
    bars = _steps(group.rows, axis=group.axis, colour=group.colour, unit_label=group.unit_label, lang=lang)
    heading = _note(
        f"<b>{group.heading}</b>{mark}", y=1, yref=f"y{group.axis} domain", yshift=4, font={"size": 15, "color": INK}
    )
    steps = _step_notes(group.rows, axis=group.axis, lang=lang, unit_label=group.unit_label, target=target)
    return bars, [heading, *steps, *_word_notes(group.rows, axis=group.axis, lang=lang)]


def _group_axes(group: _Group, domain: Sequence[float]) -> dict[str, Any]:
    span = {"range": [-len(group.rows) + 0.6, 0.8], "domain": list(domain), "visible": False}
    return {
        f"xaxis{group.axis}": {"range": [0, group.end], "visible": False, "anchor": f"y{group.axis}"},
        f"yaxis{group.axis}": span | {"anchor": f"x{group.axis}"},
    }


def entonnoir(beds: pd.DataFrame, days: pd.DataFrame, *, lang: Lang, target: float | None) -> Figure:
    """The funnel of beds, then that of bed-days: two groups with an axis each, for beds and bed-days do not add up.

    Columns: ``etape`` (code of the step), ``nom``, ``valeur``, ``statut``, from the widest step to the narrowest. The
    target is a number of beds identified.
    """
    first = _group(beds, "lits", axis="", colour=COLOURS[0], lang=lang, target=target)
    second = _group(days, "journees_lit", axis="2", colour=COLOURS[2], lang=lang, target=None)
    parts = [_group_parts(first, lang=lang, target=target), _group_parts(second, lang=lang, target=None)]
    heights = [FUNNEL_ROW * (len(group.rows) + 0.2) for group in (first, second)]
    area = sum(heights) + HEADING
    entries = [status_swatch(s, lang) for s in ABSENT if any(r.statut == s for r in (*first.rows, *second.rows))]
    box = layout(
        lang,
        height=round(area) + 44 + (26 if entries else 0),
        barmode="overlay",
        annotations=[note for _, notes in parts for note in notes],
        shapes=[
            *_target_tick(first.rows, target),
            *(mark for group in (first, second) for mark in _absent_marks(group.rows, axis=group.axis)),
        ],
        margin={"l": 8, "r": 8, "t": 34, "b": 8},
        **_group_axes(first, (1 - heights[0] / area, 1)),
        **_group_axes(second, (0, heights[1] / area)),
    )
    return {"data": [*(bars for bars, _ in parts), *entries], "layout": box}
