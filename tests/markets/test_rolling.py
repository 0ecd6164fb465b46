from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.series.resample import cut_into_steps
from groundswell.markets.studies.factors import FACTORS
from groundswell.markets.studies.ols import fit
from groundswell.markets.studies.rolling import RollingBetas, rolling_betas, rolling_fit
from groundswell.model import Measure, Series, SeriesRef

from ..series import make_series

DAYS = sessions_between(date(2010, 1, 4), date(2019, 12, 31))


def made(name: str, measure: Measure, seed: int) -> Series:
    moves = np.random.default_rng(seed).normal(0, 0.01 if measure is Measure.TOTAL_RETURN else 0.05, len(DAYS))
    values = 100 * np.cumprod(1 + moves) if measure is Measure.TOTAL_RETURN else 3 + np.cumsum(moves)
    return make_series(name, DAYS, values, measure)


IWM, SPY = (made(name, Measure.TOTAL_RETURN, seed) for seed, name in enumerate(("IWM", "SPY")))
DGS10 = made("DGS10", Measure.RATE, 7)


@pytest.mark.parametrize(("n", "window", "lags"), [(60, 20, 4), (60, 60, 0), (700, 52, 10), (300, 5, 9)])
def test_every_window_is_a_regression_of_its_own(n, window, lags):
    rng = np.random.default_rng(n)
    factors = rng.normal(size=(n, 2))
    response = factors @ [0.5, -1.0] + rng.normal(size=n)
    found = rolling_fit(response, factors, window, lags)
    assert len(found.coefficients) == n - window + 1
    for at in range(0, n - window + 1, 17):
        one = fit(response[at : at + window], factors[at : at + window], lags)
        assert found.coefficients[at] == pytest.approx(one.coefficients, rel=1e-10)
        assert found.errors[at] == pytest.approx(one.errors, rel=1e-10)


def test_too_few_rows():
    assert rolling_fit(np.zeros(10), np.zeros((10, 1)), 11, 4).coefficients.shape == (0, 2)
    with pytest.raises(ValueError, match="2 rows do not determine 2 coefficients"):
        rolling_fit(np.zeros(10), np.zeros((10, 1)), 2, 4)


def betas(as_of: date, short: Series | None = SPY) -> RollingBetas:
    return rolling_betas(IWM, short, [FACTORS["DGS10"], FACTORS["market"]], [DGS10, SPY], as_of)


def test_betas_of_funds_by_hand():
    found = betas(date(2019, 12, 31))
    cut = cut_into_steps((IWM, SPY, DGS10), "week", date(2019, 12, 31))
    own = cut.changes[IWM.ref] - cut.changes[SPY.ref]
    factors = np.column_stack([cut.changes[DGS10.ref], 100 * cut.changes[SPY.ref]])
    last = fit(own[-156:], factors[-156:], 4)
    assert (found.betas[-1], found.errors[-1]) == (pytest.approx(last.coefficients[1]), pytest.approx(last.errors[1]))
    assert len(found.ends) == len(found.betas) == len(cut) - 155
    assert betas(date(2019, 12, 31), None).betas[-1] != found.betas[-1]


def test_later_days_change_no_earlier_beta():
    full, early = betas(date(2019, 12, 31)), betas(date(2017, 6, 30))
    assert (full.ends[: len(early.ends)] == early.ends).all()
    assert full.betas[: len(early.betas)] == pytest.approx(early.betas)
    assert len(betas(date(2011, 1, 1)).betas) == 0


@pytest.mark.shared(twin="tests/markets/test_rolling.py::test_betas_of_funds_by_hand")
def test_the_known_weekly_beta(market_book):
    """IWM on the 10-year yield, 2006-06-26 to 2025-09-25, Newey-West with four lags: about +0.068 a point."""
    fund = market_book.get(SeriesRef("IWM", Measure.TOTAL_RETURN))
    rate = market_book.get(SeriesRef("DGS10", Measure.RATE))
    cut = cut_into_steps((fund, rate), "week", date(2025, 9, 25), date(2006, 6, 26), date(2025, 9, 25))
    one = fit(cut.changes[fund.ref], cut.changes[rate.ref][:, None], 4)
    assert one.coefficients[1] == pytest.approx(0.068, abs=0.003)
    rolled = rolling_fit(cut.changes[fund.ref], cut.changes[rate.ref][:, None], len(cut), 4)
    assert (rolled.coefficients[0], rolled.errors[0]) == (
        pytest.approx(one.coefficients, rel=1e-10),
        pytest.approx(one.errors, rel=1e-10),
    )
