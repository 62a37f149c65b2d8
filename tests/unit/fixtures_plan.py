"""Rows of the small release for the plan, the products and the coverage: each status and each absence at least once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

Cell = tuple[str, tuple[str, str], str, str, tuple[str, str]]
WHOLE = ("ensemble", "tous")
REGION = ("region", "11")
FRANCE = ("france", "FR")
YEARS = ("2023", "2024", "2025")
HALVES = ("2025-S1", "2025-S2", "2026-S1")
LATE, PARTIAL = "1.2", "1.10"
TABLE = """
pilotage_actions_realisees pilotage plan_actions actions effectif aucun Actions_réalisées Actions_carried_out
pilotage_actions_partiellement_realisees pilotage plan_actions actions effectif aucun Actions_en_partie Actions_partly
pilotage_actions_engagees pilotage plan_actions actions effectif aucun Actions_engagées Actions_under_way
pilotage_actions_non_engagees pilotage plan_actions actions effectif aucun Actions_non_engagées Actions_not_begun
pilotage_actions_abandonnees pilotage plan_actions actions effectif aucun Actions_abandonnées Actions_given_up
pilotage_budget_prevu_meur pilotage plan_budget meur effectif aucun Budget_prévu Budget_planned
pilotage_budget_depense_meur pilotage plan_budget meur effectif aucun Budget_dépensé Budget_spent
produits_echantillons usages sintes_analyses echantillons effectif aucun Échantillons Samples
produits_echantillons_basee usages sintes_analyses echantillons effectif aucun Échantillons_de_base Base_samples
produits_teneur_cocaine_poudre usages sintes_analyses pourcent rapport aucun Teneur_de_la_poudre Content_of_powder
produits_teneur_cocaine_basee usages sintes_analyses pourcent rapport aucun Teneur_de_la_base Content_of_base
produits_part_coupes usages sintes_analyses pourcent part wilson Part_coupée Share_cut
produits_part_conformes usages sintes_analyses pourcent part wilson Part_conforme Share_as_presumed
profils_repondants usages caarud_profils personnes effectif aucun Répondants Respondents
profils_part_cocaine_basee usages caarud_profils pourcent part wilson Usage_de_base Use_of_base
profils_part_alcool usages caarud_profils pourcent part wilson Usage_d'alcool Use_of_alcohol
"""
CODES = {line.split()[0]: line.split()[2] for line in TABLE.split("\n") if line}


def cells(quarters: Sequence[str]) -> Iterator[Cell]:
    """The cells of the indicators above."""
    for code, feed in CODES.items():
        if feed == "plan_actions":
            yield from ((code, REGION, "trimestre", quarter, WHOLE) for quarter in quarters)
        elif feed == "plan_budget":
            yield from ((code, REGION, "annee", year, WHOLE) for year in YEARS)
        elif feed == "sintes_analyses":
            yield from ((code, FRANCE, "annee", year, WHOLE) for year in YEARS)
        else:
            cuts = (WHOLE, ("sexe", "femmes"), ("sexe", "hommes"), ("age", "moins_25"))
            yield from ((code, REGION, "annee", "2023", cut) for cut in cuts)


def _actions() -> pd.DataFrame:
    """Four actions over two quarters; one late, one without a due date."""
    links = "lits_identifies repos_passages_jour"
    rows = [
        ("1.1", "axe_1", "Action A", "ars", "realisee", 100, "2024-12-31", links),
        (LATE, "axe_1", "Action B", "ars", "engagee", 40, "2025-12-31", links),
        (PARTIAL, "axe_1", "Action C", "ville_paris", "partiellement_realisee", 80, "2030-12-31", "lits_identifies"),
        ("2.1", "axe_2", "Action D", "mildeca", "abandonnee", 10, None, "repos_passages_jour"),
    ]
    names = ("action_id", "axe", "intitule", "pilote", "statut", "avancement_pourcent", "echeance", "indicateurs_lies")
    quarters = ("2026-T2", "2026-T3")
    frame = pd.DataFrame(
        [dict(zip(names, row, strict=True)) | {"trimestre": quarter} for quarter in quarters for row in rows]
    )
    return frame.assign(origine="simule", echeance=pd.to_datetime(frame["echeance"]).dt.date)


def _budget() -> pd.DataFrame:
    """Two funders over three years; the second sent nothing for one axis of the last year."""
    rows = [
        {"financeur": funder, "axe": axis, "annee": int(year), "prevu_meur": 0.5, "depense_meur": 0.75}
        for funder in ("ars", "ville_paris")
        for axis in ("axe_1", "axe_2")
        for year in YEARS
        if (funder, axis, year) != ("ville_paris", "axe_2", "2025")
    ]
    return pd.DataFrame(rows).assign(origine="simule")


def _products() -> pd.DataFrame:
    """Two sites and two products; a half-year without a return, a price in another unit, an ordinal not reported."""
    rows = [
        {
            "site": site,
            "semestre": half,
            "produit": product,
            "disponibilite": "tres_disponible" if site == "paris" else "rare",
            "accessibilite": "facile" if site == "paris" else None,
            "prix_min": 10.0,
            "prix_median": 20.0,
            "prix_max": 35.0,
            "prix_unite": "dose" if product == "cocaine_basee" else "gramme",
            "tendance": "stable",
            "signalements": 7,
        }
        for site in ("paris", "lille")
        for half in HALVES
        for product in ("cocaine_basee", "heroine")
        if (site, half) != ("paris", "2025-S2")
    ]
    return pd.DataFrame(rows).assign(origine="simule")


def _coverage() -> pd.DataFrame:
    """Complete, partial and none; a day-by-day feed, a quarterly, a half-yearly and a yearly one."""
    rows = [
        ("plan_espaces_repos", "espace-repos-chapelle", "mois", "2026-08", "2026-08-01", 31, 31),
        ("plan_espaces_repos", "espace-repos-chapelle", "mois", "2026-09", "2026-09-01", 30, 12),
        ("plan_actions", LATE, "trimestre", "2026-T2", "2026-04-01", 1, 1),
        ("plan_actions", LATE, "trimestre", "2026-T3", "2026-07-01", 1, 0),
        ("trend_produits", "paris/cocaine_basee", "semestre", "2026-S1", "2026-01-01", 1, 1),
        ("trend_scenes", "75118/lieu_deal", "trimestre", "2026-T3", "2026-07-01", 1, 0),
        ("plan_budget", "ars/axe_1", "annee", "2025", "2025-01-01", 1, 1),
        ("plan_budget", "ville_paris/axe_2", "annee", "2025", "2025-01-01", 1, 0),
    ]
    names = ("flux", "declarant", "granularite", "periode", "periode_debut", "attendues", "recues")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    status = [
        "complete" if got >= due else "partielle" if got else "aucune"
        for got, due in zip(frame["recues"], frame["attendues"], strict=True)
    ]
    place = {"territoire_niveau": "region", "territoire_code": "11", "origine": "simule", "statut": status}
    return frame.assign(**place, periode_debut=pd.to_datetime(frame["periode_debut"]).dt.date)


def tables() -> dict[str, pd.DataFrame]:
    """The tables of the plan, of the products and of the coverage, by name."""
    return {"actions": _actions(), "budget": _budget(), "trend_produits": _products(), "couverture": _coverage()}
