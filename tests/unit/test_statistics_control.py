"""Control limits against published worked examples, and each rule against values that break it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from etl.statistics import Chart, xmr
from etl.statistics.control import LEAST_VALUES, limits
from etl.statistics.intervals import Floats

# NIST/SEMATECH e-Handbook of Statistical Methods, § 6.3.2.2: mean 50.81, mean moving range 1.8778, limits 45.8159 and
# 55.8041 (with 3 / 1.128 where Wheeler rounds to 2.66).
FLOWRATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
MONDAY = np.datetime64("2026-01-05")
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.1, 0.9, 0.7])


def days(number: int) -> np.ndarray:
    return MONDAY + np.arange(number)


def noise(number: int, *, level: float = 100.0, spread: float = 5.0) -> Floats:
    return level + spread * np.random.default_rng(11).standard_normal(number)


def flat(values: Floats, **what: object) -> Chart:
    return xmr(values, days(len(values)), by_weekday=False, **what)


def test_limits_are_those_of_the_handbook() -> None:
    found = limits(np.array(FLOWRATE))
    assert found.centre == pytest.approx(50.81)
    assert (found.low, found.high) == pytest.approx((45.8159, 55.8041), abs=1e-3)
    assert found.leap == pytest.approx(3.268 * 1.8778, abs=1e-3)


def test_the_handbook_example_shows_nothing_unusual() -> None:
    chart = flat(np.tile(FLOWRATE, 2))
    assert not chart.unusual.any()


def test_a_value_beyond_a_limit_is_told_with_its_side() -> None:
    values = noise(60)
    values[[40, 50]] = [150, 50]
    chart = flat(values)
    assert chart.beyond[[40, 50]].tolist() == [1, -1]
    assert np.count_nonzero(chart.beyond) == 2
    assert chart.leap[[40, 41]].all()


def test_eight_successive_values_on_one_side_are_a_run_and_seven_are_not() -> None:
    zigzag = np.tile([95.0, 105.0], 30)
    for length, expected in ((7, 0), (8, 8)):
        values = zigzag.copy()
        values[40 : 40 + length] = 101.0
        values[40 + length] = values[39] = 95.0
        assert flat(values[:80]).run.sum() == expected


def test_three_of_four_values_near_a_limit_are_told() -> None:
    values = np.tile([95.0, 105.0], 30)
    far = 100 + 2.66 * 10 * 0.6
    values[[40, 41, 43]] = far
    values[42] = 99.0
    assert np.flatnonzero(flat(values).near).tolist() == [40, 41, 43]
    values[43] = 99.0
    assert not flat(values).near.any()


def test_a_run_skips_closed_days() -> None:
    values = np.tile([95.0, 105.0], 30)
    values[40:49] = 101.0
    values[44] = np.nan
    values[39] = values[49] = 95.0
    assert np.flatnonzero(flat(values).run).tolist() == [40, 41, 42, 43, 45, 46, 47, 48]


def test_an_event_starts_a_segment_with_its_own_limits() -> None:
    values = np.concatenate([noise(60), noise(60, level=200.0)])
    moved = date.fromisoformat(str(days(120)[60]))
    chart = flat(values, events=[moved])
    assert chart.segment.tolist() == [0] * 60 + [1] * 60
    assert chart.centre[0] == pytest.approx(100, abs=2)
    assert chart.centre[-1] == pytest.approx(200, abs=2)
    assert not (chart.beyond != 0).any()
    assert (flat(values).beyond[60:] == 1).all()


def test_limits_are_held_after_the_first_twelve_weeks() -> None:
    calm = noise(84)
    later = np.concatenate([calm, noise(50, level=130.0)])
    assert flat(later).high[-1] == flat(calm).high[-1]
    assert flat(later).run[84:].all()


def test_the_lower_limit_of_a_count_is_not_negative() -> None:
    chart = flat(np.tile([0.0, 6.0], 20))
    assert chart.low.max() == chart.low.min() == 0


def test_too_few_days_have_no_limits_and_no_signal() -> None:
    chart = flat(noise(LEAST_VALUES - 1))
    assert np.isnan([chart.centre, chart.low, chart.high]).all()
    assert not chart.unusual.any()
    assert np.isfinite(flat(noise(LEAST_VALUES)).centre).all()


def test_the_week_is_taken_out_of_the_limits_and_put_back() -> None:
    values = noise(140, spread=3.0) * np.tile(WEEK, 20)
    chart = xmr(values, days(140))
    assert (chart.centre[:7] / chart.centre[:7].mean()).tolist() == pytest.approx(WEEK / WEEK.mean(), abs=0.03)
    assert not (chart.beyond != 0).any()


def test_without_the_week_an_unusual_sunday_is_hidden() -> None:
    """Why weekdays are handled: 95 people on a Sunday that usually sees 70 is lost in the weekly swing."""
    values = noise(140, spread=3.0) * np.tile(WEEK, 20)
    values[132] = 95
    assert xmr(values, days(140)).beyond[132] == 1
    assert xmr(values, days(140), by_weekday=False).beyond[132] == 0


def test_one_unusual_monday_does_not_move_the_factor_of_mondays() -> None:
    values = noise(140, spread=1.0) * np.tile(WEEK, 20)
    before = xmr(values, days(140)).centre[7]
    values[0] = 1000
    values[21] = 0
    assert xmr(values, days(140)).centre[7] == pytest.approx(before, rel=0.1)


def test_a_weekday_always_closed_has_no_limits_and_the_others_do() -> None:
    values = noise(84)
    values[6::7] = np.nan
    chart = xmr(values, days(84))
    assert np.isnan(chart.high[6::7]).all()
    assert np.isfinite(np.delete(chart.high, np.s_[6::7])).all()


def test_the_false_alarms_of_the_first_rule_are_few() -> None:
    values = np.random.default_rng(5).poisson(150, 2000) * 1.0
    assert np.mean(flat(values).beyond != 0) < 0.02


def test_days_without_any_value_are_no_error() -> None:
    chart = xmr(np.full(30, np.nan), days(30))
    assert not chart.unusual.any()
    assert np.isnan(chart.centre).all()
