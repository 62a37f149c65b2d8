"""Quarterly series side by side, and what each of their points may be used for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from etl.statistics.intervals import Floats
from etl.statistics.serial import Flags
from schemas.errors import ContractBroken

QUARTERS = 4


@dataclass(frozen=True)
class Panel:
    """S series over the same T quarters: counts and their base (S × T, NaN where absent), secret and provisional flags.

    ``base`` is what a count is out of: the total of a share, the exposure of a rate, 1 where there is none.
    ``first_quarter`` (1 to 4) is the season of the first column.
    """

    counts: Floats
    base: Floats
    secret: Flags
    provisional: Flags
    first_quarter: int

    @property
    def seen(self) -> Flags:
        """Points that a test may use: known, neither secret nor provisional."""
        known = np.isfinite(self.counts) & (np.nan_to_num(self.base) > 0)
        return np.asarray(known & ~self.secret & ~self.provisional)

    @property
    def absent(self) -> Flags:
        """Points that should be there and are not: neither secret nor provisional, after the series began."""
        begun = np.maximum.accumulate(self.seen | self.secret, axis=1)
        return np.asarray(begun & ~self.seen & ~self.secret & ~self.provisional)

    @property
    def season(self) -> Floats:
        """Indicators of the four quarters (T × 4)."""
        quarter = (np.arange(self.counts.shape[1]) + self.first_quarter - 1) % QUARTERS
        return np.asarray(quarter[:, None] == np.arange(QUARTERS), dtype=float)


def panel(
    counts: ArrayLike,
    *,
    base: ArrayLike = 1.0,
    secret: ArrayLike = False,
    provisional: ArrayLike = False,
    first_quarter: int = 1,
) -> Panel:
    """A panel from one series (T) or several (S × T); whatever is left out is broadcast."""
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return Panel(
        table,
        np.broadcast_to(np.asarray(base, dtype=float), table.shape),
        np.broadcast_to(np.asarray(secret, dtype=bool), table.shape),
        np.broadcast_to(np.asarray(provisional, dtype=bool), table.shape),
        first_quarter,
    )


def panel_of(observations: pd.DataFrame, keys: Sequence[str]) -> tuple[pd.DataFrame, Panel]:
    """The quarterly observations as one panel, and the ``keys`` of its series in the same order.

    Reads the columns ``periode`` (``2026-T3``), ``numerateur``, ``denominateur``, ``statut`` and ``provisoire`` of the
    dataset ``observations``; a quarter without a row is absent. A row without a denominator is out of 1. Raises
    ContractBroken where a period is not a quarter, or a series has two rows for one.
    """
    _check(observations, keys)
    place = observations["periode"].str[:4].astype(int) * QUARTERS + observations["periode"].str[-1].astype(int) - 1
    series = observations.groupby(list(keys), sort=True, dropna=False)
    first, rank = int(place.min()), series.ngroup().to_numpy()
    at = (rank, (place - first).to_numpy())
    shape = (series.ngroups, int(place.max()) - first + 1)

    def spread(values: pd.Series, empty: float) -> Floats:
        table = np.full(shape, empty)
        table[at] = values.to_numpy(dtype=float)
        return table

    base = observations["denominateur"].fillna(1.0)
    found = Panel(
        spread(observations["numerateur"], np.nan),
        spread(base, np.nan),
        spread(observations["statut"] == "secret", 0.0) > 0,
        spread(observations["provisoire"], 0.0) > 0,
        first % QUARTERS + 1,
    )
    return series.first().index.to_frame(index=False), found


def _check(observations: pd.DataFrame, keys: Sequence[str]) -> None:
    strange = observations.loc[~observations["periode"].str.fullmatch(r"\d{4}-T[1-4]"), "periode"]
    if len(strange):
        raise ContractBroken(f"observations : « {strange.iloc[0]} » n'est pas un trimestre (attendu : 2026-T3)")
    twice = observations[observations.duplicated([*keys, "periode"])]
    if len(twice):
        named = ", ".join(str(twice.iloc[0][name]) for name in [*keys, "periode"])
        raise ContractBroken(f"observations : deux lignes pour {named} ; ajoutez aux clés ce qui les distingue")
