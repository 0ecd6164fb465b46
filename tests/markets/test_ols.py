from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from groundswell.markets.studies.ols import fit, fit_jointly, sum_lagged_products

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm


def data(n: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n, 2))
    noise = np.convolve(rng.standard_t(5, n + 3), [1.0, 0.7, 0.4, 0.2], mode="valid")
    return 0.3 + factors @ [0.5, -1.0] + noise * (1 + np.abs(factors[:, 0])), factors


@pytest.mark.parametrize("lags", [None, 0, 1, 4, 13])
@pytest.mark.parametrize("n", [30, 400])
def test_coefficients_and_errors_are_those_of_statsmodels(n, lags):
    response, factors = data(n)
    robust = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    theirs = sm.OLS(response, sm.add_constant(factors)).fit(**({} if lags is None else robust))
    ours = fit(response, factors, lags)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-10)
    assert ours.errors == pytest.approx(theirs.bse, rel=1e-10)
    assert ours.residuals == pytest.approx(theirs.resid, rel=1e-10)
    assert ours.freedom == n - 3


@pytest.mark.parametrize("lags", [0, 4])
def test_a_mean_has_the_error_of_a_regression_on_a_constant(lags):
    response, _ = data(30)
    robust = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    theirs = sm.OLS(response, np.ones(30)).fit(**robust)
    ours = fit(response, np.empty((30, 0)), lags)
    assert (*ours.coefficients, *ours.errors) == pytest.approx((*theirs.params, *theirs.bse), rel=1e-10)


@pytest.mark.parametrize(("apart", "scale"), [(1e-4, 1.0), (1.0, 1e-6), (1.0, 1e6)])
def test_factors_near_each_other_or_of_another_size_are_as_exact(apart, scale):
    """Products of such rows keep half of the digits, so that the rows are decomposed; statsmodels' errors use them."""
    response, factors = data(400)
    near = np.column_stack([factors[:, 0], factors[:, 0] + apart * factors[:, 1]]) * scale
    theirs = sm.OLS(response, sm.add_constant(near)).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}
    )
    ours = fit(response, near, 4)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-9)
    assert ours.errors == pytest.approx(theirs.bse, rel=1e-6)


@pytest.mark.parametrize("lags", [0, 1, 4, 30])
def test_products_of_sums_of_runs_are_the_weighted_products_of_rows(lags):
    scores = np.random.default_rng(5).normal(size=(20, 3))
    expected = sum(
        max(0.0, 1.0 - abs(one - other) / (lags + 1)) * np.outer(scores[one], scores[other])
        for one in range(20)
        for other in range(20)
    )
    assert sum_lagged_products(scores, lags) == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("lags", [0, 4])
def test_slopes_fitted_jointly_have_the_errors_of_each(lags):
    _, factors = data(200)
    responses = np.random.default_rng(7).normal(size=(200, 3)) + factors[:, :1]
    found = fit_jointly(responses, factors, lags)
    alone = [fit(column, factors, lags) for column in responses.T]
    assert found.slopes == pytest.approx([each.coefficients[1] for each in alone], rel=1e-10)
    assert np.sqrt(found.covariance.diagonal()) == pytest.approx([each.errors[1] for each in alone], rel=1e-10)


def autocorrelated(rng: np.random.Generator, n: int, memory: float) -> np.ndarray:
    values = rng.normal(size=n + 50)
    for at in range(1, len(values)):
        values[at] += memory * values[at - 1]
    return values[50:]


@pytest.mark.parametrize(("n", "lags"), [(300, 4), (1000, 4)])
def test_the_interval_covers_the_coefficient_about_as_often_as_it_says(n, lags):
    """Nominal 95 %, with a factor and noise that both carry over into the next step. See benchmarks/coverage.py."""
    rng = np.random.default_rng(1994)
    covered = 0
    for _ in range(100):
        factor, noise = autocorrelated(rng, n, 0.2), autocorrelated(rng, n, 0.2)
        found = fit(0.5 * factor + noise, factor[:, None], lags)
        half = stats.t.ppf(0.975, found.freedom) * found.errors[1]
        covered += abs(found.coefficients[1] - 0.5) <= half
    assert 90 <= covered < 100


def test_what_is_not_determined_is_refused():
    response, factors = data(30)
    with pytest.raises(ValueError, match="do not determine"):
        fit(response, np.column_stack([factors, factors.sum(axis=1)]), 0)
    with pytest.raises(ValueError, match="do not determine"):
        fit(response, np.column_stack([factors[:, 0], np.full(30, 0.1)]), 0)
    with pytest.raises(ValueError, match="do not determine"):
        fit(response, factors * [1.0, 1e-17], 0)
    with pytest.raises(ValueError, match="3 rows do not determine 3"):
        fit(response[:3], factors[:3], 0)
