"""The release itself: what changed since the one before, its files, how to check and to cite it, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from publish.charte import formats
from publish.charte.mots import filled, label, text_of
from publish.site.page import Column, Page, Table, Work, dataset_path

# What stands beside the tables, in the order in which it is read; those a release lacks are left out.
BESIDE = (
    *("CHANGELOG.md", "README.md", "datapackage.json", "SHA256SUMS", "LICENCE.txt", "CITATION.cff", "CITATION.bib"),
    *("catalog.jsonld", "catalog.ttl", "audit.json"),
)
# Written after the site, in every release.
AFTER = ("SHA256SUMS",)


def pages(work: Work) -> Iterator[Page]:
    """One page."""
    t, notice = work.t, work.source.notice
    date = formats.date_longue(notice.day, work.lang)
    lede = t("publication.chapeau.simule" if notice.version.demo else "publication.chapeau", date=date)
    title = t("publication.titre", version=notice.version)
    yield Page(
        "publication.html", "publication.html", title, lede, (work.home,),
        {
            "lede": lede,
            "before": next((item["version_avant"] for item in work.source.changes), ""),
            "changes": _changes(work),
            "indicators": _indicators(work),
            "corrections": [row["id"] for row in _corrected_here(work)],
            "files": [(name, t(f"paquet.{name}")) for name in BESIDE if _there(work, name)],
            "next": _calendar(work),
        },
    )  # fmt: skip


def _there(work: Work, name: str) -> bool:
    return name in AFTER or (work.source.folder / name).is_file()


def _corrected_here(work: Work) -> list[dict[str, Any]]:
    version = str(work.source.notice.version)
    return [row for row in work.source.table("corrections") if row["version_corrigee"] == version]


def _changes(work: Work) -> Table | None:
    """Rows by dataset, nature and cause."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for item in work.source.changes:
        counts[item["jeu"], item["cause"], item["nature"]] += item["nombre"]
    if not counts:
        return None
    t, lang = work.t, work.lang
    columns = [Column(t(f"tableau.{name}")) for name in ("jeu", "cause", "nature")]
    rows = [
        [
            _dataset(work, name),
            label("cause_difference", cause, lang),
            label("nature_difference", nature, lang),
            formats.nombre(number, lang),
        ]
        for (name, cause, nature), number in sorted(counts.items())
    ]
    return Table(t("publication.changements.legende"), [*columns, Column(t("tableau.lignes"), number=True)], rows)


def _dataset(work: Work, name: str) -> Any:
    contract = work.source.contracts.get(name)
    return work.link(0, dataset_path(name), contract.title[work.lang]) if contract else name


def _indicators(work: Work) -> Table | None:
    """Indicators whose published rows changed, new rows apart, by cause."""
    counts: Counter[tuple[str, str]] = Counter()
    for item in work.source.changes:
        if filled(item["indicateur"]) and item["jeu"] == "observations" and item["nature"] != "ajout":
            counts[item["indicateur"], item["cause"]] += item["nombre"]
    if not counts:
        return None
    t = work.t
    columns = [Column(t("tableau.indicateur")), Column(t("tableau.cause")), Column(t("tableau.lignes"), number=True)]
    rows = [
        [
            work.indicator_link(0, code),
            label("cause_difference", cause, work.lang),
            formats.nombre(number, work.lang),
        ]
        for (code, cause), number in sorted(counts.items())
    ]
    return Table(t("publication.indicateurs.legende"), columns, rows)


def _calendar(work: Work) -> Table | None:
    """Releases announced, after this one's day."""
    t, lang, day = work.t, work.lang, work.source.notice.day
    due = [row for row in work.source.table("calendrier") if row["date_prevue"] > day]
    if not due:
        return None
    columns = [Column(t(f"tableau.{name}")) for name in ("version", "trimestre", "date", "etat")]
    rows = [
        [
            str(row["version"]),
            formats.periode(row["trimestre"], lang),
            formats.date_longue(row["date_prevue"], lang),
            " ".join(
                part for part in (label("etat_calendrier", row["etat"], lang), text_of(row, "note", lang)) if part
            ),
        ]
        for row in due
    ]
    return Table(t("publication.calendrier.legende"), columns, rows)
