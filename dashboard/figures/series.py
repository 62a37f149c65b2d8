"""Series: an indicator through time with its interval, and daily attendance.

A value that is not there is never drawn at zero: the line breaks, and a lane under the plot says why (hatched: secret,
dotted: not reported, crossed: not applicable). An observed zero is a hollow point on the line. Provisional periods are
shaded. Frames are observations: ``periode``, ``periode_debut``, ``periode_fin``, ``granularite``, ``modalite``,
``nom``, ``valeur``, ``borne_basse``, ``borne_haute``, ``statut``, ``provisoire``; one line per ``modalite``.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from dashboard.figures import axes, controle, evenements
from dashboard.figures.cadre import (
    Line,
    framed,
    lane,
    lines_of,
    require_rows,
    swatches,
    target_trace,
    values_of,
    zero_swatch,
)
from dashboard.figures.modele import Figure, Trace, rgba
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats
from publish.charte.mots import GIVEN

FEW_DAYS = 400


def _hover(row: Any, line: Line, lang: Lang, unit_label: str, *, several: bool) -> str:
    t = texts(lang)
    parts = [f"<b>{formats.periode(row.periode, lang)}</b>"]
    parts += [line.name] if several else []
    parts.append(formats.quantite(row.valeur, unit_label, lang) if pd.notna(row.valeur) else "")
    if pd.notna(row.borne_basse) and pd.notna(row.borne_haute):
        limits = formats.intervalle(row.borne_basse, row.borne_haute, lang, unit_label)
        parts.append(t("fig.intervalle_survol", intervalle=limits))
    return "<br>".join(parts + ([t("fig.provisoire")] if row.provisoire else []))


def _band(line: Line, lang: Lang, *, first: bool) -> Trace | None:
    """The interval, one closed polygon per unbroken run of periods: a gap of the line is a gap of its band."""
    x: list[str | None] = []
    y: list[float | None] = []
    rows = line.rows.assign(mid=axes.midpoints(line.rows))
    whole = rows["statut"].isin(GIVEN) & rows["borne_basse"].notna() & rows["borne_haute"].notna()
    for known, run in groupby(zip(whole, axes.records(rows), strict=True), key=lambda item: item[0]):
        points = [row for _, row in run]
        if known:
            dates = axes.iso(row.mid for row in points)
            x += [*dates, *dates[::-1], None]
            y += [
                *(row.borne_haute for row in points),
                *(row.borne_basse for row in points[::-1]),
                None,
            ]
    if not x:
        return None
    return {
        "type": "scatter",
        "mode": "lines",
        "name": texts(lang)("fig.intervalle"),
        "meta": {"role": "intervalle"},
        "x": x[:-1],
        "y": y[:-1],
        "fill": "toself",
        "fillcolor": rgba(line.colour, 0.2),
        "line": {"width": 1, "color": rgba(line.colour, 0.2)},
        "hoverinfo": "skip",
        "showlegend": first,
        "legendrank": 1500,
    }


def _curve(line: Line, lang: Lang, unit_label: str, *, several: bool) -> Trace:
    rows = line.rows
    zero = rows["statut"] == "zero"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": line.name,
        "meta": {"role": "valeur"},
        "x": axes.iso(axes.midpoints(rows)),
        "y": values_of(rows),
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": line.colour, "width": 2, "dash": line.dash},
        "marker": {
            "size": [9 if empty else 6 for empty in zero],
            "symbol": [f"{line.symbol}-open" if empty else line.symbol for empty in zero],
            "color": line.colour,
            "line": {
                "width": [2 if empty else 0 for empty in zero],
                "color": line.colour,
            },
        },
        "hovertext": [_hover(row, line, lang, unit_label, several=several) for row in axes.records(rows)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": several,
    }


def serie(
    frame: pd.DataFrame, *, lang: Lang, unit_label: str, events: pd.DataFrame | None = None,
    target: float | None = None,
) -> Figure:  # fmt: skip
    """An indicator through time, a line per ``modalite``; raises ValueError if the frame has no row.

    ``events`` has ``date`` and ``libelle``; ``target`` is a value in the unit of the indicator.
    """
    require_rows(frame)
    lines = lines_of(frame)
    several = len(lines) > 1
    bands = [band for line in lines if (band := _band(line, lang, first=line is lines[0]))]
    curves = [_curve(line, lang, unit_label, several=several) for line in lines]
    aim = [] if target is None else [target_trace(frame, target, lang=lang, unit_label=unit_label)]
    traces = [*bands, *curves, *aim, *lane(lines, lang), *zero_swatch(frame, lang), *swatches(frame, lang)]
    top = axes.top(values_of(frame), values_of(frame, "borne_haute"), [target])
    return framed(frame, traces, lang=lang, unit_label=unit_label, events=events, top=top)


def _days(line: Line, lang: Lang, *, several: bool) -> Trace:
    """The days, as faint points. Their hover labels are formatted by the browser: there are thousands of them."""
    name = texts(lang)("fig.jour")
    marker = {
        "size": 5 if len(line.rows) <= FEW_DAYS else 3,
        "color": line.colour,
        "opacity": 0.7,
        "symbol": line.symbol,
    }
    return _day_points(line, "valeur", several=several) | {
        "name": f"{line.name}, {name}" if several else name,
        "meta": {"role": "jour"},
        "marker": marker,
    }


def _zero_days(line: Line, *, several: bool) -> Trace:
    """Days on which nobody came, as hollow points: they are known, and are not days without a report."""
    marker = {"size": 8, "color": line.colour, "symbol": f"{line.symbol}-open", "line": {"width": 2}}
    return _day_points(line, "zero", several=several) | {
        "name": line.name,
        "meta": {"role": "zero"},
        "marker": marker,
        "showlegend": False,
    }


def _day_points(line: Line, statut: str, *, several: bool) -> Trace:
    rows = line.rows[line.rows["statut"] == statut]
    extra = f"<br>{line.name}" if several else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": axes.iso(rows["periode_debut"]),
        "y": [float(value) for value in rows["valeur"]],
        "cliponaxis": False,
        "hovertemplate": f"<b>%{{x|%A %-d %B %Y}}</b>{extra}<br>%{{y:,.0f}}<extra></extra>",
    }


def _weekly(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per week, Monday to Sunday: its ``mediane``, None where the week has none."""
    start = pd.to_datetime(rows["periode_debut"])
    weeks = rows.assign(week=start - pd.to_timedelta(start.dt.day_of_week, unit="D")).groupby("week")["mediane"].first()
    return (
        weeks.reindex(pd.date_range(weeks.index.min(), weeks.index.max(), freq="7D")).rename_axis("week").reset_index()
    )


def _medians(line: Line, lang: Lang, unit_label: str, *, several: bool) -> Trace | None:
    """The line of weekly medians; None where no two weeks in a row have one: there is nothing to join."""
    weeks, t = _weekly(line.rows), texts(lang)
    held = weeks["mediane"].notna()
    if not (held & held.shift(fill_value=False)).any():
        return None
    known = [float(value) if pd.notna(value) else None for value in weeks["mediane"]]
    dates = [t("fig.mediane_survol", date=formats.date_courte(week, lang)) for week in weeks["week"]]
    values = [formats.quantite(value, unit_label, lang) if value is not None else "" for value in known]
    name = t("fig.mediane")
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{line.name}, {name}" if several else name,
        "meta": {"role": "mediane"},
        "x": axes.iso(week + pd.Timedelta(days=3, hours=12) for week in weeks["week"]),
        "y": known,
        "connectgaps": False,
        "line": {"color": line.colour, "width": 2.5, "dash": line.dash},
        "hovertext": [f"<b>{date}</b><br>{value}" for date, value in zip(dates, values, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def quotidien(
    frame: pd.DataFrame,
    *,
    lang: Lang,
    unit_label: str,
    events: pd.DataFrame | None = None,
) -> Figure:
    """Daily attendance: a faint point per day and the weekly ``mediane`` of the frame as a line, per ``modalite``.

    Where one service has limits (``limite_basse``, ``limite_haute``, ``signal``), the band of ordinary days and the
    days out of it. Raises ValueError if the frame has no row.
    """
    require_rows(frame)
    lines = lines_of(frame)
    several = len(lines) > 1
    days = [_days(line, lang, several=several) for line in lines]
    zeros = [_zero_days(line, several=several) for line in lines if (line.rows["statut"] == "zero").any()]
    medians = [drawn for line in lines if (drawn := _medians(line, lang, unit_label, several=several))]
    marks = [*lane(lines, lang), *zero_swatch(frame, lang), *swatches(frame, lang)]
    band, signals = ([], []) if several else controle.traces(lines[0], lang, unit_label)
    top = axes.top(values_of(frame), frame["mediane"], controle.upper(frame))
    traces = [*band, *days, *medians, *zeros, *signals, *marks]
    return framed(frame, traces, lang=lang, unit_label=unit_label, events=events, top=top)


def evenements_numerotes(frame: pd.DataFrame, events: pd.DataFrame | None, *, lang: Lang) -> list[tuple[int, str, str]]:
    """Number, date and words of each event within the period of the frame: the list to print under the chart."""
    if frame.empty:
        return []
    end = frame["periode_fin"].max() + pd.Timedelta(days=1)
    placed = evenements.badges(events, frame["periode_debut"].min(), end)
    return [(badge.number, badge.when(lang), badge.libelle) for badge in placed]
