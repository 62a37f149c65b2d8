"""What every simulated feed shares: its setting, overdispersed counts, and cells written as a provider would."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]
Dates = NDArray[np.datetime64]

NOT_REPORTED = ""
NOT_AVAILABLE = "ND"
NOT_APPLICABLE = "NC"


@dataclass(frozen=True)
class Setting:
    """One simulation: its generator of random numbers, its scale (1 = Île-de-France) and its last day, included."""

    rng: np.random.Generator
    scale: int
    until: date


def generator(seed: int, feed: str) -> np.random.Generator:
    """The generator of a feed: the same for the same (seed, feed), and another one for another feed."""
    return np.random.default_rng([seed, zlib.crc32(feed.encode())])


def overdispersed(rng: np.random.Generator, mean: NDArray[np.floating[Any]], *, shape: float) -> Ints:
    """Counts around ``mean`` with variance mean + mean²/shape (Poisson mixed by a gamma: negative binomial)."""
    return rng.poisson(mean * rng.gamma(shape, 1 / shape, mean.shape)).astype(np.int64)


def part(rng: np.random.Generator, whole: Ints, share: Floats | float) -> Ints:
    """A part of a whole, never larger than it (binomial)."""
    return rng.binomial(whole, np.clip(share, 0, 1)).astype(np.int64)


def steady_part(rng: np.random.Generator, whole: Ints, share: Floats | float) -> Ints:
    """A part of a whole, never larger than it, that stays within some 5 % of its share: habits change slowly."""
    return np.minimum(np.rint(whole * share * rng.normal(1, 0.05, whole.shape)).astype(np.int64), whole)


def some(rng: np.random.Generator, shape: tuple[int, ...] | int, share: float) -> Bools:
    """True for about that share of the cells, at random."""
    return np.asarray(rng.random(shape) < share)


def interpolated(at: Floats, points: Mapping[float, float]) -> Floats:
    """Piecewise linear curve through ``points``, flat before the first and after the last."""
    return np.interp(at, list(points), list(points.values()))


def cells(values: Ints | Floats | Texts, marks: Mapping[str, Bools] | None = None, *, decimals: int = 1) -> Texts:
    """Values as text of a CSV file, numbers rounded, with a mark (ND, NC, empty) where its mask is true."""
    text = np.char.mod(f"%.{decimals}f", values) if values.dtype.kind == "f" else values.astype(str)
    for mark, where in (marks or {}).items():
        text = np.where(where, mark, text)
    return text


def months_since(first: str, until: date) -> Dates:
    """Months from ``first`` (YYYY-MM) to the last one ended by ``until``."""
    after = (np.datetime64(until) + 1).astype("datetime64[M]")
    return np.arange(np.datetime64(first), after, dtype="datetime64[M]")


def quarters_since(first: int, until: date) -> Ints:
    """Quarters, counted since year 0, from ``first`` to the last one ended by ``until``."""
    after = until + timedelta(days=1)
    return np.arange(first, 4 * after.year + (after.month - 1) // 3)


def quarter_names(quarters: Ints) -> Texts:
    """Quarters as feeds write them (2026-T3)."""
    return np.array([f"{quarter // 4}-T{quarter % 4 + 1}" for quarter in quarters])


def table(
    columns: Mapping[str, Ints | Floats | Texts], shape: tuple[int, ...], kept: Bools | None = None
) -> pd.DataFrame:
    """The rows of a feed from columns that broadcast to one shape, those of ``kept`` only, as text."""
    texts = {name: np.broadcast_to(cells(column), shape) for name, column in columns.items()}
    rows = frame(texts)
    return rows if kept is None else rows[np.broadcast_to(kept, shape).ravel()]


def frame(columns: Mapping[str, Texts]) -> pd.DataFrame:
    """The rows of a feed from its columns (flattened alike), each marked as simulated."""
    table = {name: column.ravel() for name, column in columns.items()}
    length = len(next(iter(table.values())))
    return pd.DataFrame({**table, "origine": np.full(length, "simule")})
