"""URL paths and pages: ``/<language>/<page>``, the home page having no name of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from schemas.errors import UsageError

Lang = Literal["fr", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
HOME = "accueil"
SLUGS = (HOME, "scenes", "repos", "hopital", "caarud", "chiffres", "donnees", "methode")


class UnknownPage(UsageError):
    """An address that leads to no page. ``path`` is what was asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"« {path} » n'est pas une page. Pages : {', '.join(SLUGS)}.")


@dataclass(frozen=True)
class Route:
    """A page in a language. ``known`` is False for a path that leads nowhere, whose language is still honoured."""

    lang: Lang
    slug: str
    known: bool = True


def resolve(path: str) -> Route:
    """The page a path leads to. An unknown path gives a Route that is not ``known``, in the language of the path."""
    parts = [part for part in path.split("/") if part]
    lang: Lang = "en" if parts[:1] == ["en"] else "fr"
    if len(parts) == 1 and parts[0] == lang:
        return Route(lang, HOME)
    if len(parts) == 2 and parts[0] == lang and parts[1] in SLUGS and parts[1] != HOME:
        return Route(lang, parts[1])
    return Route(lang, "", known=False)


def href(lang: Lang, slug: str, search: str = "") -> str:
    """Address of a page, with its query string (``?…`` or empty). Raises UsageError for a page that does not exist."""
    if slug not in SLUGS:
        raise UsageError(f"« {slug} » n'est pas une page. Pages : {', '.join(SLUGS)}.")
    return f"/{lang}/" + ("" if slug == HOME else slug) + search


def other(lang: Lang) -> Lang:
    """The other language."""
    return "en" if lang == "fr" else "fr"
