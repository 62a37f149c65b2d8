"""How figures are made, what is hidden and why, and the statistics: short texts, and numbers counted in the release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

from publish.charte import formats
from publish.charte.mots import STATUSES, label
from publish.site.page import Column, Page, Table, Work

AUDIT = "audit.json"
TERMS = ("AIPAUC", "ASSORE", "CAARUD", "CSAPA", "ELSA", "file active", "maraudes", "OFDT", "TREND")


def pages(work: Work) -> Iterator[Page]:
    """Method, disclosure control, statistics."""
    for name, content in (("methode", _method), ("secret", _secret), ("statistiques", _statistics)):
        lede = work.t(f"{name}.chapeau")
        trail = (work.home,) if name == "methode" else (work.home, work.method)
        yield Page(
            f"{name}.html", f"{name}.html", work.t(f"{name}.titre"), lede, trail, {"lede": lede, **content(work)}
        )


def _method(work: Work) -> dict[str, Any]:
    t = work.t
    return {
        "steps": [(t(f"methode.etape.{place}.titre"), t(f"methode.etape.{place}")) for place in range(1, 6)],
        "statuses": [(status, t(f"statut.{status}.exemple"), t(f"statut.{status}.sens")) for status in STATUSES],
        "terms": [(term, _meaning(work, term)) for term in TERMS],
        "units": sorted({work.unit(row["unite"]) for row in work.source.indicators.values()}),
    }


def _meaning(work: Work, term: str) -> Markup:
    """What a term means; the French name that English keeps between brackets is said to be French."""
    meaning, bracket, french = work.t(f"glossaire.{term}").partition(" (")
    if not bracket:
        return escape(meaning)
    return Markup('{} (<span lang="fr">{}</span>)').format(meaning, french.removesuffix(")"))


def _secret(work: Work) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for item in work.source.statuses:
        counts[item["statut"]] += item["nombre"]
    whole = sum(counts.values())
    return {
        "table": _statuses(work, counts, whole),
        "themes": _themes(work),
        "whole": _whole(work),
        "audit": _audit(work),
        "kept": work.t(
            "secret.conserve",
            n=formats.nombre(counts["secret"], work.lang),
            total=formats.nombre(whole, work.lang),
            part=formats.quantite(100 * counts["secret"] / max(whole, 1), "%", work.lang),
        ),
    }


def _statuses(work: Work, counts: Counter[str], whole: int) -> Table:
    t, lang = work.t, work.lang
    columns = [
        Column(t("tableau.statut")),
        Column(t("tableau.cellules"), number=True),
        Column(t("tableau.part"), number=True),
    ]
    rows = [
        [
            label("statut", status, lang),
            formats.nombre(counts[status], lang),
            formats.quantite(100 * counts[status] / max(whole, 1), "%", lang),
        ]
        for status in STATUSES
    ]
    return Table(t("secret.statuts.legende"), columns, rows)


def _themes(work: Work) -> Table:
    """Secret cells by theme: what was lost, and where nothing was."""
    t, lang = work.t, work.lang
    whole: Counter[str] = Counter()
    secret: Counter[str] = Counter()
    for item in work.source.statuses:
        theme = work.source.indicators[item["indicateur"]]["theme"]
        whole[theme] += item["nombre"]
        secret[theme] += item["nombre"] if item["statut"] == "secret" else 0
    columns = [
        Column(t("tableau.theme")),
        *(Column(t(f"tableau.{name}"), number=True) for name in ("cellules", "secretes", "part")),
    ]
    rows = [
        [
            label("theme", theme, lang),
            formats.nombre(whole[theme], lang),
            formats.nombre(secret[theme], lang),
            formats.quantite(100 * secret[theme] / whole[theme], "%", lang),
        ]
        for theme in sorted(whole, key=lambda theme: label("theme", theme, lang))
    ]
    return Table(t("secret.themes.legende"), columns, rows)


def _whole(work: Work) -> str:
    """How many cells are hidden among indicators that count nobody."""
    free = [item for item in work.source.statuses if not work.source.indicators[item["indicateur"]]["sensible"]]
    hidden = sum(item["nombre"] for item in free if item["statut"] == "secret")
    total = sum(item["nombre"] for item in free)
    return work.t("secret.entieres", n=formats.nombre(hidden, work.lang), total=formats.nombre(total, work.lang))


def _audit(work: Work) -> dict[str, Any] | None:
    """What the audit of the release found, from its own report; None where it has none."""
    if not (work.source.folder / AUDIT).is_file():
        return None
    t, report = work.t, work.source.document(AUDIT)
    counts = {name: formats.nombre(number, work.lang) for name, number in report["quantites"].items()}
    known = len(report["versions_connues"])
    columns = [Column(t("tableau.largeur")), Column(t("tableau.quantites"), number=True)]
    rows = [[_width(work, item), formats.nombre(item["quantites"], work.lang)] for item in report["largeurs"]]
    return {
        "told": t("secret.audit.resultat", versions=known, connues=counts["connues"], secretes=counts["secretes"]),
        "table": Table(t("secret.audit.legende"), columns, rows),
    }


def _width(work: Work, item: Mapping[str, Any]) -> str:
    """« de 11 à 20 valeurs possibles », « plus de 1 000 »."""
    low = formats.nombre(item["de"], work.lang)
    if item["a"] is None:
        return work.t("secret.audit.au_moins", bas=low)
    return work.t("secret.audit.de_a", bas=low, haut=formats.nombre(item["a"], work.lang))


def _statistics(work: Work) -> dict[str, Any]:
    directions = Counter(row["direction"] for row in work.source.trends.values())
    t, lang = work.t, work.lang
    columns = [Column(t("tableau.conclusion")), Column(t("tableau.series"), number=True)]
    rows = [
        [label("direction", direction, lang), formats.nombre(number, lang)]
        for direction, number in sorted(directions.items(), key=lambda item: (-item[1], item[0]))
    ]
    return {"table": Table(t("statistiques.tendances.legende"), columns, rows) if rows else None}
