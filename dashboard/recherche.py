"""What can be found: pages, indicators, territories, services, datasets, words. Accents do not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.apercus import lieux, postcodes
from dashboard.components.glossaire import anchor, terms
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.plier import folded
from dashboard.queries import indicators, place_names
from dashboard.router import MENU, href
from publish.charte.mots import text_of

KINDS = ("page", "territoire", "indicateur", "service", "jeu", "terme")
MOST = 12


@dataclass(frozen=True)
class Found:
    """One thing that can be found: its kind, its name, where it is, what is said of it."""

    kind: str
    name: str
    address: str
    text: str


def entries(context: Context) -> Iterator[Found]:
    """Everything that can be found in the release, in the language."""
    yield from _pages(context)
    yield from _territories(context)
    yield from _indicators(context)
    yield from _services(context)
    yield from _datasets(context)
    yield from _terms(context)


def search(context: Context, asked: str) -> dict[str, list[Found]]:
    """What has every word asked for, by kind, names that start with the question first."""
    question = folded(asked).strip()
    words = question.split()
    hits = (
        [one for one in entries(context) if all(word in folded(f"{one.name} {one.text}") for word in words)]
        if words
        else []
    )
    ranked = sorted(hits, key=lambda one: _rank(folded(one.name), question, words))
    return {kind: found for kind in KINDS if (found := [one for one in ranked if one.kind == kind])}


def _rank(name: str, question: str, words: list[str]) -> int:
    return 0 if name.startswith(question) else 1 if all(word in name for word in words) else 2


def _pages(context: Context) -> Iterator[Found]:
    t = context.texts
    for slug in (slug for slugs in MENU.values() for slug in slugs if slug != "recherche"):
        yield Found("page", t(f"{slug}.titre"), href(context.lang, slug, pinned(context)), t(f"{slug}.description"))


def _territories(context: Context) -> Iterator[Found]:
    names, posts = context.cached(place_names, context.lang), context.cached(postcodes)
    for lieu in context.cached(lieux):
        codes = " ".join((lieu.code, *posts.get(lieu, ())))
        yield Found(
            "territoire", names[lieu.place], href(context.lang, "territoire", pinned(context), item=lieu.item), codes
        )


def _indicators(context: Context) -> Iterator[Found]:
    for code, row in context.cached(indicators).iterrows():
        address = href(context.lang, "indicateur", pinned(context), item=str(code))
        yield Found("indicateur", context.name(row), address, text_of(row, "definition", context.lang))


def _services(context: Context) -> Iterator[Found]:
    frame = context.release.query("select service_id, nom, nom_en, operateur from services order by nom")
    for _, row in frame.iterrows():
        yield Found(
            "service",
            context.name(row),
            href(context.lang, "service", pinned(context), item=str(row["service_id"])),
            text_of(row, "operateur", context.lang),
        )


def _datasets(context: Context) -> Iterator[Found]:
    """Once each, whatever the number of its formats."""
    seen = set[str]()
    for one in context.release.descriptor["resources"]:
        name = str(one["path"]).rpartition("/")[2].partition(".")[0]
        if str(one["path"]).endswith(".csv") and name not in seen:
            seen.add(name)
            yield Found(
                "jeu",
                text_of(one, "title", context.lang) or name,
                f"{href(context.lang, 'donnees', pinned(context))}#{name}",
                f"{name} {text_of(one, 'description', context.lang)}",
            )


def _terms(context: Context) -> Iterator[Found]:
    for word, meaning in terms(context.lang):
        yield Found("terme", word, f"{href(context.lang, 'glossaire', pinned(context))}#{anchor(word)}", meaning)
