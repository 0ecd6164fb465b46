"""The calendars of the agencies: what is read of them, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.sources.services.base import DataService, SeriesRows, UnusableAnswerError
from groundswell.sources.services.macro.bea import Bea
from groundswell.sources.services.macro.bls import Bls

CPI, JOBS, GDP = (RELEASE_DAYS.ref(statistic) for statistic in ("cpi", "jobs", "gdp"))
EASTERN = """BEGIN:VTIMEZONE
TZID:US-Eastern
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZNAME:EDT
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZNAME:EST
END:STANDARD
END:VTIMEZONE
"""
BLS_FORM = "DTSTART;TZID=US-Eastern:{}T083000"


def event(start: str, title: str, *more: str) -> str:
    lines = ("BEGIN:VEVENT", f"UID:{start}{title}", start, "DURATION:PT0M", f"SUMMARY:{title}", *more, "END:VEVENT")
    return "\n".join(lines) + "\n"


def calendar(*events: str) -> bytes:
    parts = ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Agency//EN\nX-WR-TIMEZONE:US-Eastern\n", EASTERN, "\n\n")
    return "".join((*parts, *events, "END:VCALENDAR\n")).replace("\n", "\r\n").encode()


def read(service: DataService, body: bytes, *refs) -> dict:
    (request,) = service.requests(refs, NOTHING, date(2026, 9, 1))
    return {series.ref: series for series in service.read(request, body)}


def releases(series: SeriesRows) -> list[date]:
    return [row.date for row in series.rows if row.value == 1.0]


BLS = Bls(contact="desk@example.org")
MONTH = (
    event(BLS_FORM.format("20260904"), "Employment Situation"),
    event(BLS_FORM.format("20260911"), "Consumer Price Index"),
    event(BLS_FORM.format("20260911"), "Real Earnings"),
    event(BLS_FORM.format("20261002"), "Employment Situation"),
    event(BLS_FORM.format("20261014"), "Consumer Price Index for September 2026"),
    event(BLS_FORM.format("20261020"), "Employment Situation of Veterans"),
)


def test_days_are_flagged_up_to_the_end_of_the_calendar() -> None:
    found = read(BLS, calendar(*MONTH), CPI, JOBS)
    assert releases(found[CPI]) == [date(2026, 9, 11), date(2026, 10, 14)]
    assert releases(found[JOBS]) == [date(2026, 9, 4), date(2026, 10, 2)]
    for series in found.values():
        days = [row.date for row in series.rows]
        assert days[0] == releases(series)[0]
        assert days[-1] == date(2026, 10, 20)
        assert len(days) == (days[-1] - days[0]).days + 1
        assert {row.value for row in series.rows} == {0.0, 1.0}


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART;TZID=US-Eastern:20261210T083000",
        "DTSTART;TZID=America/New_York:20261210T083000",
        "DTSTART:20261210T083000",
        "DTSTART:20261210T133000Z",
        "DTSTART;VALUE=DATE-TIME:20261211T020000Z",  # still the evening before in Washington
        "DTSTART;VALUE=DATE:20261210",
    ],
)
def test_a_day_is_that_in_washington(start: str) -> None:
    assert releases(read(BLS, calendar(event(start, "Consumer Price Index")), CPI)[CPI]) == [date(2026, 12, 10)]


def test_only_first_estimates_of_gdp_count() -> None:
    folded = "Gross Domestic Product\\, 3rd Quarter 2025 (Initial Estimate) and C\n orporate Profits"
    body = calendar(
        event("DTSTART;VALUE=DATE-TIME:20250130T133000Z", "Gross Domestic Product\\, Year 2024 (Advance Estima\n te)"),
        event("DTSTART:20250227T133000Z", "Gross Domestic Product\\, 4th Quarter 2024 (Second Estimate)"),
        event("DTSTART:20250328T140000Z", "Gross Domestic Product by State\\, 4th Quarter 2024 (Advance Estimate)"),
        event("DTSTART:20251223T133000Z", folded),
        event("DTSTART:20260122T133000Z", "Gross Domestic Product\\, 3rd Quarter 2025 (Updated Estimate)"),
        event("DTSTART:20261029T123000Z", "GDP (Advance Estimate)\\, 3rd Quarter 2026"),
        event("DTSTART:20261223T133000Z", "GDP (Third Estimate)\\, 3rd Quarter 2026"),
    )
    assert releases(read(Bea(), body, GDP)[GDP]) == [date(2025, 1, 30), date(2025, 12, 23), date(2026, 10, 29)]


def test_a_cancelled_release_is_none() -> None:
    cancelled = event(BLS_FORM.format("20261113"), "Consumer Price Index", "STATUS:CANCELLED")
    assert releases(read(BLS, calendar(*MONTH, cancelled), CPI)[CPI]) == [date(2026, 9, 11), date(2026, 10, 14)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><title>Access Denied</title>", "web page"),
        (b"released,period\n2026-09-11,2026-08\n", "no calendar"),
        (calendar(*MONTH)[:-400], "cut off"),
        (calendar(), "without events"),
        (calendar(MONTH[0]), "without a release of US.release.cpi"),
        (calendar(*MONTH, event("DTSTART:soon", "Consumer Price Index")), "cannot be read"),
        (calendar(*MONTH, event("X-NO:1", "Consumer Price Index")), "cannot be read"),
        (calendar(*MONTH, event("DTSTART:99991231T083000", "Consumer Price Index")), "cannot be read"),
        (calendar(*MONTH, event("DTSTART:20991231T083000", "Consumer Price Index")), "calendar from 2026-09-11"),
    ],
)
def test_what_is_no_calendar_of_the_releases_is_refused_and_named(body: bytes, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read(BLS, body, CPI)


def test_a_release_that_is_gone_is_reported_and_the_other_is_read() -> None:
    found = read(BLS, calendar(MONTH[1], MONTH[4]), CPI, JOBS)
    assert releases(found[CPI]) == [date(2026, 9, 11), date(2026, 10, 14)]
    assert found[JOBS].rows == ()
    assert found[JOBS].problem == "a calendar without a release of US.release.jobs"


def test_other_events_without_a_day_do_no_harm() -> None:
    assert releases(read(BLS, calendar(*MONTH, event("DTSTART:soon", "Real Earnings")), CPI)[CPI])


def test_the_bureau_is_asked_only_with_a_contact() -> None:
    assert "contact" in Bls().unavailable
    assert not BLS.unavailable
    assert not Bea().unavailable
