"""Pages by their name in the address."""

from dashboard.pages.accueil import PAGE as ACCUEIL
from dashboard.page import Page

PAGES: dict[str, Page] = {page.slug: page for page in (ACCUEIL,)}
