"""Versions: every release and what it changed, a figure as each release had it, usual revisions, dates to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.chaine import places
from dashboard.choices import about, chosen, page_form
from dashboard.components.cellules import value_cell
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import indicator_link
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import indicators, place_names
from dashboard.router import href
from dashboard.versions import sizes, triangle
from publish.calendar import Planned, planned
from publish.changements import changes, words
from publish.charte.formats import date_longue, nombre, periode, quantite
from publish.charte.mots import label, text_of
from publish.entries import Entry
from publish.reader import TRACES
from publish.version import parse_version

FILES = ("CHANGELOG.md", "data/differences.csv", "SHA256SUMS")
OLDEST = 8
"""The last class of ages of dataset ``revisions``: that many quarters and more."""


def _indicator(context: Context) -> str:
    codes = list(context.cached(indicators).index)
    return chosen(context, "indicateur", codes, codes[0]) if codes else ""


def _place(context: Context) -> str:
    """The territory followed: that of the address, else the first the indicator is published at, empty for none."""
    allowed = context.cached(places, _indicator(context))
    asked = context.filters.territoire
    return asked if asked in allowed else allowed[0] if allowed else ""


def controls(context: Context) -> Markup:
    """The figure to follow: an indicator, a territory."""
    t, lang, frame = context.texts, context.lang, context.cached(indicators)
    names, code = context.cached(place_names, lang), _indicator(context)
    themes = [
        Option(str(row.indicateur), about(context, str(row.indicateur)).name, label("theme", str(row.theme), lang))
        for row in frame.itertuples()
    ]
    spots = [Option(place, names.get(_pair(place), place)) for place in context.cached(places, code)]
    return page_form(
        context,
        select("indicateur", t("champ.indicateur"), themes, chosen=code, default=str(frame.index[0])),
        select(
            "territoire", t("indicateur.lieu"), spots, chosen=_place(context), default=spots[0].value if spots else ""
        ),
    )


def _pair(place: str) -> tuple[str, str]:
    niveau, code = place.split(":")
    return niveau, code


def build(context: Context) -> dict[str, Section]:
    """The releases, the calendar, the figure followed and how much it is usually revised."""
    return {
        "suivi": _followed(context),
        "ampleur": _sizes(context),
        "liste": _releases(context),
        "calendrier": _calendar(context),
        "abonnement": _subscribe(context),
    }


def _releases(context: Context) -> Section:
    t = context.texts
    newest = sorted(context.entries, key=lambda entry: parse_version(entry.version), reverse=True)
    columns = [Column(t(f"versions.colonne.{key}")) for key in ("version", "date", "changements", "fichiers")]
    rows = [_release_row(context, entry) for entry in newest]
    return Section(
        before=[
            html.H2(t("versions.liste")),
            html.P(t("versions.liste.texte")),
            table(columns, rows, caption=t("versions.liste"), cards=True),
        ]
    )


def _release_row(context: Context, entry: Entry) -> tuple[Any, ...]:
    name = html.Span([html.Code(entry.version, className="version"), _mark(context, entry)], id=f"v-{entry.version}")
    day = date_longue(dt.date.fromisoformat(entry.date), context.lang)
    return name, day, *(_withdrawn(context, entry) if entry.retrait else _standing(context, entry))


def _withdrawn(context: Context, entry: Entry) -> tuple[Any, Any]:
    """When and why, and the traces left."""
    since = date_longue(dt.date.fromisoformat(entry.retrait.date if entry.retrait else entry.date), context.lang)
    reason = html.Q(entry.retrait.raison if entry.retrait else "", lang="fr")
    return [context.texts("versions.retiree", date=since), " ", reason], _files(entry, TRACES)


def _standing(context: Context, entry: Entry) -> tuple[Any, Any]:
    """What it changed, and where to read it."""
    release, lang = context.releases.release(entry.version), context.lang
    page = href(lang, "donnees", context.filters.search(release=entry.version, indicateur="", territoire=""))
    held = [name for name in FILES if (release.folder / name).is_file()]
    read = html.A(context.texts("versions.lire"), href=page)
    return words(changes(release), lang), [read, ", ", *_files(entry, held)]


def _files(entry: Entry, names: Sequence[str]) -> list[Any]:
    links = [html.A(name, href=f"/donnees/{entry.version}/{name}") for name in names]
    return [piece for link in links for piece in (", ", link)][1:]


def _mark(context: Context, entry: Entry) -> Component:
    """Withdrawn, simulated, or nothing to say."""
    if entry.retrait:
        return html.Span([" ", html.Span(context.texts("versions.etat.retiree"), className="etat etat--ferme")])
    return html.Span(
        [" ", html.Span(context.texts("origine.simule"), className="origine origine--simule")] if entry.simule else []
    )


def _followed(context: Context) -> Section:
    t, code, place = context.texts, _indicator(context), _place(context)
    named = context.cached(place_names, context.lang).get(_pair(place), place) if place else ""
    head = [
        html.H2(t("versions.suivi"), id="suivi"),
        html.P(t("versions.suivi.texte")),
        html.P([indicator_link(context, code), f" – {named}" if named else ""]),
    ]
    frame = triangle(context.releases, context.release, code, _pair(place)) if place else pd.DataFrame()
    if frame.empty:
        return Section(before=[*head, html.P(t("versions.suivi.vide"), className="vide")])
    alone = frame["version"].nunique() < 2
    said = html.P(t("versions.pas_encore" if alone else _verdict(frame)), className="resume")
    return Section(before=[*head, said, _grid(context, frame)])


def _verdict(frame: pd.DataFrame) -> str:
    """Whether any period shown has had two published values."""
    given = frame[frame["valeur"].notna()]
    return "versions.revise" if (given.groupby("periode")["valeur"].nunique() > 1).any() else "versions.jamais_revise"


def _grid(context: Context, frame: pd.DataFrame) -> Component:
    """The revision triangle: one row a period, one column a release; a figure that changed is in bold."""
    t, lang = context.texts, context.lang
    versions = list(dict.fromkeys(frame["version"]))
    cells = {(row["periode"], row["version"]): row for _, row in frame.iterrows()}
    columns = [Column(t("tableau.periode")), *(Column(version, number=True) for version in versions)]
    rows = []
    for period in dict.fromkeys(frame.sort_values("periode_debut", ascending=False)["periode"]):
        held = [cells.get((period, version)) for version in versions]
        pairs = zip([None, *held], held, strict=False)
        rows.append((periode(period, lang), *(_cell(context, old, new) for old, new in pairs)))
    return table(
        columns,
        rows,
        caption=t(
            "versions.triangle",
            nom=about(context, _indicator(context)).name,
            unite=about(context, _indicator(context)).unit,
        ),
    )


def _cell(context: Context, old: pd.Series | None, new: pd.Series | None) -> Any:
    if new is None:
        return "\u2013"
    cell = value_cell(new, context.lang)
    changed = (
        old is not None
        and old["statut"] == new["statut"]
        and pd.notna(old["valeur"])
        and old["valeur"] != new["valeur"]
    )
    return (
        html.Strong([cell, html.Abbr("r", className="provisoire", title=context.texts("versions.cellule.revisee"))])
        if changed
        else cell
    )


def _sizes(context: Context) -> Section:
    t, lang, code = context.texts, context.lang, _indicator(context)
    frame = context.cached(sizes, code)
    head = [html.H2(t("versions.ampleur"), id="ampleur"), html.P(t("versions.ampleur.texte"))]
    if frame.empty:
        return Section(before=[*head, html.P(t("versions.pas_encore"), className="vide")])
    unit = about(context, code).unit
    columns = [
        Column(t("versions.ampleur.age")),
        *(
            Column(t(f"versions.ampleur.{key}"), number=True)
            for key in ("comparaisons", "revisees", "moyen", "relatif", "biais")
        ),
    ]
    rows = [
        (
            t(
                "versions.ampleur.age.plus" if row["age_trimestres"] == OLDEST else "versions.ampleur.age.exact",
                nombre=nombre(row["age_trimestres"], lang),
            ),
            nombre(row["comparaisons"], lang),
            nombre(row["revisees"], lang),
            nombre(row["ecart_absolu_moyen"], lang, 2),
            quantite(100 * row["ecart_relatif"], "%", lang, 2) if pd.notna(row["ecart_relatif"]) else "\u2013",
            nombre(row["biais"], lang, 2),
        )
        for _, row in frame.iterrows()
    ]
    csv = html.A(t("graphe.csv"), href=context.file("data/revisions.csv"), download="")
    return Section(
        before=[
            *head,
            table(columns, rows, caption=t("versions.ampleur.table", nom=about(context, code).name, unite=unit)),
            html.P(csv, className="liens"),
        ]
    )


def _calendar(context: Context) -> Section:
    t, events = context.texts, context.cached(planned)
    head = [html.H2(t("versions.calendrier"), id="calendrier"), html.P(t("versions.calendrier.texte"))]
    if not events:
        return Section(before=[*head, html.P(t("versions.calendrier.vide"), className="vide")])
    columns = [Column(t(f"versions.calendrier.{key}")) for key in ("trimestre", "date", "etat")]
    link = html.P(html.A(t("versions.calendrier.ics"), href="/calendrier.ics"), className="liens")
    return Section(
        before=[
            *head,
            table(columns, [_event_row(context, event) for event in events], caption=t("versions.calendrier")),
            link,
        ]
    )


def _event_row(context: Context, event: Planned) -> tuple[Any, ...]:
    lang, done = context.lang, event.version in {entry.version for entry in context.entries}
    note = text_of({"note": event.note, "note_en": event.note_en}, "note", lang) if event.note else ""
    state = context.texts("versions.calendrier.parue") if done else label("etat_calendrier", event.etat, lang)
    return (
        [periode(event.trimestre, lang), " ", html.Code(event.version, className="version")],
        date_longue(event.jour, lang),
        f"{state} {note}".strip(),
    )


def _subscribe(context: Context) -> Section:
    t, mark = context.texts, ".en" if context.lang == "en" else ""
    links = [html.A(t("versions.flux.tout"), href=f"/donnees/flux{mark}.atom")]
    links += [html.A(html.Code(name), href=f"/donnees/{name}{mark}.atom") for name in context.release.tables]
    head = [html.H2(t("versions.flux"), id="flux"), html.P(t("versions.flux.texte"))]
    return Section(before=[*head, html.P(links, className="liens")])


PAGE = Page("versions", ("suivi", "ampleur", "liste", "calendrier", "abonnement"), build, controls=controls)
