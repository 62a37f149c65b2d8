"""Errors and corrections: what changed in the release and why, the errors declared, what was withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.liens import indicator_link, pinned
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import place_names
from dashboard.registre import filled
from dashboard.router import href
from dashboard.versions import corrected, errors, previous
from publish.changements import CAUSES, cause_words, changes
from publish.charte.formats import date_longue, nombre
from publish.charte.mots import label, text_of
from publish.entries import Entry

UNDECLARED = "non_declaree"


def build(context: Context) -> dict[str, Section]:
    """The errors, the withdrawals, what this release changed, and the words for each."""
    return {
        "registre": _register(context),
        "retraits": _withdrawals(context),
        "changements": _changes(context),
        "mots": _words(context),
    }


def _register(context: Context) -> Section:
    t, frame = context.texts, context.cached(errors)
    head = [html.H2(t("corrections.registre"), id="registre"), html.P(t("corrections.registre.texte"))]
    if frame.empty:
        return Section(before=[*head, html.P(t("corrections.aucune"), className="vide")])
    cells = context.cached(corrected)
    return Section(
        before=[*head, *(_error(context, row, cells) for _, row in frame.iterrows()), _files(context, "corrections")]
    )


def _error(context: Context, row: pd.Series, cells: dict[str, int]) -> Component:
    """One error: what was wrong, where, why, what was done, and the files of the versions concerned."""
    t, lang = context.texts, context.lang
    mark = html.Span(t("origine.simule"), className="origine origine--simule") if row["origine"] == "simule" else None
    found = date_longue(pd.Timestamp(row["date"]).date(), lang)
    facts: list[tuple[str, Any]] = [
        ("ou", _where(context, row)),
        ("cause", label("cause_erreur", str(row["cause"]), lang)),
        ("erronee", _version(context, str(row["version_erronee"]))),
        ("corrigee", _mended(context, row, cells.get(str(row["id"]), 0))),
    ]
    pairs = [part for key, value in facts for part in (html.Dt(t(f"corrections.{key}")), html.Dd(value))]
    return html.Article(
        [
            html.H3([t("corrections.constat", date=found), " ", html.Code(row["id"]), " ", mark]),
            html.P(text_of(row, "constat", lang)),
            html.Dl(pairs),
        ],
        className="fiche",
        id=str(row["id"]),
    )


def _where(context: Context, row: pd.Series) -> list[Any]:
    """Dataset, indicator, feed, territory and days of an error."""
    parts: list[Any] = [html.Code(row["jeu"])]
    parts += [", ", html.Code(row["ligne"])] if filled(row["ligne"]) else []
    parts += [", ", indicator_link(context, str(row["indicateur"]))] if filled(row["indicateur"]) else []
    parts += [", ", html.Code(row["flux"])] if filled(row["flux"]) else []
    if filled(row["territoire_code"]):
        place = (str(row["territoire_niveau"]), str(row["territoire_code"]))
        parts += [", ", context.cached(place_names, context.lang).get(place, place[1])]
    days = [
        date_longue(pd.Timestamp(row[name]).date(), context.lang)
        for name in ("date_debut", "date_fin")
        if pd.notna(row[name])
    ]
    return [*parts, ", ", " – ".join(days)] if days else parts


def _mended(context: Context, row: pd.Series, cells: int) -> list[Any]:
    t = context.texts
    if not filled(row["version_corrigee"]):
        return [t("corrections.pas_encore")]
    counted = [" ", t("corrections.cellules", nombre=nombre(cells, context.lang))] if cells else []
    return [_version(context, str(row["version_corrigee"])), ". ", text_of(row, "remede", context.lang), *counted]


def _version(context: Context, version: str) -> Any:
    """A version, leading to its line on the page of versions where it exists."""
    if version not in {entry.version for entry in context.entries}:
        return html.Code(version, className="version")
    return html.A(
        html.Code(version, className="version"), href=href(context.lang, "versions", pinned(context)) + f"#v-{version}"
    )


def _withdrawals(context: Context) -> Section:
    t = context.texts
    columns = [Column(t(f"corrections.retraits.{key}")) for key in ("quoi", "date", "raison")]
    rows = [_taken_row(context, *taken) for taken in _taken(context.entries)]
    body = (
        table(columns, rows, caption=t("corrections.retraits"), cards=True)
        if rows
        else html.P(t("corrections.retraits.aucun"), className="vide")
    )
    return Section(
        before=[html.H2(t("corrections.retraits"), id="retraits"), html.P(t("corrections.retraits.texte")), body]
    )


def _taken(entries: tuple[Entry, ...]) -> list[tuple[str, str, str, list[str]]]:
    """Each withdrawal once: version, date, reason and the files it took, none for a whole release."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for entry in entries:
        for one in entry.retraits:
            found.setdefault((entry.version, one.date, one.raison), []).append(one.fichier)
    return [(*key, [file for file in files if file]) for key, files in found.items()]


def _taken_row(context: Context, version: str, day: str, reason: str, files: list[str]) -> tuple[Any, ...]:
    names = [piece for file in files for piece in (", ", html.Code(file))][1:]
    what = names or [context.texts("corrections.retraits.entiere")]
    moment = date_longue(dt.date.fromisoformat(day), context.lang)
    return [_version(context, version), " ", *what], moment, html.Q(reason, lang="fr")


def _changes(context: Context) -> Section:
    t, lang, counts = context.texts, context.lang, context.cached(changes)
    earlier = context.cached(previous)
    head = [html.H2(t("corrections.changements", version=context.version), id="changements")]
    if counts.empty:
        return Section(before=[*head, html.P(t("corrections.changements.aucun"), className="vide")])
    items = [
        html.Li(cause_words(counts, cause, lang), className=f"cause cause--{cause}")
        for cause in CAUSES
        if (counts["cause"] == cause).any()
    ]
    warned = [html.P(t("corrections.sans_cause"), className="alerte")] if (counts["cause"] == UNDECLARED).any() else []
    said = html.P(t("corrections.changements.texte", avant=earlier))
    return Section(
        before=[
            *head,
            said,
            html.Ul(items, className="liste"),
            *warned,
            _by_dataset(context, counts),
            _files(context, "differences"),
        ]
    )


def _by_dataset(context: Context, counts: pd.DataFrame) -> Component:
    t, lang = context.texts, context.lang
    columns = [
        Column(t("corrections.colonne.jeu")),
        *(
            Column(t(f"corrections.colonne.{key}"), number=True)
            for key in ("ajout", "retrait", "modification", "valeurs")
        ),
    ]
    rows = []
    for name, part in counts.groupby("jeu", sort=True):
        by = part.groupby("nature")["lignes"].sum()
        rows.append(
            (
                html.Code(str(name)),
                *(nombre(int(by.get(key, 0)), lang) for key in ("ajout", "retrait", "modification")),
                nombre(int(part["valeurs"].sum()), lang),
            )
        )
    return table(columns, rows, caption=t("corrections.par_jeu"), cards=True)


def _files(context: Context, name: str) -> Component:
    t = context.texts
    links = [html.A(f"data/{name}.csv", href=context.file(f"data/{name}.csv"), download="")]
    if name == "differences":
        links.append(html.A("CHANGELOG.md", href=context.file("CHANGELOG.md")))
    links.append(html.A(t("corrections.versions"), href=href(context.lang, "versions", pinned(context))))
    return html.P(links, className="liens")


def _words(context: Context) -> Section:
    """What each cause means, as the code list says it."""
    t, lang = context.texts, context.lang
    terms = [
        part
        for cause in CAUSES
        for part in (html.Dt(label("cause_difference", cause, lang)), html.Dd(t(f"corrections.mot.{cause}")))
    ]
    return Section(
        before=[
            html.H2(t("corrections.mots"), id="mots"),
            html.P(t("corrections.mots.texte")),
            html.Dl(terms, className="faits"),
        ]
    )


PAGE = Page("corrections", ("registre", "retraits", "changements", "mots"), build)
