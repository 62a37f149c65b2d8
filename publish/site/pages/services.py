"""Services: the register by kind, and a page for each with its source, its series and what documents print of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from publish.charte import formats
from publish.charte.dates import date_dite
from publish.charte.mots import figure_value, filled, label, period_text, place_words, text_of
from publish.site import cellules
from publish.site.figure import Figure, series_figure
from publish.site.page import HOME, Column, Page, Table, Work, service_path
from publish.site.source import Row

SIMULATED = "simule"


def pages(work: Work) -> Iterator[Page]:
    """The register, then every service of it."""
    yield _list(work)
    published = _by_service(work.source.table("chiffres_publies"))
    events = _by_service(work.source.table("evenements"))
    for code, row in work.source.services.items():
        yield _page(work, row, published.get(code, []), events.get(code, []))


def _by_service(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if filled(row["service_id"]):
            found.setdefault(row["service_id"], []).append(row)
    return found


def _list(work: Work) -> Page:
    t, kinds = work.t, dict[str, list[Markup]]()
    for code, row in sorted(work.source.services.items(), key=lambda item: (item[1]["origine"] == SIMULATED, item[0])):
        simulated = row["origine"] == SIMULATED
        kind = t("services.simules") if simulated else label("genre_service", row["genre"], work.lang)
        place = work.source.place_name((row["territoire_niveau"], row["territoire_code"]), work.lang)
        kinds.setdefault(kind, []).append(work.link(1, service_path(code), work.name(row), note=place))
    lede = t("services.chapeau", n=len(work.source.services))
    return Page(
        f"services/{HOME}", "liste.html", t("services.titre"), lede, (work.home,),
        {"lede": lede, "groups": list(kinds.items())},
    )  # fmt: skip


def _page(work: Work, row: Row, published: list[Row], events: list[Row]) -> Page:
    t, code, name = work.t, row["service_id"], work.name(row)
    kind = label("genre_service", row["genre"], work.lang)
    place = work.source.place_name((row["territoire_niveau"], row["territoire_code"]), work.lang)
    simulated = row["origine"] == SIMULATED
    return Page(
        service_path(code),
        "service.html",
        name,
        t("service.description", nom=name, genre=kind, lieu=place),
        (work.home, work.section("services")),
        {
            "lede": t("service.chapeau.simule" if simulated else "service.chapeau", genre=kind, lieu=place),
            "simulated": simulated,
            "facts": _facts(work, row),
            "note": text_of(row, "note", work.lang),
            "figures": _figures(work, code, name),
            "values": _values(work, code),
            "published": _published(work, published),
            "events": [_event(work, item) for item in events],
        },
    )


def _facts(work: Work, row: Row) -> list[tuple[str, Any]]:
    t, lang = work.t, work.lang
    pairs: list[tuple[str, Any]] = [
        ("identifiant", Markup("<code>{}</code>").format(row["service_id"])),
        ("genre", label("genre_service", row["genre"], lang)),
        ("nature", label("nature_service", row["nature"], lang) if filled(row["nature"]) else ""),
        ("operateur", _operator(work, row)),
        ("territoire", work.place_link(1, (row["territoire_niveau"], row["territoire_code"]))),
        ("statut", label("statut_service", row["statut"], lang)),
        ("dates", _dates(work, row)),
        ("capacite", _capacity(work, row)),
        ("flux", _feeds(work, row)),
        ("source", place_words(row, lang) if filled(row["source_fichier"]) else t("service.source.simule")),
        (
            "imprime",
            quoted(row["tel_qu_imprime"]) if filled(row["tel_qu_imprime"]) else "",
        ),
    ]
    return [(t(f"fait.{key}"), value) for key, value in pairs if value]


def _operator(work: Work, row: Row) -> Markup | str:
    if not filled(row["operateur"]):
        return work.t("service.operateur.inconnu")
    return Markup('<span lang="fr">{}</span>').format(row["operateur"])


def _dates(work: Work, row: Row) -> str:
    t = work.t
    if row["date_debut"] is None:
        return t("service.dates.inconnue" if row["statut"] != "non_ouvert" else "service.dates.pas_ouvert")
    start = t("service.dates.depuis", date=date_dite(row["date_debut"], row["date_precision"] or "jour", work.lang))
    if row["date_fin"] is None:
        return start
    return start + t("service.dates.fin", date=formats.date_longue(row["date_fin"], work.lang))


def _capacity(work: Work, row: Row) -> str:
    if row["capacite"] is None:
        return ""
    return formats.quantite(float(row["capacite"]), work.unit("places"), work.lang)


def _feeds(work: Work, row: Row) -> Markup | str:
    names = [name for column in ("flux", "flux_lies") if filled(row[column]) for name in row[column].split()]
    if not names:
        return work.t("service.flux.aucun")
    return Markup(", ").join(Markup("<code>{}</code>").format(name) for name in dict.fromkeys(names))


def _figures(work: Work, code: str, name: str) -> list[Figure]:
    rows = work.source.series_of_services.get(code)
    return [series_figure(work, "serie", rows, where=name)] if rows else []


def _values(work: Work, code: str) -> Table | None:
    known = work.source.of_services.get(code)
    if known is None:
        return None
    t = work.t
    names = ("indicateur", "periode", "derniere", "unite", "intervalle", "couverture")
    columns = [Column(t(f"tableau.{name}"), number=name in ("derniere", "intervalle", "couverture")) for name in names]
    rows = [
        [
            work.indicator_link(1, row["indicateur"]),
            formats.periode(row["periode"], work.lang),
            cellules.value(row, t),
            work.unit(row["unite"]),
            cellules.interval(row, t),
            cellules.returns(row),
        ]
        for row in known
    ]
    return Table(t("service.valeurs.legende"), columns, rows)


def _published(work: Work, rows: list[Row]) -> Table | None:
    """What public documents print of this very service."""
    if not rows:
        return None
    t, lang = work.t, work.lang
    columns = [
        Column(t(f"tableau.{name}"), number=name == "valeur_imprimee")
        for name in ("mesure", "valeur_imprimee", "periode", "source")
    ]
    cells = [
        [
            text_of(row, "mesure", lang),
            figure_value(row, lang),
            period_text(str(row["periode"]), lang),
            printed_in(row, work),
        ]
        for row in sorted(rows, key=lambda row: str(row["periode"]))
    ]
    return Table(t("service.chiffres.legende"), columns, cells)


def quoted(text: str) -> Markup:
    """What a document prints, in its language."""
    return Markup('<q lang="fr">{}</q>').format(text)


def printed_in(row: Row, work: Work) -> Markup:
    """The document of a figure, linked where it has an address, and the place in it."""
    words = ", ".join(str(row[name]) for name in ("editeur", "titre") if filled(row.get(name)))
    where = Markup(' <small class="lieu">({})</small>').format(place_words(row, work.lang))
    if not words:
        return Markup("{}").format(place_words(row, work.lang))
    if filled(row.get("url")):
        return Markup('<a href="{}" rel="external noopener" lang="fr">{}</a>').format(row["url"], words) + where
    return Markup('<span lang="fr">{}</span>').format(words) + where


def _event(work: Work, row: Row) -> str:
    when = date_dite(row["date_debut"], row["date_precision"], work.lang)
    return work.t("territoire.evenement", date=when, intitule=text_of(row, "intitule", work.lang))
