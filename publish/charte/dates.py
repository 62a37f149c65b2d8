"""Dates as precise as their source: a month printed without a day is not shown as its first day."""

from __future__ import annotations

import datetime as dt

from publish.charte.formats import date_longue, periode
from publish.charte.i18n import Lang, texts

SEASONS = {3: "printemps", 6: "ete", 9: "automne", 12: "hiver"}


def date_dite(date: dt.date, precision: str, lang: Lang) -> str:
    """A date in words; ``precision`` is a code of ``precision_date``, the day being meant by any other."""
    if precision == "annee":
        return str(date.year)
    if precision == "saison":
        return texts(lang)(f"services.saison.{SEASONS[date.month // 3 * 3 or 12]}", annee=date.year)
    return periode(f"{date:%Y-%m}", lang) if precision == "mois" else date_longue(date, lang)
