from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.markets.events.fed_decisions import LAST_CHANGE_BEFORE, list_decisions
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import as_days, end_of_day, is_session, sessions_between
from groundswell.model import Measure

from ..series import make_series

FRIDAY = 4
DAYS = sessions_between(date(2017, 1, 3), date(2020, 12, 31))


def made(name: str, measure: Measure, values: np.ndarray, delay: int = 21) -> SeriesBook:
    return SeriesBook.of([make_series(name, DAYS, values, measure, delay)])


def dates(name: str, book: SeriesBook, as_of: date = date(2020, 12, 31)) -> list[str]:
    return [str(event.date) for event in EVENT_LISTS[name].find(as_of, book.known_by(end_of_day(as_of)))]


def level(*changes: tuple[str, float], start: float = 100.0) -> np.ndarray:
    """A constant that changes on days."""
    values = np.full(len(DAYS), start)
    for day, value in changes:
        values[np.datetime64(day) <= DAYS] = value
    return values


class TestPricedIn:
    """The target range stood at 2.25 to 2.50 % from 2018-12-19 to 2019-07-31: its middle is 2.375 %."""

    @pytest.mark.parametrize(
        ("below", "expected"),
        [
            pytest.param([("2019-05-01", 2.125)], ["2019-05-08"], id="fifth yield of the 7th, published on the 8th"),
            pytest.param([("2019-05-01", 2.126)], [], id="not quite a quarter point"),
            pytest.param([("2019-05-01", 2.0), ("2019-05-07", 2.4)], [], id="four days only"),
            pytest.param(
                [("2019-05-01", 2.0), ("2019-05-07", 2.4), ("2019-06-03", 2.0), ("2019-07-01", 2.4), ("2019-07-10", 2)],
                ["2019-06-10"],
                id="one a cycle, known of a Friday on Monday",
            ),
            pytest.param([("2019-08-01", 1.0)], [], id="none after the cut"),
        ],
    )
    def test_when_it_came_to_be_priced_in(self, below, expected):
        book = made("DGS2", Measure.RATE, level(*below, start=2.8), 45)
        assert dates("priced_in_pivots", book) == expected

    def test_it_is_known_on_the_day_of_the_event_and_not_before(self):
        book = made("DGS2", Measure.RATE, level(("2019-05-01", 2.0), start=2.8), 45)
        assert dates("priced_in_pivots", book, date(2019, 5, 7)) == []
        assert dates("priced_in_pivots", book, date(2019, 5, 8)) == ["2019-05-08"]

    def test_a_publication_on_a_weekend_is_no_event_day(self):
        """The fifth yield is that of Friday, 7 June 2019: it counts as published on Saturday."""
        book = made("DGS2", Measure.RATE, level(("2019-06-03", 2.0), start=2.8), 45)
        assert dates("priced_in_pivots", book, date(2019, 6, 9)) == []
        assert dates("priced_in_pivots", book, date(2019, 6, 10)) == ["2019-06-10"]

    def test_before_the_table_there_is_none(self):
        book = made("DGS2", Measure.RATE, level(start=2.8))
        assert EVENT_LISTS["priced_in_pivots"].find(date(1990, 1, 1), book) == ()


@pytest.mark.parametrize(
    ("name", "book", "expected"),
    [
        (
            "spread_widenings",
            made(
                "BAMLH0A0HYM2",
                Measure.RATE,
                level(("2018-02-01", 4.0), ("2018-06-01", 3.5), ("2019-01-02", 4.49), ("2020-03-02", 6.0), start=3.0),
                45,
            ),
            ["2018-02-02", "2020-03-03"],
        ),
        (
            "fast_rises",
            made(
                "DGS2",
                Measure.RATE,
                level(("2018-02-01", 1.5), ("2018-09-04", 1.4), ("2019-06-03", 1.89), ("2020-03-02", 2.39), start=1.0),
                45,
            ),
            ["2018-02-02", "2020-03-03"],
        ),
        (
            "fast_rises_month",
            made(
                "DGS2",
                Measure.RATE,
                level(("2018-02-01", 1.25), ("2018-06-01", 1.2), ("2018-06-08", 1.44), ("2020-03-02", 1.7), start=1.0),
                45,
            ),
            ["2018-02-02", "2020-03-03"],
        ),
        (
            "corrections",
            made(
                "^GSPC",
                Measure.PRICE,
                level(("2018-06-01", 90.0), ("2018-07-02", 80.0), ("2019-01-02", 101.0), ("2020-03-02", 90.9)),
            ),
            ["2018-06-01", "2020-03-02"],
        ),
        (
            "vix_above_40",
            made("^VIX", Measure.PRICE, level(("2018-02-05", 41), ("2018-03-01", 20), ("2018-05-01", 45), start=15)),
            ["2018-02-05"],
        ),
    ],
)
def test_rules_on_prices_and_spreads(name, book, expected):
    assert dates(name, book) == expected


def test_sell_off_days_need_both_the_fall_and_the_fear():
    index = made("^GSPC", Measure.PRICE, level(("2018-02-05", 96.0), ("2019-03-04", 93.0), ("2020-03-09", 85.0)))
    vix = made("^VIX", Measure.PRICE, level(("2019-03-04", 31.0), start=20.0))
    both = SeriesBook.of([*index, *vix])
    assert dates("sell_off_days", both) == ["2019-03-04", "2020-03-09"]
    assert dates("sell_off_days", index) == []


def test_years_end_on_their_last_session_once_they_are_over():
    lasts = [event.date for event in EVENT_LISTS["year_ends"].find(date(2023, 12, 31))]
    assert (lasts[0], lasts[-1]) == (date(1926, 12, 31), date(2022, 12, 30))
    assert EVENT_LISTS["year_ends"].find(date(1926, 5, 1)) == ()


def test_too_short_a_record_has_no_corrections():
    short = made("^GSPC", Measure.PRICE, level()).known_by(end_of_day(date(2017, 6, 1)))
    assert EVENT_LISTS["corrections"].find(date(2017, 6, 1), short) == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("first_rises", ["1994-02-04", "1997-03-25", "1999-06-30", "2004-06-30", "2015-12-16", "2022-03-16"]),
        ("resumed_cuts", ["1995-12-19", "2002-11-06", "2003-06-25", "2008-10-08", "2020-03-03", "2025-09-17"]),
    ],
)
def test_policy_events(name, expected):
    assert [str(event.date) for event in EVENT_LISTS[name].find(date(2026, 8, 20))] == expected


@pytest.mark.parametrize(("name", "last"), [("rise_pauses", "2023-09-20"), ("cut_pauses", "2026-01-28")])
def test_pauses(name, last):
    events = EVENT_LISTS[name].find(date(2026, 8, 20))
    assert str(events[-1].date) == last
    assert all(event.scheduled for event in events)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([name for name, events in EVENT_LISTS.items() if events.needs]),
    st.integers(0, 400),
    st.dates(date(2017, 6, 1), date(2020, 6, 1)),
    st.integers(1, 200),
)
def test_time_only_adds_events_found_in_prices(name, seed, as_of, later):
    """No look-ahead: the events known on a day are a beginning of those known later."""
    rng = np.random.default_rng(seed)
    book = SeriesBook.of(
        [
            *made("DGS2", Measure.RATE, 2.4 + np.cumsum(rng.normal(0, 0.08, len(DAYS))), 45),
            *made("BAMLH0A0HYM2", Measure.RATE, 4.0 + np.cumsum(rng.normal(0, 0.15, len(DAYS))), 45),
            *made("^GSPC", Measure.PRICE, np.exp(np.cumsum(rng.normal(0, 0.02, len(DAYS))))),
            *made("^VIX", Measure.PRICE, 35.0 + np.cumsum(rng.normal(0, 3.0, len(DAYS)))),
        ]
    )
    assert is_session(as_days([event.date for event in EVENT_LISTS[name].find(as_of, book)])).all()
    early, late = dates(name, book, as_of), dates(name, book, as_of + timedelta(days=later))
    assert late[: len(early)] == early
    assert all(day > str(as_of) for day in late[len(early) :])


@pytest.mark.shared(twin="tests/markets/test_market_events.py::TestPricedIn::test_when_it_came_to_be_priced_in")
def test_when_cuts_came_to_be_priced_in(market_book):
    assert dates("priced_in_pivots", market_book, date(2026, 8, 20)) == [
        "1995-06-08", "1998-08-28", "2000-08-09", "2006-08-04", "2019-06-04", "2023-03-20",
    ]  # fmt: skip


def test_a_year_end_is_listed_once_the_year_is_over_and_known_by_the_calendar():
    find = EVENT_LISTS["year_ends"].find
    assert find(date(2000, 12, 31))[-1].date == date(1999, 12, 31)
    last = find(date(2001, 1, 1))[-1]
    assert (last.date, last.known) == (date(2000, 12, 29), date(2000, 12, 29))


def test_no_event_is_on_a_weekend_but_decisions(each_book):
    """Agencies publish on holidays of the exchange, as the jobs report on Good Friday, and never on a weekend."""
    decided = {decision.announced for decision in list_decisions(date(2026, 8, 20), each_book)}
    events = {event.date for events in EVENT_LISTS.values() for event in events.find(date(2026, 8, 20), each_book)}
    assert len(events) > 100
    assert {day for day in events - decided if day.weekday() > FRIDAY} == set()


def test_the_first_rise_of_the_table_follows_a_cut():
    first = EVENT_LISTS["first_rises"].find(date(1994, 2, 4))
    assert [str(event.date) for event in first] == ["1994-02-04"]
    assert list_decisions(date(1994, 2, 4))[0].upper - list_decisions(date(1994, 2, 4))[0].change_bp / 100 == 3.0
    assert LAST_CHANGE_BEFORE.upper == 3.0
