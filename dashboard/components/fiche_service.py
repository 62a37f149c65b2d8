"""What the register says of a service: status, dates with their precision, feeds, source, its commune at the finest."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.langue import french
from dashboard.components.provenance import told
from dashboard.context import Context
from dashboard.filters import Filters
from dashboard.i18n import Texts
from dashboard.registre import feeds, filled
from dashboard.router import Lang, href
from publish.charte.dates import date_dite
from publish.charte.mots import text_of


def status_tag(row: pd.Series, t: Texts) -> Component:
    """The status of a service as a word."""
    statut = str(row["statut"])
    return html.Span(t(f"services.statut.{statut}"), className=f"etat etat--{statut}")


def dated(date: Any, precision: Any, lang: Lang) -> str:
    """A date as precise as its source; empty where there is none."""
    return "" if pd.isna(date) else date_dite(pd.Timestamp(date).date(), str(precision), lang)


def dates_text(row: pd.Series, lang: Lang, t: Texts) -> str:
    """Opening and closing, each said or said not to be given by the source."""
    start = dated(row["date_debut"], row.get("date_precision"), lang)
    end = dated(row["date_fin"], row.get("date_precision"), lang)
    if row["statut"] == "non_ouvert" and not start:
        return t("services.dates.pas_ouvert")
    words = t("services.dates.depuis", date=start) if start else t("services.dates.inconnue")
    return words + (t("services.dates.fin", date=end) if end else "")


def feed_name(code: str, t: Texts) -> str:
    """A feed in words; its code where the catalogue of texts does not have it."""
    return t(f"flux.{code}") if f"flux.{code}" in t else code


def feeds_text(row: pd.Series, t: Texts) -> str:
    """The feeds that speak of a service, in words."""
    return ", ".join(feed_name(code, t) for code in feeds(row)) or t("services.flux.aucun")


def source_of(context: Context, row: pd.Series) -> Any:
    """The document that names the service, and the place in it."""
    if not filled(row.get("source_fichier")):
        return context.texts("services.source.simule")
    return told(context, row)


def service_link(context: Context, row: pd.Series) -> Component:
    """The name of a service, leading to its page on the same release."""
    search = Filters(release=context.filters.release).search()
    return html.A(context.name(row), href=href(context.lang, "service", search, item=str(row["service_id"])))


def facts(context: Context, row: pd.Series) -> list[tuple[str, Any]]:
    """What is said of a service, by key of the text that names the fact."""
    t, lang = context.texts, context.lang
    pairs: list[tuple[str, Any]] = [
        (
            "operateur",
            french(str(row["operateur"]), lang) if filled(row["operateur"]) else t("services.operateur.inconnu"),
        ),
        ("territoire", row["territoire"]),
        ("dates", dates_text(row, lang, t)),
        ("flux", feeds_text(row, t)),
        ("source", source_of(context, row)),
    ]
    return pairs


def definition_list(context: Context, pairs: list[tuple[str, Any]]) -> Component:
    """Facts as a list of terms and descriptions."""
    t = context.texts
    rows = [part for key, value in pairs for part in (html.Dt(t(f"services.fait.{key}")), html.Dd(value))]
    return html.Dl(rows, className="faits")


def card(context: Context, row: pd.Series) -> Component:
    """A service in the list of the register."""
    simulated = " service--simule" if row["simule"] else ""
    note = text_of(row, "note", context.lang)
    head = html.P([service_link(context, row), " ", status_tag(row, context.texts)], className="service__nom")
    remark = html.P(note, className="note") if note else None
    return html.Li([head, definition_list(context, facts(context, row)), remark], className=f"service{simulated}")
