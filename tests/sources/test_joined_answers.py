"""Several answers for one series, such as the Treasury's files of two years: joined, and checked as one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Frequency, Measure, Observation, Outcome, Series, SeriesRef, UpstreamKind, UpstreamState
from groundswell.model.service_answers import ServiceAnswer
from groundswell.ports import Retrieved
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.series_update import Stored
from groundswell.sources.services.update import Updated, update

NOW = datetime(2027, 1, 5, 23, tzinfo=UTC)
TODAY = NOW.date()
LAST = date(2027, 1, 4)
TEN = SeriesRef("DGS10", Measure.RATE)
STATE = UpstreamState("data:treasury", UpstreamKind.DATA, "US Treasury par yields", "", "", enabled=True)
DAYS = sessions_between(date(2026, 1, 2), TODAY)
YIELDS = dict(zip(DAYS.tolist(), np.round(4.0 + 0.1 * np.sin(np.arange(len(DAYS))), 2).tolist(), strict=True))


def build_stored() -> Stored:
    """Return a store that the Treasury filled up to the day before."""
    days = DAYS[:-1]
    values = np.array([YIELDS[day] for day in days.tolist()])
    series = Series(TEN, Frequency.DAILY, "treasury", days, values, days.astype("datetime64[s]"))
    sent = [
        Observation(TEN, day, YIELDS[day], datetime(day.year, day.month, day.day, 23, tzinfo=UTC), "treasury")
        for day in days.tolist()
    ]
    answered = ServiceAnswer("treasury", TEN, Outcome.OK, "", 0, NOW, NOW, NOW, date(1962, 1, 2), LAST, False)
    book = SeriesBook.of([series])
    return Stored(book, {TEN: sent}, {("treasury", TEN): answered}, {TEN: ("treasury", "fred")}, book)


def run(*, shift: float = 0.0, missing: int | None = None) -> Updated:
    """Answer the Treasury's requests of early January: a file each of the old year and of the new one."""
    service, stored = Treasury(), build_stored()
    requests = service.requests([TEN], stored.book, TODAY)
    assert len(requests) == 2
    answers = []
    for year, request in zip((2026, 2027), requests, strict=True):
        lines = (f"{day:%m/%d/%Y},{value + shift:.2f}" for day, value in YIELDS.items() if day.year == year)
        body = "\n".join(("Date,10 Yr", *lines)).encode()
        failed = Retrieved(Outcome.REFUSED, "HTTP 503 Busy", status=503)
        answers.append((request, failed if year == missing else Retrieved(Outcome.OK, "", body, status=200)))
    return update(STATE, service, answers, stored, NOW)


def test_the_file_of_the_year_before_does_not_count_as_one_that_ends_too_soon() -> None:
    updated = run()
    assert [(one.date, one.value) for one in updated.observations] == [(TODAY, YIELDS[TODAY])]
    assert updated.state.detail == "1 new value, 2 of 2 answers usable"
    assert updated.confirmed == (TEN,)
    assert updated.contradictions == ()


def test_values_that_contradict_the_stored_ones_are_recorded_and_none_is_stored() -> None:
    updated = run(shift=1.0)
    assert updated.observations == ()
    (found,) = updated.contradictions
    assert (found.service, found.ref, found.days) == ("treasury", TEN, 1)
    assert "other values than those stored" in found.detail
    assert updated.state.outcome is Outcome.MALFORMED


@pytest.mark.parametrize(("missing", "new"), [(2026, [TODAY]), (2027, [])])
def test_where_one_file_fails_the_other_is_read_and_the_series_is_asked_for_again_soon(
    missing: int, new: list[date]
) -> None:
    updated = run(missing=missing)
    assert [one.date for one in updated.observations] == new
    (recorded,) = updated.answers
    assert (recorded.outcome, recorded.detail) == (Outcome.REFUSED, "HTTP 503 Busy")
    assert updated.contradictions == ()
