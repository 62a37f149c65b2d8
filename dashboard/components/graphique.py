"""The furniture of every chart and map: its title says the finding, and under it is all that lets it be taken away.

``heading`` stands above a drawing, ``taken_away`` below it. Pages have both by themselves: ``blocs.chart`` writes the
first, ``Page`` adds the second to each section that has a ``subject``, since only the page knows what a section is
called in its address. ``assets/graphique.js`` makes the images and copies the texts.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.context import Context
from publish.adresses import DEFAULT
from publish.charte.formats import date_longue

IMAGES = ("svg", "png")
EMBED_HEIGHT = 640


def heading(subject: str, finding: str, *, within: bool = False) -> Component:
    """A title: what the chart is about, then what it shows, which stands out; one level down ``within`` a section."""
    title = html.H3 if within else html.H2
    if not finding:
        return title(subject)
    said = html.Span(finding, className="graphique__constat")
    return title([html.Span(subject, className="graphique__sujet"), " ", said], className="graphique__titre")


def taken_away(context: Context, name: str, subject: str, *, drawn: bool, simulated: bool) -> Component:
    """Images where something is drawn, citation, permanent link and embed code of the section ``name``."""
    t, base = context.texts, _base(context)
    view = context.here(release=context.version, vue="")
    link = f"{base}{view}#{ids.element(context.slug, name, 'avant')}"
    frame = f"{base}{context.here(release=context.version, vue=name)}"
    when = date_longue(dt.date.fromisoformat(context.release.entry.date), context.lang)
    citation = t("graphique.citation.texte", sujet=subject, version=context.version, date=when, adresse=link)
    origin = f" {t('graphique.citation.simule')}" if simulated else ""
    code = (
        f'<iframe src="{escape(frame)}" title="{escape(subject)}" width="100%" height="{EMBED_HEIGHT}" '
        'style="border:0" loading="lazy"></iframe>'
    )
    texts = (("citation", citation + origin), ("permanent", link), ("integrer", code))
    boxes = [part for key, text in texts for part in _copied(context, key, text)]
    more = html.Details([html.Summary(t("graphique.partager")), *boxes], className="donnees graphique__partage")
    return html.Div([_images(context) if drawn else None, more], className="graphique__pied")


def shown_on(context: Context, name: str) -> Component:
    """Under a chart shown in someone else's page: the way to the whole page, and who publishes it."""
    address = f"{context.here(vue='')}#{ids.element(context.slug, name, 'avant')}"
    return html.P(html.A(context.texts("graphique.origine"), href=address), className="liens")


def _images(context: Context) -> Component:
    """Buttons without a script do nothing: they are shown once there is one."""
    attributes: list[dict[str, Any]] = [{"data-image": kind} for kind in IMAGES]
    buttons = [
        html.Button(context.texts(f"graphique.{kind}"), type="button", className="lien-bouton", **one)
        for kind, one in zip(IMAGES, attributes, strict=True)
    ]
    return html.P(buttons, className="liens graphique__images")


def _copied(context: Context, key: str, text: str) -> list[Component]:
    t = context.texts
    copying: dict[str, Any] = {"data-copier": t("graphique.copie")}
    button = html.Button(t("graphique.copier"), type="button", className="lien-bouton", **copying)
    return [
        html.P([html.Strong(t(f"graphique.{key}")), " ", button], className="graphique__quoi"),
        html.P(html.Code(text), className="graphique__texte"),
    ]


def _base(context: Context) -> str:
    """Where the release says it is published; the script puts the address of the page being read in its place."""
    return str(context.release.descriptor.get("homepage") or DEFAULT)
