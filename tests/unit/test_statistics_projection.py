"""Targets: hand-made courses, and the coverage of the projected dates by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from etl.statistics import Course, Standing, course, quarter_name, quarter_number, standing
from etl.statistics.intervals import Floats

FIRST = quarter_number("2024-T1")
BEDS = {"first": FIRST, "target": 40.0, "operator": ">="}


def course_of(values: Floats | list[float], **what: object) -> Course:
    return course(values, **{**BEDS, **what})


def test_quarters_are_numbered_without_gaps() -> None:
    names = ["2024-T3", "2024-T4", "2025-T1"]
    assert np.diff([quarter_number(name) for name in names]).tolist() == [1, 1]
    assert [quarter_name(quarter_number(name)) for name in names] == names


def test_standing_on_the_way() -> None:
    found = standing([10.0, 12, np.nan, 16], deadline=FIRST + 12, **BEDS)
    assert found == Standing("non_atteinte", FIRST + 3, 16.0, None, expected=17.5, pace=24 / 9 * 4)


def test_a_target_is_met_since_the_last_time_it_was_missed() -> None:
    found = standing([41.0, 45, 39, np.nan, 40, 42], **BEDS)
    assert (found.status, found.since) == ("atteinte", FIRST + 4)
    assert standing([41.0, 45], **BEDS).since == FIRST
    assert standing([41.0, 39], **BEDS) == Standing("non_atteinte", FIRST + 1, 39.0)


def test_strict_and_large_operators_differ_on_the_target() -> None:
    assert standing([5.0], first=FIRST, target=5, operator="<").status == "non_atteinte"
    assert standing([5.0], first=FIRST, target=5, operator="<=").status == "atteinte"


def test_provisional_quarters_do_not_count() -> None:
    found = standing([10.0, 50.0], provisional=[False, True], **BEDS)
    assert (found.status, found.quarter) == ("non_atteinte", FIRST)
    steady = np.arange(10.0, 20.0)
    late = np.append(steady, [500.0, 0.0])
    assert course_of(late, provisional=np.arange(12) >= 10) == course_of(steady)


def test_nothing_known_is_not_nothing_done() -> None:
    assert standing([np.nan], **BEDS) == Standing("indeterminee")


def test_no_pace_after_the_deadline() -> None:
    found = standing([10.0, 12, 14], deadline=FIRST + 2, **BEDS)
    assert (found.expected, found.pace) == (40.0, None)


def test_a_straight_course_meets_the_target_where_the_ruler_says() -> None:
    """Two beds a quarter from 10: 40 is met fifteen quarters after the first."""
    found = course_of(10 + 2.0 * np.arange(10), deadline=FIRST + 20)
    assert found.central in (FIRST + 15, FIRST + 16)
    assert found.early is not None
    assert found.late is not None
    assert FIRST + 14 <= found.early <= found.central <= found.late <= FIRST + 17
    assert found.by_deadline == pytest.approx(1, abs=1e-3)
    assert found.reason is None


def test_a_course_in_whole_beds_is_not_known_better_than_to_one() -> None:
    found = course_of(10 + 0.25 * np.arange(12), target=15.0)
    assert found.early is not None
    assert found.late is not None
    assert found.late - found.early >= 3


def test_a_delay_goes_down_to_its_target() -> None:
    delays = 15 - 0.5 * np.arange(12) + np.tile([0.2, -0.2], 6)
    found = course(delays, first=FIRST, target=5, operator="<")
    assert found.central in (FIRST + 20, FIRST + 21)
    assert course(delays[::-1], first=FIRST, target=5, operator="<").reason == "sans_rapprochement_demontre"


def test_growth_by_shares_is_straight_in_logarithms() -> None:
    places = 10 * 1.1 ** np.arange(12)
    found = course(places, first=FIRST, target=60, operator=">=", logarithm=True)
    assert found.central == FIRST + int(np.ceil(np.log(6) / np.log(1.1)))
    assert course_of([0.0, *places], logarithm=True).reason == "non_calculable"


def test_a_short_course_cannot_be_told() -> None:
    assert course_of(np.arange(7.0)) == Course(reason="trop_court")


@pytest.mark.parametrize("values", [np.full(12, 20.0), 30 - np.arange(12.0), np.tile([5.0, 35.0], 6)])
def test_a_course_that_does_not_approach_has_no_date(values: Floats) -> None:
    found = course_of(values)
    assert found.reason == "sans_rapprochement_demontre"
    assert (found.central, found.late) == (None, None)


def test_a_date_too_far_is_not_given() -> None:
    found = course_of(10 + 0.5 * np.arange(20), target=100.0)
    assert found.reason == "au_dela_de_l_horizon"
    assert found.late is None


def test_the_interval_of_dates_holds_the_true_one() -> None:
    """Correlated noise around a known line that meets 40 at quarter 20: at least 19 times in 20, less chance."""
    rng, held, told = np.random.default_rng(8), 0, 0
    for _ in range(150):
        noise = rng.standard_normal(14)
        for step in range(1, 14):
            noise[step] = 0.4 * noise[step - 1] + 0.917 * noise[step]
        found = course_of(10 + 1.5 * np.arange(14) + 2 * noise)
        if found.late is not None and found.early is not None:
            told += 1
            held += found.early <= FIRST + 20 <= found.late
    assert told > 100
    assert held / told > 0.92
