"""A territory: all its indicators by theme, with the one that encloses it, and with those it touches."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.apercus import Lieu, around, followed, lieux, parent, simulated
from dashboard.choices import about, chosen, page_form
from dashboard.components import origine
from dashboard.components.apercu import multiples, of_theme, overview
from dashboard.components.archive import archived
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.page import Naming, Page, Section
from dashboard.queries import Selection, indicators, neighbours, place_names
from dashboard.router import UnknownPage, href
from publish.charte.mots import label

FIRST = "scenes_presence_max"


def lieu_of(context: Context) -> Lieu:
    """The territory of the address. Raises UnknownPage where it has no page."""
    for lieu in context.cached(lieux):
        if lieu.item == context.item:
            return lieu
    raise UnknownPage(href(context.lang, "territoire", item=context.item))


def _name(context: Context, lieu: Lieu) -> str:
    return context.cached(place_names, context.lang)[lieu.place]


def naming(context: Context) -> Naming:
    """Its name, and what encloses it."""
    lieu, t = lieu_of(context), context.texts
    name, above = _name(context, lieu), context.cached(parent, lieu)
    lede = t("territoire.chapeau", dans=_name(context, above)) if above else t("territoire.chapeau.region")
    return Naming(name, lede, t("territoire.description", nom=name))


def _followed(context: Context, lieu: Lieu) -> list[str]:
    """Indicators that this territory has by quarter: those that can be set beside its neighbours."""
    series = context.cached(followed, *lieu.place)
    return [code for code, rows in series.items() if rows[0].granularite == "trimestre"]


def _chosen(context: Context, codes: list[str]) -> str:
    return chosen(context, "indicateur", codes, FIRST if FIRST in codes else codes[0])


def controls(context: Context) -> Markup | None:
    """The indicator set beside the neighbours."""
    lieu = lieu_of(context)
    codes = _followed(context, lieu)
    if not codes or not context.cached(neighbours, *lieu.place):
        return None
    options = [Option(code, about(context, code).name) for code in codes]
    default = FIRST if FIRST in codes else codes[0]
    field = select(
        "indicateur", context.texts("territoire.choisir"), options, chosen=_chosen(context, codes), default=default
    )
    return page_form(context, field)


def build(context: Context) -> dict[str, Section]:
    """Neighbours, then themes, then ways on."""
    lieu = lieu_of(context)
    return {"voisins": _neighbours(context, lieu), "themes": _themes(context, lieu), "suite": _next(context, lieu)}


def _neighbours(context: Context, lieu: Lieu) -> Section:
    """Small multiples on one scale: a scene that moved next door did not go away."""
    codes, t = _followed(context, lieu), context.texts
    if not codes or not context.cached(neighbours, *lieu.place):
        return Section()
    code = _chosen(context, codes)
    places, said = context.cached(around, lieu, code), about(context, code)
    groups = [
        (_name(context, one), href(context.lang, "territoire", context.filters.search(), item=one.item), rows)
        for one, rows in places.items()
    ]
    invented = simulated(places.values())
    title = t("territoire.voisins", indicateur=said.name, nom=_name(context, lieu))
    note = html.P(t("territoire.voisins.texte", unite=said.unit))
    csv = f"/extrait/{context.version}.csv{_selection(code, tuple(one.code for one in places)).search()}"
    links = html.P(html.A(t("graphe.csv"), href=csv, download=""), className="liens")
    return Section(
        before=[html.H2(title), note, multiples(context, groups), _source(context, invented=invented), links],
        subject=title,
        simulated=invented,
    )


def _selection(code: str, places: tuple[str, ...]) -> Selection:
    return Selection((code,), territoire_code=places, granularite=("trimestre",), ventilation=("ensemble",))


def _themes(context: Context, lieu: Lieu) -> Section:
    """A table a theme: only those that the territory has figures of."""
    t, name = context.texts, _name(context, lieu)
    catalogue, parts = context.cached(indicators), list[Component]()
    for theme in dict.fromkeys(catalogue["theme"]):
        series = of_theme(context, lieu, str(theme))
        if series:
            said = label("theme", str(theme), context.lang)
            link = html.A(said, href=href(context.lang, "theme", pinned(context), item=str(theme)))
            parts += [html.H3(link), overview(context, lieu, series, caption=f"{said}, {name}")]
    if not parts:
        return Section(
            before=[html.H2(t("territoire.themes", nom=name)), html.P(t("territoire.vide"), className="vide")]
        )
    mine = Selection(territoire_niveau=(lieu.niveau,), territoire_code=(lieu.code,))
    csv = f"/extrait/{context.version}.csv{mine.search()}"
    links = html.P(html.A(t("graphe.csv"), href=csv, download=""), className="liens")
    note = html.P(t("territoire.themes.texte"))
    title, invented = t("territoire.themes", nom=name), simulated(context.cached(followed, *lieu.place).values())
    return Section(
        before=[html.H2(title), note, *parts, _source(context, invented=invented), links],
        subject=title,
        simulated=invented,
    )


def _source(context: Context, *, invented: bool) -> Component:
    said = context.texts("territoire.source", version=context.version)
    return html.P([said, " ", origine.mark(context, simulated=invented)], className="source")


def _next(context: Context, lieu: Lieu) -> Section:
    """The neighbours by name, the territory that encloses, the map, the page as it was published."""
    t = context.texts
    known = set(context.cached(lieux))
    near = [one for one in (Lieu(*place) for place in context.cached(neighbours, *lieu.place)) if one in known]
    above = context.cached(parent, lieu)
    items = [
        html.Li(html.A(_name(context, one), href=href(context.lang, "territoire", pinned(context), item=one.item)))
        for one in ([above] if above else []) + near
    ]
    links = html.P(
        html.A(t("territoire.tous"), href=href(context.lang, "territoires", pinned(context))), className="liens"
    )
    page = archived(context, f"territoires/{lieu.niveau}-{lieu.code}.html")
    return Section(before=[html.H2(t("territoire.suite")), html.Ul(items, className="colonnes"), links, *page])


PAGE = Page("territoire", ("voisins", "themes", "suite"), build, controls=controls, naming=naming)
