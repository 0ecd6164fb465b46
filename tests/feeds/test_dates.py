"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.dates import read_date

INSTANTS = [
    ("Mon, 17 Aug 2026 08:30:00 EDT", (2026, 8, 17, 12, 30)),
    ("Mon, 17 Aug 2026 08:30:00 EST", (2026, 8, 17, 13, 30)),
    ("17 Aug 2026 08:30:00 -0700", (2026, 8, 17, 15, 30)),
    ("Mon, 17 Aug 2026 08:30 GMT", (2026, 8, 17, 8, 30)),
    ("Mon, 17 Aug 2026 08:30:00 XYZ", (2026, 8, 17, 8, 30)),
    ("2026-08-17T10:00:00-04:00", (2026, 8, 17, 14, 0)),
    ("2026-08-17T10:00:00", (2026, 8, 17, 10, 0)),
    ("20260817T100000Z", (2026, 8, 17, 10, 0)),
    ("Aug 17, 2026 1:55pm", (2026, 8, 17, 13, 55)),
    ("  Aug 17,\n2026 1:55pm ", (2026, 8, 17, 13, 55)),
    ("1 Jan 1899 00:00:00 GMT", (1899, 1, 1, 0, 0)),
]
DAYS = ["2026-08-17", "20260817", "Mon, 17 Aug 2026", "Monday, August 17, 2026", "17 August 2026"]
NONSENSE = [
    None,
    "",
    "soon",
    "2026",
    "2026-08",
    "2026-W05",
    "2026-13-40",
    "Mon, 99 Aug 2026 08:30:00 EDT",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "x" * 5_000,
]


@pytest.mark.parametrize(("text", "expected"), INSTANTS)
def test_instants_are_read_in_utc(text, expected):
    when = read_date(text)
    assert when is not None
    assert (when.at, when.day_only) == (datetime(*expected, tzinfo=UTC), False)


@pytest.mark.parametrize("text", DAYS)
def test_bare_days_are_midnight_and_flagged(text):
    assert read_date(text) == (datetime(2026, 8, 17, tzinfo=UTC), True)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_no_date(text):
    assert read_date(text) is None


@given(st.text(max_size=60))
def test_reading_never_raises(text):
    when = read_date(text)
    assert when is None or when.at.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_iso_instants_come_back(moment):
    assert read_date(moment.isoformat()) == (moment, False)
