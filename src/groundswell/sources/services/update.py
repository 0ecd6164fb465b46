"""The pure step of one data service: from its answers to new observations and the service's new state."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from groundswell.fetch.refresh_hints import read_retry_minutes
from groundswell.fetch.schedule import Interval, schedule_next_request
from groundswell.log import log_program_error
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Observation, Outcome, SeriesRef, UpstreamState
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.batches import split_batches
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.wording.plurals import write_count

MAX_FAILURES_SHOWN = 3
"""A row of the status page names this many failed requests and counts the rest."""

REFUSALS = frozenset({401, 403, 429})
"""HTTP statuses after which further requests would be refused too."""

INTERRUPTED = "the rest of an interrupted update"


@dataclass(frozen=True, eq=False)
class Stored:
    """What is stored before an update: every series as it is now, and what services gave of each."""

    book: SeriesBook
    observations: Mapping[SeriesRef, Sequence[Observation]]


def update(
    state: UpstreamState,
    service: DataService,
    answers: Sequence[tuple[Request, Retrieved]],
    stored: Stored,
    now: datetime,
    *,
    interrupted: bool = False,
) -> tuple[UpstreamState, tuple[Observation, ...]]:
    """Return the service's state after the requests answered at ``now``, and the observations that are new.

    An ``interrupted`` update, of which some requests were not sent, leaves the service due. An answer on which the
    program fails is a failed request among the others.
    """
    result = _read_answers(state, service, answers, stored, now)
    outcome = result.outcome()
    failures = state.failures + 1 if outcome.failed else 0
    asked_minutes = max((read_retry_minutes(retrieved.retry_after, now) for _, retrieved in answers), default=0)
    minutes = service.interval // timedelta(minutes=1)
    usual = Interval(minutes, f"every {minutes} minutes, as set")
    due, reason = schedule_next_request(usual, outcome, failures, asked=asked_minutes, slug=state.name, now=now)
    state = replace(state, interval_minutes=usual.minutes, interval_reason=usual.reason, due_reason=reason)
    state = state.after(outcome, service.hide_secrets(result.detail()), len(result.observations), now, due)
    if interrupted:
        state = replace(state, next_due_at=now, due_reason=INTERRUPTED)
    return state, tuple(result.observations)


def gives_up(retrieved: Retrieved) -> bool:
    """Whether further requests to the service are useless for now: it is unreachable, broken, or refuses."""
    if retrieved.outcome is Outcome.UNREACHABLE:
        return True
    return retrieved.status is not None and (retrieved.status in REFUSALS or retrieved.status >= 500)


@dataclass(slots=True)
class _Result:
    """The result of all answers of one update."""

    observations: list[Observation] = field(default_factory=list)
    usable: int = 0
    problems: list[str] = field(default_factory=list)
    failures: list[tuple[Outcome, str]] = field(default_factory=list)

    def outcome(self) -> Outcome:
        return Outcome.OK if self.usable or not self.failures else self.failures[0][0]

    def detail(self) -> str:
        """Write a line for the status page."""
        distinct = list(dict.fromkeys([*(text for _, text in self.failures), *self.problems]))
        shown, others = distinct[:MAX_FAILURES_SHOWN], len(distinct) - MAX_FAILURES_SHOWN
        failures = [*shown, f"and {others} more"] if others > 0 else shown
        if not self.usable:
            return "; ".join(failures)
        requests = self.usable + len(self.failures)
        values = f"{write_count(len(self.observations), 'new value')}, {self.usable} of {requests} answers usable"
        return "; ".join((values, *failures))


def _read_answers(
    state: UpstreamState,
    service: DataService,
    answers: Sequence[tuple[Request, Retrieved]],
    stored: Stored,
    now: datetime,
) -> _Result:
    result = _Result()
    singles, batches = split_batches(answers)
    for request, retrieved in singles:
        if retrieved.status in service.absent_statuses:
            result.usable += 1
            result.problems.append(f"{request.description}: it has nothing of this (HTTP {retrieved.status})")
        elif retrieved.outcome.failed:
            result.failures.append((retrieved.outcome, f"{request.description}: {retrieved.detail}"))
        else:
            read_answer = partial(service.read, request, retrieved.body)
            _take_rows(state, service, request, (Outcome.MALFORMED, read_answer), stored, now=now, result=result)
    for parts in batches.values():
        read_batch = (_find_outcome(parts, service), partial(service.read_batch, parts))
        _take_rows(state, service, parts[0][0], read_batch, stored, now=now, result=result)
    return result


def _find_outcome(batch: Sequence[tuple[Request, Retrieved]], service: DataService) -> Outcome:
    """Return the outcome of a batch that gave nothing: that of the first request that failed, if any did."""
    outcomes = (retrieved.outcome for _, retrieved in batch if retrieved.status not in service.absent_statuses)
    return next((outcome for outcome in outcomes if outcome.failed), Outcome.MALFORMED)


def _take_rows(
    state: UpstreamState,
    service: DataService,
    request: Request,
    reading: tuple[Outcome, Callable[[], Iterable[SeriesRows]]],
    stored: Stored,
    *,
    now: datetime,
    result: _Result,
) -> None:
    """Add what a function reads to ``result``, or the outcome if it cannot be used."""
    outcome, read = reading
    try:
        for observations in _find_new(state, service, request, read(), stored, now=now, problems=result.problems):
            result.observations += observations
        result.usable += 1
    except UnusableAnswerError as error:
        result.failures.append((outcome, f"{request.description}: {error}"))
    except Exception as error:
        kind = log_program_error(f"{state.name}, {request.description}", error)
        result.failures.append((Outcome.PROGRAM_ERROR, f"{request.description}: {kind}"))


def _find_new(
    state: UpstreamState,
    service: DataService,
    request: Request,
    found: Iterable[SeriesRows],
    stored: Stored,
    *,
    now: datetime,
    problems: list[str],
) -> Iterator[tuple[Observation, ...]]:
    """Yield the new observations of each series in an answer; those before one that cannot be used are good.

    What is wrong with single series is added to ``problems``.
    """
    for answer in found:
        if answer.problem:
            problems.append(f"{answer.ref.id}: {answer.problem}")
        before = stored.observations.get(answer.ref, ())
        # A series requested for the first time was never missing from an earlier answer.
        asked_before = state.last_ok_at if before else None
        new = find_new_observations(
            answer, stored.book.get(answer.ref), before, service.name, now=now, asked_before=asked_before
        )
        if not all(_can_be_stored(observation, request) for observation in new):
            raise UnusableAnswerError("values that were not asked for, or that are no numbers")
        yield new


def _can_be_stored(observation: Observation, request: Request) -> bool:
    """Whether an observation, which a plug-in may have read, can be loaded again: a bad one would stop every reader."""
    value, day = observation.value, observation.date
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return is_number and isinstance(day, date) and observation.ref in request.refs
