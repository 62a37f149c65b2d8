"""What is hidden and why: the rule, how many cells, what was lost by theme and by place, what the attack proved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from publish.charte.formats import nombre, quantite
from publish.charte.mots import label
from publish.reader import Release

COUNTS = """
select i.theme, o.territoire_niveau as niveau, o.granularite, i.sensible, o.statut, count(*)::integer as nombre
from observations as o
join indicateurs as i using (indicateur)
group by all
"""
LEVELS = ("france", "region", "departement", "arrondissement", "commune")
PERIODS = ("annee", "trimestre", "mois", "jour")
STEPS = 4


def counts(release: Release) -> pd.DataFrame:
    """Number of cells by theme, level, period, sensitivity and status."""
    return release.query(COUNTS)


def rule(release: Release) -> Mapping[str, Any]:
    """The rule that the release was protected by; empty where it does not tell."""
    return _told(release, "schemas/confidentialite.json")


def proof(release: Release) -> Mapping[str, Any]:
    """The report of the attack on the release; empty where it has none."""
    return _told(release, "audit.json")


def _told(release: Release, relative: str) -> Mapping[str, Any]:
    path = release.folder / relative
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def build(context: Context) -> dict[str, Section]:
    """The rule, the count, the loss, the proof."""
    return {
        "regle": _rule(context),
        "compte": _count(context),
        "perte": _loss(context),
        "preuve": _proof(context),
    }


def _rule(context: Context) -> Section:
    t, said = context.texts, context.cached(rule)
    if not said:
        return Section(before=[html.H2(t("secret.regle")), html.P(t("secret.regle.absente"), className="vide")])
    words = {"seuil": said["seuil"], "plafond": said["seuil"] - 1, "groupe": said["petit_groupe"]}
    items = [html.Li(t(f"secret.regle.{place}", **words)) for place in range(1, STEPS + 1)]
    return Section(before=[html.H2(t("secret.regle")), html.P(t("secret.regle.pourquoi")), html.Ul(items)])


def _count(context: Context) -> Section:
    t, lang, frame = context.texts, context.lang, context.cached(counts)
    total = int(frame["nombre"].sum())
    hidden = int(frame.loc[frame["statut"] == "secret", "nombre"].sum())
    open_ = int(frame.loc[~frame["sensible"], "nombre"].sum())
    told = t(
        "secret.compte.texte",
        secretes=nombre(hidden, lang),
        total=nombre(total, lang),
        part=quantite(100 * hidden / max(total, 1), "%", lang),
        entieres=nombre(open_, lang),
    )
    return Section(before=[html.H2(t("secret.compte")), html.P(told), html.P(t("secret.compte.pourquoi"))])


def _loss(context: Context) -> Section:
    """Secret cells among those that the rule may touch, by theme, by level and by period."""
    t, lang = context.texts, context.lang
    frame = context.cached(counts)
    touched = frame[frame["sensible"]]
    themes = sorted(touched["theme"].unique(), key=lambda theme: label("theme", theme, lang))
    parts: tuple[tuple[str, Sequence[str]], ...] = (("theme", themes), ("niveau", LEVELS), ("granularite", PERIODS))
    tables = [_lost(context, touched, column, values) for column, values in parts]
    return Section(before=[html.H2(t("secret.perte")), html.P(t("secret.perte.texte")), *tables])


def _lost(context: Context, touched: pd.DataFrame, column: str, values: Sequence[str]) -> Component:
    t, lang = context.texts, context.lang
    columns = [
        Column(t(f"secret.colonne.{column}")),
        *(Column(t(f"secret.colonne.{name}"), number=True) for name in ("cellules", "secretes", "part")),
    ]
    rows = []
    for value in values:
        mine = touched[touched[column] == value]
        whole = int(mine["nombre"].sum())
        hidden = int(mine.loc[mine["statut"] == "secret", "nombre"].sum())
        if whole:
            share = quantite(100 * hidden / whole, "%", lang)
            rows.append([label(column, value, lang), nombre(whole, lang), nombre(hidden, lang), share])
    return table(columns, rows, caption=t(f"secret.perte.{column}"))


def _proof(context: Context) -> Section:
    t, said = context.texts, context.cached(proof)
    head = [html.H2(t("secret.preuve"), id="preuve"), html.P(t("secret.preuve.texte"))]
    if not said:
        return Section(before=[*head, html.P(t("secret.preuve.absente"), className="vide")])
    facts = [
        part for key, value in _facts(context, said) for part in (html.Dt(t(f"secret.fait.{key}")), html.Dd(value))
    ]
    files = [
        html.A(name, href=context.file(name), download="") for name in ("audit.json", "schemas/confidentialite.json")
    ]
    found = "secret.preuve.sure" if said["nombre_de_fuites"] == 0 else "secret.preuve.refusee"
    return Section(
        before=[
            *head,
            html.P(t(found, version=context.version), className="constat"),
            html.Dl(facts, className="faits"),
            _widths(context, said["largeurs"]),
            _narrow(context, said),
            html.P(files, className="liens"),
        ]
    )


def _facts(context: Context, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = said["versions_connues"]
    numbers = {
        "equations": sum(said["equations"].values()),
        "connues": said["quantites"]["connues"],
        "cherchees": said["quantites"]["secretes"],
        "fuites": said["nombre_de_fuites"],
    }
    return [
        ("versions", ", ".join(known) if known else context.texts("secret.fait.aucune")),
        *((key, nombre(value, context.lang)) for key, value in numbers.items()),
    ]


def _widths(context: Context, classes: Sequence[Mapping[str, Any]]) -> Component:
    """How many values remain possible for what is hidden."""
    t, lang = context.texts, context.lang
    columns = [Column(t("secret.colonne.valeurs")), Column(t("secret.colonne.quantites"), number=True)]
    rows = [[_range(context, one), nombre(one["quantites"], lang)] for one in classes]
    return table(columns, rows, caption=t("secret.largeurs"))


def _narrow(context: Context, said: Mapping[str, Any]) -> Component | None:
    """Why quantities with few possible values are no leak; nothing where there is none."""
    wide = said["regle"]["valeurs_possibles"]
    few = sum(one["quantites"] for one in said["largeurs"] if one["a"] is not None and one["a"] < wide)
    if not few or said["nombre_de_fuites"]:
        return None
    words = context.texts("secret.largeurs.etroites", nombre=nombre(few, context.lang), valeurs=wide)
    return html.P(words, className="note")


def _range(context: Context, one: Mapping[str, Any]) -> str:
    low = nombre(one["de"], context.lang)
    if one["a"] is None:
        return context.texts("secret.largeurs.plus", de=low)
    return context.texts("secret.largeurs.entre", de=low, a=nombre(one["a"], context.lang))


PAGE = Page("secret", ("regle", "compte", "perte", "preuve"), build)
