"""Statistics of published values: pure functions of arrays, each with its source and checked against it.

The size and the power of the trend test, and what each method assumes, are stated in ``docs/statistics.md``.
"""

from etl.statistics.intervals import EXACT_BELOW, byar, wilson
from etl.statistics.rates import Estimate, rate, rate_ratio, standardised_rate, standardised_ratio
from etl.statistics.series import Panel, panel, panel_of
from etl.statistics.trend import Trend, count_trends, share_trends

__all__ = [
    "EXACT_BELOW",
    "Estimate",
    "Panel",
    "Trend",
    "byar",
    "count_trends",
    "panel",
    "panel_of",
    "rate",
    "rate_ratio",
    "share_trends",
    "standardised_rate",
    "standardised_ratio",
    "wilson",
]
