"""Size and power of trend tests, by simulation: ``python -m etl.statistics.power [--series N] [--csv PATH]``.

Counts are Poisson around a gamma level (so negative binomial), seasonal, the level an AR(1) on the normal scale. The
table of ``docs/statistics.md`` is the output of ``--series 2000 --csv docs/statistics_power.csv``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path

import numpy as np
from scipy import stats

from etl.statistics.intervals import Floats
from etl.statistics.rivals import RIVALS
from etl.statistics.series import QUARTERS

LEVEL = 0.05
LENGTHS = (8, 12, 16, 20, 24)
CORRELATIONS = (0.0, 0.3, 0.6)
# Mean count, and variance over mean.
COUNTS = ((5.0, 1.5), (30.0, 3.0), (200.0, 10.0))
# Change by year as a ratio: none (size), a fall by a quarter, its inverse (power).
CHANGES = (1.0, 0.75, 4 / 3)
SEASON = 0.3


@dataclass(frozen=True)
class Scenario:
    """How series are drawn."""

    points: int
    mean: float
    dispersion: float
    correlation: float
    change: float


@dataclass(frozen=True)
class Result:
    """Shares of the series of a scenario in which a test found a rise, and a fall."""

    methode: str
    points: int
    moyenne: float
    dispersion: float
    correlation: float
    evolution_par_an: float
    part_hausse: float
    part_baisse: float


def draw(scenario: Scenario, *, series: int, rng: np.random.Generator) -> Floats:
    """Counts (series × points) of a scenario."""
    quarter = np.arange(scenario.points)
    years = (quarter - quarter.mean()) / QUARTERS
    mean = scenario.mean * scenario.change**years * np.exp(SEASON * np.cos(2 * np.pi * quarter / QUARTERS))
    shape = scenario.mean / (scenario.dispersion - 1)
    level = stats.gamma.ppf(stats.norm.cdf(_latent(scenario, series, rng)), shape) / shape
    return np.asarray(rng.poisson(mean * level), dtype=float)


def _latent(scenario: Scenario, series: int, rng: np.random.Generator) -> Floats:
    rho = scenario.correlation
    noise = rng.standard_normal((series, scenario.points))
    for point in range(1, scenario.points):
        noise[:, point] = rho * noise[:, point - 1] + np.sqrt(1 - rho**2) * noise[:, point]
    return noise


def measure(scenario: Scenario, *, series: int, rng: np.random.Generator) -> Iterator[Result]:
    """What each test finds in the same series of a scenario."""
    counts = draw(scenario, series=series, rng=rng)
    for name, test in RIVALS.items():
        p, sign = test(counts)
        found = p < LEVEL
        rise, fall = (float(np.mean(found & (sign == side))) for side in (1, -1))
        yield Result(name, *_plain(scenario), round(rise, 4), round(fall, 4))


def _plain(scenario: Scenario) -> tuple[int, float, float, float, float]:
    change = round(scenario.change - 1, 4)
    return scenario.points, scenario.mean, scenario.dispersion, scenario.correlation, change


def measure_all(*, series: int, seed: int) -> Iterator[Result]:
    """Every scenario, each with its own generator so that the order does not matter."""
    grid = product(LENGTHS, COUNTS, CORRELATIONS, CHANGES)
    for rank, (points, (mean, dispersion), correlation, change) in enumerate(grid):
        rng = np.random.default_rng([seed, rank])
        yield from measure(Scenario(points, mean, dispersion, correlation, change), series=series, rng=rng)


def main() -> None:
    """Print the results as CSV, or write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=200, help="series by scenario (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=20263)
    parser.add_argument("--csv", type=Path, help="write there rather than print")
    options = parser.parse_args()
    lines = [",".join(field.name for field in fields(Result))]
    for result in measure_all(series=options.series, seed=options.seed):
        lines.append(",".join(str(value) for value in asdict(result).values()))
        if options.csv is None:
            print(lines[-1] if len(lines) > 2 else "\n".join(lines), flush=True)
    if options.csv is not None:
        options.csv.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
