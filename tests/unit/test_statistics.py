"""Intervals against published worked examples and independent libraries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from etl import statistics
from etl.build import _statistics_code
from etl.statistics import EXACT_BELOW, byar, wilson

# Newcombe, Stat. Med. 17 (1998), 857–872, table I, method 3.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("count", "total", "low", "high"), NEWCOMBE)
def test_wilson_gives_the_published_examples(count: int, total: int, low: float, high: float) -> None:
    found_low, found_high = wilson(np.array([count]), np.array([total]))
    assert found_low[0] == pytest.approx(low, abs=5e-5)
    assert found_high[0] == pytest.approx(high, abs=5e-5)


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(1, 5000))
def test_wilson_agrees_with_statsmodels(count: int, more: int) -> None:
    total = count + more
    low, high = wilson(np.array([count]), np.array([total]))
    expected = proportion_confint(count, total, method="wilson")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-9)
    assert low[0] <= count / total <= high[0]


def test_wilson_reaches_the_ends_exactly() -> None:
    total = np.arange(1.0, 5000)
    assert not wilson(np.zeros(4999), total)[0].any()
    assert (wilson(total, total)[1] == 1).all()


def test_wilson_of_nothing_cannot_be_told() -> None:
    low, high = wilson(np.array([0.0]), np.array([0.0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])


@pytest.mark.parametrize("count", range(EXACT_BELOW))
def test_poisson_limits_are_exact_under_ten(count: int) -> None:
    """Garwood's limits leave 2.5 % on each side."""
    low, high = byar(np.array([count]))
    assert stats.poisson.cdf(count, high[0]) == pytest.approx(0.025, abs=1e-9)
    if count:
        assert stats.poisson.sf(count - 1, low[0]) == pytest.approx(0.025, abs=1e-9)
    else:
        assert low[0] == 0


@pytest.mark.parametrize("count", [10, 25, 100, 1200, 18_570])
def test_byar_is_close_to_exact_from_ten_on(count: int) -> None:
    low, high = byar(np.array([count]))
    assert low[0] == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2, rel=2e-3)
    assert high[0] == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, rel=2e-3)
    # Byar's formula itself, not the exact limits: they differ in the sixth figure.
    assert low[0] == pytest.approx(count * (1 - 1 / (9 * count) - 1.959964 / (3 * count**0.5)) ** 3, rel=1e-6)


def test_the_build_depends_on_every_module_that_computes_limits() -> None:
    """What is computed may change with any of them: the build must see it."""
    code = _statistics_code()
    folder = Path(statistics.__path__[0])
    modules = [*folder.glob("*.py"), folder.parent / "limits.py"]
    assert len(modules) > 2
    assert all(module.read_text(encoding="utf-8") in code for module in modules)
