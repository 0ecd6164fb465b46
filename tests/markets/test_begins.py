"""Where series ought to begin: one table with a source in each row, and one rule for files and services."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from groundswell.markets.quality.short_span import list_short_series
from groundswell.markets.series.begins import (
    MAX_DELAY,
    begins_too_late,
    declared_begin,
    first_served,
    is_served_short,
    read_table,
)
from groundswell.markets.series.calendar import is_session
from groundswell.model import Action, Frequency, IssueKind, Measure, Series, SeriesRef

SPREAD = SeriesRef("BAMLH0A0HYM2", Measure.RATE)


def test_every_row_has_its_source_and_a_session_of_its_own():
    for row in read_table().values():
        assert row.source, row
        assert row.address.startswith("https://") or row.begins is None, row
        assert row.begins or row.served_from, row
        assert row.served_from is None or row.begins is None or row.served_from > row.begins, row
        days = np.array(
            [day for day in (row.begins, row.served_from) if day and day.year > 1962], dtype="datetime64[D]"
        )
        assert is_session(days).all(), row


def test_the_first_day_of_the_baa_spread_is_one_for_files_and_services():
    baa = SeriesRef("BAA10Y", Measure.RATE)
    assert declared_begin(baa) == first_served(baa) == date(1986, 1, 2)


def test_a_service_may_begin_where_its_own_publication_does():
    yields = SeriesRef("DGS10", Measure.RATE)
    assert declared_begin(yields) == date(1962, 1, 2)
    assert not is_served_short(yields, date(1990, 1, 2))
    assert is_served_short(yields, date(2006, 2, 9))
    assert declared_begin(SeriesRef("^GSPC", Measure.PRICE)) is None
    assert is_served_short(SeriesRef("^GSPC", Measure.PRICE), date(2016, 1, 4))


@pytest.mark.parametrize(
    ("symbol", "first"),
    [
        ("SPY", date(1993, 1, 29)),
        ("IWM", date(2000, 5, 26)),
        ("IEF", date(2002, 7, 30)),
        ("RSP", date(2003, 5, 1)),
        ("XBI", date(2006, 2, 6)),
        ("KRE", date(2006, 6, 22)),
        ("HYG", date(2007, 4, 11)),
    ],
)
def test_the_first_price_of_a_fund_comes_days_after_its_inception(symbol, first):
    for measure in (Measure.PRICE, Measure.TOTAL_RETURN):
        assert not is_served_short(SeriesRef(symbol, measure), first)
        assert is_served_short(SeriesRef(symbol, measure), first + MAX_DELAY + timedelta(days=1))


def test_the_delay_is_counted_in_days_and_the_last_one_is_within_it():
    needed = date(1996, 12, 31)
    assert not begins_too_late(needed + MAX_DELAY, needed)
    assert begins_too_late(needed + MAX_DELAY + timedelta(days=1), needed)
    assert not begins_too_late(date(1927, 12, 30), needed)
    assert not begins_too_late(needed, date.max)


def test_of_a_series_that_is_not_in_the_table_nothing_is_claimed():
    for ref in (SeriesRef("OWN", Measure.PRICE), SeriesRef("SPY", Measure.PERIOD_RETURN)):
        assert (declared_begin(ref), is_served_short(ref, date(2025, 1, 2))) == (None, False)


def test_a_short_series_is_marked_and_does_not_withhold_by_itself():
    days = np.array(["2023-08-21", "2023-08-22"], dtype="datetime64[D]")
    short = Series(SPREAD, Frequency.DAILY, "FRED", days, np.array([3.9, 4.0]), days.astype("datetime64[s]"))
    (issue,) = list_short_series([short])
    assert (issue.kind, issue.action) == (IssueKind.SERVED_SHORT, Action.KEPT)
    assert (issue.first, issue.last) == (date(1996, 12, 31), date(2023, 8, 20))
