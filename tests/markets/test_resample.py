from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.series.calendar import as_days, sessions_between
from groundswell.markets.series.resample import cut_into_steps
from groundswell.markets.studies.predictive import Ahead, rows_ahead
from groundswell.model import Measure, Series, SeriesRef

from ..series import make_series

SESSIONS = sessions_between(date(2019, 1, 1), date(2020, 12, 31))
RATE, PRICE = Measure.RATE, Measure.TOTAL_RETURN


def series(name: str, measure: Measure, dates: np.ndarray, values: np.ndarray) -> Series:
    return make_series(name, dates, values, measure)


def count(name: str, measure: Measure, dates: np.ndarray = SESSIONS) -> Series:
    """A series that counts the sessions from 100 on."""
    return series(name, measure, dates, 100.0 + np.flatnonzero(np.isin(SESSIONS, dates)))


def without(*days: str) -> np.ndarray:
    return SESSIONS[~np.isin(SESSIONS, np.array(days, dtype="datetime64[D]"))]


def test_prices_give_returns_and_rates_give_differences():
    found = cut_into_steps([count("A", PRICE), count("B", RATE)], "week", date(2019, 2, 2))
    assert found.ends.astype(str).tolist() == ["2019-01-11", "2019-01-18", "2019-01-25", "2019-02-01"]
    assert found.starts.astype(str).tolist()[0] == "2019-01-04"
    assert found.changes[SeriesRef("B", RATE)].tolist() == [5.0, 5.0, 4.0, 5.0]  # the 21st was a holiday
    assert found.changes[SeriesRef("A", PRICE)][0] == pytest.approx(5 / 102)


@pytest.mark.parametrize(
    ("step", "as_of", "last"),
    [
        ("week", date(2019, 3, 8), "2019-03-01"),  # a Friday: its yields are published on Saturday
        ("week", date(2019, 3, 9), "2019-03-08"),
        ("month", date(2019, 3, 31), "2019-02-28"),
        ("month", date(2019, 4, 1), "2019-03-29"),
        ("day", date(2019, 3, 7), "2019-03-07"),
    ],
)
def test_a_step_counts_once_it_is_complete(step, as_of, last):
    assert str(cut_into_steps([count("A", PRICE)], step, as_of).ends[-1]) == last


def test_a_week_closes_on_the_last_date_that_all_have():
    found = cut_into_steps([count("A", PRICE), count("B", RATE, without("2019-03-08"))], "week", date(2019, 3, 31))
    assert "2019-03-07" in found.ends.astype(str).tolist()


def test_a_step_over_a_week_without_dates_is_left_out():
    gone = [f"2019-03-{day:02d}" for day in range(4, 9)]
    found = cut_into_steps([count("A", PRICE, without(*gone))], "week", date(2019, 3, 31))
    assert [str(end) for end in found.ends if date(2019, 2, 25) < end.astype(object)] == [
        "2019-03-01",
        "2019-03-22",
        "2019-03-29",
    ]


def test_bounds_and_no_dates_at_all():
    found = cut_into_steps([count("A", PRICE)], "week", date(2020, 6, 1), date(2019, 6, 3), date(2019, 6, 30))
    assert [str(found.starts[0]), str(found.ends[-1])] == ["2019-06-07", "2019-06-28"]
    assert len(cut_into_steps([count("A", PRICE)], "week", date(2018, 1, 1))) == 0


def test_windows_of_returns_begin_after_what_they_are_set_against_and_do_not_overlap():
    rows = rows_ahead([count("F", RATE)], [count("A", PRICE)], Ahead(10, 21, 21), date(2020, 12, 31))
    before, after = rows.before, rows.after
    assert (after.starts > before.ends).all()
    assert (after.starts[1:] >= after.ends[:-1]).all()
    assert (before.changes[SeriesRef("F", RATE)] == 10).all()
    at = np.searchsorted(SESSIONS, after.starts)
    assert after.changes[SeriesRef("A", PRICE)] == pytest.approx(21 / (100.0 + at))


def test_a_window_with_a_missing_value_is_left_out():
    whole = rows_ahead([count("F", RATE)], [count("A", PRICE)], Ahead(10, 21, 21), date(2020, 12, 31))
    lost = str(whole.after.ends[3])
    holed = rows_ahead([count("F", RATE)], [count("A", PRICE, without(lost))], Ahead(10, 21, 21), date(2020, 12, 31))
    assert lost not in holed.after.ends.astype(str).tolist()
    assert len(rows_ahead([count("F", RATE)], [count("A", PRICE)], Ahead(10, 21, 21), date(2019, 1, 20)).after) == 0


@given(st.dates(date(2019, 1, 10), date(2020, 12, 30)), st.sampled_from(["day", "week", "month"]))
def test_time_only_adds_steps(as_of, step):
    """No look-ahead: the steps as of a day are a beginning of those of the end, whatever comes later."""
    one, other = count("A", PRICE), count("B", RATE, without("2019-10-14", "2019-11-11"))
    early, late = (cut_into_steps([one, other], step, day) for day in (as_of, date(2020, 12, 31)))
    assert early.ends.tolist() == late.ends[: len(early)].tolist()
    assert (early.ends <= as_days(as_of)).all()
