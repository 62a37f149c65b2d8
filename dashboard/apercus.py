"""What the release says of one territory at a glance: every indicator at one grain, and who stands around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from dashboard.queries import Place, neighbours
from publish.reader import Record, Release

Rows = tuple[Record, ...]

REGION: Place = ("region", "11")
IDF = ("75", "77", "78", "91", "92", "93", "94", "95")
RING = ("92", "93", "94")
# Each indicator at one grain: the quarter, that of reviews, where there is one.
GRAINS = "case granularite when 'trimestre' then 1 when 'semestre' then 2 when 'annee' then 3 when 'mois' then 4 end"

# What is told at a glance of an observation.
COLUMNS = """
    indicateur, periode, periode_debut, periode_fin, granularite, valeur, statut, unite, attendues, recues, provisoire,
    origine, source
"""


@dataclass(frozen=True)
class Lieu:
    """A territory that has a page: its level, its code, the item of its address."""

    niveau: str
    code: str

    @property
    def item(self) -> str:
        """« arrondissement-75119 »: a code is only read with its level."""
        return f"{self.niveau}-{self.code}"

    @property
    def place(self) -> Place:
        """Level and code."""
        return self.niveau, self.code


def lieux(release: Release) -> tuple[Lieu, ...]:
    """Territories that have a page: the region, its departments, arrondissements of Paris, communes around it."""
    frame = release.query("select distinct niveau, code from territoires order by niveau, code")
    pairs = zip(frame["niveau"], frame["code"], strict=True)
    return tuple(Lieu(niveau, code) for niveau, code in pairs if _followed(niveau, code))


def _followed(niveau: str, code: str) -> bool:
    return {
        "region": code == REGION[1],
        "departement": code in IDF,
        "arrondissement": code.startswith("75") and code != "75056",
        "commune": code.startswith(RING),
    }.get(niveau, False)


def postcodes(release: Release) -> dict[Lieu, tuple[str, ...]]:
    """Postcodes by territory, in their order; none where the release has no table of them."""
    if "codes_postaux" not in release.tables:
        return {}
    rows = release.records("select niveau, code, code_postal from codes_postaux order by all")
    return {lieu: tuple(row.code_postal for row in mine) for lieu, mine in groupby(rows, key=_place)}


def _place(row: Record) -> Lieu:
    return Lieu(row.niveau, row.code)


def parent(release: Release, lieu: Lieu) -> Lieu | None:
    """The territory that encloses one, as the release has it; None for the region."""
    sql = "select parent_niveau, parent_code from territoires where niveau = $niveau and code = $code limit 1"
    rows = release.rows(sql, {"niveau": lieu.niveau, "code": lieu.code})
    found = Lieu(*rows[0]) if rows and rows[0][0] else None
    return found if found and _followed(found.niveau, found.code) else None


def followed(release: Release, niveau: str, code: str) -> dict[str, Rows]:
    """Every observation of a territory by indicator, nothing broken down, each at one grain; oldest first."""
    sql = f"""
        select {COLUMNS} from observations
        where territoire_niveau = $niveau and territoire_code = $code and ventilation = 'ensemble'
          and modalite = 'tous' and granularite <> 'jour'
        qualify {GRAINS} = min({GRAINS}) over (partition by indicateur)
        order by indicateur, periode_debut
    """
    rows = release.records(sql, {"niveau": niveau, "code": code})
    return {name: tuple(mine) for name, mine in groupby(rows, key=itemgetter("indicateur"))}


def simulated(series: Iterable[Rows]) -> bool:
    """Whether a row of some series is simulated."""
    return any(row.origine == "simule" for rows in series for row in rows)


def around(release: Release, lieu: Lieu, indicateur: str) -> dict[Lieu, Rows]:
    """The quarters of one indicator in a territory and in those it touches, the territory first; oldest first."""
    sql = f"""
        select {COLUMNS}, territoire_niveau, territoire_code from observations
        where indicateur = $indicateur and granularite = 'trimestre' and ventilation = 'ensemble' and modalite = 'tous'
          and list_contains($places::varchar[], territoire_niveau || ':' || territoire_code)
        order by list_position($places::varchar[], territoire_niveau || ':' || territoire_code), periode_debut
    """
    keys = [":".join(place) for place in (lieu.place, *neighbours(release, *lieu.place))]
    rows = release.records(sql, {"indicateur": indicateur, "places": keys})
    places = groupby(rows, key=lambda row: Lieu(row.territoire_niveau, row.territoire_code))
    return {place: tuple(mine) for place, mine in places}


def compared(release: Release, niveau: str, code: str) -> dict[tuple[str, str], str]:
    """How the shares of a territory stand to the one that encloses it, by indicator and period: codes of
    ``comparaison``."""
    if "comparaisons" not in release.tables:
        return {}
    sql = """
        select indicateur, periode, comparaison from comparaisons
        where territoire_niveau = $niveau and territoire_code = $code
    """
    rows = release.rows(sql, {"niveau": niveau, "code": code})
    return {(str(name), str(when)): str(word) for name, when, word in rows}


def tested(release: Release, niveau: str, code: str) -> dict[str, str]:
    """What the trend test says of each indicator of a territory, by indicator: a code of ``formulation``."""
    if "tendances" not in release.tables:
        return {}
    sql = """
        select indicateur, formulation from tendances
        where territoire_niveau = $niveau and territoire_code = $code and ventilation = 'ensemble'
    """
    return {str(name): str(word) for name, word in release.rows(sql, {"niveau": niveau, "code": code})}
