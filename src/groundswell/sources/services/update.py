"""The pure step of one data service: from its answers to new observations, and to what is recorded of the service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from groundswell.fetch.refresh_hints import read_retry_minutes
from groundswell.fetch.schedule import Interval, schedule_next_request, schedule_retry
from groundswell.markets.series.begins import first_served
from groundswell.model import Observation, Outcome, SeriesRef, UpstreamState
from groundswell.model.contradictions import Contradiction
from groundswell.model.service_answers import ServiceAnswer
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request
from groundswell.sources.services.chains import Answers
from groundswell.sources.services.contradictions import must_reload
from groundswell.sources.services.reading import Reading, read_answers
from groundswell.sources.services.series_update import SeriesResult, Stored
from groundswell.wording.plurals import write_count

MAX_FAILURES_SHOWN = 3
"""A row of the status page names this many failed requests and counts the rest."""

INTERRUPTED = "the rest of an interrupted update"


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update changes: the state of the service, the new observations, and its answer for each series.

    ``confirmed`` are the series whose stored values it confirmed, and ``reloads`` has why series were loaded again.
    """

    state: UpstreamState
    observations: tuple[Observation, ...]
    answers: tuple[ServiceAnswer, ...]
    contradictions: tuple[Contradiction, ...] = ()
    confirmed: tuple[SeriesRef, ...] = ()
    reloads: Mapping[SeriesRef, str] = field(default_factory=dict)


def update(
    state: UpstreamState,
    service: DataService,
    answers: Sequence[tuple[Request, Retrieved]],
    stored: Stored,
    now: datetime,
    *,
    interrupted: bool = False,
    unanswered: Collection[SeriesRef] = (),
) -> Updated:
    """Return what changes by the requests answered at ``now``.

    The service is due again at its usual interval, and for the series that failed in 30 to 60 minutes. An
    ``interrupted`` update, of which some requests were not sent, leaves the service due, and for the ``unanswered``
    series too.
    """
    reading = read_answers(state, service, answers, stored, now)
    outcome = Outcome.OK if reading.usable or not reading.failures else reading.failures[0][0]
    asked = max((read_retry_minutes(retrieved.retry_after, now) for _, retrieved in answers), default=0)
    schedule = _Schedule(state, service, asked, now)
    recorded = tuple(
        replace(answer, due_at=now) if answer.ref in unanswered else answer
        for answer in schedule.record(reading.series, stored)
    )
    found = tuple(result.contradiction for result in reading.series.values() if result.contradiction)
    recorded = _ask_again(found, recorded, stored, now)
    failures = state.failures + 1 if outcome.failed else 0
    due, reason = schedule.choose_next(outcome, failures, recorded, stored)
    state = replace(
        state, interval_minutes=schedule.usual.minutes, interval_reason=schedule.usual.reason, due_reason=reason
    )
    state = state.after(outcome, service.hide_secrets(_write_detail(reading)), len(reading.observations), now, due)
    if interrupted:
        state = replace(state, next_due_at=now, due_reason=INTERRUPTED)
    results = reading.series.items()
    return Updated(
        state,
        tuple(reading.observations),
        recorded,
        found,
        tuple(ref for ref, result in results if result.outcome is Outcome.OK),
        {ref: result.reload for ref, result in results if result.reload},
    )


def _ask_again(
    found: Iterable[Contradiction], recorded: Sequence[ServiceAnswer], stored: Stored, now: datetime
) -> tuple[ServiceAnswer, ...]:
    """Return what is recorded; for each series that is to be loaded again from now on, a service is due at once.

    It is the first in the chain of those that contradict what is stored. If it fails, its usual time to retry counts.
    """
    answers = {(answer.service, answer.ref): answer for answer in recorded}
    for contradiction in found:
        ref = contradiction.ref
        series, all_answers = stored.book.get(ref), {**stored.answers, **answers}
        contradictions = {**stored.contradictions, (contradiction.service, ref): contradiction}
        is_known = must_reload(ref, stored.contradictions, stored.answers, series)
        if is_known or not must_reload(ref, contradictions, all_answers, series):
            continue
        first = next(((name, ref) for name in stored.chains.get(ref, ()) if (name, ref) in contradictions), None)
        if first and (answer := all_answers.get(first)):
            answers[first] = replace(answer, due_at=now)
    return tuple(answers.values())


def record_unsent(
    service: str, refs: Iterable[SeriesRef], result: SeriesResult, answers: Answers, now: datetime, *, due: datetime
) -> tuple[ServiceAnswer, ...]:
    """Return what is recorded of series for which a service was not asked, until it is ``due``."""
    return tuple(replace(_build_answer(service, ref, result, answers, now), due_at=due) for ref in refs)


@dataclass(frozen=True, eq=False)
class _Schedule:
    """When a service is asked again, for each series and at all. ``asked`` are the minutes that the server asks for."""

    state: UpstreamState
    service: DataService
    asked: int
    now: datetime

    @property
    def usual(self) -> Interval:
        minutes = self.service.interval // timedelta(minutes=1)
        return Interval(minutes, f"every {minutes} minutes, as set")

    def choose_usual(self) -> tuple[datetime, str]:
        return schedule_next_request(self.usual, Outcome.OK, 0, asked=self.asked, slug=self.state.name, now=self.now)

    def choose_retry(self, outcome: Outcome, failures: int) -> tuple[datetime, str]:
        return schedule_retry(outcome, failures, asked=self.asked, slug=self.state.name, now=self.now)

    def record(self, results: dict[SeriesRef, SeriesResult], stored: Stored) -> tuple[ServiceAnswer, ...]:
        """Return what is recorded of each series: those that failed, or are too short, are due sooner."""
        usual, _ = self.choose_usual()
        answers = []
        for ref, result in results.items():
            shown = replace(result, detail=self.service.hide_secrets(result.detail))
            answer = _build_answer(self.service.name, ref, shown, stored.answers, self.now)
            due = usual if answer.suffices else self.choose_retry(answer.outcome, answer.failures)[0]
            answers.append(replace(answer, due_at=due))
        return tuple(answers)

    def choose_next(
        self, outcome: Outcome, failures: int, recorded: Sequence[ServiceAnswer], stored: Stored
    ) -> tuple[datetime, str]:
        """Return when the service is due next, for whichever series, and why then."""
        if outcome.failed:
            return self.choose_retry(outcome, failures)
        usual, reason = self.choose_usual()
        answers = {**stored.answers, **{(answer.service, answer.ref): answer for answer in recorded}}
        coming = [
            answer for (name, _), answer in answers.items() if name == self.service.name and answer.due_at > self.now
        ]
        soonest = min(coming, key=lambda answer: answer.due_at, default=None)
        if soonest is None or soonest.due_at >= usual:
            return usual, reason
        if soonest.suffices:
            return soonest.due_at, reason
        waiting = sum(not answer.suffices for answer in coming)
        return soonest.due_at, f"for {write_count(waiting, 'series', 'series')} that it did not send in full"


def _build_answer(service: str, ref: SeriesRef, result: SeriesResult, answers: Answers, now: datetime) -> ServiceAnswer:
    """Return what is recorded of a series, due at once: after a failure, what the service sent before still counts."""
    before = answers.get((service, ref))
    failed = result.outcome.failed
    firsts, lasts = (
        [day for day in days if day]
        for days in ((result.first, before and before.first), (result.last, before and before.last))
    )
    short = before.short if failed and before else result.short
    first = min(firsts, default=None)
    lateness = f"begins {first} instead of {first_served(ref)}" if short and not failed else ""
    return ServiceAnswer(
        service=service,
        ref=ref,
        outcome=result.outcome,
        detail="; ".join(filter(None, (result.detail, lateness))),
        failures=(before.failures if before else 0) + 1 if failed or short else 0,
        tried_at=now,
        due_at=now,
        ok_at=now if result.outcome is Outcome.OK else before.ok_at if before else None,
        first=first,
        last=max(lasts, default=None),
        short=short,
    )


def _write_detail(reading: Reading) -> str:
    """Write a line for the status page."""
    distinct = list(dict.fromkeys([*(text for _, text in reading.failures), *reading.problems]))
    shown, others = distinct[:MAX_FAILURES_SHOWN], len(distinct) - MAX_FAILURES_SHOWN
    parts = [*shown, f"and {others} more"] if others > 0 else shown
    if reading.unsent:
        parts.append(f"{write_count(reading.unsent, 'further request')} not sent")
    if not reading.usable:
        return "; ".join(parts)
    requests = reading.usable + len(reading.failures) + reading.unsent
    values = f"{write_count(len(reading.observations), 'new value')}, {reading.usable} of {requests} answers usable"
    return "; ".join((values, *parts))
