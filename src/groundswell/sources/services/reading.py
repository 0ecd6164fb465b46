"""The answers of one data service, read: new observations, and how it went for each series and each request."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from groundswell.log import log_program_error
from groundswell.model import Observation, Outcome, SeriesRef, UpstreamState
from groundswell.ports import Retrieved
from groundswell.sources.services.answer_checks import (
    find_twins,
)
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError, sort_rows
from groundswell.sources.services.batches import split_batches
from groundswell.sources.services.series_update import SeriesResult, SeriesUpdate, Stored

REFUSALS = frozenset({401, 403, 429})
"""HTTP statuses after which further requests would be refused too."""

NOT_SENT = "not asked after the failure before"
NOTHING_READABLE = "nothing readable in the answer"


@dataclass(slots=True)
class Reading:
    """The result of all answers of one update.

    ``usable`` counts the requests of whose answers something could be used, ``failures`` has the others, and ``unsent``
    counts those that were not made because the service had refused.
    """

    observations: list[Observation] = field(default_factory=list)
    usable: int = 0
    unsent: int = 0
    problems: list[str] = field(default_factory=list)
    failures: list[tuple[Outcome, str]] = field(default_factory=list)
    series: dict[SeriesRef, SeriesResult] = field(default_factory=dict)

    def fail(self, request: Request, outcome: Outcome, detail: str) -> None:
        """Note a request of which nothing could be used."""
        self.failures.append((outcome, f"{request.description}: {detail}"))
        self.series.update(dict.fromkeys(request.refs, SeriesResult(outcome, detail)))


def gives_up(retrieved: Retrieved) -> bool:
    """Whether further requests to the service are useless for now: it is unreachable, broken, or refuses."""
    if retrieved.outcome is Outcome.UNREACHABLE:
        return True
    return retrieved.status is not None and (retrieved.status in REFUSALS or retrieved.status >= 500)


def build_unsent(first_failure: Retrieved) -> Retrieved:
    """Return what stands for the answer to a request that is not sent, because the service refused the one before."""
    return Retrieved(first_failure.outcome, NOT_SENT)


def read_answers(
    state: UpstreamState,
    service: DataService,
    answers: Sequence[tuple[Request, Retrieved]],
    stored: Stored,
    now: datetime,
) -> Reading:
    """Read the answers of a service. One on which the program fails is a failed request among the others."""
    reading, read = Reading(), list[tuple[Request, dict[SeriesRef, SeriesRows]]]()
    singles, batches = split_batches(answers)
    for request, retrieved in singles:
        if retrieved.status in service.absent_statuses:
            read.append((replace(request, may_be_empty=True), {}))
            reading.problems.append(f"{request.description}: it has nothing of this (HTTP {retrieved.status})")
        elif retrieved.outcome.failed:
            _note_failure(reading, request, retrieved)
        else:
            read_answer = partial(service.read, request, retrieved.body)
            read += _read_or_note(reading, state, request, Outcome.MALFORMED, read_answer)
    for parts in batches.values():
        request = parts[0][0]
        read_batch = partial(service.read_batch, parts)
        read += _read_or_note(reading, state, request, _find_outcome(parts, service), read_batch)
    joined = _join_answers(found for _, found in read)
    twins = find_twins(joined.values())
    results = {
        ref: SeriesUpdate(ref, state, service, stored, now, twins.get(ref, "")).take(
            answer,
            reading.observations,
            is_part=ref in reading.series or any(request.batch and ref in found for request, found in read),
        )
        for ref, answer in joined.items()
    }
    for request, found in read:
        own = {
            ref: results[ref] if _has_rows(found, ref) else _note_empty(request, found.get(ref)) for ref in request.refs
        }
        _note_results(reading, request, own)
    return reading


def _join_answers(answers: Iterable[Mapping[SeriesRef, SeriesRows]]) -> dict[SeriesRef, SeriesRows]:
    """Join what all answers hold of each series, such as the files of two years: it is checked as one."""
    parts: dict[SeriesRef, list[SeriesRows]] = {}
    for found in answers:
        for ref in found:
            if _has_rows(found, ref):
                parts.setdefault(ref, []).append(found[ref])
    return {
        ref: replace(
            sort_rows(ref, (row for part in own for row in part.rows)),
            problem="; ".join(dict.fromkeys(part.problem for part in own if part.problem)),
        )
        for ref, own in parts.items()
    }


def _has_rows(found: Mapping[SeriesRef, SeriesRows], ref: SeriesRef) -> bool:
    return ref in found and bool(found[ref].rows)


def _note_empty(request: Request, answer: SeriesRows | None) -> SeriesResult:
    """Return how it went for a series of which an answer has no row."""
    problem = answer.problem if answer else ""
    if request.may_be_empty:
        return SeriesResult(Outcome.OK, problem)
    return SeriesResult(Outcome.MALFORMED, problem or NOTHING_READABLE)


def _read_or_note(
    reading: Reading,
    state: UpstreamState,
    request: Request,
    outcome: Outcome,
    read: Callable[[], Iterable[SeriesRows]],
) -> list[tuple[Request, dict[SeriesRef, SeriesRows]]]:
    """Return the request with what ``read`` finds, or note the ``outcome`` of one that finds nothing."""
    try:
        return [(request, _check_rows(request, read()))]
    except UnusableAnswerError as error:
        reading.fail(request, outcome, str(error))
    except Exception as error:
        kind = log_program_error(f"{state.name}, {request.description}", error)
        reading.fail(request, Outcome.PROGRAM_ERROR, kind)
    return []


def _note_failure(reading: Reading, request: Request, retrieved: Retrieved) -> None:
    if retrieved.detail != NOT_SENT:
        reading.fail(request, retrieved.outcome, retrieved.detail)
        return
    reading.unsent += 1
    why = reading.failures[-1][1].partition(": ")[2] if reading.failures else NOT_SENT
    reading.series.update(dict.fromkeys(request.refs, SeriesResult(retrieved.outcome, why)))


def _find_outcome(batch: Sequence[tuple[Request, Retrieved]], service: DataService) -> Outcome:
    """Return the outcome of a batch that gave nothing: that of the first request that failed, if any did."""
    outcomes = (retrieved.outcome for _, retrieved in batch if retrieved.status not in service.absent_statuses)
    return next((outcome for outcome in outcomes if outcome.failed), Outcome.MALFORMED)


def _check_rows(request: Request, found: Iterable[SeriesRows]) -> dict[SeriesRef, SeriesRows]:
    """Return what was read, which may be from a plug-in, if all of it can be stored and loaded again.

    Raises ``UnusableAnswerError``, and anything else for what is no sequence of rows.
    """
    by_ref = {answer.ref: answer for answer in found}
    for answer in by_ref.values():
        values = all(isinstance(row.value, int | float) and math.isfinite(row.value) for row in answer.rows)
        if answer.ref not in request.refs or not values or not all(isinstance(row.date, date) for row in answer.rows):
            raise UnusableAnswerError("values that were not asked for, or that are no numbers")
    return by_ref


def _note_results(reading: Reading, request: Request, results: Mapping[SeriesRef, SeriesResult]) -> None:
    """Note how the answer to a request went for each of its series."""
    failed = [result for result in results.values() if result.outcome.failed]
    if failed and len(failed) == len(results):
        reading.failures.append((failed[0].outcome, f"{request.description}: {failed[0].detail}"))
    else:
        reading.usable += 1
        reading.problems += (f"{ref.id}: {result.detail}" for ref, result in results.items() if result.detail)
    for ref, result in results.items():
        before = reading.series.get(ref)
        reading.series[ref] = result if before is None else _join_results(before, result)


def _join_results(one: SeriesResult, other: SeriesResult) -> SeriesResult:
    """Join how two requests for one series went: it failed if either did, and has the days of both."""
    worse = other if other.outcome.failed else one
    firsts, lasts = ([day for day in days if day] for days in ((one.first, other.first), (one.last, other.last)))
    return replace(
        worse, first=min(firsts, default=None), last=max(lasts, default=None), short=one.short or other.short
    )
