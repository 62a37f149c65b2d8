"""The first page: what the release is, where its targets stand, a map, and the way to everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from publish.charte import formats
from publish.charte.mots import label, text_of
from publish.site.figure import map_figure
from publish.site.page import HOME, Column, Page, Table, Work

SHOWN = "scenes_presence_max"
LISTS = ("indicateurs", "territoires", "services", "jeux")
TEXTS = ("publication", "methode", "secret", "statistiques", "corrections")


def pages(work: Work) -> Iterator[Page]:
    """One page."""
    t, source = work.t, work.source
    numbers = {
        "indicateurs": len(source.indicators),
        "territoires": len(source.places),
        "services": len(source.services),
        "jeux": len(source.tables),
    }
    frame = source.maps.get(SHOWN)
    drawn = map_figure(work, "carte", frame) if frame is not None else None
    yield Page(
        HOME, "accueil.html", t("accueil.titre"), t("accueil.description"), (),
        {
            "lede": t("accueil.chapeau"),
            "released": t("accueil.publication", version=source.notice.version, date=_day(work)),
            "lists": [(name, t(f"nav.{name}"), numbers[name], t(f"accueil.{name}")) for name in LISTS],
            "texts": [(name, t(f"nav.{name}"), t(f"accueil.{name}.texte")) for name in TEXTS],
            "figures": [drawn] if drawn else [],
            "targets": _targets(work),
        },
    )  # fmt: skip


def _day(work: Work) -> str:
    return formats.date_longue(work.source.notice.day, work.lang)


def _targets(work: Work) -> Table | None:
    """Every target and where the release says it stands."""
    t, lang = work.t, work.lang
    courses = {row["objectif"]: row for row in work.source.table("trajectoires")}
    targets = work.source.table("objectifs")
    if not targets:
        return None
    columns = [
        Column(t("tableau.objectif")),
        Column(t("tableau.cible")),
        Column(t("tableau.etat")),
        Column(t("tableau.indicateur")),
    ]
    rows: list[list[Any]] = []
    for row in targets:
        value = formats.quantite(float(row["valeur_cible"]), work.unit(row["unite"]), lang)
        course = courses.get(row["id"])
        rows.append(
            [
                text_of(row, "intitule", lang),
                f"{label('operateur_cible', row['operateur'], lang)} {value}",
                _state(work, course) if course else t("cible.inconnue"),
                work.indicator_link(0, row["indicateur"]),
            ]
        )
    return Table(t("accueil.objectifs.legende"), columns, rows)


def _state(work: Work, course: dict[str, Any]) -> str:
    """« atteinte (3e trimestre 2026 : 24 lits), série simulée »."""
    state = label("etat_objectif", course["etat"], work.lang)
    if course["valeur"] is None or not course["dernier_trimestre"]:
        return state
    value = formats.nombre(float(course["valeur"]), work.lang)
    when = formats.periode(course["dernier_trimestre"], work.lang)
    key = "accueil.etat.simule" if course["origine"] == "simule" else "accueil.etat"
    return work.t(key, etat=state, quand=when, valeur=value)
