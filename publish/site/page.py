"""What a page is made of, before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from publish.charte import formats
from publish.charte.i18n import FOLDER as SHARED
from publish.charte.i18n import Lang, Texts, read
from publish.charte.mots import filled
from publish.site.carte import Background
from publish.site.source import FOLDER, Place, Row, Source

HOME = "index.html"
Cell = str | Markup


@dataclass(frozen=True)
class Crumb:
    """A page above this one: its short name, and its path below the folder of the language."""

    name: str
    path: str


@dataclass(frozen=True)
class Column:
    """A column of a table; ``number`` puts its cells to the right."""

    name: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first cell of each row names it."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Page:
    """A page to write: ``path`` is below the folder of its language, ``content`` what its template asks for."""

    path: str
    template: str
    title: str
    description: str
    crumbs: Sequence[Crumb] = ()
    content: Mapping[str, Any] = field(default_factory=dict)
    data: Markup | None = None

    @property
    def depth(self) -> int:
        """Number of folders between the page and the folder of its language."""
        return self.path.count("/")

    def to(self, path: str) -> str:
        """Relative address of another page of the same language, by its path."""
        return "../" * self.depth + path

    def file(self, path: str) -> str:
        """Relative address of a file of the release, by its path."""
        return "../" * (self.depth + 2) + path


def texts(lang: Lang) -> Texts:
    """The words of the static site, after those it shares with the dashboard."""
    return Texts(lang, {**read(SHARED, lang), **read(FOLDER / "i18n", lang)})


@dataclass(frozen=True)
class Work:
    """What every maker of pages is given: the release, the language, its words, the background of maps."""

    source: Source
    lang: Lang
    t: Texts
    ground: Background

    @property
    def home(self) -> Crumb:
        """The first step of every trail."""
        return Crumb(self.t("fil.accueil"), HOME)

    @property
    def method(self) -> Crumb:
        """The page on method, under which others stand."""
        return Crumb(self.t("nav.methode"), "methode.html")

    def section(self, name: str) -> Crumb:
        """The list of a kind of pages."""
        return Crumb(self.t(f"nav.{name}"), f"{name}/{HOME}")

    def link(self, page_depth: int, path: str, name: str, *, note: str = "") -> Markup:
        """A link to another page of the site, from a page at that depth."""
        tail = f" <small>{escape(note)}</small>" if note else ""
        return Markup(f'<a href="{"../" * page_depth}{escape(path)}">{escape(name)}</a>{tail}')

    def place_link(self, depth: int, place: Place) -> Markup:
        """A link to the page of a territory, or its code where the release does not have it."""
        name = self.source.place_name(place, self.lang)
        return self.link(depth, place_path(place), name) if place in self.source.places else escape(name)

    def indicator_link(self, depth: int, code: str) -> Markup:
        """A link to the page of an indicator by its name."""
        row = self.source.indicators.get(code)
        if row is None:
            return Markup(f"<code>{escape(code)}</code>")
        return self.link(depth, indicator_path(code), self.name(row))

    def name(self, row: Row) -> str:
        """The name of a row in the language."""
        return str(row["nom_en"]) if self.lang == "en" and filled(row.get("nom_en")) else str(row["nom"])

    def unit(self, code: str) -> str:
        """Plural of a unit."""
        return formats.unite(code, self.lang)


def place_path(place: Place) -> str:
    """Path of the page of a territory."""
    return f"territoires/{place[0]}-{place[1]}.html"


def indicator_path(code: str) -> str:
    """Path of the page of an indicator."""
    return f"indicateurs/{code}.html"


def service_path(code: str) -> str:
    """Path of the page of a service."""
    return f"services/{code}.html"


def dataset_path(name: str) -> str:
    """Path of the page of a dataset."""
    return f"jeux/{name}.html"


def sized(size: int, t: Texts) -> str:
    """Bytes as kilobytes or megabytes (decimal multiples)."""
    unit, scale = ("mo", 1_000_000) if size >= 1_000_000 else ("ko", 1_000)
    return f"{formats.nombre(size / scale, t.lang, 1)}\u00a0{t(f'taille.{unit}')}"
