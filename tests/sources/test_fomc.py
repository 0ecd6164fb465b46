"""Pages of the Federal Reserve Board in their true form: the calendar of meetings, and statements of both layouts."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from groundswell.markets.events.fed import find_first_rises
from groundswell.markets.events.fed_decisions import LOWER, UPPER, list_decisions, table_ends
from groundswell.markets.indicators.policy_path import MEETING, list_meetings
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.sources.files.query import fetch_rows
from groundswell.sources.services.base import Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.macro.fomc import Fomc, find_unexplained_changes
from groundswell.sources.services.macro.fomc_statements import read_target_range
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.vintages import join_observations

from ..conftest import SHARED

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


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ('<th id="year">2016 FOMC Meetings</th><td class="month">January</td><td class="day">26-27</td>',
         "no meeting of 2016 could be read, perhaps because of another layout"),
        (panel(2026, ("March", "17 to 18")), "the meeting of 'March 17 to 18' in 2026 is not a day"),
        (panel(2026, ("Sol", "17-18")), "the meeting of 'Sol 17-18' in 2026 is not a day"),
        (panel(2026, ("February", "29-30")), "the meeting of 'February 29-30' in 2026 is not a day"),
        (panel(2026, ("March", "17-18"), ("May", "5-6")).replace("month col-md-2\"><strong>May", "m\">May"),
         "a calendar of which not all meetings of 2026 can be read"),
    ],
)  # fmt: skip
def test_a_calendar_in_another_layout_is_refused_in_words(page: str, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read(page, (MEETING,))


def test_a_year_with_a_meeting_that_cannot_be_read_is_left_out_and_reported() -> None:
    page = panel(2027, ("March", "16/17")) + panel(2026, ("March", "17-18*"), ("May", "22 (Notation Vote)"))
    found = read(page, (MEETING,))[MEETING]
    assert {row.date.year for row in found.rows} == {2026}
    assert found.problem == "the meeting of 'March 16/17' in 2027 is not a day"


TARGET = "the target range for the federal funds rate"
SINGLE = "its target for the federal funds rate"


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (f"the Federal Open Market Committee decided today to lower {TARGET} by 1/2 percentage point, to 1 to "
         "1\u20111/4 percent.", (1.0, 1.25)),
        (f"In light of these developments, the Committee decided to lower {TARGET} to 0 to 1/4 percent. Voting against "
         f"was X, who preferred to reduce {TARGET} to 1/2 to 3/4 percent at this meeting.", (0.0, 0.25)),
        (f"The Committee today decided to cut {TARGET} by 50 basis points, to 3 to 3-1/4 percent", (3.0, 3.25)),
        (f"The Committee, at an unscheduled meeting today, voted unanimously to lower {TARGET} to 2-1/4 to 2-1/2 "
         "percent", (2.25, 2.5)),
        (f"The Committee at its meeting today agreed to reduce {TARGET} by an additional 1/4 percentage point to 2 to "
         "2-1/4 percent", (2.0, 2.25)),
        (f"The Committee decided today to lower {SINGLE} by 50 basis points to 6 percent. In a related action, the "
         "Board approved a reduction in the discount rate to 5-3/4 percent.", (6.0, 6.0)),
        (f"The Committee at its meeting today decided to lower {SINGLE} by 50 basis points to 5-1/2 percent.",
         (5.5, 5.5)),
        (f"The Committee has decided to lower {SINGLE} 75 basis points to 3-1/2 percent.", (3.5, 3.5)),
        (f"The Committee today voted to raise {SINGLE} 25 basis points to 5 percent.", (5.0, 5.0)),
        ("The Committee at its meeting today decided to maintain the existing stance of monetary policy, keeping "
         f"{SINGLE} at 6-1/2 percent.", (6.5, 6.5)),
        (f"The Committee decided today to keep {SINGLE} unchanged at 1 3/4 percent.", (1.75, 1.75)),
        ("the Committee today reaffirmed its view that the current 0 to 1/4 percent target range for the federal funds "
         "rate remains appropriate.", (0.0, 0.25)),
        ("In determining how long to maintain the current 0 to 1/4 percent target range for the federal funds rate, "
         "the Committee will assess progress.", (0.0, 0.25)),
        (f"The Federal Open Market Committee approved the following statement for release by a 9 — 3 vote: The "
         f"Committee decided to maintain {TARGET} at 3-1/2 to 3-3/4 percent. Voting against the action were X, who "
         f"preferred to lower {TARGET} by 1/4 percentage point to 3-1/4 to 3-1/2 percent.", (3.5, 3.75)),
    ],
)  # fmt: skip
def test_decisions_are_read_in_the_words_of_all_years(words: str, ends: tuple[float, float]) -> None:
    assert read_target_range(statement(words)) == ends


@pytest.mark.parametrize(
    "words",
    [
        "the Committee decided to increase slightly the degree of pressure on reserve positions.",
        f"The Committee decided today to leave {SINGLE} unchanged.",
        "The Board decided to approve a reduction in the discount rate to 4 percent.",
        f"X voted against, and preferred to lower {TARGET} to 1 to 1-1/4 percent.",
        f"The Committee decided that it would be appropriate to lower {TARGET} to 1 to 1-1/4 percent later.",
        "directs the Desk to maintain the federal funds rate in a target range of 0 to 1/4 percent.",
        f"The Committee decided to lower {TARGET} to 1 to 1-1/4 percent. The Committee decided to lower {TARGET} to 2 "
        "to 2-1/4 percent.",
        f"The Committee decided to lower {TARGET} to 30 to 30-1/4 percent.",
    ],
)
def test_what_decides_on_no_level_is_refused(words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=r"without a decision|more than one range|with the range"):
        read_target_range(statement(words))


@pytest.mark.parametrize(
    "line",
    ['<p class="article__time">March 03, 2020</p>', '<p id="prContentDate">\n\nRelease Date: March 3, 2020<!-- s -->'],
)
def test_a_statement_of_another_day_is_refused(line: str) -> None:
    page = line + statement(f"the Committee decided to lower {TARGET} to 1 to 1-1/4 percent.")
    assert read(page, (LOWER,), "20200303")[LOWER].rows[0].value == 1.0
    with pytest.raises(UnusableAnswerError, match=r"the statement of March 0?3, 2020 instead of 2020-03-04"):
        read(page, (LOWER,), "20200304")


@pytest.mark.shared(twin="tests/sources/test_fomc.py::test_decisions_are_read_in_the_words_of_all_years")
def test_every_statement_that_states_a_level_agrees_with_the_table_of_decisions() -> None:
    """Of 249 texts 217 state one: no other is one of a decision that says its level, and all others are refused."""
    with (SHARED / "data/market/fomc.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["upper"]]
    table = {row["date"]: (float(row["lower"]), float(row["upper"])) for row in rows}
    file = str(SHARED / "data/market/fomc_statements.parquet")
    texts = fetch_rows("SELECT date, text FROM read_parquet(?)", [file])
    found: dict[str, tuple[float, float]] = {}
    refused = []
    for day, text in texts:
        try:
            found[str(day)] = read_target_range(text)
        except UnusableAnswerError:
            refused.append(str(day))
    # One text stands under the day before the meeting's month ended; the table has its decision on 2007-06-28.
    assert {day: ends for day, ends in found.items() if table.get(day) != ends} == {"2007-06-18": (5.25, 5.25)}
    assert (len(found), len(refused)) == (217, 32)
    stated_later = [day for day in refused if day in table and day > "1999-12-21"]
    assert stated_later == ["2025-10-29"]  # its text is cut off before the decision


def rates(*rows: tuple[date, float]) -> Series:
    days = np.array([day for day, _ in rows], dtype="datetime64[D]")
    values = np.array([value for _, value in rows])
    return Series(
        SeriesRef("DFEDTARU", Measure.RATE), Frequency.DAILY, "Fed", days, values, days.astype("datetime64[s]")
    )


def with_ranges(stored: SeriesBook, series: Series) -> SeriesBook:
    return SeriesBook.of([one for one in (stored.get(LOWER), stored.get(UPPER), series) if one is not None])


def names_of(request: Request) -> list[str]:
    return [
        address.rpartition("/")[2].removeprefix("monetary")[:8] for address in (request.address, *request.alternatives)
    ]


def test_a_meeting_between_scheduled_ones_is_noticed_by_the_change_of_the_range() -> None:
    weekday = rates((date(2026, 11, 9), 3.75), (date(2026, 11, 10), 3.75), (date(2026, 11, 11), 3.25))
    sunday = rates((date(2026, 11, 13), 3.75), (date(2026, 11, 16), 2.75))
    stored = held_ranges(*list_meetings(table_ends(), TODAY, listed_by=TODAY))
    for series, asked in (
        (weekday, ["20261110", "20261111"]),
        (sunday, ["20261115", "20261116", "20261114", "20261113"]),
    ):
        book = with_ranges(stored, series)
        (request,) = Fomc().requests((LOWER, UPPER), book, TODAY)
        assert names_of(request) == asked
        assert request.refs == (LOWER, UPPER)


def test_a_change_that_a_decision_explains_leads_to_no_request() -> None:
    days = list_meetings(table_ends(), TODAY, listed_by=TODAY)
    meeting_day = days[-1]
    stored = held_ranges(*days)  # each to 4.25
    for effective in (meeting_day, meeting_day + timedelta(days=1)):
        series = rates((meeting_day - timedelta(days=1), 3.75), (effective, 4.25))
        book = with_ranges(stored, series)
        assert Fomc().requests((LOWER, UPPER), book, TODAY) == ()
    other = rates((meeting_day, 3.75), (meeting_day + timedelta(days=1), 3.5))
    book = with_ranges(stored, other)
    (request,) = Fomc().requests((LOWER, UPPER), book, TODAY)
    assert names_of(request) == [f"{meeting_day + timedelta(days=1):%Y%m%d}"]


def test_a_scheduled_change_asks_for_its_own_statement_once() -> None:
    days = list_meetings(table_ends(), TODAY, listed_by=TODAY)
    stored = held_ranges(*days[:-1])
    series = rates((days[-1], 4.25), (days[-1] + timedelta(days=1), 4.0))
    book = with_ranges(stored, series)
    statement_of_meeting, other = Fomc().requests((LOWER, UPPER), book, TODAY)
    assert names_of(statement_of_meeting) == [f"{days[-1]:%Y%m%d}"]
    assert names_of(other) == [f"{days[-1] + timedelta(days=1):%Y%m%d}"]


def test_changes_in_the_shipped_table_are_known() -> None:
    assert (
        find_unexplained_changes(SeriesBook.of([rates((date(2020, 3, 2), 1.75), (date(2020, 3, 4), 1.25))]), TODAY)
        == ()
    )


def test_a_decision_on_a_day_that_is_not_in_the_calendar_is_unscheduled() -> None:
    calendar = kept(read(CALENDAR, (MEETING,))[MEETING], None, NOW)
    assert calendar is not None
    book = held_ranges(date(2026, 10, 27), date(2026, 12, 9))
    known = with_ranges(book, calendar)
    late = date(2026, 12, 31)
    assert [(one.announced, one.scheduled) for one in list_decisions(late, known)[-2:]] == [
        (date(2026, 10, 27), False),
        (date(2026, 12, 9), True),
    ]
    assert all(one.scheduled for one in list_decisions(late, book)[-2:])
