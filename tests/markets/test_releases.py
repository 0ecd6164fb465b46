"""The shipped release days are whole and each has a source; lists and calendars show a day only once it is known."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from importlib.resources import files

import numpy as np
import pytest

from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.events.releases import list_release_days, list_sources
from groundswell.markets.indicators.calendars import CALENDARS
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import Frequency, Series

LATER = date(2027, 6, 30)
STATISTICS = ("cpi", "jobs", "gdp")
UNPUBLISHED = {"cpi": ["2025-10"], "jobs": ["2025-10"], "gdp": []}
DOUBTFUL = {"cpi": ["1998-01"], "jobs": ["1997-06", "1999-12"], "gdp": []}
"""Periods of which two pages of the agency name different days."""


def rows(statistic: str) -> list[dict[str, str]]:
    table = files("groundswell.markets.events").joinpath(f"us_{statistic}_releases.csv")
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


def list_periods(first: str, last: str) -> list[str]:
    years = range(int(first[:4]), int(last[:4]) + 1)
    marks = [f"Q{number}" for number in range(1, 5)] if "Q" in first else [f"-{number:02}" for number in range(1, 13)]
    return [period for year in years for mark in marks if first <= (period := f"{year}{mark}") <= last]


def flags(statistic: str, first: date, days: list[date], last: date, seen: date) -> Series:
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    known = np.full(len(span), np.datetime64(seen, "s"))
    values = np.array([float(day in days) for day in span])
    ref = RELEASE_DAYS.ref(statistic)
    return Series(ref, Frequency.DAILY, "bls", np.array(span, dtype="datetime64[D]"), values, known)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_each_row_has_its_source_and_no_period_is_left_out_without_a_reason(statistic: str) -> None:
    table = rows(statistic)
    days = [date.fromisoformat(row["released"]) for row in table]
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    sources = list_sources()
    for row in table:
        source = sources[row["source"]]
        assert source.address.startswith(("https://www.bls.gov/", "https://www.bea.gov/"))
        assert source.copy.startswith("github.com/")
        assert row["published"] < row["released"]
        # A row needs a day before it on which it was published, or a copy that was made after it.
        assert row["published"] or row["released"] <= source.copied.isoformat()
    periods = [row["period"] for row in table]
    expected = list_periods(periods[0], periods[-1])
    assert periods == [one for one in expected if one not in {*UNPUBLISHED[statistic], *DOUBTFUL[statistic]}]
    lags = [(day - date(int(one[:4]), _month(one), 1)).days for day, one in zip(days, periods, strict=True)]
    assert min(lags) > 0
    assert max(lags) < 120  # the third quarter of 2025 was reported in December, after a closure


def _month(period: str) -> int:
    return int(period[-1]) * 3 if "Q" in period else int(period[-2:])


@pytest.mark.parametrize(
    ("statistic", "period", "day"),
    [
        ("cpi", "2013-09", date(2013, 10, 30)),
        ("cpi", "2025-09", date(2025, 10, 24)),
        ("cpi", "2025-11", date(2025, 12, 18)),
        ("jobs", "2013-09", date(2013, 10, 22)),
        ("jobs", "2025-09", date(2025, 11, 20)),
        ("jobs", "2026-01", date(2026, 2, 11)),
        ("gdp", "2013Q3", date(2013, 11, 7)),
        ("gdp", "2018Q4", date(2019, 2, 28)),
        ("gdp", "2025Q3", date(2025, 12, 23)),
    ],
)
def test_releases_moved_by_closures_of_the_government_have_their_true_day(
    statistic: str, period: str, day: date
) -> None:
    assert [listed.day for listed in list_release_days(statistic, LATER) if listed.period == period] == [day]


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_day_is_visible_from_its_publication_or_from_the_day_itself(statistic: str) -> None:
    for row in rows(statistic):
        day = date.fromisoformat(row["released"])
        first = date.fromisoformat(row["published"] or row["released"])
        visible = [
            day in {listed.day for listed in list_release_days(statistic, as_of)}
            for as_of in (first - timedelta(days=1), first)
        ]
        assert visible == [False, True]


def test_an_event_is_a_release_that_happened_and_no_plan() -> None:
    days = [event.date for event in EVENT_LISTS["cpi_releases"].find(LATER)]
    assert (days[0], days[-1]) == (date(1994, 2, 17), date(2026, 9, 11))
    assert date(2026, 10, 14) in {listed.day for listed in list_release_days("cpi", LATER) if listed.is_planned}
    assert Counter(day.year for day in days)[2025] == 11


def test_the_agency_s_own_calendar_replaces_the_table_where_it_reaches() -> None:
    moved, seen = date(2026, 12, 15), date(2026, 11, 20)
    series = flags("cpi", date(2026, 1, 1), [date(2026, 11, 10), moved], date(2027, 1, 31), seen)
    book = SeriesBook.of([series])
    upcoming = CALENDARS["us-cpi"].list_dates(seen, LATER, book)
    assert [(listed.day, listed.source) for listed in upcoming] == [(moved, "bls")]
    assert CALENDARS["us-cpi"].known_until(seen, book) == moved
    events = EVENT_LISTS["cpi_releases"].find(seen, book)
    assert [event.date for event in events if event.date.year == 2026] == [date(2026, 11, 10)]
    assert events[0].date == date(1994, 2, 17)
    before = seen - timedelta(days=2)
    assert CALENDARS["us-cpi"].known_until(before, book.known_by(end_of_day(before))) == date(2026, 12, 10)


@pytest.mark.parametrize("name", list(CALENDARS))
def test_a_calendar_says_how_far_it_is_known(name: str) -> None:
    calendar, as_of = CALENDARS[name], date(2026, 10, 1)
    known_until = calendar.known_until(as_of)
    assert known_until
    upcoming = calendar.list_dates(as_of, date.max)
    assert upcoming[-1].day == known_until
    assert all(as_of < listed.day for listed in upcoming)
    assert all(listed.source for listed in upcoming)
    every = calendar.list_dates(as_of, date.max, since=date.min)
    assert list(every) == sorted(every, key=lambda listed: listed.day)
    assert every[-len(upcoming) :] == upcoming
    assert calendar.known_until(date(1980, 1, 1)) is None
    assert calendar.list_dates(date(1980, 1, 1), date.max) == ()


def test_the_calendar_of_the_fomc_has_past_and_coming_meetings() -> None:
    days = [listed.day for listed in CALENDARS["fomc"].list_dates(date(2026, 11, 1), date(2026, 12, 31), NOTHING)]
    assert days == [date(2026, 12, 9)]
    past = CALENDARS["fomc"].list_dates(date(2020, 12, 31), date(2020, 12, 31), since=date(2020, 1, 1))
    assert len(past) == 7  # the meeting of March 17-18 was not held, and that of March 15 was unscheduled
