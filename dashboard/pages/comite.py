"""The committee: the review of a quarter as a release tells it, chapter by chapter, and the same as a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import about, chosen, period_options
from dashboard.components.blocs import Chart, chart
from dashboard.components.etats import action_status
from dashboard.components.formulaire import Option, form, select
from dashboard.components.liens import indicator_link, pinned
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.figures.objectif import chemin
from dashboard.page import Page, Section
from dashboard.pages.objectifs import INDICATORS
from dashboard.queries import indicators, place_names
from dashboard.registre import series_selection
from dashboard.router import href
from publish.charte.formats import date_longue, nombre, periode
from publish.charte.mots import label, text_of
from publish.charte.objectifs import aim_text, due_text
from publish.charte.summaries import resume_serie
from publish.comite import mots
from publish.comite.revue import TABLES, Aim, Review, quarters, review, reviewed
from publish.entries import WITHDRAWN, Withdrawn
from publish.reader import Release
from schemas.errors import UsageError

REVISED = 20


def _name(code: str) -> str:
    return f"chemin-{code}"


PATHS = tuple(_name(code) for code in INDICATORS)
CHAPTERS = ("objectifs", "surveiller", "actions", "decisions", "changements", "couverture")
SECTIONS = ("essentiel", "objectifs", *PATHS, "surveiller", "actions", "decisions", "changements", "couverture")


@dataclass(frozen=True)
class View:
    """The quarter of the address, on the release. Raises BadFilter for a quarter that the release does not have."""

    context: Context

    @cached_property
    def told(self) -> bool:
        """Whether the release holds what a review reads."""
        return set(TABLES) <= set(self.context.release.tables)

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters that can be reviewed, oldest first."""
        return self.context.cached(_quarters)

    @cached_property
    def default(self) -> str:
        """The quarter the release is about."""
        return reviewed(self.context.version, self.quarters)

    @cached_property
    def quarter(self) -> str:
        """The quarter shown."""
        return chosen(self.context, "trimestre", self.quarters, self.default)

    @cached_property
    def review(self) -> Review:
        """Its facts."""
        return self.context.cached(_review, self.quarter)

    @cached_property
    def places(self) -> dict[tuple[str, str], str]:
        """Names of territories."""
        return self.context.cached(place_names, self.context.lang)

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of indicators by code."""
        return {str(code): about(self.context, str(code)).name for code in self.context.cached(indicators).index}


def _quarters(release: Release) -> tuple[str, ...]:
    return quarters(release.query)


def _review(release: Release, quarter: str) -> Review:
    day = dt.date.fromisoformat(release.entry.date)
    return review(release.query, release.tables, version=release.version, day=day, quarter=quarter)


def controls(context: Context) -> Markup:
    """The quarter, newest first, and the release it is read in."""
    view, t = View(context), context.texts
    fields = []
    if view.told and view.quarters:
        newest = list(reversed(period_options(context, view.quarters)))
        fields.append(select("trimestre", t("champ.trimestre"), newest, chosen=view.quarter, default=view.default))
    entries = [entry for entry in context.entries if entry.statut != WITHDRAWN]
    options = [Option(entry.version, _dated(context, entry.version, entry.date)) for entry in entries]
    # A release that the address names stays named, were it the latest: what is shown must not change with the next.
    free = context.filters.release == "latest"
    kept = context.version if free else ""
    fields.append(select("release", t("comite.champ.release"), options, chosen=context.version, default=kept))
    return form(t, *fields, label=t("formulaire.nom"))


def _dated(context: Context, version: str, day: str) -> str:
    date = date_longue(dt.date.fromisoformat(day), context.lang)
    return context.texts("comite.option", version=version, date=date)


def build(context: Context) -> dict[str, Section]:
    """In brief, then a section a chapter; one sentence where the release is older than the review."""
    view = View(context)
    if not (view.told and view.quarters):
        return {"essentiel": Section(before=[html.P(context.texts("comite.absente"), className="vide")])}
    return {
        "essentiel": _brief(view),
        "objectifs": _targets(view),
        **{_name(code): _path(view, code, aims) for code, aims in _by_indicator(view).items()},
        "surveiller": _watched(view),
        "actions": _actions(view),
        "decisions": _decisions(view),
        "changements": _changes(view),
        "couverture": _coverage(view),
    }


def _chapter(view: View, name: str, *blocks: Component | None) -> Section:
    """A chapter under its title, whose anchor bears its name."""
    return Section(before=[html.H2(view.context.texts(f"comite.{name}"), id=name), *(one for one in blocks if one)])


def _grid(view: View, key: str, caption: str, rows: Sequence[Sequence[Any]], numbers: Iterable[str] = ()) -> Component:
    """A table whose columns are those of the texts ``comite.<key>.colonne.*`` that ``COLUMNS`` lists."""
    t, marked = view.context.texts, set(numbers)
    columns = [Column(t(f"comite.{key}.colonne.{name}"), number=name in marked) for name in COLUMNS[key]]
    return table(columns, rows, caption=caption, cards=True)


COLUMNS = {
    "objectifs": ("objectif", "cible", "echeance", "valeur", "etat"),
    "surveiller": ("indicateur", "lieu", "trimestre", "valeur", "intervalle", "reference", "tendance"),
    "actions": ("action", "statut", "avant", "avancement", "echeance", "pilote"),
    "decisions": ("decision", "charge", "echeance", "statut"),
    "changements": ("jeu", "cause", "ajouts", "modifications", "retraits"),
    "revisions": ("indicateur", "cause", "valeurs", "habituelle"),
    "couverture": ("flux", "periode", "recues", "attendues", "part", "incomplets"),
}


def _brief(view: View) -> Section:
    """Key figures, the review in six statements, the document, and what freezes it."""
    context, t, lang = view.context, view.context.texts, view.context.lang
    look = "tuile tuile--simule" if context.release.entry.simule else "tuile"
    tiles = [
        html.Li([html.Strong(fact.value, className="tuile__valeur"), html.Span(fact.words)], className=look)
        for fact in mots.facts(view.review, lang)
    ]
    date = date_longue(dt.date.fromisoformat(context.release.entry.date), lang)
    when = mots.capital(periode(view.quarter, lang))
    frozen = html.P(t("comite.fige", trimestre=when, version=context.version, date=date), className="sous-titre")
    said = html.Ul([html.Li(words) for words in mots.findings(view.review, lang)], className="liste")
    grid = html.Ul(tiles, className="grille")
    return _chapter(view, "essentiel", frozen, grid, said, *_document(view), _contents(view), _link(view))


def _contents(view: View) -> Component:
    """The way to each chapter."""
    links = [html.A(view.context.texts(f"comite.{name}"), href=f"#{name}") for name in CHAPTERS]
    return html.P(links, className="liens")


def _link(view: View) -> Component:
    """The address that will show the same review for ever: its release and its quarter are in it."""
    address = view.context.here(release=view.context.version, trimestre=view.quarter)
    return html.P(html.A(view.context.texts("comite.lien"), href=address), className="liens")


def _document(view: View) -> list[Component]:
    """The PDF of the release, where it has one: that of the quarter it is about."""
    context, t = view.context, view.context.texts
    relative = f"rapport/comite-{context.lang}.pdf"
    try:
        size = context.release.path(relative).stat().st_size
    except (UsageError, Withdrawn):
        return []
    words = t("comite.pdf", taille=nombre(size / 1000, context.lang, 0))
    note = t("comite.pdf.note", trimestre=periode(view.default, context.lang))
    button = html.A(words, href=context.file(relative), className="bouton", download="")
    return [html.P(button), html.P(note, className="note")]


def _targets(view: View) -> Section:
    context, t, lang = view.context, view.context.texts, view.context.lang
    rows = [
        (
            text_of(aim.target, "intitule", lang),
            aim_text(aim.target, lang),
            mots.capital(due_text(aim.target, lang)),
            mots.last_value(aim, lang),
            html.Span(mots.verdict_text(aim, lang), className=f"etat etat--{aim.verdict}"),
        )
        for aim in view.review.aims
    ]
    caption = t("comite.objectifs.lignes", quand=periode(view.quarter, lang))
    more = html.A(t("comite.objectifs.detail"), href=href(lang, "objectifs", pinned(context)))
    text = html.P(t("comite.objectifs.texte"))
    return _chapter(view, "objectifs", text, _grid(view, "objectifs", caption, rows), html.P(more, className="liens"))


def _by_indicator(view: View) -> dict[str, list[Aim]]:
    """Targets that have a path, by indicator in the order of the page of targets."""
    held: dict[str, list[Aim]] = {}
    for aim in view.review.aims:
        if not aim.path.empty and str(aim.target["indicateur"]) in INDICATORS:
            held.setdefault(str(aim.target["indicateur"]), []).append(aim)
    return held


def _path(view: View, code: str, aims: Sequence[Aim]) -> Section:
    """The chart of the path up to the end of the quarter, with the steps to reach."""
    context, lang, said = view.context, view.context.lang, about(view.context, code)
    place = mots.place_of(aims[0].target, view.places)
    frame = aims[0].path.assign(nom=place)
    steps = [float(aim.target["valeur_cible"]) for aim in aims]
    figure = chemin(frame, lang=lang, unit_label=said.unit, targets=steps)
    summary = resume_serie(frame, lang=lang, unit_label=said.unit, polarite=said.polarity)
    title = context.texts("comite.chemin", indicateur=said.name)
    steps_told = [aim_text(aim.target, lang) for aim in aims]
    return chart(context, Chart(title, frame, series_selection(frame), figure, summary, within=True, aims=steps_told))


def _watched(view: View) -> Section:
    t, found = view.context.texts, view.review
    if not found.last:
        return _chapter(view, "surveiller", html.P(t("comite.surveiller.ailleurs"), className="vide"))
    if found.shortlist.empty:
        return _chapter(view, "surveiller", html.P(mots.nothing_flagged(found, view.context.lang)))
    lines = [
        (indicator_link(view.context, str(row["indicateur"])), *_rest(view, row))
        for _, row in found.shortlist.iterrows()
    ]
    grid = _grid(view, "surveiller", t("comite.surveiller.lignes"), lines, ("valeur",))
    csv = html.A(t("comite.surveiller.csv"), href=view.context.file("data/comparaisons.csv"), download="")
    text = html.P(t("comite.surveiller.texte"))
    return _chapter(view, "surveiller", text, grid, html.P(csv, className="liens"))


def _rest(view: View, row: pd.Series) -> tuple[str, ...]:
    return mots.watched_line(row, view.places, view.names, view.context.lang)[1:]


def _actions(view: View) -> Section:
    """Counts by axis and status, then the actions themselves, axis by axis."""
    context, t, lang, found = view.context, view.context.texts, view.context.lang, view.review
    more = html.P(html.A(t("comite.plan"), href=href(lang, "pilotage", pinned(context))), className="liens")
    if found.actions.empty:
        return _chapter(view, "actions", html.P(t("comite.actions.vide"), className="vide"), more)
    heads = [Column(t("comite.actions.colonne.axe"))]
    heads += [Column(mots.capital(label("statut_action", code, lang)), number=True) for code in mots.PROGRESS]
    when = t("comite.actions.croisees", quand=periode(view.quarter, lang))
    crossed = table(heads, mots.crossed(found, lang), caption=when, cards=True)
    grids = [_axis(view, str(axe), rows) for axe, rows in found.actions.groupby("axe")]
    return _chapter(view, "actions", html.P(mots.actions_summary(found, lang)), crossed, *grids, more)


def _axis(view: View, axe: str, rows: pd.DataFrame) -> Component:
    t, lang = view.context.texts, view.context.lang
    title = t("comite.actions.table", axe=mots.axis_text(axe, lang))
    lines = []
    for _, row in rows.iterrows():
        name, _, *rest = mots.action_line(row, lang)
        lines.append((name, action_status(str(row["statut"]), lang), *rest))
    grid = _grid(view, "actions", title, lines, ("avancement",))
    return html.Details([html.Summary(f"{title} ({len(rows)})"), grid], className="donnees")


def _decisions(view: View) -> Section:
    t, lang, rows = view.context.texts, view.context.lang, view.review.decisions
    if rows.empty:
        return _chapter(view, "decisions", html.P(t("comite.decisions.vide"), className="vide"))
    captions = {True: mots.held_on(view.review, lang), False: t("comite.decisions.ouvertes")}
    grids = [
        _grid(view, "decisions", caption, lines)
        for newest, caption in captions.items()
        if (lines := [_decision(view, row) for _, row in rows[rows["derniere"] == newest].iterrows()])
    ]
    csv = html.A(t("graphe.csv"), href=view.context.file("data/decisions.csv"), download="")
    text = html.P(t("comite.decisions.texte"))
    return _chapter(view, "decisions", text, *grids, html.P(csv, className="liens"))


def _decision(view: View, row: pd.Series) -> tuple[Any, ...]:
    """The line of a decision, with the way to the indicator it aims at."""
    words, *rest = mots.decision_line(row, view.context.lang)
    code = mots.linked(row)
    return [words, html.Br(), indicator_link(view.context, code)] if code else words, *rest


def _changes(view: View) -> Section:
    context, t, lang, found = view.context, view.context.texts, view.context.lang, view.review
    more = html.P(html.A(t("comite.versions"), href=href(lang, "versions", pinned(context))), className="liens")
    said, rows = html.P(mots.changes_summary(found, lang)), found.changes
    if not found.before:
        return _chapter(view, "changements", said, more)
    names = _titles(view)
    lines = [mots.change_line(row, names.get(str(row["jeu"]), str(row["jeu"])), lang) for _, row in rows.iterrows()]
    caption = t("comite.changements.lignes", avant=found.before, apres=found.version)
    grid = _grid(view, "changements", caption, lines, ("ajouts", "modifications", "retraits"))
    return _chapter(view, "changements", said, grid, *_revised(view), *_errors(view), more)


def _titles(view: View) -> dict[str, str]:
    """Tables of the release as readers know them."""
    key = "title_en" if view.context.lang == "en" else "title"
    resources = view.context.release.descriptor["resources"]
    return {str(one["name"]): str(one[key]) for one in resources if "schema" in one and key in one}


def _revised(view: View) -> list[Component]:
    """Indicators of which published values changed, the most changed first."""
    t, lang, rows = view.context.texts, view.context.lang, view.review.revised
    if rows.empty:
        return []
    lines = [mots.revised_line(row, view.names, lang) for _, row in rows.head(REVISED).iterrows()]
    grid = _grid(view, "revisions", t("comite.revisions.lignes"), lines, ("valeurs",))
    rest = t("comite.revisions.reste", montrees=REVISED, total=len(rows)) if len(rows) > REVISED else ""
    return [grid, *([html.P(rest, className="note")] if rest else [])]


def _errors(view: View) -> list[Component]:
    t, lang, rows = view.context.texts, view.context.lang, view.review.errors
    if rows.empty:
        return []
    items = [html.Li(mots.error_text(row, lang)) for _, row in rows.iterrows()]
    return [html.H3(t("comite.changements.erreurs")), html.Ul(items, className="liste")]


def _coverage(view: View) -> Section:
    context, t, lang = view.context, view.context.texts, view.context.lang
    lines = [mots.returns_line(row, lang) for _, row in view.review.returns.iterrows()]
    numbers = ("recues", "attendues", "part", "incomplets")
    grid = _grid(view, "couverture", t("comite.couverture.lignes"), lines, numbers)
    year = pinned(context, annee=view.quarter[:4])
    more = html.P(html.A(t("comite.manquants"), href=href(lang, "couverture", year)), className="liens")
    return _chapter(view, "couverture", html.P(t("comite.couverture.texte")), grid, more)


PAGE = Page("comite", SECTIONS, build, frozenset(PATHS), controls)
