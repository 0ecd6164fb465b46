from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.series.calendar import as_days, month_end, sessions_between
from groundswell.markets.series.returns import relative_returns, window_returns
from groundswell.markets.studies.event_study import Window, event_study, every_window
from groundswell.model import Absence, EventValue, Measure, Series, SeriesRef

from ..series import make_series

FAR = date(2030, 1, 1)
SESSIONS = sessions_between(date(2019, 1, 1), date(2021, 12, 31))
MONTHS = month_end(np.arange("2019-01", "2021-01", dtype="datetime64[M]"))


def series(name: str, measure: Measure, dates: np.ndarray, values: np.ndarray) -> Series:
    return make_series(name, dates, values, measure)


def steady(name: str, gain: float, dates: np.ndarray = SESSIONS) -> Series:
    """A price that grows by ``gain`` with every session of 2019 to 2021, on those of ``dates``."""
    grown = (1 + gain) ** np.arange(len(SESSIONS))
    return series(name, Measure.TOTAL_RETURN, dates, grown[np.isin(SESSIONS, dates)])


def monthly(values: list[float], dates: np.ndarray = MONTHS) -> Series:
    return series("factor", Measure.PERIOD_RETURN, dates, np.array(values))


def test_the_value_is_the_difference_of_simple_returns():
    study = event_study([date(2019, 7, 31)], steady("A", 0.01), steady("B", 0.002), Window(10), FAR)
    assert study.absent == ()
    (event,) = study.values
    assert (event.date, event.start, event.end) == (date(2019, 7, 31), date(2019, 7, 31), date(2019, 8, 14))
    assert event.value == pytest.approx(1.01**10 - 1.002**10)


@pytest.mark.parametrize(
    ("day", "window", "start", "end"),
    [
        pytest.param("2020-03-15", Window(1), "2020-03-16", "2020-03-17", id="Sunday: from Monday's close"),
        pytest.param("2019-07-31", Window(1, base=-1), "2019-07-30", "2019-07-31", id="from the close before"),
        pytest.param("2019-07-31", Window(2, base=3), "2019-08-05", "2019-08-07", id="from three sessions later"),
        pytest.param("2019-07-31", Window(1, "months"), "2019-07-31", "2019-08-30", id="the 31st is a Saturday"),
        pytest.param("2019-11-29", Window(3, "months"), "2019-11-29", "2020-02-28", id="the 29th is a Saturday"),
    ],
)
def test_where_windows_start_and_end(day, window, start, end):
    (event,) = event_study([date.fromisoformat(day)], steady("A", 0.01), steady("B", 0.0), window, FAR).values
    assert (event.start.isoformat(), event.end.isoformat()) == (start, end)


def test_a_session_without_a_row_is_counted_all_the_same():
    """The horizon counts sessions of the exchange: rows missing inside the window do not push its end out."""
    holes = SESSIONS[~np.isin(SESSIONS, as_days([date(2019, 8, 5), date(2019, 8, 6)]))]
    whole = event_study([date(2019, 7, 31)], steady("A", 0.01), steady("B", 0.0), Window(10), FAR)
    holed = event_study([date(2019, 7, 31)], steady("A", 0.01, holes), steady("B", 0.0), Window(10), FAR)
    assert holed == whole


@pytest.mark.parametrize(
    ("lost", "as_of", "reason"),
    [
        pytest.param("2019-08-14", FAR, "A (total return) has no value on 2019-08-14", id="no price at the end"),
        pytest.param("2019-07-31", FAR, "A (total return) has no value on 2019-07-31", id="no price at the base"),
        pytest.param(None, date(2019, 8, 13), "window ends 2019-08-14, after 2019-08-13", id="not complete yet"),
    ],
)
def test_an_event_without_a_value_says_why(lost, as_of, reason):
    dates = SESSIONS if lost is None else SESSIONS[np.datetime64(lost) != SESSIONS]
    study = event_study([date(2019, 7, 31)], steady("A", 0.01, dates), steady("B", 0.0), Window(10), as_of)
    assert study.values == ()
    assert study.absent == (Absence(date(2019, 7, 31), reason),)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2018-09-18", "B (total return) has no value on 2018-09-18: it begins 2019-01-02"),
        ("2022-03-16", "B (total return) has no value on 2022-03-16: it ends 2021-12-31"),
    ],
)
def test_an_event_outside_a_series_names_its_bounds(day, reason):
    calendar = sessions_between(date(2018, 1, 1), date(2023, 1, 1))
    longer = series("A", Measure.TOTAL_RETURN, calendar, np.ones(len(calendar)))
    (absence,) = event_study([date.fromisoformat(day)], longer, steady("B", 0.0), Window(5), FAR).absent
    assert absence.reason == reason


def test_monthly_returns_are_compounded_from_the_month_after_the_event():
    returns = np.full(len(MONTHS), 0.5)
    returns[7:10] = [0.10, -0.20, 0.05]  # August to October 2019
    study = event_study([date(2019, 7, 31)], monthly(returns.tolist()), None, Window(3, "months"), FAR)
    assert study.values == (
        EventValue(date(2019, 7, 31), pytest.approx(1.10 * 0.80 * 1.05 - 1), date(2019, 7, 31), date(2019, 10, 31)),
    )


def test_a_month_that_is_missing_makes_the_event_absent():
    dates = MONTHS[np.datetime64("2019-09-30") != MONTHS]
    (absence,) = event_study(
        [date(2019, 7, 2)], monthly([0.01] * len(dates), dates), None, Window(3, "months"), FAR
    ).absent
    assert absence.reason == "factor (period return) has no value for 2019-09"


def test_no_events_give_an_empty_study():
    assert event_study([], steady("A", 0.01), None, Window(5), FAR).values == ()


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2019-03-29", 1, "2019-04-30"),  # the last session of a month to the last of another
        ("2019-03-29", 12, "2020-03-31"),
        ("2019-03-28", 1, "2019-04-26"),
        ("2019-07-31", 3, "2019-10-31"),
    ],
)
def test_months_begin_and_end_alike(start, months, end):
    window = Window(months, "months")
    (event,) = event_study([date.fromisoformat(start)], steady("A", 0.01), None, window, FAR).values
    assert (str(event.start), str(event.end)) == (start, end)


def test_every_window_ends_by_the_day():
    as_of, horizon = date(2020, 12, 31), 21
    calendar = sessions_between(date(2019, 1, 1), as_of)
    values = every_window(steady("A", 0.01), None, Window(horizon), as_of).values
    assert len(values) == len(calendar) - horizon
    assert values == pytest.approx(1.01**horizon - 1)


def test_every_window_of_monthly_returns():
    values = every_window(monthly([0.01] * 24), None, Window(3, "months"), FAR).values
    assert len(values) == 24 - 3
    assert values == pytest.approx(1.01**3 - 1)


@given(
    offset=st.integers(0, 400),
    horizon=st.integers(1, 250),
    long=st.floats(-0.01, 0.01),
    short=st.floats(-0.01, 0.01),
)
def test_swapping_the_sides_turns_the_sign(offset, horizon, long, short):
    day = [SESSIONS[offset].astype(object)]
    a, b = steady("A", long), steady("B", short)
    there = event_study(day, a, b, Window(horizon), FAR).values[0].value
    back = event_study(day, b, a, Window(horizon), FAR).values[0].value
    assert there == pytest.approx(-back, abs=1e-12)


@given(st.integers(1, 300), st.floats(0.1, 10))
def test_the_base_of_a_price_does_not_matter(horizon, factor):
    one = steady("A", 0.003)
    scaled = series("A", Measure.TOTAL_RETURN, one.dates, one.values * factor)
    starts, ends = SESSIONS[:100], SESSIONS[horizon : horizon + 100]
    assert window_returns(scaled, starts, ends) == pytest.approx(window_returns(one, starts, ends))


@given(
    st.lists(st.floats(-0.5, 0.5), min_size=24, max_size=24), st.integers(0, 10), st.integers(1, 6), st.integers(1, 6)
)
def test_compounding_chains(values, first, one, two):
    factor = monthly(values)
    a, b, c = MONTHS[[first]], MONTHS[[first + one]], MONTHS[[first + one + two]]
    parts = (1 + window_returns(factor, a, b)) * (1 + window_returns(factor, b, c)) - 1
    assert relative_returns(factor, None, a, c) == pytest.approx(parts, abs=1e-12)


@given(st.dates(date(2019, 2, 1), date(2021, 6, 1)), st.integers(1, 60), st.integers(0, 120))
def test_nothing_after_the_day_matters(day, horizon, age):
    """A value measured as of a day stands for good, and rests on prices up to that day only."""
    as_of = day + timedelta(days=age)
    a, b = steady("A", 0.01), steady("B", 0.002)
    cut = [
        series(
            s.ref.id,
            s.ref.measure,
            s.dates[s.dates <= np.datetime64(as_of)],
            s.values[: (s.dates <= np.datetime64(as_of)).sum()],
        )
        for s in (a, b)
    ]
    assert event_study([day], a, b, Window(horizon), as_of) == event_study([day], *cut, Window(horizon), as_of)


@pytest.mark.shared(twin="tests/markets/test_eventstudy.py::test_the_value_is_the_difference_of_simple_returns")
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2001-01-03", 0.0596), ("2019-07-31", -0.0188), ("2007-09-18", -0.0366), ("2024-09-18", -0.0200)],
)
def test_small_against_large_by_hand(market_book, day, expected):
    iwm, spy = (market_book.get(SeriesRef(symbol, Measure.TOTAL_RETURN)) for symbol in ("IWM", "SPY"))
    (event,) = event_study([date.fromisoformat(day)], iwm, spy, Window(63), date(2026, 8, 20)).values
    assert event.value == pytest.approx(expected, abs=5e-5)
