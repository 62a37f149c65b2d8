"""Territories: the list by level, and a page for each with what is known there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from publish.charte import formats
from publish.charte.dates import date_dite
from publish.charte.mots import label, text_of
from publish.site import carte, cellules
from publish.site.figure import Figure, series_figure
from publish.site.page import HOME, Column, Page, Table, Work, place_path, service_path
from publish.site.pages.indicateurs import LEVELS
from publish.site.source import Place, Row


def pages(work: Work) -> Iterator[Page]:
    """The list, then every territory of the release."""
    yield _list(work)
    lists = Lists(work)
    for place, row in work.source.places.items():
        yield _page(work, lists, place, row)


class Lists:
    """What is looked up for every territory, gathered once."""

    def __init__(self, work: Work) -> None:
        source = work.source
        self.children = _by_place(source.places.values(), "parent_niveau", "parent_code")
        self.services = _by_place(source.services.values(), "territoire_niveau", "territoire_code")
        self.events = _by_place(source.table("evenements"), "territoire_niveau", "territoire_code")
        self.people = _by_place(source.table("population"), "niveau", "code")
        self.drawn = {outline.place for outline in work.ground.outlines}


def _by_place(rows: Any, level: str, code: str) -> dict[Place, list[Row]]:
    found: dict[Place, list[Row]] = {}
    for row in rows:
        found.setdefault((row[level], row[code]), []).append(row)
    return found


def _list(work: Work) -> Page:
    t = work.t
    groups = []
    for level in LEVELS:
        places = [place for place in work.source.places if place[0] == level]
        links = [_entry(work, place) for place in sorted(places, key=lambda place: place[1])]
        groups.append((label("niveau", level, work.lang).capitalize(), links))
    lede = t("territoires.chapeau", n=len(work.source.places), mesures=len(work.source.of_places))
    return Page(
        f"territoires/{HOME}",
        "liste.html",
        t("territoires.titre"),
        lede,
        (work.home,),
        {"lede": lede, "groups": groups},
    )


def _entry(work: Work, place: Place) -> Markup:
    known = work.source.of_places.get(place)
    note = work.t("territoires.connus", n=len(known)) if known is not None else ""
    return work.link(1, place_path(place), work.source.place_name(place, work.lang), note=note)


def _page(work: Work, lists: Lists, place: Place, row: Row) -> Page:
    t, name = work.t, work.source.place_name(place, work.lang)
    level = label("niveau", place[0], work.lang)
    known = work.source.of_places.get(place)
    lede = t("territoire.chapeau" if known is not None else "territoire.sans_mesure", niveau=level, code=place[1])
    return Page(
        place_path(place),
        "territoire.html",
        t("territoire.nom", nom=name, niveau=level),
        t("territoire.description", nom=name, niveau=level),
        (work.home, work.section("territoires")),
        {
            "lede": lede,
            "facts": _facts(work, lists, place, row),
            "locator": _locator(work, lists, place, name),
            "figures": _figures(work, place, name),
            "values": _values(work, place),
            "services": [
                work.link(1, service_path(item["service_id"]), work.name(item))
                for item in lists.services.get(place, [])
            ],
            "events": [_event(work, item) for item in lists.events.get(place, [])],
        },
    )


def _facts(work: Work, lists: Lists, place: Place, row: Row) -> list[tuple[str, Any]]:
    t = work.t
    facts: list[tuple[str, Any]] = [
        (t("fait.niveau"), label("niveau", place[0], work.lang)),
        (t("fait.code_officiel"), Markup("<code>{}</code>").format(place[1])),
    ]
    if row["parent_code"]:
        facts.append((t("fait.parent"), work.place_link(1, (row["parent_niveau"], row["parent_code"]))))
    if people := lists.people.get(place):
        last = max(people, key=lambda item: int(item["annee"]))
        facts.append((t("fait.population"), _population(work, last)))
    if near := work.source.neighbours.get(place):
        facts.append((t("fait.voisins"), _joined(work, near)))
    if children := lists.children.get(place):
        facts.append((t("fait.enfants"), _joined(work, [(item["niveau"], item["code"]) for item in children])))
    return facts


def _population(work: Work, row: Row) -> str:
    count = formats.nombre(float(row["population"]), work.lang)
    return work.t("territoire.population", n=count, annee=row["annee"], legale=row["annee_legale"])


def _joined(work: Work, places: list[Place]) -> Markup:
    return Markup(", ").join(work.place_link(1, place) for place in places)


def _locator(work: Work, lists: Lists, place: Place, name: str) -> Markup | None:
    if place not in lists.drawn:
        return None
    near = work.source.neighbours.get(place, [])
    names = ", ".join(work.source.place_name(item, work.lang) for item in near)
    description = work.t("territoire.plan.description", nom=name, voisins=names)
    title = work.t("territoire.plan", nom=name)
    return carte.locator("plan", work.ground, place, near, title=title, description=description)


def _figures(work: Work, place: Place, name: str) -> list[Figure]:
    rows = work.source.series_of_places.get(place)
    return [series_figure(work, "serie", rows, where=name)] if rows else []


def _values(work: Work, place: Place) -> Table | None:
    """The last value of every indicator known there, theme by theme, with that of a year before and the trend."""
    known = work.source.of_places.get(place)
    if known is None:
        return None
    t = work.t
    themes = {code: label("theme", row["theme"], work.lang) for code, row in work.source.indicators.items()}
    rows = sorted(known, key=lambda row: (themes.get(row["indicateur"], ""), row["indicateur"]))
    columns = [
        Column(t("tableau.indicateur")),
        Column(t("tableau.periode")),
        Column(t("tableau.derniere"), number=True),
        Column(t("tableau.unite")),
        Column(t("tableau.un_an"), number=True),
        Column(t("tableau.couverture"), number=True),
        Column(t("tableau.tendance")),
    ]
    cells = [[*_value(work, row, themes), _trend(work, row)] for row in rows]
    return Table(t("territoire.valeurs.legende"), columns, cells)


def _value(work: Work, row: Row, themes: dict[str, str]) -> list[Any]:
    before = {"valeur": row["avant_valeur"], "statut": row["avant_statut"]}
    return [
        work.indicator_link(1, row["indicateur"])
        + Markup("<small>{}</small>").format(themes.get(row["indicateur"], "")),
        formats.periode(row["periode"], work.lang),
        cellules.value(row, work.t),
        work.unit(row["unite"]),
        cellules.value(before, work.t) if row["avant_periode"] else cellules.DASH,
        cellules.returns(row),
    ]


def _trend(work: Work, row: Row) -> str:
    if row["granularite"] != "trimestre":
        return cellules.DASH
    key = (row["indicateur"], row["territoire_niveau"], row["territoire_code"], "ensemble", row["modalite"])
    found = work.source.trends.get(key)
    return label("formulation", str(found["formulation"]), work.lang) if found else cellules.DASH


def _event(work: Work, row: Row) -> str:
    when = date_dite(row["date_debut"], row["date_precision"], work.lang)
    return work.t("territoire.evenement", date=when, intitule=text_of(row, "intitule", work.lang))
