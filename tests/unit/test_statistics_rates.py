"""Rates and ratios against published worked examples and independent libraries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.rates import confint_poisson_2indep

from etl.statistics import byar, rate, rate_ratio, standardised_rate, standardised_ratio

# Down's syndrome by mother's age, fifth children and later, Michigan 1950–1964: Fay and Feuer, Stat. Med. 16 (1997),
# 791–801, table II. Their directly standardised rate is 75.53 per 100 000 births.
CASES = np.array([0.0, 8, 63, 112, 262, 295])
BIRTHS = np.array([327.0, 30666, 123419, 149919, 104088, 34392])
STANDARD = np.array([319933.0, 931318, 786511, 488235, 237863, 61313])


def test_standardised_rate_is_the_published_one() -> None:
    found = standardised_rate(CASES, BIRTHS, STANDARD, per=1e5)
    assert found.value == pytest.approx(75.52901, abs=1e-5)


def test_standardised_interval_follows_the_formula_by_hand() -> None:
    """740 cases: Byar's limits are 687.64 and 795.31, shifted and scaled to the weighted sum."""
    found = standardised_rate(CASES, BIRTHS, STANDARD, per=1e5)
    share = STANDARD / STANDARD.sum()
    error = np.sqrt(np.sum(share**2 * CASES / BIRTHS**2)) * 1e5
    low, high = byar(np.array([740.0]))
    assert found.low == pytest.approx(75.52901 + error / np.sqrt(740) * (low[0] - 740), abs=1e-5)
    assert found.high == pytest.approx(75.52901 + error / np.sqrt(740) * (high[0] - 740), abs=1e-5)


def test_standard_like_the_study_gives_the_crude_rate_and_byar() -> None:
    """Exact whenever the standard is proportional to the study population (Fay and Feuer 1997, p. 792)."""
    found = standardised_rate(CASES, BIRTHS, 3 * BIRTHS)
    crude = rate(CASES.sum(), BIRTHS.sum())
    assert (found.value, found.low, found.high) == pytest.approx((crude.value, crude.low, crude.high))


def test_standardised_rate_of_few_events_is_not_given() -> None:
    nine = standardised_rate(np.array([[4.0, 5.0], [5.0, 5.0]]), np.full(2, 1000.0), np.ones(2))
    assert np.isnan([nine.value[0], nine.low[0], nine.high[0]]).all()
    assert nine.value[1] == pytest.approx(0.005)


def test_standardised_rates_are_computed_along_the_last_axis() -> None:
    both = standardised_rate(np.stack([CASES, 2 * CASES]), BIRTHS, STANDARD)
    assert both.value[1] == pytest.approx(2 * both.value[0])


def test_a_stratum_without_population_leaves_no_rate() -> None:
    found = standardised_rate(np.array([20.0, 30.0]), np.array([100.0, 0.0]), np.ones(2))
    assert np.isnan([found.value, found.low, found.high]).all()


def test_rate_scales_the_limits_of_the_count() -> None:
    found = rate(np.array([65.0, 0.0]), np.array([100.0, 0.0]), per=100)
    low, high = byar(np.array([65.0]))
    assert (found.value[0], found.low[0], found.high[0]) == (65, low[0], high[0])
    assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()


def test_standardised_ratio_of_the_nickel_refiners() -> None:
    """137 deaths for 24.19893 expected (ISwR, ``nickel``): R's poisson.test gives 5.661, exact 4.753 to 6.692."""
    found = standardised_ratio(np.array(137.0), np.array(24.19893))
    assert found.value == pytest.approx(5.661407, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((4.753125, 6.692709), rel=2e-3)


@pytest.mark.parametrize(
    ("a", "m", "b", "n"), [(11, 800, 21, 3011), (60, 51477.5, 30, 54308.7), (41, 28010, 15, 19017)]
)
def test_rate_ratio_agrees_with_the_score_interval_of_statsmodels(a: int, m: float, b: int, n: float) -> None:
    found = rate_ratio(np.array(a), np.array(m), np.array(b), np.array(n))
    expected = confint_poisson_2indep(a, m, b, n, compare="ratio", method="score")
    assert (float(found.low), float(found.high)) == pytest.approx(expected, rel=1e-6)
    assert found.value == pytest.approx(a / m / (b / n))


@settings(deadline=None)
@given(st.integers(0, 500), st.floats(1, 1e5), st.integers(1, 500), st.floats(1, 1e5))
def test_the_score_of_a_limit_is_the_normal_quantile(a: int, m: float, b: int, n: float) -> None:
    found = rate_ratio(np.array(a), np.array(m), np.array(b), np.array(n))
    for limit, score in ((float(found.low), 1.959964), (float(found.high), -1.959964)):
        expected = limit * m / n * b
        if a or limit > 0:
            assert (a - expected) / np.sqrt(limit * m / n * (a + b)) == pytest.approx(score, abs=1e-4)


def test_rate_ratio_over_nothing_has_no_upper_limit() -> None:
    found = rate_ratio(np.array([4.0, 0.0]), np.ones(2), np.zeros(2), np.ones(2))
    assert found.high[0] == np.inf
    assert found.low[0] > 0
    assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()
