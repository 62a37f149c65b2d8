"""What a page is built from: the release asked for, the filters of the URL, the language, and the cache."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from dashboard.cache import Cache
from dashboard.filters import Filters
from dashboard.i18n import Texts, texts
from dashboard.router import Lang, Route, href
from publish.entries import Entry
from publish.reader import Release, Releases

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """One view: a page in a language, on a release, in a state."""

    lang: Lang
    slug: str
    filters: Filters
    release: Release
    entries: tuple[Entry, ...]
    cache: Cache
    views: Cache
    releases: Releases
    item: str = ""

    @property
    def texts(self) -> Texts:
        """The catalogue of texts in the language."""
        return texts(self.lang)

    @property
    def version(self) -> str:
        """Version of the release."""
        return self.release.version

    def said(self, key: str) -> str:
        """A text, then what a demonstration adds to it (``<key>.simule``)."""
        texts = self.texts
        return f"{texts(key)} {texts(f'{key}.simule')}" if self.release.entry.simule else texts(key)

    def cached(self, function: Callable[..., T], *args: Hashable) -> T:
        """``function(release, *args)``, kept under the version of the release. Do not change what it returns."""
        return self.cache.get((self.version, function, args), lambda: function(self.release, *args))

    def here(self, **changes: str) -> str:
        """Address of this page with some filters changed."""
        return href(self.lang, self.slug, self.filters.search(**changes), item=self.item)

    def file(self, relative: str) -> str:
        """Permanent address of a file of the release."""
        return f"/donnees/{self.version}/{relative}"

    def name(self, row: pd.Series, column: str = "nom") -> str:
        """The name a row carries in the language, French where it has no English one."""
        english = row.get(f"{column}_en")
        return str(english) if self.lang == "en" and isinstance(english, str) and english else str(row[column])


def open_context(releases: Releases, cache: Cache, views: Cache, route: Route, filters: Filters) -> Context:
    """The context of a view. Raises UsageError for a release that does not exist."""
    release = releases.release(filters.release)
    return Context(route.lang, route.slug, filters, release, releases.index(), cache, views, releases, route.item)
