"""Statistics of published values: pure functions of arrays, each with its source and checked against it.

The size and the power of the trend test, and what each method assumes, are stated in ``docs/statistics.md``.
"""

from etl.statistics.control import Chart, xmr
from etl.statistics.intervals import EXACT_BELOW, byar, wilson
from etl.statistics.projection import Course, Standing, course, quarter_name, quarter_number, standing
from etl.statistics.rates import Estimate, rate, rate_ratio, standardised_rate, standardised_ratio
from etl.statistics.series import Panel, panel, panel_of
from etl.statistics.trend import Trend, count_trends, share_trends
from etl.statistics.verdicts import compare, compare_to_target, is_shortlisted, wording

__all__ = [
    "EXACT_BELOW",
    "Chart",
    "Course",
    "Estimate",
    "Panel",
    "Standing",
    "Trend",
    "byar",
    "compare",
    "compare_to_target",
    "count_trends",
    "course",
    "is_shortlisted",
    "panel",
    "panel_of",
    "quarter_name",
    "quarter_number",
    "rate",
    "rate_ratio",
    "share_trends",
    "standardised_rate",
    "standardised_ratio",
    "standing",
    "wilson",
    "wording",
    "xmr",
]
