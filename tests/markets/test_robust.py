"""Errors by leverage, against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from groundswell.markets.studies.robust import fit_with_leverage


@pytest.mark.parametrize("n", [8, 30, 300])
def test_the_errors_are_hc3(n):
    dice = np.random.default_rng(n)
    factors = dice.standard_t(3, (n, 2))
    response = 0.1 + factors @ [0.5, -0.2] + dice.normal(0.0, 1.0 + np.abs(factors[:, 0]))
    found, expected = (
        fit_with_leverage(response, factors),
        sm.OLS(response, sm.add_constant(factors)).fit(cov_type="HC3"),
    )
    assert found.coefficients == pytest.approx(expected.params)
    assert found.errors == pytest.approx(expected.bse)


def test_a_row_that_decides_alone_is_refused():
    factors = np.zeros((20, 1))
    factors[3] = 1.0
    with pytest.raises(ValueError, match="one row decides"):
        fit_with_leverage(np.arange(20.0), factors)
