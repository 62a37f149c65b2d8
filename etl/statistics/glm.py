"""Poisson and binomial regression of many series at once, and their linear form for what follows.

Sources: McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, § 2.5 (iteratively reweighted least squares),
ch. 9 (quasi-likelihood); Breslow and Clayton, J. Am. Stat. Assoc. 88 (1993), 9–25 (working response with correlated
errors).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.statistics.intervals import Floats
from etl.statistics.serial import Flags, diagonal

# A series empty at one end has no finite slope: its own goes on growing, and whoever reads it must refuse it.
STEPS = 25
TOLERANCE = 1e-8
# On the scale of the predictor: beyond, counts are 0 or infinite and nothing can be estimated.
FURTHEST = 30.0


@dataclass(frozen=True)
class Fit:
    """A regression by series: coefficients (S × P), means (S × T), and working rows (S × T, S × T × P)."""

    coefficients: Floats
    mean: Floats
    response: Floats
    design: Floats


def poisson(counts: Floats, exposure: Floats, design: Floats, seen: Flags) -> Fit:
    """Log-linear regression of ``counts`` (S × T) over ``exposure`` on ``design`` (S × T × P), where ``seen``."""
    offset = np.log(np.where(seen, exposure, 1.0))
    start = np.log(np.maximum(np.where(seen, counts, 1.0), 0.5))
    return _iterate(np.where(seen, counts, 0.0), offset, start, design, seen, total=None)


def binomial(counts: Floats, totals: Floats, design: Floats, seen: Flags) -> Fit:
    """Logistic regression of ``counts`` out of ``totals`` (S × T) on ``design`` (S × T × P), where ``seen``."""
    counts, totals = np.where(seen, counts, 0.0), np.where(seen, totals, 1.0)
    start = np.log((counts + 0.5) / (totals - counts + 0.5))
    return _iterate(counts, np.zeros_like(counts), start, design, seen, total=totals)


def _iterate(
    counts: Floats, offset: Floats, start: Floats, design: Floats, seen: Flags, *, total: Floats | None
) -> Fit:
    predictor = start
    empty = ~np.any(np.where(seen[..., None], design, 0) != 0, axis=1)
    coefficients = np.zeros((len(counts), design.shape[2]))
    for _ in range(STEPS):
        mean, variance = _moments(predictor, total)
        variance = np.where(seen, variance, 0.0)
        working = predictor - offset + (counts - mean) / np.where(variance > 0, variance, 1.0)
        cross = np.einsum("stp,st,stq->spq", design, variance, design, optimize=True) + diagonal(empty)
        target = np.einsum("stp,st,st->sp", design, variance, working, optimize=True)
        fresh = np.linalg.solve(cross + 1e-10 * np.eye(cross.shape[1]), target[..., None])[..., 0]
        moved, coefficients = np.max(np.abs(fresh - coefficients)), fresh
        predictor = np.clip(offset + np.einsum("stp,sp->st", design, coefficients), -FURTHEST, FURTHEST)
        if moved < TOLERANCE:
            break
    mean, variance = _moments(predictor, total)
    root = np.sqrt(np.where(seen, variance, 0.0))
    working = predictor - offset + (counts - mean) / np.maximum(variance, np.finfo(float).tiny)
    return Fit(coefficients, mean, root * working, root[..., None] * design)


def _moments(predictor: Floats, total: Floats | None) -> tuple[Floats, Floats]:
    """Mean and variance of the counts: Poisson, or binomial out of ``total``."""
    if total is None:
        mean = np.exp(predictor)
        return mean, mean
    share = 1 / (1 + np.exp(-predictor))
    return total * share, total * share * (1 - share)
