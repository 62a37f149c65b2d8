"""URL paths and pages: ``/<language>/<page>``, the home page having no name of its own.

A few pages are about one item of a list, and stand below it: ``/<language>/services/<service_id>``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from publish.charte.i18n import LANGUAGES as LANGUAGES
from publish.charte.i18n import Lang as Lang
from schemas.errors import UsageError

HOME = "accueil"
SLUGS = (
    *(HOME, "carte", "scenes", "repos", "hopital", "caarud", "services", "objectifs", "histoire", "consultations"),
    *("chiffres", "donnees", "methode", "maraudes", "hebergement", "aval", "resultats"),
    *("produits", "pilotage", "couverture", "indicateurs", "api", "versions", "corrections", "secret", "comite"),
    "accessibilite",
    *("territoires", "themes", "recherche", "glossaire"),
)
# Pages about one item of a list, by the page of the list.
ITEM_PAGES = {"services": "service", "indicateurs": "indicateur", "territoires": "territoire", "themes": "theme"}
# Pages the menu does not list, and the page it shows in their place.
WITHIN = {
    "service": "services",
    "indicateur": "indicateurs",
    "territoire": "territoires",
    "theme": "themes",
    "consultations": "histoire",
    "accessibilite": "methode",
}
# The menu: groups of pages in the order of a visit. The home page stands before them, alone.
MENU: dict[str, tuple[str, ...]] = {
    "constats": (
        "territoires",
        "themes",
        "carte",
        "scenes",
        "produits",
        "caarud",
        "maraudes",
        "repos",
        "hebergement",
        "hopital",
        "aval",
        "resultats",
    ),
    "plan": ("objectifs", "pilotage", "comite"),
    "reperes": ("services", "histoire", "chiffres", "glossaire", "recherche"),
    "donnees": ("indicateurs", "couverture", "donnees", "api", "versions", "corrections", "secret", "methode"),
}
_ITEM = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


class UnknownPage(UsageError):
    """An address that leads to no page. ``path`` is what was asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"« {path} » n'est pas une page. Pages : {', '.join(SLUGS)}.")


@dataclass(frozen=True)
class Route:
    """A page in a language, about one ``item`` where the page is about one.

    ``known`` is False for a path that leads nowhere, whose language is still honoured.
    """

    lang: Lang
    slug: str
    known: bool = True
    item: str = ""


def resolve(path: str) -> Route:
    """The page a path leads to. An unknown path gives a Route that is not ``known``, in the language of the path."""
    parts = [part for part in path.split("/") if part]
    lang: Lang = "en" if parts[:1] == ["en"] else "fr"
    if len(parts) == 1 and parts[0] == lang:
        return Route(lang, HOME)
    if len(parts) == 2 and parts[0] == lang and parts[1] in SLUGS and parts[1] != HOME:
        return Route(lang, parts[1])
    if len(parts) == 3 and parts[0] == lang and parts[1] in ITEM_PAGES and _ITEM.fullmatch(parts[2]):
        return Route(lang, ITEM_PAGES[parts[1]], item=parts[2])
    return Route(lang, "", known=False)


def href(lang: Lang, slug: str, search: str = "", *, item: str = "") -> str:
    """Address of a page, with its query string (``?…`` or empty). Raises UsageError for a page that does not exist."""
    if item and slug in ITEM_PAGES.values():
        return f"/{lang}/{WITHIN[slug]}/{item}{search}"
    if slug not in SLUGS:
        raise UsageError(f"« {slug} » n'est pas une page. Pages : {', '.join(SLUGS)}.")
    return f"/{lang}/" + ("" if slug == HOME else slug) + search


def other(lang: Lang) -> Lang:
    """The other language."""
    return "en" if lang == "fr" else "fr"
