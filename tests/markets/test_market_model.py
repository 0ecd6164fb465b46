from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from groundswell.markets.series.calendar import on_or_after, sessions_between, shift_sessions
from groundswell.markets.studies.event_study import Window
from groundswell.markets.studies.market_model import MarketModel, abnormal_study, every_abnormal
from groundswell.model import Series

from ..series import make_series

DAYS = sessions_between(date(2015, 1, 2), date(2021, 12, 31))
FAR = date(2021, 12, 31)
EVENTS = [date(2016, 12, 14), date(2019, 7, 31), date(2020, 3, 15)]
MODEL = MarketModel(Window(10), 120, 5)


def made(name: str, returns: np.ndarray) -> Series:
    return make_series(name, DAYS, 100 * np.cumprod(1 + returns))


MARKET_RETURNS = np.random.default_rng(1).normal(0.0003, 0.01, len(DAYS))
NOISE = np.random.default_rng(2).normal(0.0, 0.006, len(DAYS))
MARKET, LONG = made("SPY", MARKET_RETURNS), made("IWM", 0.0001 + 1.2 * MARKET_RETURNS + NOISE)


def without(series: Series, day: str) -> Series:
    kept = series.dates != np.datetime64(day)
    return replace(series, dates=series.dates[kept], values=series.values[kept], known_at=series.known_at[kept])


@pytest.mark.parametrize("window", [Window(10), Window(63, base=-1), Window(1, base=3)])
def test_it_is_the_sum_of_the_errors_of_a_prediction_by_statsmodels(window):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import statsmodels.api as sm

    study = abnormal_study(EVENTS, LONG, MARKET, replace(MODEL, window=window), FAR)
    assert len(study.values) == 3
    own, market = (np.append(np.nan, series.values[1:] / series.values[:-1] - 1) for series in (LONG, MARKET))
    for event in study.values:
        base = int(np.searchsorted(DAYS, np.datetime64(event.start)))
        past = slice(base - 5 - 120 + 1, base - 5 + 1)
        inside = slice(base + 1, base + window.horizon + 1)
        fitted = sm.OLS(own[past], sm.add_constant(market[past])).fit()
        row = np.array([window.horizon, market[inside].sum()])
        assert event.value == pytest.approx(own[inside].sum() - row @ fitted.params, rel=1e-10)
        error = np.sqrt(fitted.scale * window.horizon + row @ fitted.cov_params() @ row)
        assert event.error == pytest.approx(error, rel=1e-10)
        assert event.beta == pytest.approx(fitted.params[1], rel=1e-10)
        assert np.datetime64(event.end) == DAYS[base + window.horizon]


def test_what_was_added_to_the_window_is_found_again():
    returns = LONG.values[1:] / LONG.values[:-1] - 1
    start = int(np.searchsorted(DAYS, np.datetime64(EVENTS[1])))
    returns[start : start + 10] += 0.004  # the ten returns after the base
    lifted = made("IWM", np.append(0.0, returns))
    before, after = (abnormal_study(EVENTS, one, MARKET, MODEL, FAR).values for one in (LONG, lifted))
    assert after[1].value - before[1].value == pytest.approx(0.04)
    assert after[1].error == pytest.approx(before[1].error)
    assert after[0].value == pytest.approx(before[0].value)


def test_every_window_has_the_value_of_an_event_at_its_base():
    others = every_abnormal(LONG, MARKET, MODEL, FAR)
    study = abnormal_study(others.bases.tolist(), LONG, MARKET, MODEL, FAR)
    assert [event.value for event in study.values] == pytest.approx(others.values, rel=1e-10)


def test_errors_are_those_of_repeated_draws():
    """Over all windows the values scatter as the errors say."""
    others = every_abnormal(LONG, MARKET, MODEL, FAR).values
    typical = np.mean([event.error for event in abnormal_study(EVENTS, LONG, MARKET, MODEL, FAR).values])
    assert len(others) == len(DAYS) - 10 - 125
    assert others.std() == pytest.approx(typical, rel=0.15)
    assert abs(others.mean()) < typical / 5


def test_what_has_no_value_says_why():
    early = [date(2015, 3, 18), *EVENTS]
    study = abnormal_study(early, LONG, MARKET, MODEL, date(2020, 3, 20))
    assert [str(event.date) for event in study.values] == ["2016-12-14", "2019-07-31"]
    assert [absence.reason for absence in study.absent] == [
        "IWM (total return) has no value on 2014-09-17: it begins 2015-01-02",
        "window ends 2020-03-30, after 2020-03-20",
    ]
    for gap in ("2019-06-03", "2019-08-05"):
        study = abnormal_study(EVENTS, LONG, without(MARKET, gap), MODEL, FAR)
        assert [str(absence.date) for absence in study.absent] == ["2019-07-31"]
        assert (
            study.absent[0].reason
            == "a value is missing in the window or the estimation window, or the market did not move"
        )
    assert abnormal_study([], LONG, MARKET, MODEL, FAR).values == ()


def first(series: Series, count: int) -> Series:
    dates, values, known = (one[:count] for one in (series.dates, series.values, series.known_at))
    return replace(series, dates=dates, values=values, known_at=known)


def test_nothing_after_the_window_matters():
    cut = [first(series, 1300) for series in (LONG, MARKET)]
    full, early = abnormal_study(EVENTS, LONG, MARKET, MODEL, FAR), abnormal_study(EVENTS, *cut, MODEL, FAR)
    assert early.values == full.values[:2]
    assert early.absent[0].reason.startswith("IWM (total return) has no value on 2020-03-")
    assert len(every_abnormal(first(LONG, 5), first(MARKET, 5), MODEL, FAR)) == 0


def test_the_base_is_counted_on_the_calendar():
    (event,) = abnormal_study([date(2020, 3, 15)], LONG, MARKET, MODEL, FAR).values
    start = on_or_after(np.array(["2020-03-15"], dtype="datetime64[D]"))
    assert (event.start, event.end) == (start[0].item(), shift_sessions(start, 10)[0].item())


def test_a_market_that_stood_still_has_no_beta():
    """Nothing is divided by a spread of zero, nor by one that rounding leaves."""
    for market in (made("SPY", np.zeros(len(DAYS))), made("SPY", np.full(len(DAYS), 0.0003))):
        study = abnormal_study(EVENTS, LONG, market, MODEL, FAR)
        assert study.values == ()
        assert all("did not move" in absence.reason for absence in study.absent)
        assert len(every_abnormal(LONG, market, MODEL, FAR)) == 0
