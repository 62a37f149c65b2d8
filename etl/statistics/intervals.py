"""Intervals of published values, vectorised over arrays of counts; 95 % unless another level is asked for.

The quantiles come from ``scipy.special``: half that of χ² with 2k degrees of freedom is the inverse of the incomplete
gamma function at k. ``scipy.stats`` takes a second to import, which every command would pay.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

Floats = NDArray[np.float64]

EXACT_BELOW = 10


def wilson(count: Floats, total: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson score interval of the proportion ``count / total``, as two arrays in [0, 1]; NaN where total is 0.

    Source: Wilson, J. Am. Stat. Assoc. 22 (1927), 209–212; the form without continuity correction of
    Newcombe, Stat. Med. 17 (1998), 857–872, method 3.
    """
    z2 = ndtri(0.5 + level / 2) ** 2
    total = np.where(total > 0, total, np.nan)
    share = count / total
    centre = share + z2 / (2 * total)
    half = np.sqrt(z2 * (share * (1 - share) + z2 / (4 * total)) / total)
    scale = 1 + z2 / total
    # Exactly 0 and 1 where the share is: rounding would leave the limit on the wrong side of it.
    low, high = np.clip((centre - half) / scale, 0, 1), np.clip((centre + half) / scale, 0, 1)
    return np.where(share == 0, 0.0, low), np.where(share == 1, 1.0, high)


def byar(count: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Limits of a Poisson count: Byar's approximation from 10 on, exact below, as two arrays of counts.

    Source: Breslow and Day, Statistical Methods in Cancer Research II, IARC 1987, p. 69 (Byar);
    exact limits from the χ² quantiles, Garwood, Biometrika 28 (1936), 437–442. The switch at 10 is that of
    the English public health indicators (PHEindicatormethods).
    """
    z = ndtri(0.5 + level / 2)
    tail = (1 - level) / 2
    count = np.asarray(count, dtype=float)
    exact_low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    exact_high = gammaincinv(count + 1, 1 - tail)
    safe = np.maximum(count, 1)
    above = safe + 1
    low = safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    exact = count < EXACT_BELOW
    return np.where(exact, exact_low, low), np.where(exact, exact_high, high)
