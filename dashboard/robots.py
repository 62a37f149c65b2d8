"""What search engines are told: that every page may be read, and which there are, each in both languages."""

from __future__ import annotations

from flask import Blueprint, Response, request
from markupsafe import Markup

from dashboard.router import LANGUAGES, SLUGS, href

HEAD = Markup(
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
TWIN = Markup('<xhtml:link rel="alternate" hreflang="{}" href="{}"/>')


def blueprint(address: str) -> Blueprint:
    """Routes ``/robots.txt`` and ``/sitemap.xml``; ``address`` is that of the site, empty for the one asked of."""
    routes = Blueprint("robots", __name__)

    def base() -> str:
        return address or request.url_root.rstrip("/")

    @routes.get("/robots.txt")
    def robots() -> Response:
        return Response(f"User-agent: *\nAllow: /\nSitemap: {base()}/sitemap.xml\n", mimetype="text/plain")

    @routes.get("/sitemap.xml")
    def pages() -> Response:
        return Response(sitemap(base()), mimetype="application/xml")

    return routes


def sitemap(base: str) -> str:
    """Every page that the menus or other pages lead to, with its twin in the other language."""
    listed = [_page(base, slug) for slug in SLUGS]
    return HEAD + Markup("").join(listed) + Markup("</urlset>\n")


def _page(base: str, slug: str) -> Markup:
    addresses = {lang: base + href(lang, slug) for lang in LANGUAGES}
    twins = Markup("").join(TWIN.format(lang, address) for lang, address in addresses.items())
    return Markup("").join(Markup("<url><loc>{}</loc>{}</url>\n").format(one, twins) for one in addresses.values())
