from __future__ import annotations

import importlib.util
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.series.calendar import (
    LAST,
    add_months,
    as_days,
    end_of_day,
    is_session,
    month_end,
    on_or_after,
    on_or_before,
    sessions_between,
    shift_sessions,
)
from groundswell.model import Measure, SeriesRef

days = st.dates(date(1930, 1, 1), date(2045, 12, 31))


@pytest.mark.parametrize(
    ("day", "after", "before"),
    [
        pytest.param("2020-03-15", "2020-03-16", "2020-03-13", id="Sunday"),
        pytest.param("2001-09-12", "2001-09-17", "2001-09-10", id="closed after the attacks"),
        pytest.param("2024-12-25", "2024-12-26", "2024-12-24", id="holiday"),
        pytest.param("2019-07-31", "2019-07-31", "2019-07-31", id="a session is its own"),
    ],
)
def test_the_session_that_a_day_belongs_to(day, after, before):
    assert on_or_after(as_days(date.fromisoformat(day))).astype(str).tolist() == [after]
    assert on_or_before(as_days(date.fromisoformat(day))).astype(str).tolist() == [before]


def test_sessions_are_counted_on_the_calendar_of_the_exchange():
    assert shift_sessions(as_days(date(2001, 1, 3)), 63).tolist() == [date(2001, 4, 4)]
    assert shift_sessions(as_days(date(2001, 9, 10)), 1).tolist() == [date(2001, 9, 17)]
    assert len(sessions_between(date(2024, 1, 1), date(2024, 12, 31))) == 252


@given(days, st.integers(-500, 500))
def test_shifting_there_and_back_is_no_shift(day, count):
    session = on_or_after(as_days(day))
    assert (shift_sessions(shift_sessions(session, count), -count) == session).all()


@given(days)
def test_no_session_lies_between_a_day_and_its_session(day):
    (after,) = on_or_after(as_days(day)).tolist()
    assert sessions_between(day, after).tolist() == [after]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2019-11-30", 3, "2020-02-29"),
        ("2024-08-31", 1, "2024-09-30"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2001-01-03", 12, "2002-01-03"),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last(day, count, expected):
    assert add_months(as_days(date.fromisoformat(day)), count).astype(str).tolist() == [expected]


def test_month_end_of_days_and_of_months():
    assert month_end(as_days([date(2024, 2, 1), date(2024, 12, 31)])).astype(str).tolist() == [
        "2024-02-29",
        "2024-12-31",
    ]
    assert month_end(np.array(["2023-02"], dtype="datetime64[M]")).astype(str).tolist() == ["2023-02-28"]


def test_a_day_that_is_no_session_cannot_be_shifted():
    with pytest.raises(ValueError, match="not all of these are sessions"):
        shift_sessions(as_days(date(2020, 3, 15)), 1)


@pytest.mark.parametrize("count", [-5, 40_000])
def test_the_calendar_says_where_it_ends(count):
    with pytest.raises(ValueError, match="1926-01-01 to 2050-12-31"):
        shift_sessions(sessions_between(date(1926, 1, 1), date(1926, 1, 5))[:1], count)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2019, 8, 1), datetime(2019, 8, 2, tzinfo=UTC)), (date.max, datetime(9999, 12, 31, tzinfo=UTC))],
)
def test_a_day_ends_at_midnight_after_it(day, expected):
    assert end_of_day(day) == expected


@pytest.fixture(scope="module")
def generator():
    path = Path(__file__).parents[2] / "tools" / "closures.py"
    spec = importlib.util.spec_from_file_location("closures", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_closures_is_what_its_generator_writes(generator):
    pytest.importorskip("exchange_calendars")
    table = files("groundswell.markets.series").joinpath("closures.csv").read_text(encoding="utf-8")
    assert table == generator.write_table(generator.closures())


def test_the_calendar_agrees_with_the_library_from_1970(generator):
    pytest.importorskip("exchange_calendars")
    weekdays = np.arange(np.datetime64("1970-01-01"), np.datetime64(LAST, "D") + 1)
    weekdays = weekdays[np.is_busday(weekdays)]
    closed = np.array(sorted(generator.library_closures()), dtype="datetime64[D]")
    assert (sessions_between(date(1970, 1, 1), LAST) == np.setdiff1d(weekdays, closed)).all()


def test_a_table_that_differs_from_its_generator_is_reported(generator, tmp_path, monkeypatch, capsys):
    pytest.importorskip("exchange_calendars")
    monkeypatch.setattr(generator, "TABLE", tmp_path / "closures.csv")
    generator.TABLE.write_text("closed\n2024-12-25\n", encoding="utf-8")
    assert generator.main(["--check"]) == 1
    assert "differs" in capsys.readouterr().out
    assert generator.main([]) == 0
    assert generator.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("day", "traded"),
    [
        pytest.param(date(1953, 2, 12), False, id="Lincoln's birthday, a holiday until 1953"),
        pytest.param(date(1954, 2, 12), True, id="and none after"),
        pytest.param(date(1954, 4, 16), False, id="Good Friday"),
        pytest.param(date(1960, 11, 8), False, id="election day"),
        pytest.param(date(1963, 11, 25), False, id="a day of mourning"),
        pytest.param(date(1965, 7, 5), False, id="a holiday on a Sunday is kept on Monday"),
        pytest.param(date(1959, 5, 29), True, id="a holiday on a Saturday shut no Friday yet"),
        pytest.param(date(1959, 7, 3), False, id="and did from July 1959"),
        pytest.param(date(1969, 11, 4), True, id="an election without a president no longer shut the exchange"),
    ],
)
def test_the_calendar_is_right_before_the_library_is(day, traded):
    assert is_session(as_days(day)).tolist() == [traded]


@pytest.mark.shared(twin="tests/markets/test_calendar.py::test_the_calendar_agrees_with_the_library_from_1970")
def test_an_index_has_a_value_on_each_session_since_1950(market_book):
    index = market_book.get(SeriesRef("^GSPC", Measure.PRICE))
    assert (index.dates == sessions_between(index.dates[0].item(), index.dates[-1].item())).all()


def test_days_outside_the_calendar_are_no_sessions():
    days = np.array(
        ["1900-01-02", "1925-12-31", "2024-01-01", "2024-01-02", "2050-12-30", "2051-01-03"], "datetime64[D]"
    )
    assert is_session(days).tolist() == [False, False, False, True, True, False]
    calendar = sessions_between(date(1926, 1, 1), date(2050, 12, 31))
    every_day = np.arange(np.datetime64("1925-12-01"), np.datetime64("2051-02-01"))
    assert every_day[is_session(every_day)].tolist() == calendar.tolist()
