"""Pages by their name in the address."""

from dashboard.page import Page
from dashboard.pages import accueil, caarud, chiffres, donnees, hopital, methode, repos, scenes

_MODULES = (accueil, scenes, repos, hopital, caarud, chiffres, donnees, methode)
PAGES: dict[str, Page] = {module.PAGE.slug: module.PAGE for module in _MODULES}
