"""Size and power of trend tests, by simulation: ``python -m etl.statistics.power [--series N] [--csv PATH]``.

Counts are Poisson around a gamma level (so negative binomial), seasonal, the level an AR(1) on the normal scale. The
table of ``docs/statistics.md`` is what ``--series 2000 --csv docs/statistics_power.csv`` prints.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path

import numpy as np
from scipy import special, stats

from etl.statistics.intervals import Floats
from etl.statistics.rivals import RIVALS
from etl.statistics.series import QUARTERS, panel
from etl.statistics.trend import slope_test

SEED = 20263
LEVEL = 0.05
LENGTHS = (8, 12, 16, 20, 24)
CORRELATIONS = (0.0, 0.3, 0.6)
# Mean count, and variance over mean.
COUNTS = ((5.0, 1.5), (30.0, 3.0), (200.0, 10.0))
# The same for shares: 30 % of 20, of 100 and of 500.
SHARE = 0.3
SHARE_COUNTS = ((6.0, 1.5), (30.0, 3.0), (150.0, 5.0))
OF_SHARES = "retenu_parts"
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


def draw_shares(scenario: Scenario, *, series: int, rng: np.random.Generator) -> Floats:
    """Counts (series × points) out of ``mean / SHARE``: beta-binomial, ``change`` being that of the odds by year."""
    total, quarter = round(scenario.mean / SHARE), np.arange(scenario.points)
    years = (quarter - quarter.mean()) / QUARTERS
    season = SEASON * np.cos(2 * np.pi * quarter / QUARTERS)
    share = special.expit(special.logit(SHARE) + season + np.log(scenario.change) * years)
    spread = (total - 1) / (scenario.dispersion - 1) - 1
    uniform = stats.norm.cdf(_latent(scenario, series, rng))
    level = special.betaincinv(share * spread, (1 - share) * spread, uniform)
    return np.asarray(rng.binomial(total, level), dtype=float)


def _latent(scenario: Scenario, series: int, rng: np.random.Generator) -> Floats:
    rho = scenario.correlation
    noise = rng.standard_normal((series, scenario.points))
    for point in range(1, scenario.points):
        noise[:, point] = rho * noise[:, point - 1] + np.sqrt(1 - rho**2) * noise[:, point]
    return noise


def measure(scenario: Scenario, *, series: int, rng: np.random.Generator) -> Iterator[Result]:
    """What each test finds in the same series of counts of a scenario."""
    counts = draw(scenario, series=series, rng=rng)
    for name, test in RIVALS.items():
        yield _result(name, scenario, *test(counts))


def measure_shares(scenario: Scenario, *, series: int, rng: np.random.Generator) -> Result:
    """What the test kept finds in series of shares of a scenario."""
    shares = panel(draw_shares(scenario, series=series, rng=rng), base=scenario.mean / SHARE)
    numbers, _ = slope_test(shares, shares.seen, level=1 - LEVEL, shares=True)
    return _result(OF_SHARES, scenario, numbers[:, 0], np.sign(numbers[:, 1]))


def _result(name: str, scenario: Scenario, p: Floats, sign: Floats) -> Result:
    rise, fall = (round(float(np.mean((p < LEVEL) & (sign == side))), 4) for side in (1, -1))
    plain = (scenario.points, scenario.mean, scenario.dispersion, scenario.correlation, _change(scenario.change))
    return Result(name, *plain, rise, fall)


def scenarios(sizes: Sequence[tuple[float, float]]) -> Iterator[Scenario]:
    """Every scenario for these pairs of mean count and dispersion, in the order of the table."""
    for points, (mean, dispersion), correlation, change in product(LENGTHS, sizes, CORRELATIONS, CHANGES):
        yield Scenario(points, mean, dispersion, correlation, change)


def measure_all(*, series: int, seed: int = SEED) -> Iterator[Result]:
    """Every scenario, each with its own generator so that one can be computed again alone."""
    for rank, scenario in enumerate(scenarios(COUNTS)):
        yield from measure(scenario, series=series, rng=np.random.default_rng([seed, rank]))
    for rank, scenario in enumerate(scenarios(SHARE_COUNTS)):
        yield measure_shares(scenario, series=series, rng=np.random.default_rng([seed, rank, 1]))


def table(results: Sequence[Result]) -> str:
    """Markdown: by scenario and test, the size and the power (mean of both directions), in %."""
    found = {(row.points, row.moyenne, row.correlation, row.methode, row.evolution_par_an): row for row in results}
    names = list(dict.fromkeys(row.methode for row in results))
    lines = ["| points | mean count | correlation | " + " | ".join(names) + " |", "|---" * (3 + len(names)) + "|"]
    for points, mean, correlation in dict.fromkeys(key[:3] for key in found):
        rows = ([found[points, mean, correlation, name, _change(change)] for change in CHANGES] for name in names)
        lines.append(f"| {points} | {mean:.0f} | {correlation} | " + " | ".join(map(_cell, rows)) + " |")
    return "\n".join(lines)


def tables(results: Sequence[Result]) -> str:
    """The table of counts, then that of shares."""
    of_shares = [row for row in results if row.methode == OF_SHARES]
    return table([row for row in results if row.methode != OF_SHARES]) + "\n\n" + table(of_shares)


def _cell(rows: list[Result]) -> str:
    """Size and power from no change, a fall and a rise."""
    none, fall, rise = rows
    power = (fall.part_baisse + rise.part_hausse) / 2
    return f"{100 * (none.part_hausse + none.part_baisse):.1f} / {100 * power:.0f}"


def _change(ratio: float) -> float:
    return round(ratio - 1, 4)


def write_csv(results: Sequence[Result], path: Path) -> None:
    """The results, one by line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Result)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(result) for result in results)


def read_csv(path: Path) -> list[Result]:
    """The results that ``write_csv`` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ({name: float(text) for name, text in row.items() if name not in ("methode", "points")} for row in rows)
    return [
        Result(methode=row["methode"], points=int(row["points"]), **values)
        for row, values in zip(rows, numbers, strict=True)
    ]


def main() -> None:
    """Print the table, and write the results behind it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=100, help="series by scenario (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--csv", type=Path, help="write the results there too")
    options = parser.parse_args()
    results = list(measure_all(series=options.series, seed=options.seed))
    if options.csv is not None:
        write_csv(results, options.csv)
    print(tables(results))


if __name__ == "__main__":
    main()
