"""Regression with errors that follow one another: Gaussian, AR(1), the correlation and the scale integrated out.

Short series say little of how much one quarter leans on the last; a correlation estimated from ten points is far too
small, and the test that trusts it finds trends in noise. Here the correlation is not estimated but averaged over,
each value weighted by its restricted likelihood: every statement becomes a mixture of Student's t distributions.

Sources: Harville, Biometrika 61 (1974), 383–385 (the restricted likelihood as an integrated one); Zellner and Tiao,
J. Am. Stat. Assoc. 59 (1964), 763–778 (regression with autocorrelated errors, flat prior); Jones, Technometrics 22
(1980), 389–395 (missing observations).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from etl.statistics.intervals import Floats

Flags = NDArray[np.bool_]

# Between quarters; an attendance or a count that leans more on the last one than this is a random walk.
CORRELATIONS = np.linspace(0.0, 0.9, 13)
# Quarters that hardly lean on the last are the more plausible, before any is seen. A flat prior loses a fifth of the
# power to be safe against correlations over 0.6; this one keeps the size under 5 % up to 0.3 (docs/statistics.md).
PRIOR = 1 - CORRELATIONS
BISECTIONS = 32


@dataclass(frozen=True)
class Mixture:
    """A coefficient by series: Student's t of ``centre`` and ``scale`` mixed by ``weight`` (S × K), ``freedom`` (S)."""

    weight: Floats
    centre: Floats
    scale: Floats
    freedom: Floats

    def below(self, value: Floats) -> Floats:
        """Probability, by series, that the coefficient is under ``value`` (S)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            score = (value[:, None] - self.centre) / self.scale
        return np.asarray(np.sum(self.weight * stdtr(self.freedom[:, None], score), axis=1))

    def quantile(self, level: float) -> Floats:
        """Value, by series, under which the coefficient lies with probability ``level``; by bisection."""
        parts = self.centre + self.scale * stdtrit(self.freedom, level)[:, None]
        low, high = parts.min(axis=1), parts.max(axis=1)  # that of a mixture lies between those of its parts
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            under = self.below(middle) < level
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)

    def two_sided(self) -> Floats:
        """Twice the smaller tail beyond zero, by series: the p-value of no effect."""
        under = self.below(np.zeros(len(self.freedom)))
        return 2 * np.minimum(under, 1 - under)


@dataclass(frozen=True)
class Regression:
    """Coefficients of S series for K correlations (S × K × P), with their covariances (S × K × P × P)."""

    weight: Floats
    coefficients: Floats
    covariance: Floats
    freedom: Floats

    def combination(self, contrast: Floats) -> Mixture:
        """The linear combination ``contrast`` (S × P) of the coefficients of each series."""
        centre = np.einsum("skp,sp->sk", self.coefficients, contrast)
        variance = np.einsum("sp,skpq,sq->sk", contrast, self.covariance, contrast)
        return Mixture(self.weight, centre, np.sqrt(np.maximum(variance, 0)), self.freedom)


def regress(
    response: Floats,
    design: Floats,
    seen: Flags,
    *,
    least_variance: float,
    correlations: Floats = CORRELATIONS,
    prior: Floats = PRIOR,
) -> Regression:
    """Regress ``response`` (S × T) on ``design`` (S × T × P), unseen points left out, over a grid of correlations.

    ``least_variance`` is the least a residual variance may be estimated at: what is known of the rounding or of the
    counting alone. A column that is zero wherever the series was seen is left out of that series.
    """
    table = np.where(seen[..., None], np.concatenate([design, response[..., None]], axis=2), 0.0)
    whitened, log_root = _whiten(table, seen, correlations)
    x, y = whitened[..., :-1], whitened[..., -1]
    empty = ~np.any(table[..., :-1] != 0, axis=1)
    cross = np.einsum("sktp,sktq->skpq", x, x, optimize=True) + diagonal(empty)[:, None]
    inverse = np.linalg.inv(cross)
    coefficients = np.einsum("skpq,sktq,skt->skp", inverse, x, y, optimize=True)
    squares = np.sum((y - np.einsum("sktp,skp->skt", x, coefficients)) ** 2, axis=2)
    freedom = seen.sum(axis=1) - design.shape[2] + empty.sum(axis=1)
    likelihood = _likelihood(squares, cross, log_root, freedom, seen.sum(axis=1) * least_variance)
    weight = prior * likelihood / np.sum(prior * likelihood, axis=1, keepdims=True)
    variance = np.maximum(squares / np.maximum(freedom, 1)[:, None], least_variance)
    return Regression(weight, coefficients, variance[..., None, None] * inverse, freedom.astype(float))


def _whiten(table: Floats, seen: Flags, correlations: Floats) -> tuple[Floats, Floats]:
    """Rows (S × K × T × C) made independent for each correlation, and the log-root of what it took (S × K)."""
    before, gap = _previous(seen)
    lean = np.where(gap[:, None, :] > 0, correlations[None, :, None] ** gap[:, None, :], 0.0)
    root = np.sqrt(1 - lean**2)
    last = np.take_along_axis(table, before[..., None], axis=1)
    rows = (table[:, None] - lean[..., None] * last[:, None]) / root[..., None]
    return np.where(seen[:, None, :, None], rows, 0.0), np.sum(np.log(root) * seen[:, None, :], axis=2)


def _previous(seen: Flags) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Place of the last point seen before each, and how many steps ago (0 where there is none)."""
    place = np.broadcast_to(np.arange(seen.shape[1]), seen.shape)
    latest = np.maximum.accumulate(np.where(seen, place, -1), axis=1)
    before = np.concatenate([np.full((len(seen), 1), -1), latest[:, :-1]], axis=1)
    return np.maximum(before, 0), np.where(before >= 0, place - before, 0)


def _likelihood(squares: Floats, cross: Floats, log_root: Floats, freedom: Floats, least: Floats) -> Floats:
    """Restricted likelihood of each correlation (S × K), the largest of a series being 1."""
    half = np.maximum(freedom, 1)[:, None] / 2
    log = -log_root - np.linalg.slogdet(cross)[1] / 2 - half * np.log(np.maximum(squares, least[:, None]))
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def diagonal(flags: Flags) -> Floats:
    """Matrices (S × P × P) with 1 on the diagonal where ``flags`` (S × P), which make empty columns invertible."""
    return np.asarray(flags[..., None] * np.eye(flags.shape[1]))
