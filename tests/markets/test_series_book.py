from __future__ import annotations

import weakref
from datetime import UTC, datetime

import numpy as np

from groundswell.markets.series.book import SeriesBook, remember_by_book
from groundswell.model import Frequency, Measure, Series, SeriesRef

REF = SeriesRef("IWM", Measure.TOTAL_RETURN)


def series(ref: SeriesRef, days: list[str]) -> Series:
    dates = np.array(days, dtype="datetime64[D]")
    closes = dates.astype("datetime64[s]") + np.timedelta64(21, "h")
    return Series(ref, Frequency.DAILY, "a table", dates, np.arange(1.0, len(days) + 1), closes)


def test_a_series_is_found_by_its_symbol_and_measure():
    book = SeriesBook.of([series(REF, ["2024-01-02"]), series(SeriesRef("SPY", Measure.PRICE), [])])
    assert book.get(REF) is next(iter(book))
    assert book.get(SeriesRef("IWM", Measure.PRICE)) is None
    assert book.get(SeriesRef("SPY", Measure.PRICE)) is None, "an empty series is none"
    assert len(book) == 1


def test_the_last_of_two_with_one_name_counts():
    book = SeriesBook.of([series(REF, ["2024-01-02"]), series(REF, ["2024-01-02", "2024-01-03"])])
    assert [len(one) for one in book] == [2]


def test_a_book_as_of_an_instant_holds_only_what_was_known():
    book = SeriesBook.of(
        [series(REF, ["2024-01-02", "2024-01-03"]), series(SeriesRef("SPY", Measure.PRICE), ["2024-01-03"])]
    )
    before_close = book.known_by(datetime(2024, 1, 3, 20, tzinfo=UTC))
    assert [one.dates.astype(str).tolist() for one in before_close] == [["2024-01-02"]]
    assert len(book.known_by(datetime(2024, 1, 4, tzinfo=UTC))) == 2


def test_a_series_has_a_value_on_its_own_days_only():
    days = np.array(["2024-01-01", "2024-01-03", "2024-01-04", "2024-01-05"], dtype="datetime64[D]")
    values = series(REF, ["2024-01-03", "2024-01-04"]).at(days)
    assert np.isnan(values).tolist() == [True, False, False, True]
    assert values[1:3].tolist() == [1.0, 2.0]


def test_an_empty_series_has_no_value_on_any_day():
    days = np.array(["2024-01-03"], dtype="datetime64[D]")
    assert np.isnan(series(REF, []).at(days)).tolist() == [True]


def test_an_answer_is_computed_once_a_book_and_goes_with_it():
    asked = []

    @remember_by_book
    def count(book: SeriesBook, day: int) -> int:
        asked.append((len(book), day))
        return len(book) + day

    first, second = SeriesBook.of(()), SeriesBook.of(())
    assert [count(first, 1), count(first, 1), count(first, 2), count(second, 1)] == [1, 1, 2, 1]
    assert asked == [(0, 1), (0, 2), (0, 1)]
    left = weakref.ref(first)
    del first
    assert left() is None, "what is remembered keeps no book alive"
    assert [count(second, day) for day in range(1000)] == list(range(1000))
