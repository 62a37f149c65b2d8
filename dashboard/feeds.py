"""Feeds and the pages about them: the one mapping that every page uses."""

from __future__ import annotations

from dashboard.router import SLUGS

# The page that tells more about a feed, where the site has it.
FEED_PAGES = {
    "trend_scenes": "scenes",
    "trend_produits": "produits",
    "sintes_analyses": "produits",
    "caarud_activite": "caarud",
    "caarud_profils": "produits",
    "plan_espaces_repos": "repos",
    "plan_hebergement": "hebergement",
    "plan_lits": "hopital",
    "plan_aval": "aval",
    "plan_maraudes": "maraudes",
    "plan_actions": "pilotage",
    "plan_budget": "pilotage",
    "plan_resultats": "resultats",
}


def feed_page(code: str) -> str | None:
    """The page about a feed, None where there is none."""
    page = FEED_PAGES.get(code)
    return page if page in SLUGS else None
