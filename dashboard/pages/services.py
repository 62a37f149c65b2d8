"""The register: every service that documents name, by kind; apart and marked, the reporters of the demonstration."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import chosen, page_form
from dashboard.components import origine
from dashboard.components.fiche_service import card
from dashboard.components.formulaire import Option, select
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.registre import services
from publish.charte.formats import nombre
from publish.charte.mots import label

FILTERED = ("genre", "statut", "territoire")
LEVEL_ORDER = ("france", "region", "departement", "arrondissement", "commune")


def controls(context: Context) -> Markup:
    """Kind, status, territory."""
    t, frame = context.texts, _register(context)
    kinds = [Option(code, label("genre_service", code, context.lang)) for code in _codes(frame, "genre")]
    statuses = [Option(code, t(f"services.statut.{code}")) for code in _codes(frame, "statut")]
    choices = {"genre": kinds, "statut": statuses, "territoire": _places(frame)}
    return page_form(
        context,
        *(
            select(
                name,
                t(f"services.champ.{name}"),
                [Option("", t(f"services.champ.{name}.tous")), *options],
                chosen=_chosen(context, frame, name),
            )
            for name, options in choices.items()
        ),
    )


def _register(context: Context) -> pd.DataFrame:
    frame = context.cached(services, context.lang)
    if frame.empty:
        return frame
    return frame.assign(lieu=frame["territoire_niveau"] + ":" + frame["territoire_code"])


def _codes(frame: pd.DataFrame, column: str) -> list[str]:
    return [] if frame.empty else list(dict.fromkeys(frame[column]))


def _places(frame: pd.DataFrame) -> list[Option]:
    """Territories that have a service, the widest first: a code is only unique within its level."""
    if frame.empty:
        return []
    places = frame.drop_duplicates("lieu")
    ordered = sorted(
        zip(places["territoire_niveau"], places["territoire_code"], places["lieu"], places["territoire"], strict=True),
        key=lambda place: (LEVEL_ORDER.index(place[0]), place[1]),
    )
    return [Option(key, name) for _, _, key, name in ordered]


def _chosen(context: Context, frame: pd.DataFrame, name: str) -> str:
    return chosen(context, name, _codes(frame, "lieu" if name == "territoire" else name), "")


def kept(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """The services that the filters of the address leave."""
    for name in FILTERED:
        if value := _chosen(context, frame, name):
            frame = frame[frame["lieu" if name == "territoire" else name] == value]
    return frame


def build(context: Context) -> dict[str, Section]:
    """How many, those of the documents by kind, those of the demonstration."""
    frame = _register(context)
    if frame.empty:
        return {"compte": Section(before=[html.P(context.texts("services.vide"), className="vide")])}
    found = kept(context, frame)
    real, simulated = found[~found["simule"]], found[found["simule"]]
    return {
        "compte": _count(context, real, frame),
        "registre": _groups(context, real),
        "simules": _simulated(context, simulated),
    }


def _count(context: Context, real: pd.DataFrame, frame: pd.DataFrame) -> Section:
    t, lang = context.texts, context.lang
    total = nombre(int((~frame["simule"]).sum()), lang)
    words = [t("services.compte", trouves=nombre(len(real), lang), total=total)]
    words += [
        t("services.compte.statut", nombre=nombre(int(number), lang), statut=t(f"services.statut.{code}"))
        for code, number in real["statut"].value_counts().items()
    ]
    links = origine.links(context, context.file("data/services.csv"), key="services.csv")
    empty = html.P(t("services.aucun"), className="vide") if real.empty else None
    return Section(before=[html.P(" · ".join(words), className="compte resume"), links, empty])


def _groups(context: Context, frame: pd.DataFrame) -> Section:
    t = context.texts
    parts: list[Component] = []
    for genre, rows in frame.groupby("genre", sort=False):
        parts.append(_heading(context, str(genre), len(rows)))
        parts.append(html.Ul([card(context, row) for _, row in rows.iterrows()], className="services"))
    return Section(before=[html.H2(t("services.registre")), _index(context, frame), *parts] if parts else [])


def _index(context: Context, frame: pd.DataFrame) -> Component | None:
    """Links to each kind, where there are several."""
    kinds = frame["genre"].value_counts(sort=False)
    if len(kinds) < 2:
        return None
    items = [
        html.Li(html.A(f"{_name(context, str(genre))} ({count})", href=f"#genre-{genre}"))
        for genre, count in kinds.items()
    ]
    label: dict[str, Any] = {"aria-label": context.texts("services.index")}
    return html.Nav(html.Ul(items), className="genres", **label)


def _name(context: Context, genre: str) -> str:
    name = label("genre_service", genre, context.lang)
    return name[:1].upper() + name[1:]


def _heading(context: Context, genre: str, count: int) -> Component:
    text: list[Any] = [_name(context, genre), " ", html.Small(f"({nombre(count, context.lang)})")]
    return html.H3(text, className="theme", id=f"genre-{genre}")


def _simulated(context: Context, frame: pd.DataFrame) -> Section:
    if frame.empty:
        return Section()
    t = context.texts
    mark = origine.mark(context, simulated=True)
    cards = html.Ul([card(context, row) for _, row in frame.iterrows()], className="services")
    opened = html.Details(
        [html.Summary(t("services.simules.voir", nombre=nombre(len(frame), context.lang))), cards], className="donnees"
    )
    return Section(before=[html.H2(t("services.simules")), html.P([t("services.simules.texte"), " ", mark]), opened])


PAGE = Page("services", ("compte", "registre", "simules"), build, controls=controls)
