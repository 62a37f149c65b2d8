"""The frame around every page: head, skip link, navigation, band on simulated figures, footer.

It is written by the server, per address, outside of Dash: title, language, description and the first view of the
content are there before any script runs, and stay there without any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from dashboard import chargement, charte
from dashboard.accessibilite import degree, grid
from dashboard.choices import kept_release
from dashboard.components.balises import join, tag
from dashboard.filters import Filters, parse
from dashboard.i18n import Texts
from dashboard.router import HOME, LANGUAGES, MENU, WITHIN, Lang, href
from publish.charte import SIGN
from publish.charte.formats import date_longue
from publish.entries import Entry


@dataclass(frozen=True)
class Frame:
    """What the frame says of the page: where it is, on which release, with which query string, what machines read.

    ``embedded`` where one section stands alone in the page of someone else: there is then no frame at all.
    """

    lang: Lang
    slug: str
    search: str
    title: str
    description: str
    entry: Entry | None
    base: str
    item: str = ""
    structured: Markup | None = None
    embedded: bool = False

    @property
    def kept(self) -> str:
        """Query string that keeps a reader who chose a release on it from page to page; empty on the latest."""
        return Filters(release=parse(self.search).release).search()


def document(frame: Frame, t: Texts, *, main: Markup, scripts: Markup | None = None) -> str:
    """The whole HTML document."""
    return str(
        Markup("<!DOCTYPE html>\n")
        + tag("html", _head(frame, t), _body(frame, t, main, scripts), lang=frame.lang)
        + Markup("\n")
    )


def _head(frame: Frame, t: Texts) -> Markup:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        # What is shown in someone else's page leads out of it.
        tag("base", target="_blank") if frame.embedded else None,
        tag("title", f"{frame.title} – {t('site.nom')}"),
        tag("meta", name="description", content=frame.description),
        tag("meta", name="color-scheme", content="light dark"),
        *(_alternate(lang, frame) for lang in LANGUAGES if frame.slug),
        tag("link", rel="icon", type="image/svg+xml", href=charte.address(SIGN)),
        chargement.styles(),
        charte.sheets(),
        frame.structured,
    )


def _alternate(lang: Lang, frame: Frame) -> Markup:
    return tag("link", rel="alternate", hreflang=lang, href=frame.base + href(lang, frame.slug, item=frame.item))


def _body(frame: Frame, t: Texts, main: Markup, scripts: Markup | None) -> Markup:
    if frame.embedded:
        return tag("body", _main(main), scripts, class_=f"page page--integree page--{frame.slug}")
    return tag(
        "body",
        tag("a", t("cadre.evitement"), class_="evitement", href="#contenu"),
        _header(frame, t),
        _band(frame, t),
        _main(main),
        _footer(frame, t),
        scripts,
        class_=f"page page--{frame.slug or 'erreur'}",
    )


def _main(main: Markup) -> Markup:
    return tag("main", main, id="contenu", tabindex="-1")


def _header(frame: Frame, t: Texts) -> Markup:
    brand = tag(
        "a",
        tag("span", class_="marque__signe", aria_hidden="true"),
        tag("span", t("site.nom"), class_="marque__nom"),
        class_="marque",
        href=href(frame.lang, HOME, frame.kept),
    )
    return tag(
        "header",
        tag("div", brand, _search(frame, t), _languages(frame, t), class_="entete__haut"),
        _navigation(frame, t),
        class_="entete",
    )


def _search(frame: Frame, t: Texts) -> Markup:
    """A box on every page: a plain form, that leads to the page of answers."""
    label = t("recherche.champ")
    field = tag(
        "input", type="search", name="q", aria_label=label, placeholder=label, maxlength=100, autocomplete="off"
    )
    button = tag("button", t("recherche.bouton"), type="submit", class_="cherche__bouton")
    return tag(
        *("form", kept_release(parse(frame.search)), field, button),
        role="search",
        aria_label=label,
        action=href(frame.lang, "recherche"),
        class_="cherche",
    )


def _languages(frame: Frame, t: Texts) -> Markup:
    links = (
        tag(
            "a",
            t(f"langue.{lang}"),
            href=href(lang, frame.slug or HOME, frame.search if frame.slug else "", item=frame.item),
            hreflang=lang,
            lang=lang,
            data_langue=lang,
            aria_current="true" if lang == frame.lang else None,
        )
        for lang in LANGUAGES
    )
    return tag("nav", *links, class_="langues", aria_label=t("cadre.langues"))


def _navigation(frame: Frame, t: Texts) -> Markup:
    """The home page, then groups that open by themselves: native, so that they need no script and every keyboard."""
    groups = (_group(name, slugs, frame, t) for name, slugs in MENU.items())
    return tag("nav", tag("ul", _entry(HOME, frame, t), *groups), class_="navigation", aria_label=t("cadre.navigation"))


def _group(name: str, slugs: Sequence[str], frame: Frame, t: Texts) -> Markup:
    here = WITHIN.get(frame.slug, frame.slug) in slugs
    title = tag("summary", t(f"menu.{name}"), class_="menu__ici" if here else None)
    links = tag("ul", *(_entry(slug, frame, t) for slug in slugs), class_="menu__pages")
    return tag("li", tag("details", title, links, name="menu", class_="menu"))


def _entry(slug: str, frame: Frame, t: Texts) -> Markup:
    here = WITHIN.get(frame.slug, frame.slug)
    address = href(frame.lang, slug, frame.kept)
    link = tag("a", t(f"nav.{slug}"), href=address, aria_current=_current(slug, here, frame.slug))
    return tag("li", link)


def _current(slug: str, here: str, shown: str) -> str | None:
    """``page`` for the page shown, ``true`` for the one it stands within."""
    return ("page" if slug == shown else "true") if slug == here else None


def _band(frame: Frame, t: Texts) -> Markup | None:
    if frame.entry is None or not frame.entry.simule:
        return None
    return tag(
        "aside",
        tag("p", tag("strong", t("bandeau.titre")), " ", t("bandeau.texte")),
        class_="bandeau",
        aria_label=t("bandeau.nom"),
    )


def _footer(frame: Frame, t: Texts) -> Markup:
    licence = tag("a", t("pied.licence"), href=href(frame.lang, "donnees", frame.kept) + "#licence")
    parts = [tag("p", t("pied.nature")), tag("p", t("pied.reutilisation"), " ", licence, t("ponctuation.point"))]
    if frame.entry is not None:
        parts.append(tag("p", _release(frame.entry, frame.lang, t), " ", _permanent(frame, frame.entry, t)))
    links = (
        ("pied.donnees", "donnees"),
        ("pied.methode", "methode"),
        ("pied.sources", "chiffres"),
        (f"pied.accessibilite.{degree(grid())}", "accessibilite"),
    )
    items = (tag("li", tag("a", t(key), href=href(frame.lang, slug, frame.kept))) for key, slug in links)
    return tag("footer", tag("div", *parts), tag("ul", *items), class_="pied")


def _release(entry: Entry, lang: Lang, t: Texts) -> Markup:
    date = date_longue(dt.date.fromisoformat(entry.date), lang)
    return join(t("pied.publication"), " ", tag("code", entry.version), f", {date}", t("ponctuation.point"))


def _permanent(frame: Frame, entry: Entry, t: Texts) -> Markup | None:
    """The address that opens this view as it is, on this release, for ever; ``assets/site.js`` follows the view."""
    if not frame.slug:
        return None
    search = replace(parse(frame.search), release=entry.version).search()
    address = href(frame.lang, frame.slug, search, item=frame.item)
    return tag("a", t("pied.permanent"), href=address, data_permanent=entry.version)
