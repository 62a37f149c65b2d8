"""The chain that can be walked both ways: action of the plan, indicator, target, evidence (feed and its returns).

The links are in the tables of the release themselves: an action names its indicators, a target its indicator, an
indicator its feed. Nothing is linked here that none of them names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from dashboard.queries import Selection, indicators, line_name, observations
from dashboard.registre import GRAINS, capital, filled, rows_of
from dashboard.router import Lang
from publish.charte.formats import nombre
from publish.charte.mots import label
from publish.reader import Release

LINKED = "indicateurs_lies"
# Where an indicator is shown, the first that has observations of it.
PLACES = ("region:11", "france:FR")
WHOLE = "ensemble"
# How the categories of a breakdown are named where each is a line of its own.
NAMED: dict[str, Callable[[str, Lang], str]] = {
    "structure": lambda code, lang: capital(label("genre_structure_aval", code, lang)),
    "ligne_metro": line_name,
}


@dataclass(frozen=True)
class Returns:
    """Returns expected and received by a feed, at all or in one period."""

    recues: int
    attendues: int

    def written(self, lang: Lang) -> dict[str, str]:
        """Both numbers as texts have them."""
        return {name: nombre(count, lang) for name, count in asdict(self).items()}


def actions(release: Release) -> pd.DataFrame:
    """Actions as they stand at the last quarter, by axis and rank, with ``liens``: the indicators they name."""
    frame = rows_of(release, "actions")
    if frame.empty:
        return frame
    return ranked(frame[frame["trimestre"] == frame["trimestre"].max()])


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Actions in the order of their numbers (1.2 before 1.10), with ``liens``."""
    numbers = frame["action_id"].str.split(".", expand=True).astype(int)
    links = pd.Series([_codes(cell) for cell in frame[LINKED]], index=frame.index, dtype="object")
    placed = frame.assign(_axe=numbers[0], _rang=numbers[1], liens=links)
    return placed.sort_values(["_axe", "_rang"], ignore_index=True).drop(columns=["_axe", "_rang"])


def _codes(cell: Any) -> tuple[str, ...]:
    return tuple(cell.split()) if filled(cell) else ()


def actions_of(release: Release, indicateur: str) -> pd.DataFrame:
    """The actions that name an indicator, as they stand at the last quarter."""
    frame = actions(release)
    return frame[[indicateur in links for links in frame["liens"]]] if len(frame) else frame


def targets_of(release: Release, indicateur: str) -> pd.DataFrame:
    """The targets of an indicator, interim steps before the final one."""
    frame = rows_of(release, "objectifs", indicateur=(indicateur,))
    return frame.sort_values(["echeance", "valeur_cible"]) if len(frame) else frame


def codes_of(release: Release, flux: str) -> tuple[str, ...]:
    """Codes of the indicators that a feed gives, in the order of the catalogue."""
    frame = indicators(release)
    return tuple(frame.index[frame["flux"] == flux])


def returns_of(release: Release, flux: str, periode: str = "") -> Returns | None:
    """Returns of a feed; None where nothing was expected, or where the release holds no table of coverage."""
    wanted = {"flux": (flux,)} | ({"periode": (periode,)} if periode else {})
    frame = rows_of(release, "couverture", **wanted)
    return Returns(int(frame["recues"].sum()), int(frame["attendues"].sum())) if len(frame) else None


def expected_in(release: Release, flux: str, periode: str) -> frozenset[str]:
    """Reporters a feed expected in a period."""
    frame = rows_of(release, "couverture", flux=(flux,), periode=(periode,))
    return frozenset(frame["declarant"]) if len(frame) else frozenset()


def places(release: Release, indicateur: str) -> tuple[str, ...]:
    """Territories (``niveau:code``) an indicator may be shown at, the region first, then France, then departments."""
    sql = """
        select distinct territoire_niveau || ':' || territoire_code as lieu from observations
        where indicateur = $indicateur and territoire_niveau in ('region', 'france', 'departement') order by lieu
    """
    found = tuple(release.query(sql, {"indicateur": indicateur})["lieu"])
    return (*(place for place in PLACES if place in found), *(place for place in found if place not in PLACES))


def series_of(release: Release, indicateur: str, place: str, lang: Lang) -> pd.DataFrame:
    """An indicator at a territory: all together if so told, else by what tells most; at its finest usual grain."""
    niveau, code = place.split(":")
    frame = observations(release, Selection((indicateur,), (niveau,), (code,)), lang)
    cuts = frame["ventilation"].value_counts()
    cut = WHOLE if WHOLE in cuts else next(iter(cuts.index), "")
    mine = frame[frame["ventilation"] == cut]
    if cut in NAMED:
        mine = mine.assign(nom=[NAMED[cut](code, lang) for code in mine["modalite"]])
    grain = next((name for name in GRAINS if name in set(mine["granularite"])), "")
    return mine[mine["granularite"] == grain].sort_values(["modalite", "periode_debut"], ignore_index=True)
