"""Statistics of published values: pure functions of arrays, each with its source and checked against it.

The size and the power of the trend test, and what each method assumes, are stated in ``docs/statistics.md``.
"""

from etl.statistics.intervals import EXACT_BELOW, byar, wilson
from etl.statistics.rates import Estimate, rate, rate_ratio, standardised_rate, standardised_ratio

__all__ = [
    "EXACT_BELOW",
    "Estimate",
    "byar",
    "rate",
    "rate_ratio",
    "standardised_rate",
    "standardised_ratio",
    "wilson",
]
