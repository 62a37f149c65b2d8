"""The Dash app on a folder of releases. There is no app at import: ``create_app`` makes one, with all it needs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import flask
from dash import MATCH, ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from dashboard import (
    catalogue,
    chargement,
    charte,
    compression,
    demandes,
    echecs,
    etat,
    extraits,
    flux,
    ids,
    mains,
    mesures,
    reponses,
    robots,
)
from dashboard.api.wsgi import Api
from dashboard.cache import Cache
from dashboard.components.balises import join, tag
from dashboard.components.cadre import Frame, document
from dashboard.components.erreur import explanation
from dashboard.components.structure import structured
from dashboard.context import Context, open_context
from dashboard.demandes import Quotas
from dashboard.downloads import blueprint
from dashboard.filters import parse
from dashboard.i18n import texts
from dashboard.mains import Hands
from dashboard.page import Page, Section
from dashboard.pages import PAGES
from dashboard.reglages import ALONE, Settings
from dashboard.router import Route, UnknownPage, href, resolve
from dashboard.securite import guarded
from publish.feeds import named_base
from publish.reader import Releases
from schemas.errors import ObservatoireError

# Views kept in pieces, some two MiB each, for the callback that follows a page; whole answers are kept apart.
VIEWS = 48


class Site(Dash):
    """A Dash app whose HTML document is written per address, with the first view of the page inside."""

    answers: reponses.Answers

    def __init__(self, releases: Releases, cache: Cache, address: str) -> None:
        super().__init__(
            "observatoire",
            assets_folder=str(chargement.ASSETS),
            assets_ignore=chargement.ALL,
            serve_locally=True,
            suppress_callback_exceptions=True,
            update_title="",
            title=texts("fr")("site.nom"),
        )
        # An address with two slashes in a row is none of ours: no redirect, which would name the host it was asked of.
        self.server.url_map.merge_slashes = False
        self.releases = releases
        self.cache = cache
        self.views = Cache(VIEWS)
        self.address = address

    def _config(self) -> dict[str, Any]:
        """What Dash tells its scripts, without the interpreter's version and build, which none of them asks for."""
        told = super()._config()  # type: ignore[no-untyped-call]
        return {name: value for name, value in told.items() if name != "python_version"}

    def open(self, pathname: str, search: str | None) -> Context:
        """The context of an address. Raises BadFilter, UsageError or ReleaseConflict."""
        route = resolve(pathname)
        return open_context(self.releases, self.cache, self.views, route, parse(search))

    def index(self, *args: Any, **kwargs: Any) -> str:
        """The HTML document of the address being asked for. Raises ObservatoireError where there is no page to show."""
        route = resolve(flask.request.path)
        if route.known and not PAGES[route.slug].moves:
            return self._page(route)
        written: str = super().index(*args, **kwargs)  # type: ignore[no-untyped-call]
        return written

    def interpolate_index(self, **kwargs: Any) -> str:  # type: ignore[override]
        """The same for a page that Dash takes over, with what Dash says it needs."""
        route = resolve(flask.request.path)
        if not route.known:
            raise UnknownPage(flask.request.path)
        return self._page(route, kwargs)

    def _page(self, route: Route, dash: dict[str, str] | None = None) -> str:
        context = self.open(flask.request.path, flask.request.query_string.decode())
        page, t = PAGES[route.slug], context.texts
        named, search = page.naming(context), context.filters.search()
        base, data = self.address or named_base(context.release), structured(context.release, route.slug, route.lang)
        frame = Frame(
            *(route.lang, route.slug, search, named.title, named.description, context.release.entry),
            *(base, route.item, data),
            embedded=bool(context.filters.vue),
        )
        view, asleep = page.first_view(context), None
        if dash:
            view = tag("div", view, id="premier-rendu") + Markup(dash["app_entry"])
            asleep = chargement.waiting(dash, charts=bool(page.graphs))
        main = join(
            tag("h1", named.title, class_="annonce") if frame.embedded else page.header(context),
            tag("p", role="status", class_="annonce", id="annonce"),
            view,
        )
        return document(frame, t, main=main, scripts=join(chargement.own(), asleep))


def create_app(releases_dir: Path, settings: Settings = ALONE) -> Site:
    """The site on a folder of releases (``index.json`` and one folder per version); its Flask app is ``app.server``.

    The folder may hold no release yet: pages then answer 503 and say so, and work as soon as the index appears.
    """
    app = Site(Releases(releases_dir), Cache(), settings.address)
    app.layout = html.Div([dcc.Location(id=ids.URL, refresh=False), html.Div(id=ids.BODY)])
    _register_callbacks(app)
    app.server.register_blueprint(blueprint(app.releases))
    app.server.register_blueprint(extraits.blueprint(app.releases))
    app.server.register_blueprint(catalogue.blueprint(app.releases, app.cache))
    app.server.register_blueprint(flux.blueprint(app.releases))
    app.server.register_blueprint(etat.blueprint(app.releases, metrics=settings.metrics))
    quotas, hands = Quotas(), Hands()
    _register_http(app, quotas, hands)
    served = Api(app.releases, app.server.wsgi_app, quotas, hands)
    app.server.wsgi_app = guarded(served, settings, app.csp_hashes())
    _know_own_scripts(app)
    return app


def _know_own_scripts(app: Site) -> None:
    """Dash learns which scripts it may serve when it writes a first document: do it now, so that every worker knows."""
    with app.server.test_request_context("/-"), suppress(UnknownPage):
        app.server.preprocess_request()
        app.index()


def _register_callbacks(app: Site) -> None:
    @app.callback(Output(ids.BODY, "children"), Input(ids.URL, "pathname"))
    def show_page(pathname: str) -> Component | None:
        route = resolve(pathname)
        return PAGES[route.slug].layout(route.lang) if route.known else None

    for page in PAGES.values():
        if page.moves:
            _register_page(app, page)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("site", "dessiner"),
        Output(ids.graph(MATCH), "figure"),
        Output(ids.graph(MATCH), "style"),
        Input(ids.figure(MATCH), "data"),
    )


def _register_page(app: Site, page: Page) -> None:
    """The callback that fills a page from its address, and the one that writes its texts.

    Texts travel as HTML and are written by ``assets/site.js``: a table of two hundred rows as Dash components takes the
    browser some fifteen seconds, as HTML a few milliseconds.
    """
    graphs = [name for name in page.sections if name in page.graphs]
    names = [ids.named(page.slug, name) for name in graphs]
    outputs = [Output(ids.figure(name), "data") for name in names]
    texts_of_page = ids.written(page.slug)

    @app.callback([Output(texts_of_page, "data"), *outputs], Input(ids.URL, "search"), State(ids.URL, "pathname"))
    def fill(search: str | None, pathname: str) -> list[Any]:
        parts = _sections(app, page, pathname, search)
        return [page.written(parts), *(parts[name].figure for name in graphs)]

    writing = ClientsideFunction("site", "ecrire")
    app.clientside_callback(writing, Input(texts_of_page, "data"))  # type: ignore[no-untyped-call]


def _sections(app: Site, page: Page, pathname: str, search: str | None) -> dict[str, Section]:
    """The sections of a page at an address. Raises BadRequest for that of another page: what is made is kept for all,
    and its links would lead there.
    """
    if resolve(pathname).slug != page.slug:
        raise BadRequest
    try:
        return page.sections_of(app.open(pathname, search))
    except ObservatoireError as error:
        message = html.P(explanation(error, resolve(pathname).lang), className="alerte", role="alert")
        return dict.fromkeys(page.sections, Section()) | {page.sections[0]: Section(before=[message])}


def _register_http(app: Site, quotas: Quotas, hands: Hands) -> None:
    echecs.install(app.server)

    def to_french() -> flask.typing.ResponseReturnValue | None:
        return flask.redirect(href("fr", "accueil"), 302) if flask.request.path == "/" else None

    app.server.register_blueprint(robots.blueprint(app.address))
    mesures.install(app.server)
    app.server.before_request(to_french)
    demandes.install(app)
    app.answers = reponses.install(app.server, app.releases)
    demandes.install_quotas(app.server, quotas)
    mains.install(app.server, hands)
    charte.install(app.server)
    compression.install(app.server)
