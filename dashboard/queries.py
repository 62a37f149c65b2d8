"""What pages ask of a release: bound SQL in, frame out. Every function takes the release first, then hashable values.

A chart and the CSV behind it are the same ``Selection`` given to the same function: they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import pandas as pd

from dashboard.cache import Cache
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.origines import named_apart
from publish.reader import Release
from schemas.contract import code_list
from schemas.errors import UsageError

P = ParamSpec("P")
T = TypeVar("T")
Values = tuple[str, ...]
Place = tuple[str, str]
# What a row of a map shares with the others of its selection.
SHARED: Values = (
    *("indicateur", "periode", "periode_debut", "periode_fin", "granularite"),
    *("ventilation", "modalite", "unite", "origine", "source"),
)
ROW_LIMIT = 100_000
FEW = 20
KNOWN_DAYS = 4  # of a week, for its median to be told


def per_release(function: Callable[Concatenate[Release, P], T]) -> Callable[Concatenate[Release, P], T]:
    """Keep what a function of a release and of hashable values returns, as long as the release is open.

    For what pages ask again and again under other names: what is returned is not to be changed.
    """
    kept: WeakKeyDictionary[Release, Cache] = WeakKeyDictionary()

    @wraps(function)
    def once(release: Release, /, *args: P.args, **kwargs: P.kwargs) -> T:
        results = kept.setdefault(release, Cache())
        return results.get((args, tuple(kwargs.items())), lambda: function(release, *args, **kwargs))

    return once


@dataclass(frozen=True)
class Selection:
    """Which observations: for each column the values wanted, none given meaning all.

    ``annee`` is the year of the period, whatever its grain: a year of days is asked for in one word, where naming each
    day makes an address that servers refuse.
    """

    indicateur: Values = ()
    territoire_niveau: Values = ()
    territoire_code: Values = ()
    granularite: Values = ()
    periode: Values = ()
    ventilation: Values = ()
    modalite: Values = ()
    annee: Values = ()

    def search(self) -> str:
        """The selection as a query string, for the address of its CSV."""
        return "?" + urlencode([(name, value) for name, values in asdict(self).items() for value in values])


def selection_from(pairs: Iterable[tuple[str, str]]) -> Selection:
    """The selection a query string asks for. Raises UsageError for a column that cannot be selected on."""
    wanted: dict[str, list[str]] = {}
    names = [field.name for field in fields(Selection)]
    for name, value in pairs:
        if name not in names:
            raise UsageError(f"Extrait, paramètre « {name} » : colonne inconnue. Colonnes : {', '.join(names)}.")
        wanted.setdefault(name, []).append(value)
    return Selection(**{name: tuple(values) for name, values in wanted.items()})


# What each field is compared with; a period begins with its year at every grain.
_COLUMNS = {field.name: "left(periode, 4)" if field.name == "annee" else field.name for field in fields(Selection)}
_CHOSEN = " and ".join(
    f"(len(${name}::varchar[]) = 0 or list_contains(${name}::varchar[], {column}))" for name, column in _COLUMNS.items()
)
# Where a value may also stand without any observation: a known territory that reported nothing is no mistake.
_ALSO_KNOWN = {
    "indicateur": "select indicateur from indicateurs",
    "territoire_code": "select code from territoires",
    "modalite": "select service_id from services",
}
_LISTED = {"territoire_niveau": "niveau", "ventilation": "ventilation", "granularite": "granularite"}
_KEY = "indicateur, territoire_niveau, territoire_code, ventilation, modalite, granularite, periode_debut"


def extract(release: Release, selection: Selection) -> pd.DataFrame:
    """Observations of a selection, every column of the published table, sorted by key.

    Raises UsageError rather than cut what is asked for at ``ROW_LIMIT``.
    """
    sql = f"select * from observations where {_CHOSEN} order by {_KEY} limit {ROW_LIMIT + 1}"
    frame = release.query(sql, {name: list(values) for name, values in asdict(selection).items()})
    if len(frame) > ROW_LIMIT:
        raise UsageError(
            f"Extrait : plus de {ROW_LIMIT} lignes. Précisez la demande, ou téléchargez la table entière : "
            f"/donnees/{release.version}/data/observations.csv."
        )
    return frame


def check_known(release: Release, selection: Selection) -> None:
    """Raises UsageError for the first value that nothing in the release has: an empty answer would look like a fact."""
    for name, values in asdict(selection).items():
        known = _known_values(release, name) if values else frozenset()
        if unknown := [value for value in values if value not in known]:
            shown = f" Valeurs connues : {', '.join(sorted(known))}." if len(known) <= FEW else ""
            raise UsageError(
                f"Extrait, paramètre « {name} » : la publication {release.version} ne connaît pas la valeur "
                f"« {unknown[0]} ».{shown}"
            )


def _known_values(release: Release, name: str) -> frozenset[str]:
    also = f" union {_ALSO_KNOWN[name]}" if name in _ALSO_KNOWN else ""
    found = release.query(f"select distinct {_COLUMNS[name]} as valeur from observations{also}")["valeur"]
    listed = (item["value"] for item in code_list(_LISTED[name])) if name in _LISTED else ()
    return frozenset({*found, *listed})


@per_release
def observations(release: Release, selection: Selection, lang: Lang) -> pd.DataFrame:
    """The same rows with ``nom``: the service or its unit where they are by either, else the territory."""
    frame = dated(extract(release, selection))
    places, houses = place_names(release, lang), service_names(release, lang)
    pairs = zip(frame["territoire_niveau"], frame["territoire_code"], strict=True)
    places_of = pd.Series([places.get(pair, pair[1]) for pair in pairs], index=frame.index, dtype="object")
    by_house = frame["ventilation"].isin(["service", "unite"])
    named = frame.assign(nom=places_of.mask(by_house, frame["modalite"].map(lambda code: house_name(houses, code))))
    return named_apart(named, {code: texts(lang)(f"origine.ligne.{code}") for code in ("reel", "simule")})


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of observations with dates as dates and numbers as floats."""
    numbers = ["valeur", "numerateur", "denominateur", "borne_basse", "borne_haute"]
    dates = {name: pd.to_datetime(frame[name]) for name in ("periode_debut", "periode_fin")}
    return frame.assign(**dates, **{name: frame[name].astype("float64") for name in numbers})


def daily(release: Release, indicateur: str, service: str, lang: Lang) -> pd.DataFrame:
    """One service day by day, with ``mediane``: that of its week, Monday to Sunday, where enough days are known."""
    frame = observations(release, Selection((indicateur,), granularite=("jour",), modalite=(service,)), lang)
    weeks = frame.groupby(frame["periode_debut"].dt.to_period("W-SUN"))["valeur"]
    return frame.assign(mediane=weeks.transform("median").where(weeks.transform("count") >= KNOWN_DAYS))


def indicators(release: Release) -> pd.DataFrame:
    """The catalogue, by theme and code, indexed by code."""
    frame = release.query("select * from indicateurs order by theme, indicateur")
    return frame.set_index("indicateur", drop=False)


def periods(release: Release, flux: str, granularite: str) -> Values:
    """Periods that a feed has observations for, oldest first."""
    sql = """
        select distinct periode, periode_debut from observations
        where source = $flux and granularite = $granularite order by periode_debut
    """
    return tuple(release.query(sql, {"flux": flux, "granularite": granularite})["periode"])


def modalities(release: Release, flux: str, granularite: str, ventilation: str) -> Values:
    """Categories of a breakdown that a feed has observations for, sorted."""
    sql = """
        select distinct modalite from observations
        where source = $flux and granularite = $granularite and ventilation = $ventilation order by modalite
    """
    params = {"flux": flux, "granularite": granularite, "ventilation": ventilation}
    return tuple(release.query(sql, params)["modalite"])


def measured(release: Release, flux: str, granularite: str) -> Values:
    """Codes of the indicators a feed has observations for at that granularity, sorted."""
    sql = """
        select distinct indicateur from observations
        where source = $flux and granularite = $granularite order by indicateur
    """
    return tuple(release.query(sql, {"flux": flux, "granularite": granularite})["indicateur"])


@per_release
def territories(release: Release) -> pd.DataFrame:
    """Territories by level and code, one row each."""
    return release.query(
        "select niveau, code, any_value(nom) as nom, any_value(nom_en) as nom_en "
        "from territoires group by niveau, code order by niveau, code"
    )


@per_release
def place_names(release: Release, lang: Lang) -> dict[Place, str]:
    """Names of territories by level and code, in the language."""
    frame = territories(release)
    return dict(zip(zip(frame["niveau"], frame["code"], strict=True), _named(frame, "nom", lang), strict=True))


def map_places(release: Release) -> tuple[Place, ...]:
    """Territories of the map: arrondissements of Paris, communes of the inner ring."""
    frame = territories(release)
    paris = (frame["niveau"] == "arrondissement") & frame["code"].str.startswith("75")
    drawn = frame[paris | (frame["niveau"] == "commune")]
    return tuple(zip(drawn["niveau"], drawn["code"], strict=True))


def neighbours(release: Release, niveau: str, code: str) -> tuple[Place, ...]:
    """The territories that touch one, in the order of their codes; none where the release has no table of them."""
    if "adjacences" not in release.tables:
        return ()
    sql = "select * from adjacences where niveau = $niveau and code = $code order by voisin_niveau, voisin_code"
    frame = release.query(sql, {"niveau": niveau, "code": code})
    return tuple(zip(frame["voisin_niveau"], frame["voisin_code"], strict=True))


def mapped(release: Release, selection: Selection, lang: Lang) -> pd.DataFrame:
    """One row per territory of the map for a selection of one period, highest value first.

    Where the release has no row, no record is expected there: the row says « sans objet ». Empty if it has none at all.
    """
    frame = observations(release, selection, lang)
    if frame.empty:
        return frame
    places, names = map_places(release), place_names(release, lang)
    index = ["territoire_niveau", "territoire_code"]
    full = frame.set_index(index).reindex(pd.MultiIndex.from_tuples(places, names=index)).reset_index()
    shared = {name: frame[name].iloc[0] for name in SHARED}
    filled = full.fillna({**shared, "statut": "non_applicable"})
    provisional = filled["provisoire"].astype("boolean").fillna(False).astype(bool)
    named = filled.assign(nom=[names[place] for place in places], provisoire=provisional)
    return named.sort_values("valeur", ascending=False, ignore_index=True)


@per_release
def service_names(release: Release, lang: Lang) -> dict[str, str]:
    """Names of services by identifier, in the language."""
    frame = release.query("select service_id, nom, nom_en from services")
    return dict(zip(frame["service_id"], _named(frame, "nom", lang), strict=True))


def house_name(names: Mapping[str, str], code: str) -> str:
    """A service, or a unit of one (``service/unit``), in words."""
    house, *unit = code.split("/")
    return ", ".join([names.get(house, house), *(part.replace("-", " ") for part in unit)])


def line_name(code: str, lang: Lang) -> str:
    """« Métro, ligne 12 » for M12."""
    return texts(lang)("maraudes.ligne", numero=code.removeprefix("M"))


def events(release: Release, lang: Lang) -> pd.DataFrame:
    """Events a series must show: ``date``, ``libelle``, ``note``, ``niveau``, ``code``, ``source``, oldest first."""
    sql = "select * from evenements where majeur and date_debut is not null order by date_debut, id"
    frame = release.query(sql)
    return pd.DataFrame(
        {
            "date": pd.to_datetime(frame["date_debut"]),
            "libelle": _named(frame, "intitule", lang),
            "genre": frame["genre"],
            "date_precision": frame["date_precision"],
            "niveau": frame["territoire_niveau"],
            "code": frame["territoire_code"],
            "source": frame["source_fichier"],
        }
    )


def targets(release: Release) -> pd.DataFrame:
    """Targets transcribed from the documents."""
    return release.query("select * from objectifs order by id")


def published(release: Release, lang: Lang) -> pd.DataFrame:
    """Published figures, newest first, with ``territoire`` the name of where they hold."""
    frame = release.query("select * from chiffres_publies order by periode_fin desc, id")
    places = place_names(release, lang)
    pairs = zip(frame["territoire_niveau"], frame["territoire_code"], strict=True)
    return frame.assign(territoire=[places.get(pair, "") for pair in pairs])


def count_rows(release: Release, table: str) -> int:
    """Number of rows of a table. Raises UsageError for a table the release does not have."""
    if table not in release.tables:
        raise UsageError(f"« {table} » n'est pas une table de la publication {release.version}.")
    return int(release.query(f'select count(*) as n from "{table}"')["n"].iloc[0])


def _named(frame: pd.DataFrame, column: str, lang: Lang) -> pd.Series:
    if lang == "fr" or f"{column}_en" not in frame:
        return frame[column]
    english = frame[f"{column}_en"]
    return english.where(english.notna() & (english != ""), frame[column])
