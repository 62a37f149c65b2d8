"""Pages by their name in the address."""

from dashboard.page import Page
from dashboard.pages import (
    accessibilite,
    accueil,
    api,
    aval,
    caarud,
    carte,
    chiffres,
    comite,
    consultations,
    corrections,
    couverture,
    donnees,
    glossaire,
    hebergement,
    histoire,
    hopital,
    indicateur,
    indicateurs,
    maraudes,
    methode,
    objectifs,
    pilotage,
    produits,
    recherche,
    repos,
    resultats,
    scenes,
    secret,
    service,
    services,
    territoire,
    territoires,
    theme,
    themes,
    versions,
)

_MODULES = (
    *(accueil, carte, scenes, repos, hopital, caarud, services, service, objectifs, histoire, consultations),
    *(chiffres, donnees, methode, maraudes, hebergement, aval, resultats),
    *(produits, pilotage, couverture, indicateurs, indicateur, api, versions, corrections, secret, comite),
    accessibilite,
    *(territoires, territoire, themes, theme, recherche, glossaire),
)
PAGES: dict[str, Page] = {module.PAGE.slug: module.PAGE for module in _MODULES}
