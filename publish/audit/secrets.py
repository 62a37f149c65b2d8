"""The secret cells of a release, by the names under which other files may speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

# The columns of other tables that say the same as those of the observations.
NAMES: Mapping[str, Sequence[str]] = {
    "niveau": ("territoire_niveau", "niveau"),
    "code": ("territoire_code", "code"),
    "periode": ("periode", "jour", "mois", "trimestre", "annee", "dernier_trimestre"),
    "ventilation": ("ventilation",),
    "modalite": ("modalite", "service_id"),
}
# Columns that hold a figure of the cell itself, rather than something read on many cells.
FIGURES = ("valeur", "numerateur", "denominateur", "borne_basse", "borne_haute", "avant", "apres", "compte", "effectif")
# Day 0 of spreadsheets.
EPOCH = "1899-12-30"
CELL = ("indicateur", "niveau", "code", "periode", "ventilation", "modalite")


@dataclass(frozen=True)
class Secrets:
    """The table ``secretes`` of a connection: one row a secret cell of the audited release."""

    con: duckdb.DuckDBPyConnection

    def shown_in(self, relation: str, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Secret cells of which a row of the relation shows a figure; none where its columns name no cell."""
        keys = self._keys(columns)
        figures = [name for name in FIGURES if name in columns]
        if not figures or not {"indicateur", "periode"} <= keys.keys() or not {"code", "modalite"} & keys.keys():
            return []
        joined = " and ".join(f't."{column}"::varchar = s.{name}' for name, column in keys.items())
        told = " or ".join(f"nullif(t.\"{name}\"::varchar, '') is not null" for name in figures)
        whole = "" if "modalite" in keys else " and s.ventilation = 'ensemble'"
        cells = ", ".join(f"s.{name}" for name in CELL)
        query = f"select distinct {cells} from {relation} as t join secretes as s on {joined} where ({told}){whole}"
        return self.con.execute(f"{query} order by all").fetchall()

    def places(self, columns: Sequence[str]) -> tuple[list[int], list[int], dict[tuple[str, ...], tuple[str, ...]]]:
        """Where a sheet with these columns names a cell and shows a figure, and the cells it must not show.

        Positions of the columns of the key, positions of the figures, and each secret cell by its key, a day being also
        written as the number of days that a spreadsheet counts. Nothing where the columns name no cell.
        """
        keys = self._keys(columns)
        figures = [place for place, name in enumerate(columns) if name in FIGURES]
        if not figures or not {"indicateur", "periode"} <= keys.keys() or not {"code", "modalite"} & keys.keys():
            return [], [], {}
        named = ", ".join(keys)
        whole = "" if "modalite" in keys else " where ventilation = 'ensemble'"
        days = f"(try_cast(periode as date) - date '{EPOCH}')::varchar as periode"
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        for chosen in (f"select {named}", f"select {', '.join(days if key == 'periode' else key for key in keys)}"):
            rows = self.con.execute(f"{chosen}, {', '.join(CELL)} from secretes{whole}").fetchall()
            found |= {row[: len(keys)]: row[len(keys) :] for row in rows if None not in row}
        return [list(columns).index(column) for column in keys.values()], figures, found

    def _keys(self, columns: Sequence[str]) -> dict[str, str]:
        found = {"indicateur": "indicateur"} if "indicateur" in columns else {}
        for name, others in NAMES.items():
            column = next((other for other in others if other in columns), None)
            if column:
                found[name] = column
        return found

    def named(self) -> dict[str, dict[str, set[str]]]:
        """By indicator, then by period: the codes and modalities of its secret cells."""
        found: dict[str, dict[str, set[str]]] = {}
        rows = self.con.execute(
            "select distinct indicateur, periode, if(ventilation = 'ensemble', code, modalite) from secretes"
        ).fetchall()
        for indicator, period, place in rows:
            found.setdefault(indicator, {}).setdefault(period, set()).add(place)
        return found


def secrets_of(con: duckdb.DuckDBPyConnection, version: int) -> Secrets:
    """The secret cells of the observations loaded as ``lignes`` under that number."""
    cells = ", ".join(CELL)
    con.execute(
        f"create or replace temp table secretes as select {cells} from lignes where statut = 'secret' and version = ?",
        [version],
    )
    return Secrets(con)
