"""What a page is: a form, and sections made anew from the filters. Pages are plain functions; nothing here holds a state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard import ids
from dashboard.components.balises import tag
from dashboard.components.statique import to_html
from dashboard.context import Context
from dashboard.figures.modele import config
from dashboard.router import Lang

Children = Sequence[Any]


@dataclass(frozen=True)
class Section:
    """A part of a page: what stands above its graph, the graph if any, what stands below. Empty, it takes no room.

    ``figure`` is a plotly figure as a plain dict; ``outlines`` the address of the outlines a map needs.
    """

    before: Children = ()
    figure: dict[str, Any] | None = None
    after: Children = ()
    outlines: str | None = None


@dataclass(frozen=True)
class Page:
    """A page: ``sections`` names its parts in order, ``graphs`` those that may hold a graph; ``build`` makes all parts."""

    slug: str
    sections: tuple[str, ...]
    build: Callable[[Context], dict[str, Section]]
    graphs: frozenset[str] = frozenset()
    controls: Callable[[Context], Markup | None] = field(default=lambda context: None)

    def layout(self, lang: Lang) -> Component:
        """The empty parts that callbacks fill in."""
        return html.Div([_empty(self, name, lang) for name in self.sections], className="parties")

    def header(self, context: Context) -> Markup:
        """Title, introduction and form: written by the server, outside of Dash."""
        t = context.texts
        lede = tag("p", t(f"{self.slug}.chapeau"), class_="chapeau")
        return tag("header", tag("h1", t(f"{self.slug}.titre")), lede, self.controls(context), class_="page__tete")

    def first_view(self, context: Context) -> Markup:
        """The parts as HTML text, without their graphs."""
        parts = self.build(context)
        return Markup("").join(_static(name, parts[name]) for name in self.sections if name in parts)


def _empty(page: Page, name: str, lang: Lang) -> Component:
    parts: list[Component] = [html.Div(id=ids.section(page.slug, name, "avant"))]
    if name in page.graphs:
        parts += _graph(page, name, lang)
    parts.append(html.Div(id=ids.section(page.slug, name, "apres")))
    return html.Section(parts, className=f"partie partie--{name}")


def _graph(page: Page, name: str, lang: Lang) -> list[Component]:
    graph = dcc.Graph(id=ids.graph(name), config=config(lang), className="graphe__cadre")
    box = html.Div(graph, id=ids.section(page.slug, name, "graphe"), className="graphe", hidden=True)
    return [dcc.Store(id=ids.outlines(name)), dcc.Store(id=ids.figure(name)), box]


def _static(name: str, section: Section) -> Markup:
    graph = tag("div", class_="graphe graphe--attente") if section.figure is not None else None
    inside = (Markup(to_html(section.before)), graph, Markup(to_html(section.after)))
    return tag("section", *inside, class_=f"partie partie--{name}")
