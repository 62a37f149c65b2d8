"""Rows of a release that are no selection of observations, as CSV: reference tables, days with their limits."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard.downloads import csv_answer, refused
from dashboard.registre import rows_of
from dashboard.tendances import controlled_extract
from publish.reader import Releases
from schemas.errors import ObservatoireError, UsageError

# Columns a table may be cut by.
CUT_BY = {
    "actions": ("action_id", "trimestre", "axe", "statut"),
    "budget": ("financeur", "axe", "annee"),
    "couverture": ("flux", "statut", "periode", "granularite"),
    "indicateurs": ("indicateur", "theme", "flux"),
    "tendances": ("indicateur", "territoire_niveau", "territoire_code"),
    "trajectoires": ("objectif", "indicateur"),
    "trend_produits": ("site", "semestre", "produit"),
    "chiffres_publies": ("id", "service_id"),
    "consultations_cocaine": ("mesure", "service_id"),
    "evenements": ("id", "service_id"),
    "objectifs": ("id", "indicateur"),
    "services": ("service_id", "genre", "statut", "origine"),
}


def blueprint(releases: Releases) -> Blueprint:
    """The route ``/extrait/<version>/<table>.csv?<column>=<value>&…``: every value named, all rows if none is."""
    routes = Blueprint("extraits", __name__)

    @routes.get("/extrait/<version>/<table>.csv")
    def rows(version: str, table: str) -> ResponseReturnValue:
        return csv_answer(rows_of(releases.release(version), table, **_wanted(table)), table, version)

    @routes.get("/extrait/<version>/jours.csv")
    def days(version: str) -> ResponseReturnValue:
        asked = (request.args.get(name, "") for name in ("indicateur", "service", "annee"))
        return csv_answer(controlled_extract(releases.release(version), *asked), "jours", version)

    routes.register_error_handler(ObservatoireError, refused)
    return routes


def _wanted(table: str) -> dict[str, tuple[str, ...]]:
    """Values asked for by column. Raises UsageError for a table or a column that cannot be asked for."""
    if table not in CUT_BY:
        raise UsageError(f"Extrait : « {table} » n'est pas une table de référence. Tables : {', '.join(CUT_BY)}.")
    if unknown := [name for name in request.args if name not in CUT_BY[table]]:
        columns = ", ".join(CUT_BY[table])
        raise UsageError(f"Extrait, paramètre « {unknown[0]} » : colonne inconnue. Colonnes : {columns}.")
    return {name: tuple(request.args.getlist(name)) for name in request.args}
