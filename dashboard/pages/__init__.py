"""Pages by their name in the address."""

from dashboard.page import Page
from dashboard.pages import (
    accueil,
    caarud,
    chiffres,
    consultations,
    donnees,
    histoire,
    hopital,
    methode,
    objectifs,
    repos,
    scenes,
    service,
    services,
)

_MODULES = (
    *(accueil, scenes, repos, hopital, caarud, services, service, objectifs, histoire, consultations),
    *(chiffres, donnees, methode),
)
PAGES: dict[str, Page] = {module.PAGE.slug: module.PAGE for module in _MODULES}
