"""Indicators: the list by theme, and a page for each with its definition, series, map, territories and file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from publish.charte import formats
from publish.charte.mots import filled, label, text_of
from publish.site import cellules, courbe
from publish.site.figure import Figure, map_figure, series_figure
from publish.site.page import HOME, Column, Page, Table, Work, indicator_path
from publish.site.source import Place, Row

FORMULAS = {"part": "100 × {n} / {d}", "taux": "100 000 × {n} / {d}", "mesure": "{n} (base : {d})"}
LEVELS = ("france", "region", "departement", "arrondissement", "commune")
HIGHEST_FIRST = {level: rank for rank, level in enumerate(LEVELS)}


def pages(work: Work) -> Iterator[Page]:
    """The list, then every indicator of the catalogue."""
    yield _list(work)
    for row in work.source.indicators.values():
        yield _page(work, row)


def _list(work: Work) -> Page:
    t, themes = work.t, dict[str, list[Markup]]()
    for code, row in work.source.indicators.items():
        entry = work.link(1, indicator_path(code), work.name(row), note=work.unit(row["unite"]))
        themes.setdefault(label("theme", row["theme"], work.lang), []).append(entry)
    groups = [(theme, links) for theme, links in sorted(themes.items())]
    lede = t("indicateurs.chapeau", n=len(work.source.indicators))
    return Page(
        f"indicateurs/{HOME}",
        "liste.html",
        t("indicateurs.titre"),
        lede,
        (work.home,),
        {"lede": lede, "groups": groups},
    )


def _page(work: Work, row: Row) -> Page:
    code, name = row["indicateur"], work.name(row)
    series, mapped = work.source.series.get(code), work.source.maps.get(code)
    targets = [target for target in work.source.table("objectifs") if target["indicateur"] == code]
    figures: list[Figure] = []
    if series is not None:
        figures.append(_series(work, series, targets))
    if mapped is not None and (drawn := map_figure(work, "carte", mapped)):
        figures.append(drawn)
    return Page(
        indicator_path(code),
        "indicateur.html",
        name,
        work.t("indicateur.resume", nom=name, definition=text_of(row, "definition", work.lang)),
        (work.home, work.section("indicateurs")),
        {
            "lede": text_of(row, "definition", work.lang),
            "facts": _facts(work, row),
            "caveats": text_of(row, "reserves", work.lang),
            "figures": figures,
            "targets": [_target(work, target) for target in targets],
            "places": _places(work, row),
            "changes": _changes(work, code),
            "code": code,
        },
    )


def _facts(work: Work, row: Row) -> list[tuple[str, Any]]:
    t, lang = work.t, work.lang
    formula = row["numerateur"]
    if filled(row["denominateur"]):
        pattern = FORMULAS.get(row["genre"], "{n} / {d}")
        formula = pattern.format(n=row["numerateur"], d=row["denominateur"])
    counts = {
        item["statut"]: item["nombre"] for item in work.source.statuses if item["indicateur"] == row["indicateur"]
    }
    return [
        (t("fait.code"), Markup("<code>{}</code>").format(row["indicateur"])),
        (t("fait.theme"), label("theme", row["theme"], lang)),
        (t("fait.unite"), work.unit(row["unite"])),
        (t("fait.calcul"), Markup("<code>{}</code>").format(formula)),
        (t("fait.polarite"), label("polarite", row["polarite"], lang)),
        (t("fait.intervalle"), t(f"methode.intervalle.{row['intervalle']}")),
        (t("fait.frequence"), t(f"frequence.{row['frequence']}")),
        (t("fait.additif"), t("indicateur.additif" if row["additif"] else "indicateur.non_additif")),
        (t("fait.secret"), t("methode.soumis" if row["sensible"] else "methode.non_soumis")),
        (t("fait.observations"), _counted(work, counts)),
        (t("fait.flux"), Markup("<code>{}</code>").format(row["flux"])),
    ]


def _counted(work: Work, counts: dict[str, int]) -> str:
    """« 1 372 observations, dont 96 secrètes et 12 non rapportées »."""
    t, whole = work.t, sum(counts.values())
    parts = [
        t(f"indicateur.dont.{status}", n=formats.nombre(counts[status], work.lang))
        for status in ("secret", "non_rapporte")
        if counts.get(status)
    ]
    total = formats.nombre(whole, work.lang)
    return t("indicateur.observations.dont", n=total, parts=", ".join(parts)) if parts else total


def _series(work: Work, rows: list[Any], targets: list[Row]) -> Figure:
    last = rows[-1]
    place: Place = (last.territoire_niveau, last.territoire_code)
    where = work.source.place_name(place, work.lang)
    if last.ventilation != "ensemble":
        where = f"{where}, {_part(work, last.modalite)}"
    here = [item for item in targets if (item["territoire_niveau"], item["territoire_code"]) == place]
    aim = max(here, key=lambda item: item["valeur_cible"], default=None)
    return series_figure(work, "serie", rows, where=where, target=_level(work, aim, last.unite))


def _part(work: Work, modality: str) -> str:
    """The service of a breakdown by its name, then its unit where it is one; any other modality as it is coded."""
    code, _, unit = modality.partition("/")
    service = work.source.services.get(code)
    return f"{work.name(service)} {unit}".strip() if service else modality


def _level(work: Work, target: Row | None, unit: str) -> courbe.Target | None:
    """The level of a target on a chart of its unit; None of another unit, which is not the same scale."""
    if target is None or target["unite"] != unit:
        return None
    value = formats.quantite(float(target["valeur_cible"]), work.unit(unit), work.lang)
    return courbe.Target(float(target["valeur_cible"]), work.t("fig.objectif", valeur=value))


def _target(work: Work, target: Row) -> dict[str, Any]:
    """A target with its level, its place, its due date and where the release says it stands."""
    t, lang = work.t, work.lang
    place = (target["territoire_niveau"], target["territoire_code"])
    courses = {row["objectif"]: row for row in work.source.table("trajectoires")}
    course = courses.get(target["id"])
    value = formats.quantite(float(target["valeur_cible"]), work.unit(target["unite"]), lang)
    due = text_of(target, "echeance_texte", lang)
    return {
        "name": text_of(target, "intitule", lang),
        "level": f"{label('operateur_cible', target['operateur'], lang)} {value}",
        "place": work.place_link(1, place),
        "due": due or (formats.date_longue(target["echeance"], lang) if target["echeance"] else t("cible.sans_date")),
        "state": label("etat_objectif", course["etat"], lang) if course else t("cible.inconnue"),
        "simulated": bool(course and course["origine"] == "simule"),
        "printed": target["tel_qu_imprime"],
    }


def _places(work: Work, row: Row) -> Table | None:
    """The last periods in every place, from the widest to the narrowest."""
    recent = work.source.recent.get(row["indicateur"])
    if recent is None:
        return None
    t = work.t
    periods = [period for _, period in sorted({(cell["periode_debut"], cell["periode"]) for cell in recent})]
    groups: dict[Place, dict[str, Row]] = {}
    for cell in recent:
        groups.setdefault((cell["territoire_niveau"], cell["territoire_code"]), {})[cell["periode"]] = cell
    ordered = sorted(groups, key=lambda place: (HIGHEST_FIRST.get(place[0], 9), place[1]))
    rows = [
        [
            work.place_link(1, place) + Markup("<small>{}</small>").format(label("niveau", place[0], work.lang)),
            *(
                cellules.value(known, t) if (known := groups[place].get(period)) else cellules.DASH
                for period in periods
            ),
        ]
        for place in ordered
    ]
    # A plain space lets the name of a period break over two lines, which a column of numbers is too narrow for.
    named = (formats.periode(period, work.lang).replace(formats.NBSP, " ") for period in periods)
    columns = [Column(t("tableau.territoire")), *(Column(name, number=True) for name in named)]
    caption = t("indicateur.lieux.legende", n=len(periods), unite=work.unit(row["unite"]))
    return Table(caption, columns, rows)


def _changes(work: Work, code: str) -> list[str]:
    """How many cells of this indicator changed since the release before, by cause."""
    found = [item for item in work.source.changes if item["indicateur"] == code]
    return [
        work.t(
            "changement.compte",
            nature=label("nature_difference", item["nature"], work.lang),
            cause=label("cause_difference", item["cause"], work.lang),
            n=formats.nombre(item["nombre"], work.lang),
        )
        for item in found
    ]
