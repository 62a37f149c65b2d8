"""Days out of the ordinary in words, the table of days with their limits, and the address of the same as CSV."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.cellules import DASH, coverage_text, value_cell
from dashboard.components.tableau import Column, table
from dashboard.components.tendance import method_link
from dashboard.context import Context
from dashboard.figures.controle import RUNS, has_limits
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.formats import intervalle, periode, unite
from publish.charte.mots import label

BEYOND = ("au_dessus", "au_dessous")


def control_words(context: Context, frame: pd.DataFrame, year: str) -> list[Component]:
    """How many days of the year are out of the ordinary and what that means; nothing where no day has limits."""
    if not has_limits(frame):
        return []
    link = method_link(context, "controle.methode")
    return [html.P([counted(frame, year, context.lang), " ", link], className="resume resume--controle")]


def counted(frame: pd.DataFrame, year: str, lang: Lang) -> str:
    """The sentence alone: days beyond a limit, days of an unusual run, published days without limits."""
    t, published = texts(lang), frame[frame["valeur"].notna()]
    signals = published["signal"].value_counts()
    high, low, runs = (int(signals.reindex(codes, fill_value=0).sum()) for codes in (BEYOND[:1], BEYOND[1:], RUNS))
    bare = int(published["limite_haute"].isna().sum())
    key = "compte" if high + low else "aucun"
    said = t(f"controle.{key}", annee=year, n=high + low, total=len(published) - bare, haut=high, bas=low)
    said += t("controle.suites", n=runs) if runs else ""
    said += t("controle.sens")
    return said + (t("controle.sans_limites", n=bare) if bare else "")


def control_table(frame: pd.DataFrame, lang: Lang, *, caption: str) -> Component | None:
    """Day, value, limits of an ordinary day, what the day is; None for a frame without limits."""
    if not has_limits(frame):
        return None
    t = texts(lang)
    columns = [
        Column(t("tableau.periode")),
        Column(t("tableau.valeur", unite=unite(str(frame["unite"].iloc[0]), lang)), number=True),
        Column(t("controle.colonne.limites"), number=True),
        Column(t("controle.colonne.signal")),
        Column(t("tableau.couverture"), number=True),
    ]
    rows = [
        (
            periode(row["periode"], lang),
            value_cell(row, lang),
            _limits(row, lang),
            _signal(row, lang),
            coverage_text(row),
        )
        for _, row in frame.iterrows()
    ]
    return table(columns, rows, caption=caption)


def _limits(row: pd.Series, lang: Lang) -> str:
    return DASH if pd.isna(row["limite_haute"]) else intervalle(row["limite_basse"], row["limite_haute"], lang)


def _signal(row: pd.Series, lang: Lang) -> str:
    """The words of the signal; a day without a value is neither ordinary nor not."""
    told = pd.notna(row["valeur"]) and pd.notna(row["signal"])
    return label("signal_quotidien", str(row["signal"]), lang) if told else DASH


def control_address(version: str, indicateur: str, service: str, year: str) -> str:
    """Address of the CSV of the days of a year with their limits."""
    wanted = {"indicateur": indicateur, "service": service, "annee": year}
    return f"/extrait/{version}/jours.csv?{urlencode(wanted)}"
