"""What a page is: a form, and sections made anew from the filters. Pages are functions; nothing here holds a state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard import ids
from dashboard.components.balises import tag
from dashboard.components.graphique import shown_on, taken_away
from dashboard.components.statique import to_html
from dashboard.context import Context
from dashboard.figures.modele import config
from dashboard.filters import BadFilter
from dashboard.i18n import Texts
from dashboard.queries import periods
from dashboard.router import Lang

Children = Sequence[Any]
# A graph without a figure takes no height but keeps its width: plotly measures it when it draws.
EMPTY = {"height": "0", "visibility": "hidden", "padding": "0", "border": "0", "margin": "0", "overflow": "hidden"}


@dataclass(frozen=True)
class Section:
    """A part of a page: what stands above its graph, the graph if any, what stands below.

    ``figure`` is a plotly figure as a plain dict; ``subject`` what a chart or a map is cited as, empty for a text;
    ``simulated`` where some of it is.
    """

    before: Children = ()
    figure: dict[str, Any] | None = None
    after: Children = ()
    subject: str = ""
    simulated: bool = False

    @cached_property
    def html(self) -> tuple[str, str]:
        """What stands above and below the graph, as HTML: written once, since sections are kept."""
        return to_html(self.before), to_html(self.after)


@dataclass(frozen=True)
class Naming:
    """What a page is called: its title, the sentence below it, what search engines say of it."""

    title: str
    lede: str
    description: str


def _nothing(_: Context) -> None:
    """A page without a form."""


def _no_section(_: Context) -> dict[str, Section]:
    """A page all of whose sections show its feed."""
    return {}


def _named(context: Context) -> Naming:
    """The names of a page that are the same whatever it shows."""
    t, slug = context.texts, context.slug
    return Naming(t(f"{slug}.titre"), t(f"{slug}.chapeau"), t(f"{slug}.description"))


@dataclass(frozen=True)
class Page:
    """A page: ``sections`` names its parts in order, ``graphs`` those that may hold a graph; ``build`` makes them.

    ``naming`` may raise UnknownPage where the page is about an item that the release does not have. ``feed``: a feed
    and a step of time without which the form and what ``build`` makes have nothing to show: the page says so in their
    place. ``besides`` makes the sections that show something else.
    """

    slug: str
    sections: tuple[str, ...]
    build: Callable[[Context], dict[str, Section]]
    graphs: frozenset[str] = frozenset()
    controls: Callable[[Context], Markup | None] = field(default=_nothing)
    naming: Callable[[Context], Naming] = field(default=_named)
    feed: tuple[str, str] | None = None
    besides: Callable[[Context], dict[str, Section]] = field(default=_no_section)

    @property
    def moves(self) -> bool:
        """Whether something of it changes under the eyes of the reader: a chart, or what a form asks for."""
        return bool(self.graphs) or self.controls is not _nothing

    def layout(self, lang: Lang) -> Component:
        """The empty parts that callbacks fill in."""
        sections = [_empty(self, name, lang) for name in self.sections]
        return html.Div([dcc.Store(id=ids.written(self.slug)), *sections], className="parties")

    def sections_of(self, context: Context) -> dict[str, Section]:
        """Every section of a view, empty where the page has nothing to say; kept under the releases and the filters."""
        key = (context.version, context.entries, self.slug, context.item, context.lang, context.filters)
        return context.views.get(key, lambda: dict.fromkeys(self.sections, Section()) | self._built(context))

    def _built(self, context: Context) -> dict[str, Section]:
        """The sections with what lets their charts be taken away; the one that is embedded alone, if one is."""
        built, only = self._shown(context) | self.besides(context), context.filters.vue
        if not only:
            return {name: _with(section, _foot(context, name, section)) for name, section in built.items()}
        if only not in built or not built[only].subject:
            raise BadFilter("vue", only)
        return {only: _with(built[only], [shown_on(context, only)])}

    def _shown(self, context: Context) -> dict[str, Section]:
        return self.build(context) if self.fed(context) else {self.sections[0]: _absent(context)}

    def fed(self, context: Context) -> bool:
        """Whether the release has a row of the feed that the page shows."""
        return self.feed is None or bool(context.cached(periods, *self.feed))

    def written(self, parts: dict[str, Section]) -> dict[str, str]:
        """The texts of sections as HTML, by id of the element they go into."""
        return {
            ids.element(self.slug, name, part): text
            for name in self.sections
            for part, text in zip(("avant", "apres"), parts[name].html, strict=True)
        }

    def header(self, context: Context) -> Markup:
        """Title, introduction and form: written by the server, outside of Dash."""
        named = self.naming(context)
        lede = tag("p", named.lede, class_="chapeau")
        form = self.controls(context) if self.fed(context) else None
        return tag("header", tag("h1", named.title), lede, form, class_="page__tete")

    def first_view(self, context: Context) -> Markup:
        """The sections as HTML text, with the room of their graphs."""
        parts = self.sections_of(context)
        return tag("div", *(_static(name, parts[name], context.texts) for name in self.sections), class_="parties")


def _absent(context: Context) -> Section:
    """What is said by a page whose feed no row of the release comes from; where to look, if there is another."""
    t = context.texts
    elsewhere = [" ", t("mesures.sans_flux.ailleurs")] if len(context.releases.versions) > 1 else []
    said = html.P([t("mesures.sans_flux"), *elsewhere], className="vide")
    return Section(before=[html.H2(t(f"{context.slug}.titre")), said])


def _with(section: Section, foot: Children) -> Section:
    """A section and what stands at its foot."""
    return replace(section, after=[*section.after, *foot]) if foot else section


def _foot(context: Context, name: str, section: Section) -> Children:
    """What lets a chart be taken away; nothing for a text."""
    drawn = section.figure is not None or any(isinstance(part, Markup) for part in section.before)
    if not section.subject:
        return []
    return [taken_away(context, name, section.subject, drawn=drawn, simulated=section.simulated)]


def _empty(page: Page, name: str, lang: Lang) -> Component:
    parts: list[Component] = [html.Div(id=ids.element(page.slug, name, "avant"), className="texte")]
    if name in page.graphs:
        parts += _graph(ids.named(page.slug, name), lang)
    parts.append(html.Div(id=ids.element(page.slug, name, "apres"), className="texte"))
    return html.Section(parts, className=f"partie partie--{name}")


def _graph(name: str, lang: Lang) -> list[Component]:
    """A store and a graph, which takes no room until ``assets/site.js`` gives it a figure and its height."""
    options: Any = config(lang)
    graph = dcc.Graph(id=ids.graph(name), config=options, className="graphe", style=EMPTY)
    return [dcc.Store(id=ids.figure(name)), graph]


def _room(figure: dict[str, Any], t: Texts) -> Markup:
    """The box a graph will fill: a drawing without anything in it gives the height, which a policy on styles allows."""
    place = tag("svg", width=1, height=figure["layout"]["height"], aria_hidden="true", class_="graphe__place")
    return tag("div", place, tag("noscript", tag("p", t("graphe.sans_script"))), class_="graphe graphe--attente")


def _static(name: str, section: Section, t: Texts) -> Markup:
    """A section as HTML; the box of its graph has its height, and without a script says where the same facts stand."""
    graph = _room(section.figure, t) if section.figure is not None else None
    above, below = (tag("div", Markup(text), class_="texte") for text in section.html)
    inside = (above, graph, below)
    return tag("section", *inside, class_=f"partie partie--{name}")
