"""Tracks against hand-worked cases, and the law that no later day changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.indicators import indicators
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure, Series

from ..series import make_series

DAYS = sessions_between(date(2018, 1, 2), date(2020, 6, 30))
PRICE = Measure.TOTAL_RETURN


def made(name: str, values: np.ndarray, measure: Measure = PRICE, days: np.ndarray = DAYS) -> Series:
    return make_series(name, days, values, measure)


def walk(seed: int) -> np.ndarray:
    return 100.0 * np.cumprod(1.0 + np.random.default_rng(seed).normal(0.0, 0.01, len(DAYS)))


def cut(series: Series, last: np.datetime64) -> Series:
    seen = series.dates <= last
    return replace(series, dates=series.dates[seen], values=series.values[seen], known_at=series.known_at[seen])


def test_relative_is_the_difference_of_two_returns():
    long, short = made("L", 100.0 * 1.01 ** np.arange(len(DAYS))), made("S", 50.0 * 1.002 ** np.arange(len(DAYS)))
    track = indicators.compute_relative_return(long, short, 21)
    assert track.dates[0] == DAYS[21]
    assert track.values == pytest.approx(1.01**21 - 1.002**21)


def test_a_session_without_a_price_has_no_value_and_shifts_no_other():
    prices = 100.0 * 1.01 ** np.arange(len(DAYS))
    present = np.arange(len(DAYS)) != 100
    track = indicators.compute_relative_return(made("L", prices[present], days=DAYS[present]), None, 5)
    assert track.values == pytest.approx(1.01**5 - 1.0)
    assert not np.isin([DAYS[100], DAYS[105]], track.dates).any()
    assert len(track) == len(DAYS) - 5 - 2


def test_the_difference_of_two_levels_on_common_dates():
    ten, two = made("A", np.full(len(DAYS), 4.5), Measure.RATE), made("B", np.full(9, 4.0), Measure.RATE, DAYS[3:12])
    track = indicators.compute_level(ten, two)
    assert (track.dates == DAYS[3:12]).all()
    assert track.values == pytest.approx(0.5)


def test_drawdown_is_from_the_highest_close_of_the_year_before():
    prices = np.full(len(DAYS), 100.0)
    prices[300], prices[301:] = 125.0, 100.0
    track = indicators.compute_drawdown(made("I", prices))
    assert track.dates[0] == DAYS[252]
    by_day = dict(zip(track.dates, track.values, strict=True))
    assert by_day[DAYS[300]] == 0.0
    assert by_day[DAYS[552]] == pytest.approx(-0.2)
    assert by_day[DAYS[553]] == 0.0, "the high is more than 252 sessions ago"


def test_volatility_of_a_year():
    prices = 100.0 * np.cumprod(np.where(np.arange(len(DAYS)) % 2, 1.01, 0.99))
    expected = np.array([0.01, -0.01] * 10 + [0.01]).std(ddof=1) * 252**0.5
    assert indicators.compute_volatility(made("I", prices)).values[-1] == pytest.approx(expected)


def test_short_series_have_no_drawdown_and_no_volatility():
    short = made("I", np.full(20, 1.0), days=DAYS[:20])
    assert indicators.compute_drawdown(short) is None
    assert indicators.compute_volatility(short) is None
    assert indicators.compute_relative_return(short, None, 21) is None


def test_returns_of_rates_are_refused():
    with pytest.raises(ValueError, match="returns need prices or total returns"):
        indicators.compute_relative_return(made("DGS2", np.full(len(DAYS), 4.0), Measure.RATE), None, 21)


def test_a_yield_above_the_target_in_basis_points():
    """The range stood at 2.25 to 2.50 % up to the cut of 31 July 2019, whose day counts with the range after it."""
    track = indicators.compute_gap_to_target(made("DGS2", np.full(len(DAYS), 2.0), Measure.RATE), date(2019, 8, 1))
    by_day = {str(day): value for day, value in zip(track.dates, track.values, strict=True)}
    assert by_day["2019-07-30"] == pytest.approx(-37.5)
    assert by_day["2019-07-31"] == pytest.approx(-12.5)
    assert max(by_day) == "2019-08-01"


def test_the_target_ends_two_months_after_the_last_decision():
    assert indicators.compute_target(date(1990, 1, 1)) is None
    assert indicators.compute_target(date(2019, 8, 15)).dates[-1] == np.datetime64("2019-08-15")
    assert indicators.compute_target(date(2040, 1, 1)).dates[-1] < np.datetime64("2039-01-01")


def test_sessions_since_the_last_event():
    track = indicators.count_sessions_since(
        [date(2019, 1, 5), date(2019, 1, 8)], date(2019, 1, 10)
    )  # a Saturday, a Tuesday
    assert [str(day) for day in track.dates] == ["2019-01-07", "2019-01-08", "2019-01-09", "2019-01-10"]
    assert track.values.tolist() == [0, 0, 1, 2]
    assert indicators.count_sessions_since([], date(2019, 1, 10)) is None
    assert indicators.count_sessions_since([date(2019, 1, 12)], date(2019, 1, 12)) is None, "no session since"


LONG, SHORT = made("L", walk(1)), made("S", walk(2))
MAKERS = {
    "relative": lambda long, short: indicators.compute_relative_return(long, short, 63),
    "level": indicators.compute_level,
    "drawdown": lambda long, _: indicators.compute_drawdown(long),
    "volatility": lambda long, _: indicators.compute_volatility(long),
}


@pytest.mark.parametrize("kind", MAKERS)
@given(at=st.integers(260, len(DAYS) - 1))
def test_no_later_day_changes_a_track(kind, at):
    whole, until = MAKERS[kind](LONG, SHORT), DAYS[at]
    part = MAKERS[kind](cut(LONG, until), cut(SHORT, until))
    kept = whole.dates <= until
    assert (part.dates == whole.dates[kept]).all()
    assert (part.values == whole.values[kept]).all()
    assert (part.before(5).dates == part.dates[:-5]).all()
    assert len(part.last(7)) == 7
