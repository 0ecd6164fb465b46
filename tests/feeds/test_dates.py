"""Dates in the formats of feeds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.dates import parse_date

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
    ("Mon, 17 Aug 26 08:30:00 GMT", (2026, 8, 17, 8, 30)),
    ("2026-08-17 08:30:00 UTC", (2026, 8, 17, 8, 30)),
    ("2026-08-17T8:30:00Z", (2026, 8, 17, 8, 30)),
    ("2026-08-17T08:30:00-4:00", (2026, 8, 17, 12, 30)),
    ("2026-08-17T24:00:00Z", (2026, 8, 18, 0, 0)),
    ("Mon, 17 Aug 2026 24:00:00 GMT", (2026, 8, 18, 0, 0)),
    ("1786000000", (2026, 8, 6, 7, 6, 40)),
    ("1786000000000", (2026, 8, 6, 7, 6, 40)),
    ("17/08/2026 08:30", (2026, 8, 17, 8, 30)),
    ("8/17/2026 8:30:00 PM", (2026, 8, 17, 20, 30)),
    ("3/4/2026 08:30", (2026, 3, 4, 8, 30)),
    ("3.4.2026 08:30", (2026, 4, 3, 8, 30)),
    ("Mon Aug 17 08:30:00 2026", (2026, 8, 17, 8, 30)),
    ("Mon Aug 17 08:30:00 EDT 2026", (2026, 8, 17, 12, 30)),
    ("Aug 17, 2026 1:55 PM EDT", (2026, 8, 17, 17, 55)),
    ("Aug 17, 2026 12:05 am", (2026, 8, 17, 0, 5)),
    ("August 17, 2026, 12:05 p.m. ET", (2026, 8, 17, 16, 5)),
    ("January 17, 2026 at 1:55 p.m. ET", (2026, 1, 17, 18, 55)),
    ("Mon, 17 Aug 2026 08:30:00 CET", (2026, 8, 17, 7, 30)),
    ("Mon, 17 Aug 2026 08:30:00 BST", (2026, 8, 17, 7, 30)),
    ("Mon, 17 Aug 2026 08:30:00 GMT+0200", (2026, 8, 17, 6, 30)),
    ("Mon, 17 Aug 2026 08:30:00 +02:00", (2026, 8, 17, 6, 30)),
    ("Mon, 17 Aug 2026 08:30:00 UTC-2", (2026, 8, 17, 10, 30)),
    ("Mon, 17 Aug 2026 08:30:00 -0400 (Eastern)", (2026, 8, 17, 12, 30)),
    ("Monday, 17-Aug-2026 08:30:00 GMT", (2026, 8, 17, 8, 30)),
    ("17 Aug, 2026 08:30:00 +0000", (2026, 8, 17, 8, 30)),
    ("Mon,17 Sept 2026 08:30 GMT", (2026, 9, 17, 8, 30)),
    ("Lun, 17 Aug 2026 08:30 GMT", (2026, 8, 17, 8, 30)),
    ("1 Jan 1899 00:00:00 GMT", (1899, 1, 1, 0, 0)),
]
DAYS = [
    "2026-08-17",
    "20260817",
    "Mon, 17 Aug 2026",
    "Monday, August 17, 2026",
    "17 August 2026",
    "8/17/2026",
    "17.8.2026",
    "17-08-2026",
    "2026/8/17",
    "August 17th, 2026",
]
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
    "Mon, 17 Aug 20266 08:30:00 GMT",
    "Mon, 17 Aug 2026 08:30:00 +9999",
    "Mon, 17 Aug 2026 25:00:00 GMT",
    "Mon, 17 Aug 2026 08:61:00 GMT",
    "31/31/2026",
    "1 2 3",
    "Mon, 17 Aug 0026 08:30:00 GMT",
    "9" * 30,
]


@pytest.mark.parametrize(("text", "expected"), INSTANTS)
def test_instants_are_read_in_utc(text, expected):
    when = parse_date(text)
    assert when is not None
    assert (when.at, when.day_only) == (datetime(*expected, tzinfo=UTC), False)


@pytest.mark.parametrize("text", DAYS)
def test_bare_days_are_midnight_and_flagged(text):
    assert parse_date(text) == (datetime(2026, 8, 17, tzinfo=UTC), True)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_no_date(text):
    assert parse_date(text) is None


@given(st.text(max_size=60))
def test_reading_never_raises(text):
    when = parse_date(text)
    assert when is None or when.at.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_iso_instants_come_back(moment):
    assert parse_date(moment.isoformat()) == (moment, False)
