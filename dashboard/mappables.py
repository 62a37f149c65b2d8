"""What can be mapped: the indicators of a release that have values in several territories of a level."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.figures.fond import NIVEAUX
from publish.reader import Release

# The grain of a map, the first that the indicator has: a quarter says enough, and a year hides less than a month does.
GRAINS = ("trimestre", "annee", "mois")


@dataclass(frozen=True)
class Mappable:
    """An indicator that can be mapped at a level, and the periods of the grain it is mapped in, oldest first."""

    indicateur: str
    niveau: str
    grain: str
    periods: tuple[str, ...]


def mappable(release: Release) -> tuple[Mappable, ...]:
    """What can be mapped: indicators with values in several territories of a level, by indicator then level."""
    sql = """
        select indicateur, territoire_niveau as niveau, granularite, list_sort(list(distinct periode)) as periodes
        from (
            select * replace (
                case when territoire_niveau in ('arrondissement', 'commune') then 'fin' else territoire_niveau end
                as territoire_niveau
            )
            from observations where ventilation = 'ensemble'
        )
        group by all having count(distinct territoire_code) > 1
    """
    told = [Mappable(code, niveau, grain, tuple(periods)) for code, niveau, grain, periods in release.rows(sql)]
    best = sorted((one for one in told if one.niveau in NIVEAUX and one.grain in GRAINS), key=_rank)
    found = {(one.indicateur, one.niveau): one for one in reversed(best)}
    return tuple(sorted(found.values(), key=lambda one: (one.indicateur, list(NIVEAUX).index(one.niveau))))


def _rank(one: Mappable) -> int:
    return GRAINS.index(one.grain)
