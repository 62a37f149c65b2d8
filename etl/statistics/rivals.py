"""The trend tests that were weighed against the one kept: each gives p and the sign of the trend, by series.

Counts are S × T, T a whole number of years. For the comparison of ``power`` only; nothing published uses them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from etl.statistics.glm import Fit, poisson
from etl.statistics.intervals import Floats
from etl.statistics.serial import CORRELATIONS, regress
from etl.statistics.series import QUARTERS, panel
from etl.statistics.trend import slope_test

Verdict = tuple[Floats, Floats]


def kept(counts: Floats) -> Verdict:
    """The test of ``trend``: quasi-Poisson, AR(1), the correlation averaged over."""
    series = panel(counts)
    numbers, _ = slope_test(series, series.seen, level=0.95, shares=False)
    return numbers[:, 0], np.sign(numbers[:, 1])


def quasi_poisson(counts: Floats) -> Verdict:
    """Quasi-Poisson regression on quarter and time, independent errors (McCullagh and Nelder 1989, ch. 9)."""
    fit = _fit(counts)
    seen = np.ones(counts.shape, dtype=bool)
    one = regress(fit.response, fit.design, seen, least_variance=1e-12, correlations=CORRELATIONS[:1], prior=np.ones(1))
    slope = one.combination(np.tile(np.eye(QUARTERS + 1)[-1], (len(counts), 1)))
    return slope.two_sided(), np.sign(slope.centre[:, 0])


def quasi_poisson_hac(counts: Floats) -> Verdict:
    """The same coefficients, with the covariance of Newey and West, Econometrica 55 (1987), 703–708."""
    fit = _fit(counts)
    length, terms = fit.design.shape[1:]
    inverse = np.linalg.inv(np.einsum("stp,stq->spq", fit.design, fit.design))
    score = fit.design * (fit.response - np.einsum("stp,sp->st", fit.design, fit.coefficients))[..., None]
    lags = int(4 * (length / 100) ** (2 / 9))
    meat = np.einsum("stp,stq->spq", score, score)
    for lag in range(1, lags + 1):
        lagged = np.einsum("stp,stq->spq", score[:, lag:], score[:, :-lag])
        meat += (1 - lag / (lags + 1)) * (lagged + np.swapaxes(lagged, 1, 2))
    variance = (inverse @ meat @ inverse)[:, -1, -1] * length / (length - terms)
    slope = fit.coefficients[:, -1]
    return 2 * stats.t.sf(np.abs(slope) / np.sqrt(variance), length - terms), np.sign(slope)


def negative_binomial(counts: Floats) -> Verdict:
    """Negative binomial regression, the dispersion by moments: Breslow, Appl. Stat. 33 (1984), 38–44."""
    fit = _fit(counts)
    mean = np.maximum(fit.mean, 1e-9)
    thinned = 1 / np.sqrt(1 + _dispersion(counts, mean, counts.shape[1] - QUARTERS - 1)[:, None] * mean)
    design = fit.design * thinned[..., None]
    inverse = np.linalg.inv(np.einsum("stp,stq->spq", design, design) + 1e-9 * np.eye(QUARTERS + 1))
    slope = np.einsum("spq,stq,st->sp", inverse, design, fit.response * thinned)[:, -1]
    return 2 * stats.norm.sf(np.abs(slope) / np.sqrt(inverse[:, -1, -1])), np.sign(slope)


def seasonal_mann_kendall(counts: Floats) -> Verdict:
    """Kendall's S summed over quarters, taken as independent: Hirsch, Slack and Smith, Water Resour. Res. 18 (1982)."""
    signs, years = _signs(counts), counts.shape[1] // QUARTERS
    variance = np.full(len(counts), QUARTERS * years * (years - 1) * (2 * years + 5) / 18)
    return _normal(signs.sum(axis=(1, 2)), variance)


def hirsch_slack(counts: Floats) -> Verdict:
    """The same, the covariance between quarters estimated: Hirsch and Slack, Water Resour. Res. 20 (1984), 727–732."""
    signs, years = _signs(counts), counts.shape[1] // QUARTERS
    ranks = stats.rankdata(counts.reshape(-1, years, QUARTERS), axis=1)
    agreement = np.einsum("sgp,shp->sgh", signs, signs)
    products = 4 * np.einsum("syg,syh->sgh", ranks, ranks)
    return _normal(signs.sum(axis=(1, 2)), ((agreement + products - years * (years + 1) ** 2) / 3).sum(axis=(1, 2)))


RIVALS: dict[str, Callable[[Floats], Verdict]] = {
    "retenu": kept,
    "quasi_poisson": quasi_poisson,
    "quasi_poisson_newey_west": quasi_poisson_hac,
    "binomiale_negative": negative_binomial,
    "mann_kendall_saisonnier": seasonal_mann_kendall,
    "mann_kendall_hirsch_slack": hirsch_slack,
}


def _fit(counts: Floats) -> Fit:
    series = panel(counts)
    time = np.arange(counts.shape[1]) / QUARTERS
    design = np.column_stack([series.season, time - time.mean()])
    return poisson(series.counts, series.base, np.broadcast_to(design, (*counts.shape, QUARTERS + 1)), series.seen)


def _dispersion(counts: Floats, mean: Floats, freedom: int) -> Floats:
    """The α of a variance μ + αμ² for which Pearson's χ² is its freedom; 0 where Poisson is already wide enough."""
    low, high = np.zeros(len(counts)), np.full(len(counts), 10.0)
    for _ in range(50):
        middle = (low + high) / 2
        wide = np.sum((counts - mean) ** 2 / (mean + middle[:, None] * mean**2), axis=1) > freedom
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return np.asarray(low)


def _signs(counts: Floats) -> Floats:
    """Sign of every difference between two years, by quarter: S × 4 × pairs."""
    years = counts.shape[1] // QUARTERS
    early, late = np.triu_indices(years, 1)
    table = counts.reshape(-1, years, QUARTERS)
    return np.asarray(np.sign(table[:, late] - table[:, early]).transpose(0, 2, 1))


def _normal(score: Floats, variance: Floats) -> Verdict:
    """Two-sided p of a score with a continuity correction of 1."""
    beyond = np.maximum(np.abs(score) - 1, 0) / np.sqrt(np.maximum(variance, 1e-9))
    return 2 * stats.norm.sf(beyond), np.sign(score)
