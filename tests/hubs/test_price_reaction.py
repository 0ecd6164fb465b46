"""Prices around a story: of the session that could answer, with nothing from later."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from groundswell.hubs.price_reaction import MAX_INSTRUMENTS_PER_HUB, find_first_session, measure_price_reaction
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day, sessions_between
from groundswell.model import Article, Assignment, Frequency, Measure, Member, Origin, Series, SeriesRef, Story

DAYS = sessions_between(dt.date(2018, 1, 2), dt.date(2019, 8, 30))
WEDNESDAY = dt.date(2019, 7, 31)


def hub(*symbols: str) -> HubSpec:
    instruments = [{"symbol": symbol, "name": f"fund {symbol}", "role": "r"} for symbol in symbols]
    made = {"slug": "h", "title": "H", "summary": "s", "thesis": ["t"], "instruments": instruments}
    return HubSpec.model_validate(made | {"tagging": {"strong": ["x"]}})


def story(at: dt.datetime, day_only: bool = False) -> Story:
    article = Article("a", "f", "Title", "", "Paper", None, at, at, day_only, Origin.LIVE)
    return Story("a", "Title", (Member(article, Assignment("a", "a", True, 1.0, ()), ()),), ())


def series(symbol: str, returns: dict[dt.date, float], measure=Measure.TOTAL_RETURN, last: dt.date | None = None):
    """A series that alternates by a hundredth up and down, save on the days given."""
    days = DAYS if last is None else DAYS[np.datetime64(last) >= DAYS]
    steps = np.where(np.arange(len(days)) % 2, 1.01, 1 / 1.01)
    for day, value in returns.items():
        steps[np.searchsorted(days, np.datetime64(day))] = 1 + value
    known = days.astype("datetime64[s]") + np.timedelta64(21, "h")
    return Series(SeriesRef(symbol, measure), Frequency.DAILY, "a file", days, 100 * np.cumprod(steps), known)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("at", "day_only", "session"),
    [
        (utc(2019, 7, 31, 18, 0), False, dt.date(2019, 7, 31)),  # 14:00 in New York
        (utc(2019, 7, 31, 20, 0), False, dt.date(2019, 8, 1)),  # the close itself: the market answers the next day
        (utc(2019, 1, 9, 20, 59), False, dt.date(2019, 1, 9)),  # in winter the close is at 21:00 UTC
        (utc(2019, 8, 1, 2, 0), False, dt.date(2019, 8, 1)),  # the evening of 31 July in New York
        (utc(2019, 8, 2, 21, 0), False, dt.date(2019, 8, 5)),  # Friday evening: Monday
        (utc(2019, 7, 4, 12, 0), False, dt.date(2019, 7, 5)),  # a holiday
        (utc(2019, 7, 31), True, dt.date(2019, 7, 31)),
        (utc(2019, 8, 3), True, dt.date(2019, 8, 5)),
        (utc(1900, 1, 1), True, None),
        (utc(2050, 12, 31), True, None),
    ],
)
def test_the_session_that_could_answer(at, day_only, session):
    assert find_first_session(story(at, day_only)) == session


def test_returns_are_from_the_close_before():
    book = SeriesBook.of([series("A", {WEDNESDAY: -0.05})])
    found = measure_price_reaction(story(utc(2019, 7, 31, 18, 0)), [hub("A", "B")], book)
    assert found is not None
    assert (found.session, found.missing) == (WEDNESDAY, ("B",))
    (move,) = found.moves
    closes = book.get(SeriesRef("A", Measure.TOTAL_RETURN)).values
    at = int(np.searchsorted(DAYS, np.datetime64(WEDNESDAY)))
    assert move.day == pytest.approx(-0.05)
    assert move.rank == 1.0
    assert move.week == pytest.approx(closes[at + 4] / closes[at - 1] - 1)
    assert move.since == pytest.approx(closes[-1] / closes[at - 1] - 1)
    assert (move.name, move.source, move.last) == ("fund A", "a file", dt.date(2019, 8, 30))


def test_what_came_later_is_not_seen():
    book = SeriesBook.of([series("A", {WEDNESDAY: -0.05})])
    there = story(utc(2019, 7, 31, 18, 0))
    on_the_day = measure_price_reaction(there, [hub("A")], book.known_by(end_of_day(WEDNESDAY)))
    assert on_the_day is not None
    assert [(move.day, move.week, move.since) for move in on_the_day.moves] == [(pytest.approx(-0.05), None, None)]
    before = measure_price_reaction(there, [hub("A")], book.known_by(end_of_day(dt.date(2019, 7, 30))))
    assert before is not None
    assert (before.moves, before.missing) == ((), ("A",))


def test_prices_stand_in_for_total_returns_and_a_short_past_is_not_ranked():
    late = series("A", {}, Measure.PRICE)
    book = SeriesBook.of([late])
    found = measure_price_reaction(story(utc(2018, 2, 1, 18, 0)), [hub("A")], book)
    assert found is not None
    assert [(move.series, move.rank) for move in found.moves] == [("A (price)", None)]


def test_each_instrument_stands_once_and_only_the_first_of_a_hub():
    symbols = [f"S{number}" for number in range(MAX_INSTRUMENTS_PER_HUB + 2)]
    found = measure_price_reaction(story(utc(2019, 7, 31, 18, 0)), [hub(*symbols), hub("S0", "T")], SeriesBook.of([]))
    assert found is not None
    assert found.missing == (*symbols[:MAX_INSTRUMENTS_PER_HUB], "T")
    assert measure_price_reaction(story(utc(2019, 7, 31, 18, 0)), [hub()], SeriesBook.of([])) is None
    assert measure_price_reaction(story(utc(1900, 1, 1)), [hub("A")], SeriesBook.of([])) is None
