"""What search engines read of a page: schema.org, as data that no browser runs."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.components.balises import tag
from publish.catalogue.schema_org import catalogue, script
from publish.reader import Release

# The page that lists every table; each has a page of its own in the release's static site.
PAGE = "donnees"


def structured(release: Release, slug: str, lang: str) -> Markup | None:
    """The element that describes the datasets of a page; None on other pages.

    A release that does not know its address has nothing to tell a search engine.
    """
    if slug != PAGE or "homepage" not in release.descriptor:
        return None
    return tag("script", Markup(script(catalogue(release.descriptor, lang=lang))), type="application/ld+json")
