from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from groundswell.markets.studies.ols import fit


def data(n: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n, 2))
    noise = np.convolve(rng.standard_t(5, n + 3), [1.0, 0.7, 0.4, 0.2], mode="valid")
    return 0.3 + factors @ [0.5, -1.0] + noise * (1 + np.abs(factors[:, 0])), factors


@pytest.mark.parametrize("lags", [None, 0, 1, 4, 13])
@pytest.mark.parametrize("n", [30, 400])
def test_coefficients_and_errors_are_those_of_statsmodels(n, lags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import statsmodels.api as sm

    response, factors = data(n)
    robust = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    theirs = sm.OLS(response, sm.add_constant(factors)).fit(**({} if lags is None else robust))
    ours = fit(response, factors, lags)
    assert ours.coefficients == pytest.approx(theirs.params)
    assert ours.errors == pytest.approx(theirs.bse)
    assert ours.residuals == pytest.approx(theirs.resid)
    assert ours.freedom == n - 3


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
    with pytest.raises(ValueError, match="3 rows do not determine 3"):
        fit(response[:3], factors[:3], 0)
