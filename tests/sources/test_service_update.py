"""The pure step of a data service: from answers to observations and the next state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Frequency, Measure, Observation, Outcome, Series, SeriesRef, UpstreamKind, UpstreamState
from groundswell.model.service_answers import ServiceAnswer
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.reading import gives_up
from groundswell.sources.services.series_update import Stored
from groundswell.sources.services.update import update

NOW = datetime(2026, 8, 21, 23, tzinfo=UTC)
THURSDAY = date(2026, 8, 20)
SEVEN, THREE = (SeriesRef(name, Measure.RATE) for name in ("DGS7", "DGS3"))
STATE = UpstreamState(
    "data:treasury", UpstreamKind.DATA, "US Treasury par yields", "https://t.example", "", enabled=True
)
NONE = Stored(NOTHING, {})


def answer(body: str, *refs: SeriesRef) -> tuple[Request, Retrieved]:
    return Request("https://t.example/", refs or (SEVEN,)), Retrieved(Outcome.OK, "HTTP 200", body.encode(), status=200)


def run(
    state: UpstreamState,
    service: DataService,
    answers: list[tuple[Request, Retrieved]],
    stored: Stored,
    now: datetime,
    *,
    interrupted: bool = False,
) -> tuple[UpstreamState, tuple[Observation, ...], dict[SeriesRef, ServiceAnswer]]:
    updated = update(state, service, answers, stored, now, interrupted=interrupted)
    return updated.state, updated.observations, {answer.ref: answer for answer in updated.answers}


FAILED = (
    Request("https://t.example/", (THREE,)),
    Retrieved(Outcome.REFUSED, "HTTP 503 Busy", retry_after="14400", status=503),
)
YIELDS = "Date,3 Yr,7 Yr\n08/20/2026,3.9,4.4\n"


def test_a_usable_answer_gives_observations_and_the_next_time() -> None:
    state, observations, _ = run(STATE, Treasury(), [answer(YIELDS, SEVEN, THREE)], NONE, NOW)
    assert [(one.ref, one.date, one.value, one.source) for one in observations] == [
        (SEVEN, THURSDAY, 4.4, "treasury"),
        (THREE, THURSDAY, 3.9, "treasury"),
    ]
    assert (state.outcome, state.items, state.failures) == (Outcome.OK, 2, 0)
    assert state.detail == "2 new values, 1 of 1 answers usable"
    assert (state.interval_minutes, state.interval_reason) == (180, "every 180 minutes, as set")
    assert NOW + timedelta(minutes=180) <= state.next_due_at <= NOW + timedelta(minutes=198)


def test_one_failure_among_answers_is_named_and_does_not_count_as_one() -> None:
    state, *_ = run(STATE, Treasury(), [answer(YIELDS), FAILED], NONE, NOW)
    assert (state.outcome, state.failures) == (Outcome.OK, 0)
    assert state.detail == "1 new value, 1 of 2 answers usable; DGS3: HTTP 503 Busy"
    assert state.due_reason == "after 4 hours, as the server asks"
    assert state.next_due_at >= NOW + timedelta(hours=4)


def test_failures_alone_are_counted_and_the_first_names_the_outcome() -> None:
    bad = [answer("<html>", SeriesRef(f"DGS{years}", Measure.RATE)) for years in (1, 2, 3, 5, 7)]
    state, observations, _ = run(STATE, Treasury(), [*bad, FAILED], NONE, NOW)
    assert observations == ()
    assert (state.outcome, state.failures) == (Outcome.MALFORMED, 1)
    words = "a web page instead of data"
    assert state.detail == f"DGS1: {words}; DGS2: {words}; DGS3: {words}; and 3 more"


def test_an_interrupted_update_leaves_the_service_due() -> None:
    state, observations, _ = run(STATE, Treasury(), [answer(YIELDS)], NONE, NOW, interrupted=True)
    assert len(observations) == 1
    assert (state.next_due_at, state.due_reason) == (NOW, "the rest of an interrupted update")


def test_a_late_first_value_is_known_from_now_only_where_the_series_was_asked_for_before() -> None:
    asked = UpstreamState(**{**vars_of(STATE), "last_ok_at": NOW - timedelta(minutes=5)})
    (first,) = run(asked, Treasury(), [answer(YIELDS)], NONE, NOW)[1]
    assert first.known_at == datetime(2026, 8, 21, 21, 30, tzinfo=UTC)
    earlier = Observation(SEVEN, date(2026, 8, 19), 4.0, NOW - timedelta(days=1), "treasury")
    (late,) = run(asked, Treasury(), [answer(YIELDS)], Stored(NOTHING, {SEVEN: (earlier,)}), NOW)[1]
    assert late.known_at == NOW


def vars_of(state: UpstreamState) -> dict[str, object]:
    return {name: getattr(state, name) for name in UpstreamState.__dataclass_fields__}


@pytest.mark.parametrize(
    ("retrieved", "useless"),
    [
        (Retrieved(Outcome.UNREACHABLE, "connection refused"), True),
        *((Retrieved(Outcome.REFUSED, f"HTTP {status}", status=status), True) for status in (401, 403, 429, 500, 503)),
        *((Retrieved(Outcome.REFUSED, f"HTTP {status}", status=status), False) for status in (400, 404, 410)),
        (Retrieved(Outcome.REFUSED, "HTTP 5 is in the words alone"), False),
        (Retrieved(Outcome.TOO_LARGE, "larger than 5 MB"), False),
        (Retrieved(Outcome.OK, "HTTP 200", status=200), False),
    ],
)
def test_a_service_is_left_alone_by_the_status_of_its_answer(retrieved: Retrieved, useless: bool) -> None:
    assert gives_up(retrieved) is useless


def test_the_file_of_last_year_is_complete_though_this_year_has_later_days() -> None:
    now = datetime(2027, 1, 5, 23, tzinfo=UTC)
    last = date(2027, 1, 4)
    known = Observation(SEVEN, last, 4.1, NOW, "treasury")
    days = np.array([last], dtype="datetime64[D]")
    series = Series(SEVEN, Frequency.DAILY, "treasury", days, np.array([4.1]), days.astype("datetime64[s]"))
    book = SeriesBook.of([series])
    service = Treasury()
    requests = service.requests([SEVEN], book, now.date())
    files = ("Date,7 Yr\n12/31/2026,4.0\n", "Date,7 Yr\n01/05/2027,4.2\n01/04/2027,4.1\n")
    answers = [
        (request, Retrieved(Outcome.OK, "HTTP 200", body.encode(), status=200))
        for request, body in zip(requests, files, strict=True)
    ]
    recorded = ServiceAnswer("treasury", SEVEN, Outcome.OK, "", 0, NOW, NOW, last=last)
    stored = Stored(book, {SEVEN: (known,)}, {("treasury", SEVEN): recorded})
    state, *_ = run(STATE, service, answers, stored, now)
    assert (state.outcome, state.detail) == (Outcome.OK, "2 new values, 2 of 2 answers usable")
