"""The table of the four cocaine consultations (2010–2012), as their source prints it: values, bases, absences."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.chiffre import anomaly
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.queries import service_names
from dashboard.router import Lang
from publish.charte.formats import est_connu, quantite, unite
from publish.charte.mots import GOVERNED, label, period_text, text_of
from schemas.contract import code_list

UNAVAILABLE = "non_disponible"


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of the measures of the code list, then of the periods."""
    rank = {item["value"]: place for place, item in enumerate(code_list("mesure_consultation"))}
    placed = frame.assign(_rang=frame["mesure"].map(rank))
    return placed.sort_values(["_rang", "periode_debut"], kind="stable").drop(columns="_rang")


def value_words(row: pd.Series, context: Context) -> str:
    """A value as a reader is told it: its precision, its unit, its base; « non disponible » for ND."""
    if row["precision"] == UNAVAILABLE:
        return context.texts("consultations.nd")
    if not est_connu(row["valeur"]):
        return context.texts("consultations.sans_nombre", imprime=str(row["tel_qu_imprime"]))
    lang = context.lang
    word = f"{label('precision_valeur', str(row['precision']), lang)} " if row["precision"] in GOVERNED else ""
    return word + quantite(float(row["valeur"]), unite(row["unite"], lang), lang)


def base_words(row: pd.Series, context: Context) -> str:
    """« 51/68 », or the number of people where the source prints no base; empty where it prints neither."""
    if pd.isna(row["effectif"]):
        return ""
    if pd.isna(row["base"]):
        return context.texts("consultations.sans_base", effectif=int(row["effectif"]))
    return f"{int(row['effectif'])}/{int(row['base'])}"


def cell(row: pd.Series, context: Context, *, period: bool) -> Component:
    """A value with its base, its period where the row does not give it, its place in the source, its anomaly."""
    lang = context.lang
    small = [
        part for part in (base_words(row, context), period_text(str(row["periode"]), lang) if period else "") if part
    ]
    place = html.Code(str(row["source_lieu"]), className="place")
    note = text_of(row, "note", lang)
    state = "nd" if row["precision"] == UNAVAILABLE else "dit"
    return html.Div(
        [
            html.Span(value_words(row, context), className=f"valeur valeur--{state}"),
            html.Div([", ".join(small), " " if small else "", place], className="note"),
            html.Div(note, className="note") if note else None,
            anomaly(row, lang),
        ]
    )


def measure_name(row: pd.Series, lang: Lang) -> str:
    """The measure in words, with a capital."""
    name = label("mesure_consultation", str(row["mesure"]), lang)
    return name[:1].upper() + name[1:]


def measure_rows(context: Context, frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The measures of one structure: measure, value, with period and place."""
    return [(measure_name(row, context.lang), cell(row, context, period=True)) for _, row in ordered(frame).iterrows()]


def measures_table(context: Context, rows: list[tuple[Any, ...]], *, caption: str) -> Component:
    """A table of the measures of one structure."""
    t = context.texts
    return table(
        [Column(t("chiffres.colonne.mesure")), Column(t("chiffres.colonne.valeur"))], rows, caption=caption, cards=True
    )


def structures(frame: pd.DataFrame) -> list[str]:
    """The structures in the order of the columns of the source."""
    first = frame.sort_values("mesure", key=lambda column: column != "personnes_accueillies", kind="stable")
    places = first.groupby("service_id", sort=False)["source_lieu"].first().map(_place)
    return list(places.sort_values(kind="stable").index)


def _place(locator: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", locator))


def crossed(context: Context, frame: pd.DataFrame) -> Component:
    """The whole table: a row per measure, a column per structure, in the order of the source."""
    t, lang = context.texts, context.lang
    columns_of = structures(frame)
    names = short_names(context, columns_of)
    columns = [Column(t("chiffres.colonne.mesure")), *(Column(names[code]) for code in columns_of)]
    rows = [
        (name, *(_cells(context, lines[lines["service_id"] == code], period=period) for code in columns_of))
        for name, lines, period in _lines(frame, lang)
    ]
    return table(columns, rows, caption=t("consultations.legende"), cards=True)


def short_names(context: Context, codes: list[str]) -> dict[str, str]:
    """Names of structures without what they have in common."""
    names, prefix = context.cached(service_names, context.lang), context.texts("consultations.prefixe")
    return {code: _short(names.get(code, code), prefix) for code in codes}


def _short(name: str, prefix: str) -> str:
    rest = name.removeprefix(prefix)
    for article in ("de l'", "du ", "de "):
        rest = rest.removeprefix(article)
    return rest.split(",")[0]


def _lines(frame: pd.DataFrame, lang: Lang) -> list[tuple[str, pd.DataFrame, bool]]:
    """Name, rows, whether cells say their period: a measure that a structure gives twice has a line per period."""
    lines = []
    for _, rows in ordered(frame).groupby("mesure", sort=False):
        name = measure_name(rows.iloc[0], lang)
        if rows.duplicated("service_id").any():
            parts = rows.groupby("periode", sort=False)
            lines += [(f"{name}, {period_text(str(period), lang)}", part, False) for period, part in parts]
        else:
            lines.append((name, rows, True))
    return lines


def _cells(context: Context, rows: pd.DataFrame, *, period: bool) -> Any:
    if rows.empty:
        return html.Span(context.texts("consultations.absent"), className="valeur valeur--absent")
    return [cell(row, context, period=period) for _, row in rows.iterrows()]
