"""Cells of tables: a value with its unit or the word that stands for it, an interval, returns, a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from publish.charte import formats
from publish.charte.i18n import Texts
from publish.site.courbe import ABSENT

DASH = "\u2013"


def value(row: Mapping[str, Any], t: Texts) -> Markup:
    """The value, marked where it is provisional; else the word of its status, marked as on charts."""
    written = _value(row.get("valeur"), str(row["statut"]), t)
    if not row.get("provisoire"):
        return written
    return written + Markup(f'<abbr class="provisoire" title="{escape(t("statut.provisoire"))}">p</abbr>')


def _value(number: Any, status: str, t: Texts) -> Markup:
    if status in ABSENT:
        words = escape(t(f"statut.{status}.court"))
        return Markup(f'<span class="statut statut--{status}">{words}</span>')
    return escape(formats.nombre(float(number), t.lang)) if formats.est_connu(number) else escape(DASH)


def interval(row: Mapping[str, Any], t: Texts) -> str:
    """The limits at 95 %, a dash without one."""
    low, high = row.get("borne_basse"), row.get("borne_haute")
    if not (formats.est_connu(low) and formats.est_connu(high)):
        return DASH
    return formats.intervalle(float(low), float(high), t.lang)  # type: ignore[arg-type]


def returns(row: Mapping[str, Any]) -> str:
    """Returns received of those expected: « 27/34 »."""
    expected, received = row.get("attendues"), row.get("recues")
    if not (formats.est_connu(expected) and formats.est_connu(received) and expected):
        return DASH
    return f"{int(received)}/{int(expected)}"  # type: ignore[arg-type]
