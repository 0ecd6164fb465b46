"""Answers that give figures only together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Measure, Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.sources.services.accounts.sec import Sec, account_refs
from groundswell.sources.services.base import DataService, Request, Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.batches import keep_whole_batches, list_rest, split_batches
from groundswell.sources.services.series_update import Stored
from groundswell.sources.services.update import update

A, B = (SeriesRef(name, Measure.LEVEL) for name in ("A", "B"))
NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)
DAY = date(2026, 8, 20)
FIRST, SECOND = (Request(f"https://a.example/{name}", (A, B), batch="both") for name in ("first", "second"))
ALONE = Request("https://a.example/alone", (A,))


class Halves(DataService):
    """Gives the length of both answers together."""

    name = "halves"
    title = "Halves"
    terms = "None."
    default_address = "https://a.example"
    priority = 1
    interval = timedelta(hours=6)
    absent_statuses = frozenset({404})

    def offers(self, ref: SeriesRef) -> bool:
        return True

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        return (FIRST, SECOND)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        return (SeriesRows(A, (Row(DAY, float(len(body))),)),)

    def read_batch(self, answers: Sequence[tuple[Request, Retrieved]]) -> tuple[SeriesRows, ...]:
        if any(retrieved.outcome.failed and retrieved.status != 404 for _, retrieved in answers):
            raise UnusableAnswerError("one half is missing")
        length = sum(len(retrieved.body) for _, retrieved in answers)
        if length == 13:
            raise ValueError("a fault of the program")
        return tuple(SeriesRows(ref, (Row(DAY, float(length)),)) for ref in (A, B))


def well(body: bytes) -> Retrieved:
    return Retrieved(Outcome.OK, "HTTP 200", body, status=200)


def run(*answers: tuple[Request, Retrieved], unanswered: Collection[SeriesRef] = ()):
    state = UpstreamState("data:halves", UpstreamKind.DATA, "Halves", "", "", enabled=True)
    return update(state, Halves(), answers, Stored(NOTHING), NOW, unanswered=unanswered)


def test_a_batch_is_read_once_with_all_its_answers() -> None:
    updated = run((FIRST, well(b"one")), (ALONE, well(b"7")), (SECOND, well(b"three")))
    assert [(one.ref, one.value) for one in updated.observations] == [(A, 1.0), (A, 8.0), (B, 8.0)]
    assert updated.state.outcome is Outcome.OK
    assert updated.state.detail == "3 new values, 2 of 2 answers usable"


def test_a_status_that_says_there_is_nothing_is_an_answer_of_a_batch() -> None:
    nothing = Retrieved(Outcome.REFUSED, "HTTP 404 Not Found", status=404)
    assert [one.value for one in run((FIRST, nothing), (SECOND, well(b"three"))).observations] == [5.0, 5.0]


@pytest.mark.parametrize(
    ("second", "outcome", "words"),
    [
        (Retrieved(Outcome.UNREACHABLE, "timeout"), Outcome.UNREACHABLE, "one half is missing"),
        (well(b"0123456789"), Outcome.PROGRAM_ERROR, "ValueError"),
    ],
)
def test_a_batch_that_gives_nothing_is_one_failure_of_all_its_series(
    second: Retrieved, outcome: Outcome, words: str
) -> None:
    updated = run((FIRST, well(b"one")), (SECOND, second))
    assert updated.observations == ()
    assert updated.state.outcome is outcome
    assert words in updated.state.detail
    assert {(one.ref, one.outcome) for one in updated.answers} == {(A, outcome), (B, outcome)}


def test_a_series_of_a_batch_that_was_not_whole_is_still_due() -> None:
    updated = run((FIRST, well(b"one")), (SECOND, well(b"three")), unanswered={A})
    assert {one.ref: one.due_at > NOW for one in updated.answers} == {A: False, B: True}


def test_only_whole_batches_are_read() -> None:
    due = [FIRST, ALONE, SECOND]
    answers = [(FIRST, well(b"1")), (ALONE, well(b"2"))]
    kept, unanswered = keep_whole_batches(due, answers)
    assert ([request for request, _ in kept], unanswered) == ([ALONE], {A, B})
    whole = [*answers, (SECOND, well(b"3"))]
    assert keep_whole_batches(due, whole) == (whole, set())
    assert list_rest(due, [FIRST, ALONE]) == [2]
    assert list_rest(due, [ALONE]) == list_rest(due, due) == []
    singles, batches = split_batches(whole)
    assert [request for request, _ in singles] == [ALONE]
    assert [request for request, _ in batches["both"]] == [FIRST, SECOND]


def test_a_company_that_the_sec_does_not_know_is_an_answer() -> None:
    service = Sec(contact="desk@example.org")
    (request,) = service.requests(account_refs([42]), NOTHING, NOW.date())
    state = UpstreamState("data:sec", UpstreamKind.DATA, "SEC", "", "", enabled=True)
    nothing = Retrieved(Outcome.REFUSED, "HTTP 404 Not Found", status=404)
    updated = update(state, service, [(request, nothing)], Stored(NOTHING), NOW)
    assert (updated.state.outcome, updated.observations) == (Outcome.OK, ())
    assert "it has nothing of this (HTTP 404)" in updated.state.detail
    ifrs = Retrieved(Outcome.OK, "HTTP 200", b'{"cik": 42, "facts": {"ifrs-full": {}}}', status=200)
    foreign = update(state, service, [(request, ifrs)], Stored(NOTHING), NOW)
    assert foreign.state.outcome is Outcome.OK
    assert "the company reports under IFRS" in foreign.state.detail
