"""The trend test against statsmodels, against its promise on simulated series, and on what it must not use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from etl.statistics import Trend, count_trends, panel, panel_of, share_trends
from etl.statistics.intervals import Floats
from etl.statistics.power import Scenario, draw
from etl.statistics.rivals import hirsch_slack, negative_binomial, quasi_poisson, seasonal_mann_kendall
from etl.statistics.serial import Mixture, regress
from etl.statistics.trend import LEAST_POINTS
from schemas.errors import ContractBroken

RNG_SEED = 2026


def series(*, change: float, points: int = 20, mean: float = 60, correlation: float = 0.2, number: int = 300) -> Floats:
    scenario = Scenario(points, mean, 3.0, correlation, change)
    return draw(scenario, series=number, rng=np.random.default_rng(RNG_SEED))


def one(counts: Floats, **what: object) -> Trend:
    return count_trends(panel(counts, **what))[0]


# ── What it is built on, against independent libraries ───────────────────────────────────────────────────────────────


def _design(points: int) -> Floats:
    quarter = np.arange(points)
    return np.column_stack([quarter[:, None] % 4 == np.arange(4), quarter / 4]).astype(float)


def test_without_correlation_it_is_the_quasi_poisson_of_statsmodels() -> None:
    counts = series(change=0.9, number=5)
    p, sign = quasi_poisson(counts)
    for row, found, way in zip(counts, p, sign, strict=True):
        model = sm.GLM(row, _design(20), family=sm.families.Poisson()).fit(scale="X2", tol=1e-12)
        assert found == pytest.approx(2 * stats.t.sf(abs(model.tvalues[-1]), 15), abs=1e-6)
        assert way == np.sign(model.params[-1])


def test_shares_have_the_slope_of_the_logistic_regression_of_statsmodels() -> None:
    totals = np.full(16, 200.0)
    counts = np.random.default_rng(3).binomial(200, np.linspace(0.2, 0.5, 16)).astype(float)
    trend = share_trends(panel(counts, base=totals))[0]
    model = sm.GLM(np.column_stack([counts, totals - counts]), _design(16), family=sm.families.Binomial()).fit()
    share = counts.sum() / totals.sum()
    assert trend.slope_unit == "points_par_an"
    assert trend.direction == "hausse"
    # Errors that follow one another weigh the points a little differently.
    assert trend.slope == pytest.approx(100 * model.params[-1] * share * (1 - share), rel=0.05)


@pytest.mark.parametrize("correlation", [0.0, 0.4, 0.8])
def test_regression_with_gaps_is_generalised_least_squares(correlation: float) -> None:
    """One correlation, unseen points: the coefficients and covariance of GLS with the matrix ρ^|i − j|."""
    seen = np.ones(16, dtype=bool)
    seen[[2, 3, 9]] = False
    response = np.random.default_rng(4).normal(size=16) + np.arange(16)
    found = regress(
        response[None], _design(16)[None], seen[None], least_variance=1e-9,
        correlations=np.array([correlation]), prior=np.ones(1),
    )  # fmt: skip
    place = np.flatnonzero(seen)
    matrix = np.where(place[:, None] == place, 1.0, correlation ** np.abs(place[:, None] - place))
    model = sm.GLS(response[seen], _design(16)[seen], sigma=matrix).fit()
    assert found.coefficients[0, 0] == pytest.approx(model.params)
    assert found.covariance[0, 0] == pytest.approx(model.cov_params())
    assert found.freedom[0] == model.df_resid


def test_correlations_are_weighed_by_their_restricted_likelihood() -> None:
    """The ratio of two weights is that of two integrals over coefficients and scale, computed from full matrices."""
    response, design = np.random.default_rng(5).normal(size=12).cumsum(), _design(12)
    found = regress(
        response[None], design[None], np.ones((1, 12), dtype=bool), least_variance=1e-12,
        correlations=np.array([0.1, 0.7]), prior=np.ones(2),
    )  # fmt: skip

    def likelihood(correlation: float) -> float:
        place = np.arange(12)
        precision = np.linalg.inv(correlation ** np.abs(place[:, None] - place))
        cross = design.T @ precision @ design
        rest = response - design @ np.linalg.solve(cross, design.T @ precision @ response)
        roots = np.sqrt(np.linalg.det(precision) / np.linalg.det(cross))
        return float(roots * (rest @ precision @ rest) ** (-(12 - 5) / 2))

    assert found.weight[0, 1] / found.weight[0, 0] == pytest.approx(likelihood(0.7) / likelihood(0.1))


def test_quantiles_of_a_mixture_invert_its_probabilities() -> None:
    mixture = Mixture(np.array([[0.3, 0.7]]), np.array([[0.0, 2.0]]), np.array([[1.0, 0.5]]), np.array([6.0]))
    value = mixture.quantile(0.1)
    expected = 0.3 * stats.t.cdf(value, 6) + 0.7 * stats.t.cdf((value - 2) / 0.5, 6)
    assert expected[0] == pytest.approx(0.1)


# ── Its rivals in the comparison are what they say ───────────────────────────────────────────────────────────────────


def test_mann_kendall_is_kendall_s_by_quarter() -> None:
    counts = np.random.default_rng(6).permutation(np.arange(40.0))[None]
    scores = [stats.kendalltau(np.arange(10), counts[0, quarter::4]).statistic * 45 for quarter in range(4)]
    variance = 4 * 10 * 9 * 25 / 18
    p, sign = seasonal_mann_kendall(counts)
    assert p[0] == pytest.approx(2 * stats.norm.sf(max(abs(sum(scores)) - 1, 0) / variance**0.5))
    assert sign[0] == np.sign(sum(scores))


def test_hirsch_slack_widens_when_quarters_move_together() -> None:
    together = np.repeat(np.random.default_rng(7).permutation(10.0 * np.arange(8)), 4) + np.tile([0, 1, 2, 3], 8)
    assert hirsch_slack(together[None])[0][0] > seasonal_mann_kendall(together[None])[0][0]


def test_negative_binomial_agrees_with_statsmodels_at_its_dispersion() -> None:
    counts = series(change=0.9, number=1, mean=200)
    free = sm.GLM(counts[0], _design(20), family=sm.families.Poisson()).fit()
    fits = [
        sm.GLM(counts[0], _design(20), family=sm.families.NegativeBinomial(alpha=alpha)).fit()
        for alpha in np.linspace(0.005, 0.05, 46)
    ]
    nearest = min(fits, key=lambda fit: abs(np.sum(fit.resid_pearson**2) - free.df_resid))
    assert negative_binomial(counts)[0][0] == pytest.approx(nearest.pvalues[-1], abs=0.03)


# ── Its promise ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("points", [12, 24])
def test_few_series_without_trend_are_given_one(points: int) -> None:
    directions = [trend.direction for trend in count_trends(panel(series(change=1.0, points=points, number=600)))]
    assert directions.count("hausse") + directions.count("baisse") < 0.06 * 600
    assert directions.count("hausse") > 0


@pytest.mark.parametrize(("change", "direction"), [(0.7, "baisse"), (1 / 0.7, "hausse")])
def test_a_marked_trend_is_found_in_both_directions(change: float, direction: str) -> None:
    trends = count_trends(panel(series(change=change)))
    assert np.mean([trend.direction == direction for trend in trends]) > 0.9
    assert np.median([trend.slope for trend in trends]) == pytest.approx(100 * (change - 1), abs=3)


def test_the_interval_of_the_slope_holds_the_truth_nineteen_times_in_twenty() -> None:
    trends = count_trends(panel(series(change=0.8, number=600)))
    assert np.mean([trend.slope_low < -20 < trend.slope_high for trend in trends]) > 0.93


def test_the_interval_and_the_verdict_agree() -> None:
    for trend in count_trends(panel(series(change=0.9))):
        shown = trend.direction in ("hausse", "baisse")
        assert shown == (trend.slope_low > 0 or trend.slope_high < 0)


def test_the_season_alone_is_no_trend() -> None:
    assert one(np.tile([80.0, 120, 60, 100], 4)).direction == "sans_tendance_demontree"


def test_counts_are_never_known_better_than_counting_allows() -> None:
    """From 100 to 97 in four years without a tremor: far within what chance does to counts of 100."""
    assert one(100.0 - np.arange(16) // 4).direction == "sans_tendance_demontree"


def test_a_rate_takes_its_exposure_into_account() -> None:
    exposure = 1000 * 1.3 ** (np.arange(16) / 4)
    counts = np.round(exposure * 0.1)
    assert one(counts).direction == "hausse"
    assert one(counts, base=exposure).direction == "sans_tendance_demontree"


# ── What it must not use, and when it must not speak ─────────────────────────────────────────────────────────────────


def test_provisional_points_are_left_out() -> None:
    counts = series(change=1.0, number=1)[0]
    late = np.concatenate([counts, [1.0, 0.0]])
    provisional = np.arange(22) >= 20
    told = one(late, provisional=provisional)
    assert told.provisional == 2
    assert told.p == pytest.approx(one(counts).p)


def test_secret_points_are_left_out_and_counted() -> None:
    counts = series(change=1.0, number=1)[0]
    secret = np.isin(np.arange(20), [3, 11])
    hidden = np.where(secret, np.nan, counts)
    assert one(hidden, secret=secret) == one(np.where(secret, 1e6, counts), secret=secret)
    assert (one(hidden, secret=secret).used, one(hidden, secret=secret).secret) == (18, 2)
    assert one(hidden).missing == 2


def test_many_secret_points_leave_nothing_to_tell() -> None:
    secret = np.arange(20) % 3 == 0
    assert one(series(change=1.0, number=1)[0], secret=secret).reason == "trop_de_secrets"


def test_points_missing_before_the_series_began_are_not_missing() -> None:
    counts = series(change=1.0, number=1)[0]
    assert one(np.where(np.isin(np.arange(20), [0, 1, 9]), np.nan, counts)).missing == 1


def test_too_short_a_series_cannot_be_told() -> None:
    falling = 1000 * 0.5 ** np.arange(LEAST_POINTS)
    short = one(falling[: LEAST_POINTS - 1])
    assert (short.direction, short.reason) == ("indeterminee", "trop_court")
    assert np.isnan([short.p, short.slope, short.slope_low, short.slope_high]).all()
    assert one(np.round(falling) + 20).reason is None


@pytest.mark.parametrize("counts", [np.zeros(20), np.tile([0.0, 0, 2, 1], 5)])
def test_too_few_events_cannot_be_told(counts: Floats) -> None:
    assert one(counts).reason == "trop_peu_d_evenements"


def test_a_share_that_is_always_whole_cannot_be_told() -> None:
    assert share_trends(panel(np.full(16, 50.0), base=50.0))[0].reason == "trop_peu_d_evenements"


def test_zeros_are_counts_and_a_quarter_always_empty_is_left_out() -> None:
    counts = np.where(np.arange(24) % 4 == 0, 0.0, series(change=1.0, points=24, number=1)[0])
    counts[1] = 0
    told = one(counts)
    assert told.used == 18
    assert told.reason is None


def test_a_quarter_in_which_a_share_is_always_whole_is_left_out() -> None:
    counts = np.where(np.arange(16) % 4 == 1, 100.0, np.tile([40.0, 0, 60, 50], 4) + np.arange(16) % 3)
    told = share_trends(panel(counts, base=100.0))[0]
    assert (told.used, told.reason) == (12, None)


@pytest.mark.parametrize(
    "counts", [[0.0] * 12 + [40.0] * 4, [60.0, 50, 55, 60] + [0.0] * 12, [0.0] * 7 + [1.0] + [0.0] * 4 + [40.0] * 4]
)
def test_a_series_all_empty_at_one_end_has_no_slope(counts: list[float]) -> None:
    assert one(counts).reason == "non_calculable"


def test_each_series_is_told_as_if_alone() -> None:
    counts = series(change=0.9, number=4)
    counts[1, :10] = np.nan
    together = count_trends(panel(counts))
    for row, trend in zip(counts, together, strict=True):
        alone = one(row)
        assert (trend.direction, trend.used, trend.reason) == (alone.direction, alone.used, alone.reason)
        assert trend.p == pytest.approx(alone.p, nan_ok=True)


def observations(*rows: tuple[object, ...]) -> pd.DataFrame:
    names = ["territoire_code", "periode", "numerateur", "denominateur", "statut", "provisoire"]
    return pd.DataFrame(rows, columns=names)


def test_observations_become_a_panel() -> None:
    frame = observations(
        ("a", "2024-T2", 12.0, np.nan, "valeur", False),
        ("a", "2024-T4", np.nan, np.nan, "secret", False),
        ("b", "2025-T1", 30.0, 60.0, "valeur", True),
    )
    keys, found = panel_of(frame, ["territoire_code"])
    assert list(keys["territoire_code"]) == ["a", "b"]
    assert found.first_quarter == 2
    assert found.counts[0, 0] == 12
    assert found.secret.tolist() == [[False, False, True, False], [False] * 4]
    assert found.base[1, 3] == 60
    assert found.provisional[1, 3]
    assert found.seen.tolist() == [[True, False, False, False], [False] * 4]
    assert found.absent.tolist() == [[False, True, False, True], [False] * 4]


def test_a_half_year_is_not_read_as_a_quarter() -> None:
    with pytest.raises(ContractBroken, match="2024-S1"):
        panel_of(observations(("a", "2024-S1", 12.0, np.nan, "valeur", False)), ["territoire_code"])


def test_two_rows_for_one_quarter_are_refused() -> None:
    row = ("a", "2024-T2", 12.0, np.nan, "valeur", False)
    with pytest.raises(ContractBroken, match="a, 2024-T2"):
        panel_of(observations(row, row), ["territoire_code"])
