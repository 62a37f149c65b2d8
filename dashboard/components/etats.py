"""The status of an action as a word with a mark of its own: carried out and partly carried out never look alike."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.router import Lang
from publish.charte.mots import label

# Statuses of an action that is over: a due date no longer binds it.
CLOSED = ("realisee", "abandonnee")


def action_status(statut: str, lang: Lang) -> Component:
    """The word of a status."""
    return html.Span(label("statut_action", statut, lang), className=f"etat action--{statut}")
