"""Feeds to subscribe to: releases, releases that changed a dataset, and the calendar."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from dashboard.downloads import refused
from dashboard.i18n import texts
from dashboard.router import Lang, href, other
from dashboard.versions import changes, words
from publish import adresses
from publish.atom import Feed, Item, Link, write
from publish.calendar import icalendar, planned
from publish.reader import Entry, Release, Releases
from publish.version import parse_version
from schemas.errors import ObservatoireError, UsageError

ATOM = "application/atom+xml"
ALL = "flux"
ENGLISH = ".en"
FILES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def blueprint(releases: Releases) -> Blueprint:
    """Routes ``/donnees/flux.atom``, ``/donnees/<dataset>.atom`` (``.en.atom`` in English) and ``/calendrier.ics``."""
    routes = Blueprint("flux", __name__)

    @routes.get("/donnees/<name>.atom")
    def feed(name: str) -> ResponseReturnValue:
        lang: Lang = "en" if name.endswith(ENGLISH) else "fr"
        body = write(_feed(releases, name.removesuffix(ENGLISH), lang))
        return _fresh(Response(body, mimetype=ATOM))

    @routes.get("/calendrier.ics")
    def calendar() -> ResponseReturnValue:
        release = releases.release()
        page = _base(release) + href("fr", "versions") + "#calendrier"
        text = icalendar(planned(release), stamp=dt.date.fromisoformat(release.entry.date), address=page)
        return _fresh(Response(text, mimetype="text/calendar"))

    @routes.get("/flux.atom")
    def short() -> ResponseReturnValue:
        return redirect("/donnees/flux.atom", 301)

    routes.register_error_handler(ObservatoireError, refused)
    return routes


def _fresh(response: Response) -> Response:
    """Asked again each time, and answered by 304 while nothing changed."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _base(release: Release) -> str:
    """The address of the site: that which the release names, where it names one, else the one that was asked."""
    named = str(release.descriptor.get("homepage", "")).partition("/donnees/")[0].rstrip("/")
    return named if named and named != adresses.DEFAULT else request.url_root.rstrip("/")


def _feed(releases: Releases, name: str, lang: Lang) -> Feed:
    """The feed of all releases, or of those that changed a dataset. Raises UsageError for no such dataset."""
    latest = releases.release()
    if name != ALL and name not in latest.tables:
        raise UsageError(f"« {name} » n'est pas un flux. Flux : {ALL}, {', '.join(latest.tables)}.")
    t, base = texts(lang), _base(latest)
    newest = sorted(releases.index(), key=lambda entry: parse_version(entry.version), reverse=True)
    items = [item for entry in newest if (item := _item(releases, entry, name, lang, base))]
    own, twin = (f"{base}/donnees/{name}{ENGLISH if one == 'en' else ''}.atom" for one in (lang, other(lang)))
    return Feed(
        key=f"flux/{name}/{lang}",
        lang=lang,
        title=t("flux.titre") if name == ALL else t("flux.titre.jeu", jeu=name),
        subtitle=t("flux.sous_titre") if name == ALL else t("flux.sous_titre.jeu", jeu=name),
        author=t("site.nom"),
        rights=t("flux.licence"),
        updated=latest.entry.date,
        links=(
            Link("self", own, ATOM),
            Link("alternate", base + href(lang, "versions"), "text/html", lang),
            Link("alternate", twin, ATOM, other(lang)),
        ),
        items=tuple(items),
    )


def _item(releases: Releases, entry: Entry, name: str, lang: Lang, base: str) -> Item | None:
    """A release as an entry of the feed; None where it did not change the dataset."""
    if entry.retrait:
        return _withdrawn(entry, name, lang, base)
    release = releases.release(entry.version)
    counts = changes(release)
    if name != ALL and (name not in release.tables or _unchanged(release, name)):
        return None
    told = words(counts if name == ALL else counts[counts["jeu"] == name], lang)
    return _told(entry, name, lang, base, summary=told, links=_files(release, name, base))


def _unchanged(release: Release, name: str) -> bool:
    """Whether a release that is compared with another says nothing of a dataset."""
    if "differences" not in release.tables:
        return False
    rows = release.rows("select count(*), count(*) filter (jeu = $name) from differences", {"name": name})
    return bool(rows[0][0] > 0 and rows[0][1] == 0)


def _withdrawn(entry: Entry, name: str, lang: Lang, base: str) -> Item:
    reason = entry.retrait.raison if entry.retrait else ""
    return _told(entry, name, lang, base, summary=texts(lang)("flux.retrait", raison=reason), links=())


def _told(entry: Entry, name: str, lang: Lang, base: str, *, summary: str, links: tuple[Link, ...]) -> Item:
    t, gone = texts(lang), entry.retrait
    page = base + href(lang, "versions") + f"#v-{entry.version}"
    return Item(
        key=f"publication/{entry.version}/{name}",
        title=t("flux.version.retiree" if gone else "flux.version", version=entry.version),
        updated=gone.date if gone else entry.date,
        published=entry.date,
        summary=summary,
        links=(Link("alternate", page, "text/html", lang), *links),
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
