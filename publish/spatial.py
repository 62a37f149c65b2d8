"""Whether the scenes of neighbouring territories look alike, quarter by quarter: Moran's I of the published values.

The statistic reads published values alone, so that it tells nothing of a secret cell and anyone can do it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from schemas.contract import load_contract
from schemas.errors import UsageError

SCENES = Path(__file__).resolve().parent / "sql" / "scenes_voisines.sql"
# Below twenty territories the permutations of the values say too little to be published.
MINIMUM = 20
PERMUTATIONS = 999
SEED = 2019
DECIMALS = 6


@dataclass(frozen=True)
class Autocorrelation:
    """Moran's I of a quarter: ``i``, what it would be on average without a pattern, and its two-sided pseudo p-value.

    ``raison`` says why there is none.
    """

    i: float | None = None
    attendu: float | None = None
    p: float | None = None
    raison: str | None = None


def autocorrelations(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of dataset ``autocorrelation``, over a connection where ``protect`` has made the observations."""
    scenes = con.execute(SCENES.read_text(encoding="utf-8")).df()
    quarters = scenes.groupby(["indicateur", "periode"], sort=True)
    rows = [{"indicateur": code, "periode": quarter, **_row(group)} for (code, quarter), group in quarters]
    table = pd.DataFrame(rows, columns=list(load_contract("autocorrelation", kind="datasets").names))
    return table.astype(dict.fromkeys(("i", "attendu", "p"), float))


def _row(quarter: pd.DataFrame) -> dict[str, object]:
    """One quarter of one indicator: the statistic, what entered it, what did not and why."""
    published = quarter[quarter["valeur"].notna()]
    linked = published[published["voisins"].map(len) > 0]
    links = {code: list(near) for code, near in zip(linked["territoire_code"], linked["voisins"], strict=True)}
    found = autocorrelation(linked["valeur"].tolist(), links)
    return {
        **asdict(found),
        "territoires": len(linked),
        "secrets": int((quarter["statut"] == "secret").sum()),
        "non_rapportes": int((quarter["statut"] == "non_rapporte").sum()),
        "non_applicables": int((quarter["statut"] == "non_applicable").sum()),
        "isoles": len(published) - len(linked),
        "provisoire": bool(quarter["provisoire"].any()),
        "origine": quarter["origine"].max(),
    }


def autocorrelation(values: Sequence[float], neighbours: Mapping[str, Sequence[str]]) -> Autocorrelation:
    """Moran's I of ``values``, in the order of ``neighbours``, which names those that touch each territory.

    Each territory has at least one neighbour, and every neighbour is a key. The weights of a territory's neighbours
    are equal and add up to 1 (Moran 1950; Cliff and Ord 1981, as esda computes them). The p-value counts, among 999
    permutations of the values, those at least as extreme on the side of the observed one, and is doubled: neither
    side is chosen beforehand. Raises UsageError where esda is not installed.
    """
    if len(values) < MINIMUM:
        return Autocorrelation(raison="trop_peu_de_territoires")
    if min(values) == max(values):
        return Autocorrelation(raison="non_calculable")
    return _moran(np.asarray(values, dtype=float), neighbours)


def _moran(values: np.ndarray, neighbours: Mapping[str, Sequence[str]]) -> Autocorrelation:
    # Imported here: esda takes two seconds, and most commands do not need it.
    try:
        from esda.moran import Moran
        from libpysal.weights import W
    except ImportError as error:
        raise UsageError(
            "L'autocorrélation des scènes demande esda, qui n'est pas installé. "
            "Installez les dépendances de requirements.lock, ou l'option « spatial » du paquet."
        ) from error
    weights = W(
        {code: list(near) for code, near in neighbours.items()}, id_order=list(neighbours), silence_warnings=True
    )
    # esda draws its permutations from numpy's global generator: seeded for the same bytes, then given back as it was.
    state = np.random.get_state()
    np.random.seed(SEED)
    try:
        moran = Moran(values, weights, transformation="r", permutations=PERMUTATIONS)
    finally:
        np.random.set_state(state)
    return Autocorrelation(
        i=round(float(moran.I), DECIMALS),
        attendu=round(float(moran.EI), DECIMALS),
        p=round(min(1.0, 2 * float(moran.p_sim)), DECIMALS),
    )
