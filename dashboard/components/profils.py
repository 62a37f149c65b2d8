"""Profiles of people received in CAARUD: shares of users by product, the caveat of the survey before anything else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.choices import about
from dashboard.components.blocs import Chart, chart
from dashboard.components.echantillons import with_base
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.figures.barres import barres
from dashboard.marche import DETAILED, PROFILES, RESPONDENTS, editions, profiles_selection
from dashboard.page import Section
from dashboard.queries import Selection, observations
from publish.charte.formats import est_connu, quantite, unite
from publish.charte.mots import label
from publish.charte.summaries import resume_barres
from schemas.contract import code_list, load_contract

FEED = "caarud_profils"
CUTS_OF = {"sexe": "sexe", "age": "classe_age"}


def profiles_section(context: Context, place: str) -> Section:
    """Shares of people by product at the last edition, with the caveat of the survey before anything else."""
    t, lang = context.texts, context.lang
    found = context.cached(editions)
    title = t("produits.profils")
    if not found:
        return Section(before=[html.H2(title), html.P(t("graphe.vide"), className="vide")])
    selection = profiles_selection(place, found[-1])
    frame = context.cached(observations, selection, lang)
    named = str(frame["nom"].iloc[0]) if len(frame) else ""
    ranked = frame.assign(nom=[about(context, code).name for code in frame["indicateur"]])
    ranked = ranked.sort_values("indicateur", key=lambda column: column.map(PROFILES.index), ignore_index=True)
    title = t("produits.profils.titre", lieu=named, annee=found[-1])
    if ranked.empty:
        return chart(context, Chart(title, ranked, selection, {}, ""))
    caveat = html.P(load_contract(FEED).description[lang], className="encadre")
    figure = barres(ranked, lang=lang, unit_label="%")
    summary = f"{_respondents(context, place, found[-1])} {resume_barres(ranked, lang=lang, unit_label='%')}"
    drawn = chart(context, Chart(title, ranked, selection, figure, summary))
    return replace(drawn, before=[*drawn.before, caveat], after=[*drawn.after, _detail(context, place, found)])


def _respondents(context: Context, place: str, edition: str) -> str:
    """How many people answered, where that is published."""
    niveau, code = place.split(":")
    selection = Selection((RESPONDENTS,), (niveau,), (code,), ("annee",), (edition,), ("ensemble",))
    frame = context.cached(observations, selection, context.lang)
    if frame.empty or not est_connu(frame["valeur"].iloc[0]):
        return ""
    number = quantite(float(frame["valeur"].iloc[0]), unite("personnes", context.lang), context.lang)
    return context.texts("produits.repondants", nombre=number)


def _detail(context: Context, place: str, found: tuple[str, ...]) -> Component:
    """Base cocaine by edition, for all, by sex and by age: secret cells say so."""
    t, lang = context.texts, context.lang
    niveau, code = place.split(":")
    selection = Selection((DETAILED,), (niveau,), (code,), ("annee",))
    frame = context.cached(observations, selection, lang)
    groups = _groups(frame)
    cells = {(row["periode"], row["ventilation"], row["modalite"]): row for _, row in frame.iterrows()}
    columns = [Column(t("produits.edition"))]
    columns += [Column(_group_name(context, *group), number=True) for group in groups]
    rows = [
        (edition, *(with_base(context, cells.get((edition, *group))) for group in groups))
        for edition in reversed(found)
    ]
    name = about(context, DETAILED).name
    caption = t("produits.profils.detail", nom=name)
    csv = html.A(t("graphe.csv"), href=f"/extrait/{context.version}.csv{selection.search()}", download="")
    inside = [html.Summary(caption), table(columns, rows, caption=f"{caption} (%)"), html.P(csv, className="liens")]
    return html.Details(inside, className="donnees")


def _groups(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """All together, then sexes, then ages, in the order of their code lists."""
    order = [("ensemble", "tous")]
    order += [(cut, str(item["value"])) for cut, codes in CUTS_OF.items() for item in code_list(codes)]
    present = set(zip(frame["ventilation"], frame["modalite"], strict=True))
    return [group for group in order if group in present]


def _group_name(context: Context, cut: str, modality: str) -> str:
    return label(CUTS_OF[cut], modality, context.lang) if cut in CUTS_OF else context.texts("produits.tous")
