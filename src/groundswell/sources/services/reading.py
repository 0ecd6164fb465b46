"""The answers of one data service, read: new observations, and how it went for each series and each request."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from groundswell.log import log_program_error
from groundswell.markets.series.begins import is_served_short
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Observation, Outcome, Series, SeriesRef, UpstreamState
from groundswell.model.contradictions import Contradiction
from groundswell.model.service_answers import ServiceAnswer
from groundswell.ports import Retrieved
from groundswell.sources.services.answer_checks import (
    check_agreement,
    check_plausibility,
    check_reach,
    find_twins,
    find_vanished,
)
from groundswell.sources.services.base import DataService, Request, Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.batches import split_batches
from groundswell.sources.services.chains import Answers, find_yielding
from groundswell.sources.services.contradictions import (
    ContradictingAnswerError,
    Contradictions,
    Dispute,
)
from groundswell.sources.services.new_observations import find_new_observations, take_final_rows

REFUSALS = frozenset({401, 403, 429})
"""HTTP statuses after which further requests would be refused too."""

NOT_SENT = "not asked after the failure before"
NOTHING_READABLE = "nothing readable in the answer"


@dataclass(frozen=True, eq=False)
class Stored:
    """What is stored before an update: every series as it is now, what services sent of each, and their last answers.

    ``own_book`` leaves out what gives way to the service, so that a gap in its own values is one. ``chains`` has the
    names of the services of each series, in order. ``contradictions`` are those that stand, and ``loaded`` has what the
    series with one were before any service sent something: files, and what ships.
    """

    book: SeriesBook
    observations: Mapping[SeriesRef, Sequence[Observation]] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    chains: Mapping[SeriesRef, tuple[str, ...]] = field(default_factory=dict)
    own_book: SeriesBook = NOTHING
    contradictions: Contradictions = field(default_factory=dict)
    loaded: Mapping[SeriesRef, Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """How an update went for one series: with the first and last day sent, and whether years are left out.

    ``reload`` says why the series was loaded again in full; empty where it was not.
    """

    outcome: Outcome
    detail: str = ""
    first: date | None = None
    last: date | None = None
    short: bool = False
    contradiction: Contradiction | None = None
    reload: str = ""


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
    twins = find_twins(answer for _, found in read for answer in found.values())
    for request, found in read:
        series = [_Series(ref, state, service, stored, now, twins.get(ref, "")) for ref in request.refs]
        results = [one.take(found.get(one.ref), request, reading.observations) for one in series]
        _note_results(reading, request, dict(zip(request.refs, results, strict=True)))
    return reading


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


@dataclass(frozen=True, eq=False)
class _Series:
    """A series that was asked for, and what is known of it. ``twin`` is another symbol that has the same prices."""

    ref: SeriesRef
    state: UpstreamState
    service: DataService
    stored: Stored
    now: datetime
    twin: str

    def take(self, answer: SeriesRows | None, request: Request, new: list[Observation]) -> SeriesResult:
        """Add what is new to ``new`` and return how it went."""
        if answer is None or not answer.rows:
            problem = answer.problem if answer else ""
            if request.may_be_empty:
                return SeriesResult(Outcome.OK, problem)
            return SeriesResult(Outcome.MALFORMED, problem or NOTHING_READABLE)
        try:
            result, observations = self._read(answer, request)
        except ContradictingAnswerError as error:
            return SeriesResult(Outcome.MALFORMED, str(error), contradiction=error.contradiction)
        except UnusableAnswerError as error:
            return SeriesResult(Outcome.MALFORMED, str(error))
        except Exception as error:
            return SeriesResult(Outcome.PROGRAM_ERROR, log_program_error(f"{self.state.name}, {self.ref.id}", error))
        new += observations
        return result

    def _read(self, answer: SeriesRows, request: Request) -> tuple[SeriesResult, tuple[Observation, ...]]:
        """Check the rows of the series, or of a part of its days, and find what is new.

        Raises ``UnusableAnswerError``.
        """
        ref, name, stored = self.ref, self.service.name, self.stored
        is_part = bool(request.batch)
        if self.twin:
            raise UnusableAnswerError(f"the same prices as those of {self.twin}")
        before, series = stored.observations.get(ref, ()), stored.book.get(ref)
        recorded = stored.answers.get((name, ref))
        is_doubted = any(other == ref for _, other in stored.contradictions)
        if not is_part and not is_doubted:
            check_reach(answer, recorded, request.until)
        vanished = "" if is_part or is_doubted else find_vanished(answer, before, name)
        rows = take_final_rows(ref, answer.rows, self.now)
        reload = "" if is_part else self._check_agreement(rows, series)
        if is_part:
            check_agreement(ref, rows, series)
        if reload:
            before, series = (), stored.loaded.get(ref)
        check_plausibility(ref, rows or answer.rows, series)
        first = self._find_first(answer)
        short = is_served_short(ref, first)
        others = {observation.source for observation in before}
        new = find_new_observations(
            answer,
            series,
            before,
            name,
            now=self.now,
            asked_before=self._find_last_success(before, recorded),  # None for a series that is loaded again
            yielding=find_yielding(ref, name, stored.chains.get(ref, ()), stored.answers, others, short=short),
        )
        detail = "; ".join(filter(None, (answer.problem, vanished)))
        last = rows[-1].date if rows else None
        return SeriesResult(Outcome.OK, detail, answer.rows[0].date, last, short, reload=reload), new

    def _check_agreement(self, rows: Sequence[Row], series: Series | None) -> str:
        """Return why the series is to be loaded again from these rows; raises as ``choose_side`` does."""
        stored = self.stored
        dispute = Dispute(self.ref, series, stored.loaded.get(self.ref), stored.contradictions, stored.answers)
        reason = dispute.choose_side(self.service.name, rows, self.now)
        return f"the values before contradicted {self.service.title}: {reason}" if reason else ""

    def _find_first(self, answer: SeriesRows) -> date:
        """Return the first day of the history that the service gives, with what was loaded of files."""
        first = answer.rows[0].date
        series, recorded = self.stored.own_book.get(self.ref), self.stored.answers.get((self.service.name, self.ref))
        stored_first: date = series.dates[0].item() if series else first
        return min(first, stored_first, (recorded and recorded.first) or first)

    def _find_last_success(self, before: Sequence[Observation], recorded: ServiceAnswer | None) -> datetime | None:
        """Return when the service last answered for the series: what it did not have then, it has only now.

        A series requested for the first time was never missing from an earlier answer.
        """
        if not any(observation.source == self.service.name for observation in before):
            return None
        return recorded.ok_at if recorded else self.state.last_ok_at
