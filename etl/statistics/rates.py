"""Rates and ratios of Poisson counts with their intervals, vectorised; 95 % unless another level is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.statistics.intervals import EXACT_BELOW, Floats, byar, wilson


@dataclass(frozen=True)
class Estimate:
    """A value and the limits of its interval, as arrays of one shape; NaN where it cannot be told."""

    value: Floats
    low: Floats
    high: Floats


def rate(count: Floats, population: Floats, *, per: float = 1.0, level: float = 0.95) -> Estimate:
    """Crude rate ``count / population × per`` with Byar's limits (exact under 10); NaN where the population is 0.

    Source: Breslow and Day, Statistical Methods in Cancer Research II, IARC 1987, p. 69; as ``phe_rate`` of
    PHEindicatormethods (UKHSA).
    """
    low, high = byar(count, level=level)
    scale = per / _positive(population)
    return Estimate(np.asarray(count, dtype=float) * scale, low * scale, high * scale)


def standardised_rate(
    counts: Floats, populations: Floats, standard: Floats, *, per: float = 1.0, level: float = 0.95
) -> Estimate:
    """Directly standardised rate, strata on the last axis, with Dobson's interval on Byar's limits.

    The rates of the strata are weighted by a ``standard`` population; the interval of the total count is shifted and
    scaled by the ratio of standard errors. NaN where the total is under 10 events, or a stratum has no population:
    such a rate is not reliable and is not given.

    Source: Dobson, Kuulasmaa, Eberle and Scherer, Stat. Med. 10 (1991), 457–462; threshold of 10 from Morris, Tan,
    Fryers and Bestwick, Popul. Health Metr. 16 (2018), 19; as ``calculate_dsr`` of PHEindicatormethods (UKHSA).
    """
    counts = np.asarray(counts, dtype=float)
    weights = standard / np.sum(standard, axis=-1, keepdims=True) / _positive(populations)
    total = counts.sum(axis=-1)
    total = np.where(total >= EXACT_BELOW, total, np.nan)
    value = np.sum(counts * weights, axis=-1)
    spread = np.sqrt(np.sum(counts * weights**2, axis=-1) / total)
    low, high = byar(total, level=level)
    known = value + 0 * total
    return Estimate(known * per, (value + spread * (low - total)) * per, (value + spread * (high - total)) * per)


def standardised_ratio(observed: Floats, expected: Floats, *, level: float = 0.95) -> Estimate:
    """Indirectly standardised ratio ``observed / expected`` with Byar's limits, the expected count taken as known.

    Source: Breslow and Day, Statistical Methods in Cancer Research II, IARC 1987, p. 69.
    """
    return rate(observed, expected, level=level)


def rate_ratio(
    count: Floats, population: Floats, base_count: Floats, base_population: Floats, *, level: float = 0.95
) -> Estimate:
    """Ratio of two independent Poisson rates with its score interval; NaN where both counts are 0.

    Given their sum, the first count is binomial; Wilson's limits of its share become those of the ratio. The upper
    limit is infinite where the base count is 0.

    Source: Sato, Biometrics 46 (1990), 1230–1233; the conditional binomial of Przyborowski and Wilenski, Biometrika
    31 (1940), 313–323.
    """
    count, base_count = np.asarray(count, dtype=float), np.asarray(base_count, dtype=float)
    exposure = _positive(base_population) / _positive(population)
    low, high = wilson(count, count + base_count, level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Estimate(count / base_count * exposure, _odds(low) * exposure, _odds(high) * exposure)


def _odds(share: Floats) -> Floats:
    return share / (1 - share)


def _positive(population: Floats) -> Floats:
    population = np.asarray(population, dtype=float)
    return np.where(population > 0, population, np.nan)
