"""What every answer says to browsers, whatever made it: policy of contents, frames, referrers, transport.

A layer around the whole site, the API included, so that an answer that is kept or that failed says it too. It is also
where the host is settled: with an address in the settings, no request can make the site name another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.filters import BadFilter, parse
from dashboard.reglages import Settings
from dashboard.router import resolve

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Styles that libraries write into a page, by the SHA-256 of their text: a new version of one is a new hash, and the
# tests in a browser say which. First those of Dash, for components that are not used here; the last is the empty
# element that plotly.js fills by the object model.
STYLES = (
    "Do5Z9ZqsPvCQTUBQS9BnDm/2+on7omuzuLYk5sbA+2s=",
    "ITR5T9OwskhdqdsliUJRmgp9ltOFAHgXe1F7eRvGnmQ=",
    "0IJGrxhCP5NUIafylLkj5118xkZH1kp5FmNio7NOckI=",
    "Z8VokGxeiKThZOEmkdUgfW+jxbvItBwAXC8M1c4wqAM=",
    "VUA+tqvhK3niMn7AdszqidMFPRh9FLqxB2iINUrsiTw=",
    "Aq43X0SlmB69maWGob4rp/UuSHhwePalkRRExtsxOJ8=",
    "SkhFDxgIcEjMhRh19uSHWrkdnAlZ9rlskgr9yLsipa8=",
    "uDiOZWps1U7E8/0BTaQrclYMhVhRVE4dT0vb5X6nXOw=",
    "+QoPrsxO0auPnxSulD3bAr9CoDGgzv7YRfYE0vfxeQI=",
    "MJs2ke1SA6Cy3tTCZu2QH0rj0r//iNqU0idy9bM4leg=",
    "X2TqJwnIiE/ceDVeAdr7v7BOWBU6CEzE6qxlNzBzvBk=",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
)
# The attributes plotly.js writes for the bold and the italic of a label: `font-weight:bold` and `font-style:italic`.
ATTRIBUTES = (
    "wkY2X5hecQzbhnFCqvTpwrUJ1f4X8LH5WFjYUzv1wmU=",
    "r8zR3S6YuWY5tpo2Y0PvZHW5fa+SKLNon9zbEWb5UPA=",
)
POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-hashes' {styles}; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors {ancestors}"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A year, for this host alone: what other hosts of the domain do is not known here.
TRANSPORT = "max-age=31536000"
# Published to be used from anywhere.
OPEN = ("/api/", "/donnees/", "/extrait/", "/catalog", "/calendrier.ics", "/flux.atom")


class Guard:
    """``site`` with what every answer says; ``scripts`` are the hashes of the inline scripts that Dash writes."""

    def __init__(self, site: WSGIApplication, settings: Settings, scripts: Iterable[str]) -> None:
        self._site, self._settings = site, settings
        hashes = {"scripts": " ".join(scripts), "styles": _hashed(STYLES, ATTRIBUTES)}
        self._policies = {ancestors: POLICY.format(ancestors=ancestors, **hashes) for ancestors in ("'none'", "*")}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the site does, with these headers where it did not say otherwise."""
        behind_tls = environ["wsgi.url_scheme"] == "https"
        if self._settings.address:
            environ["HTTP_HOST"], environ["wsgi.url_scheme"] = self._settings.host, self._settings.scheme

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            said = Headers(headers)
            for name, value in self._said(environ, status, behind_tls):
                said.setdefault(name, value)
            return start_response(status, said.to_wsgi_list(), *rest)

        return self._site(environ, start)

    def _said(self, environ: WSGIEnvironment, status: str, behind_tls: bool) -> Iterable[tuple[str, str]]:
        path = environ.get("PATH_INFO", "")
        # Only a chart shown alone may stand in the pages of others.
        shown = status.startswith("200") and resolve(path).known and _alone(environ.get("QUERY_STRING", ""))
        yield "Content-Security-Policy", self._policies["*" if shown else "'none'"]
        yield from ALWAYS.items()
        opened = path.startswith(OPEN)
        yield "Cross-Origin-Resource-Policy", "cross-origin" if opened or shown else "same-origin"
        if opened:
            yield "Access-Control-Allow-Origin", "*"
        if behind_tls:
            yield "Strict-Transport-Security", TRANSPORT


def _alone(query: str) -> bool:
    """Whether a page asked for with that query shows one chart alone."""
    try:
        return bool(parse(query).vue)
    except BadFilter:
        return False


def _hashed(*groups: Iterable[str]) -> str:
    return " ".join(f"'sha256-{digest}'" for group in groups for digest in group)


def guarded(site: WSGIApplication, settings: Settings, scripts: Iterable[str]) -> WSGIApplication:
    """The site as it is to be served. What servers in front forward is believed where there are such servers."""
    inside = Guard(site, settings, scripts)
    if not settings.proxies:
        return inside
    return ProxyFix(inside, x_for=settings.proxies, x_proto=settings.proxies)
