"""Rows of the reference tables of a release as CSV: what stands behind a chart or a page of transcribed figures."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from dashboard.downloads import IMMUTABLE
from dashboard.registre import rows_of
from publish.reader import LATEST, Releases
from schemas.errors import ObservatoireError, ReleaseConflict, UsageError

# Columns a table may be cut by.
CUT_BY = {
    "actions": ("action_id", "trimestre", "axe", "statut"),
    "budget": ("financeur", "axe", "annee"),
    "couverture": ("flux", "statut", "periode", "granularite"),
    "indicateurs": ("indicateur", "theme", "flux"),
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
        frame = rows_of(releases.release(version), table, **_wanted(table))
        response = Response(frame.to_csv(index=False, lineterminator="\n"), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{table}.csv"'
        response.headers["Cache-Control"] = "no-cache" if version == LATEST else IMMUTABLE
        return response

    @routes.errorhandler(ObservatoireError)
    def refused(error: ObservatoireError) -> ResponseReturnValue:
        return Response(f"{error}\n", 503 if isinstance(error, ReleaseConflict) else 400, mimetype="text/plain")

    return routes


def _wanted(table: str) -> dict[str, tuple[str, ...]]:
    """Values asked for by column. Raises UsageError for a table or a column that cannot be asked for."""
    if table not in CUT_BY:
        raise UsageError(f"Extrait : « {table} » n'est pas une table de référence. Tables : {', '.join(CUT_BY)}.")
    if unknown := [name for name in request.args if name not in CUT_BY[table]]:
        columns = ", ".join(CUT_BY[table])
        raise UsageError(f"Extrait, paramètre « {unknown[0]} » : colonne inconnue. Colonnes : {columns}.")
    return {name: tuple(request.args.getlist(name)) for name in request.args}
