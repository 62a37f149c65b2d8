"""Feeds of releases and their calendar: served by the site, and written beside the index for a host that only copies.

A feed has the same address on both, ``/donnees/flux.atom`` (``.en.atom`` in English), and the same identifiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from publish import adresses
from publish.atom import Feed, Item, Link, write
from publish.calendar import icalendar, planned
from publish.changements import changes, words
from publish.charte.i18n import LANGUAGES, Lang, texts
from publish.entries import Entry
from publish.notice import TITLE
from publish.reader import Release
from publish.version import parse_version
from schemas.errors import ReleaseConflict

ATOM = "application/atom+xml"
ALL = "flux"
SUFFIX: dict[Lang, str] = {"fr": ".atom", "en": ".en.atom"}
CALENDAR = "calendrier.ics"
# What stands beside the index and changes with it.
FRONTS = (*(f"{ALL}{suffix}" for suffix in SUFFIX.values()), CALENDAR)
FILES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
PAGE = "publication.html"


@dataclass(frozen=True)
class Place:
    """Where a feed is served: the base of its addresses, its page in a language, that of a version in a language."""

    base: str
    home: Callable[[Lang], str]
    page: Callable[[Lang, str], str]


def base_of(release: Release) -> str:
    """The address of the site that a release names: ``adresses.DEFAULT`` where it was given none."""
    return str(release.descriptor.get("homepage", "")).partition("/donnees/")[0].rstrip("/") or adresses.DEFAULT


def named_base(release: Release) -> str:
    """The same, empty where the release was given none: addresses of this site then go without a host."""
    base = base_of(release)
    return "" if base == adresses.DEFAULT else base


def feed(opened: Iterable[tuple[Entry, Release | None]], name: str, lang: Lang, place: Place, *, updated: str) -> Feed:
    """The feed of releases, or of those that changed dataset ``name``, newest version first.

    A withdrawn release is None; ``updated`` (ISO 8601 date) is the day of a feed without any entry.
    """
    newest = sorted(opened, key=lambda one: parse_version(one[0].version), reverse=True)
    items = [item for entry, release in newest if (item := _item(entry, release, name, lang, place))]
    t, twin = texts(lang), next(other for other in LANGUAGES if other != lang)
    return Feed(
        key=f"flux/{name}/{lang}",
        lang=lang,
        title=t("flux.titre") if name == ALL else t("flux.titre.jeu", jeu=name),
        subtitle=t("flux.sous_titre") if name == ALL else t("flux.sous_titre.jeu", jeu=name),
        author=TITLE[lang],
        rights=t("flux.licence"),
        updated=updated,
        links=(
            Link("self", f"{place.base}/donnees/{name}{SUFFIX[lang]}", ATOM),
            Link("alternate", place.home(lang), "text/html", lang),
            Link("alternate", f"{place.base}/donnees/{name}{SUFFIX[twin]}", ATOM, twin),
        ),
        items=tuple(items),
    )


def fronts(releases: Path, entries: Sequence[Entry]) -> dict[str, str]:
    """The files that stand beside the index, by name: the feeds, and the calendar that the latest release announces.

    ``entries`` are those of the index to be written. A release that is damaged is left out: to write of the others does
    not wait until it is mended.
    """
    opened = [one for entry in entries if (one := _opened(releases, entry))]
    newest = max(
        (release for _, release in opened if release), key=lambda one: parse_version(one.version), default=None
    )
    place = _bare(base_of(newest) if newest else adresses.DEFAULT)
    day = max((entry.date for entry in entries), default="")
    told = {f"{ALL}{SUFFIX[lang]}": write(feed(opened, ALL, lang, place, updated=day)).decode() for lang in LANGUAGES}
    told[CALENDAR] = calendar_of(newest, place.page("fr", newest.version)) if newest else ""
    for _, release in opened:
        if release:
            release.close()
    return told


def _opened(releases: Path, entry: Entry) -> tuple[Entry, Release | None] | None:
    """An entry with its release, which it has no more where it was withdrawn; None where the release is damaged."""
    try:
        return entry, None if entry.retrait else Release(releases / entry.version, entry)
    except ReleaseConflict:
        return None


def calendar_of(release: Release, address: str) -> str:
    """The calendar that a release announces, in iCalendar; ``address``: the page that tells of it."""
    return icalendar(planned(release), stamp=date.fromisoformat(release.entry.date), address=address)


def _bare(base: str) -> Place:
    """A host of files: the page of a version is in its own folder, that of all leads to the latest one."""
    return Place(
        base,
        lambda _: f"{base}/donnees/latest/index.html",
        lambda lang, version: adresses.permanent(base, version, f"site/{lang}/{PAGE}"),
    )


def _item(entry: Entry, release: Release | None, name: str, lang: Lang, place: Place) -> Item | None:
    """A release as an entry of the feed; None where it did not change the dataset."""
    if release is None:
        reason = entry.retrait.raison if entry.retrait else ""
        return _told(entry, name, lang, place, summary=texts(lang)("flux.retrait", raison=reason), links=())
    counts = changes(release)
    if name != ALL and (name not in release.tables or _unchanged(release, name)):
        return None
    told = words(counts if name == ALL else counts[counts["jeu"] == name], lang)
    return _told(entry, name, lang, place, summary=told, links=_files(release, name, place.base))


def _unchanged(release: Release, name: str) -> bool:
    """Whether a release that is compared with another says nothing of a dataset."""
    if "differences" not in release.tables:
        return False
    rows = release.rows("select count(*), count(*) filter (jeu = $name) from differences", {"name": name})
    return bool(rows[0][0] > 0 and rows[0][1] == 0)


def _told(entry: Entry, name: str, lang: Lang, place: Place, *, summary: str, links: tuple[Link, ...]) -> Item:
    t, gone = texts(lang), entry.retrait
    return Item(
        key=f"publication/{entry.version}/{name}",
        title=t("flux.version.retiree" if gone else "flux.version", version=entry.version),
        updated=gone.date if gone else entry.date,
        published=entry.date,
        summary=summary,
        links=(Link("alternate", place.page(lang, entry.version), "text/html", lang), *links),
        categories=("simule",) if entry.simule else (),
    )


def _files(release: Release, name: str, base: str) -> tuple[Link, ...]:
    """The files of a dataset in a release; the descriptor of the whole for all of them."""
    if name == ALL:
        return (Link("related", adresses.permanent(base, release.version, "datapackage.json"), "application/json"),)
    held = {suffix: release.folder / "data" / f"{name}.{suffix}" for suffix in FILES}
    return tuple(
        Link(
            "enclosure",
            adresses.permanent(base, release.version, f"data/{path.name}"),
            FILES[suffix],
            length=path.stat().st_size,
        )
        for suffix, path in held.items()
        if path.is_file()
    )
