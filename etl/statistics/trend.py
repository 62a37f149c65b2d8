"""Whether a quarterly series rises or falls: short, overdispersed, seasonal counts or shares.

A quasi-Poisson (or quasi-binomial) regression on the quarter of the year and time, its working residuals taken as
AR(1) with the correlation averaged over (``serial``). Chosen against rivals on size and power, by simulation:
``docs/statistics.md``. That no trend is shown does not show that there is none: ``sans_tendance_demontree`` is not
« stable ».
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.statistics.glm import binomial, poisson
from etl.statistics.intervals import Floats
from etl.statistics.serial import Flags, regress
from etl.statistics.series import QUARTERS, Panel

# Under three years, counts of 30 that fall by a quarter each year are found less than once in ten: docs/statistics.md.
LEAST_POINTS = 12
# Under this total of events (or of non-events, for a share), the regression is not to be relied on.
LEAST_EVENTS = 30
# Secret counts are small ones: to leave many out would flatten or bend what is left.
MOST_SECRET = 0.25
# Slopes, or limits of slopes, beyond (in logarithm by year: 150-fold) come from series all but empty at one end.
STEEPEST = 5.0
CHUNK = 500


@dataclass(frozen=True)
class Trend:
    """What can be said of a series, and on how many points.

    ``direction``: hausse, baisse, sans_tendance_demontree or indeterminee. ``slope`` and its limits are in
    ``slope_unit``: pourcent_par_an for counts and rates, points_par_an (percentage points, at the mean share) for
    shares. ``reason``, where indeterminee: trop_court, trop_peu_d_evenements, trop_de_secrets or non_calculable.
    """

    direction: str
    p: float
    slope: float
    slope_low: float
    slope_high: float
    slope_unit: str
    used: int
    secret: int
    missing: int
    provisional: int
    reason: str | None


def count_trends(series: Panel, *, level: float = 0.95) -> list[Trend]:
    """The trend of each series of counts, or of rates where the panel has a base (population, days observed).

    The test is two-sided at ``1 - level``; zeros are counts like any other; a quarter of the year in which nothing
    was ever counted says nothing of a trend and is left out.

    Sources: McCullagh and Nelder 1989, ch. 9; Breslow and Clayton 1993; see ``serial`` for the correlation.
    """
    return [trend for part in _chunks(series) for trend in _trends(part, level=level, shares=False)]


def share_trends(series: Panel, *, level: float = 0.95) -> list[Trend]:
    """The trend of each series of shares, counts out of the base of the panel; as ``count_trends``, on the logit."""
    return [trend for part in _chunks(series) for trend in _trends(part, level=level, shares=True)]


def _chunks(series: Panel) -> Iterator[Panel]:
    for start in range(0, len(series.counts), CHUNK):
        yield _rows(series, slice(start, start + CHUNK))


def _trends(series: Panel, *, level: float, shares: bool) -> list[Trend]:
    informative = _informative(series, shares=shares)
    reasons = _reasons(series, informative, shares=shares)
    numbers = np.full((len(reasons), 4), np.nan)
    told = np.flatnonzero(reasons == "")
    if told.size:
        found, sound = slope_test(_rows(series, told), informative[told], level=level, shares=shares)
        numbers[told[sound]] = found[sound]
        reasons[told[~sound]] = "non_calculable"
    known = [series.secret.sum(axis=1), series.absent.sum(axis=1), series.provisional.sum(axis=1)]
    points = np.column_stack([informative.sum(axis=1), *known])
    unit = "points_par_an" if shares else "pourcent_par_an"
    return [_trend(*row, level=level, unit=unit) for row in zip(numbers, points, reasons, strict=True)]


def _trend(numbers: Floats, points: NDArray[np.int_], reason: str, *, level: float, unit: str) -> Trend:
    p, slope, low, high = (float(number) for number in numbers)
    used, secret, missing, provisional = (int(point) for point in points)
    return Trend(
        _direction(p, slope, level=level), p, slope, low, high, unit, used, secret, missing, provisional, reason or None
    )


def _direction(p: float, slope: float, *, level: float) -> str:
    if np.isnan(p):
        return "indeterminee"
    if p >= 1 - level:
        return "sans_tendance_demontree"
    return "hausse" if slope > 0 else "baisse"


def _rows(series: Panel, rows: slice | NDArray[np.intp]) -> Panel:
    return Panel(
        series.counts[rows], series.base[rows], series.secret[rows], series.provisional[rows], series.first_quarter
    )


def _informative(series: Panel, *, shares: bool) -> Flags:
    """Points seen in a quarter of the year in which something was, and something was not, counted at least once."""
    seen = series.seen
    happened = _by_season(np.where(seen, series.counts, 0.0), series) > 0
    if shares:
        happened &= _by_season(np.where(seen, series.base - series.counts, 0.0), series) > 0
    return seen & (happened.astype(float) @ series.season.T > 0)


def _by_season(values: Floats, series: Panel) -> Floats:
    return np.asarray(values @ series.season)


def _reasons(series: Panel, used: Flags, *, shares: bool) -> NDArray[np.object_]:
    """Why nothing can be told of each series, "" where something can."""
    events = np.sum(np.where(used, series.counts, 0.0), axis=1)
    if shares:
        events = np.minimum(events, np.sum(np.where(used, series.base - series.counts, 0.0), axis=1))
    secret = series.secret.sum(axis=1)
    return np.select(
        [
            secret > MOST_SECRET * (secret + series.seen.sum(axis=1)),
            series.seen.sum(axis=1) < LEAST_POINTS,
            events < LEAST_EVENTS,
            used.sum(axis=1) < LEAST_POINTS,
        ],
        ["trop_de_secrets", "trop_court", "trop_peu_d_evenements", "trop_peu_d_evenements"],
        "",
    ).astype(object)


def slope_test(series: Panel, used: Flags, *, level: float, shares: bool) -> tuple[Floats, Flags]:
    """p, slope and its limits by series (S × 4) from the points ``used``, and whether they may be relied on (S)."""
    size, length = used.shape
    years = (np.arange(length) - (length - 1) / 2) / QUARTERS
    design = np.broadcast_to(np.column_stack([series.season, years]), (size, length, QUARTERS + 1))
    fit = (binomial if shares else poisson)(series.counts, series.base, design, used)
    # Counting alone has a variance of 1 in these units: less can only be luck.
    regression = regress(fit.response, fit.design, used, least_variance=1.0)
    slope = regression.combination(np.tile(np.eye(QUARTERS + 1)[-1], (size, 1)))
    tail = (1 - level) / 2
    steps = np.column_stack([slope.quantile(q) for q in (0.5, tail, 1 - tail)])
    sound = np.all(np.abs(steps) < STEEPEST, axis=1)
    steps = np.clip(steps, -STEEPEST, STEEPEST)
    scale = _per_year(steps, series, used) if shares else 100 * np.expm1(steps)
    return np.column_stack([slope.two_sided(), scale]), sound


def _per_year(logits: Floats, series: Panel, used: Flags) -> Floats:
    """Percentage points by year at the mean share: the slope of the logistic curve there."""
    share = np.sum(np.where(used, series.counts, 0), axis=1) / np.sum(np.where(used, series.base, 0), axis=1)
    return np.asarray(100 * logits * (share * (1 - share))[:, None])
