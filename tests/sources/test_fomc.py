"""Pages of the Federal Reserve Board in their true form: the calendar of meetings, and statements of both layouts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from groundswell.markets.events.fed import find_first_rises
from groundswell.markets.events.fed_decisions import LOWER, UPPER, list_decisions, table_ends
from groundswell.markets.indicators.policy_path import MEETING, list_meetings
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.services.base import Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.macro.fomc import Fomc
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.vintages import join_observations

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


def meeting(month: str, days: str) -> str:
    return (
        f'<div class="row fomc-meeting"><div class="fomc-meeting__month col-md-2"><strong>{month}</strong></div>\n'
        f'  <div class="fomc-meeting__date col-lg-1">{days}</div>\n'
        '  <div>Minutes: <a href="/fomcminutes20260318.htm">HTML</a> (Released April 08, 2026)</div></div>'
    )


def panel(year: int, *listed: tuple[str, str]) -> str:
    heading = f'<div class="panel-heading"><h4><a id="42828">{year} FOMC Meetings</a></h4></div>'
    return f'<div class="panel panel-default">{heading}{"".join(meeting(*one) for one in listed)}</div>'


CALENDAR = (
    "<html><body>"
    + panel(2026, ("March", "17-18*"), ("April/May", "30-1"), ("August", "22 (notation vote)"), ("December", "8–9*"))
    + panel(2025, ("October", "9 (unscheduled)"), ("December", "3"))
    + "</body></html>"
)


def statement(words: str) -> str:
    return f'<html><div id="article"><p>Recent indicators …</p><p>{words}</p></div></html>'


OLD = statement(
    "In support of its goals, the Committee decided to lower the target range for the federal funds rate by 1/4 "
    "percentage point to 3‑1/2 to 3‑3/4 percent. Voting against this action were X, who preferred to lower the target "
    "range for the federal funds rate by 1/2 percentage point to 3-1/4 to 3-1/2 percent."
)
NEW = statement(
    "The Federal Open Market Committee approved the following statement for release by a 9 — 3 vote:</p><p>The "
    "Committee decided to <b>maintain</b> the target range for the federal funds rate at 3–1/2 to 3–3/4&nbsp;percent."
)


def read(page: str, refs: tuple[SeriesRef, ...], day: str = "20260916") -> dict[SeriesRef, SeriesRows]:
    address = f"https://fed.example/newsevents/pressreleases/monetary{day}a.htm"
    return {one.ref: one for one in Fomc().read(Request(address, refs), page.encode())}


def test_the_calendar_tells_the_day_on_which_each_meeting_decides() -> None:
    rows = {row.date: row.value for row in read(CALENDAR, (MEETING,))[MEETING].rows}
    assert len(rows) == 24
    assert {day: value for day, value in rows.items() if value} == {
        date(2025, 12, 1): 3,
        date(2026, 3, 1): 18,
        date(2026, 5, 1): 1,
        date(2026, 12, 1): 9,
    }


@pytest.mark.parametrize(
    ("page", "ends"),
    [
        (OLD, (3.5, 3.75)),
        (NEW, (3.5, 3.75)),
        (statement("the Committee decided to raise the target range for the federal funds rate to 4 to 4-1/4 percent"),
         (4.0, 4.25)),
        (statement("the Committee decided to lower the target range for the federal funds rate to 0 to 1/4 percent"),
         (0.0, 0.25)),
        (statement("the Committee decided today to raise the target range for the federal funds rate by 3/4 percentage "
                   "point, to 2‑1/4 to 2‑1/2 percent"), (2.25, 2.5)),
        (statement("the Committee today decided to keep the target range for the federal funds rate unchanged at 1/4 "
                   "to 1/2 percent"), (0.25, 0.5)),
        (statement("the Committee decided to establish a target range for the federal funds rate of 0 to 1/4 percent"),
         (0.0, 0.25)),
        (statement("The Committee will maintain the target range for the federal funds rate at 0 to 1/4 percent"),
         (0.0, 0.25)),
    ],
)  # fmt: skip
def test_a_statement_tells_its_range(page: str, ends: tuple[float, float]) -> None:
    found = read(page, (LOWER, UPPER))
    assert (found[LOWER].rows[0].value, found[UPPER].rows[0].value) == ends
    assert found[UPPER].rows[0].date == date(2026, 9, 16)
    assert found[UPPER].rows[0].known_at == datetime(2026, 9, 16, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("page", "refs", "words"),
    [
        ("<html>busy</html>", (MEETING,), "without meetings"),
        ("", (UPPER,), "without a decision"),
        (statement("who preferred to lower the target range for the federal funds rate to 3 to 4 percent"), (UPPER,),
         "without a decision"),
        (statement("the Committee decided to lower the target range for the federal funds rate to 3 to 5 percent"),
         (UPPER,), "range 3 to 5"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_or_statement_is_told(page: str, refs: tuple[SeriesRef, ...], words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read(page, refs)


def kept(found: SeriesRows, held: Series | None, now: datetime) -> Series | None:
    return join_observations(held, find_new_observations(found, held, (), "Fed", now=now, asked_before=None))


def held_ranges(*days: date) -> SeriesBook:
    at = np.array(days, dtype="datetime64[D]")
    known = at.astype("datetime64[s]")
    ends = ((LOWER, 4.0), (UPPER, 4.25))
    return SeriesBook.of(
        Series(ref, Frequency.DAILY, "Fed", at, np.full(len(days), value), known) for ref, value in ends
    )


def test_statements_are_asked_of_meetings_since_the_table_ends() -> None:
    refs = (MEETING, LOWER, UPPER)
    calendar, *statements = Fomc().requests(refs, NOTHING, TODAY)
    assert calendar.address.endswith("/monetarypolicy/fomccalendars.htm")
    asked = [request.address.rpartition("/")[2] for request in statements]
    assert asked == [f"monetary{day:%Y%m%d}a.htm" for day in list_meetings(table_ends(), TODAY, listed_by=TODAY)]
    assert "monetary20260916a.htm" in asked
    left = Fomc().requests(refs, held_ranges(date(2026, 9, 16)), TODAY)
    assert [one.address.rpartition("/")[2] for one in left[1:]] == [name for name in asked if "0916" not in name]


def test_meetings_to_come_are_kept_before_their_day_and_a_moved_one_is_a_revision() -> None:
    first = kept(read(CALENDAR, (MEETING,))[MEETING], None, NOW)
    assert first is not None
    assert first.last == date(2026, 12, 1)
    december = (date(2026, 11, 30), date(2026, 12, 31))
    assert list_meetings(*december, SeriesBook.of([first.known_by(NOW)])) == (date(2026, 12, 9),)
    assert list_meetings(date(2026, 4, 30), date(2026, 6, 30), SeriesBook.of([first])) == (date(2026, 5, 1),)
    later = datetime(2026, 11, 25, tzinfo=UTC)
    moved = kept(read(CALENDAR.replace("8–9*", "15–16*"), (MEETING,))[MEETING], first, later)
    assert moved is not None
    assert list_meetings(*december, SeriesBook.of([moved])) == (date(2026, 12, 16),)
    assert list_meetings(*december, SeriesBook.of([moved.known_by(NOW)])) == (date(2026, 12, 9),)


def test_decisions_go_on_after_the_table_and_make_events() -> None:
    day = date(2026, 10, 28)
    book = held_ranges(date(2020, 1, 1), day)
    told = list_decisions(TODAY, book)
    assert told[:-1] == list_decisions(TODAY)
    assert (told[-1].announced, told[-1].upper, told[-1].change_bp, told[-1].scheduled) == (day, 4.25, 50, True)
    assert list_decisions(date(2026, 10, 27), book) == list_decisions(date(2026, 10, 27))
    assert find_first_rises(TODAY, book)[-1].date == day
    assert find_first_rises(TODAY)[-1].date != day
