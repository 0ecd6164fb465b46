"""The update of one series by what a service sent of it: what is new, and how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from groundswell.log import log_program_error
from groundswell.markets.series.begins import is_served_short
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Observation, Outcome, Series, SeriesRef, UpstreamState
from groundswell.model.contradictions import Contradiction
from groundswell.model.service_answers import ServiceAnswer
from groundswell.sources.services.answer_checks import check_plausibility, check_reach, find_vanished
from groundswell.sources.services.base import DataService, Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.chains import Answers, find_yielding
from groundswell.sources.services.contradictions import ContradictingAnswerError, Contradictions, Dispute
from groundswell.sources.services.new_observations import find_new_observations, take_final_rows


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


@dataclass(frozen=True, eq=False)
class SeriesUpdate:
    """A series that was asked for, and what is known of it. ``twin`` is another symbol that has the same prices."""

    ref: SeriesRef
    state: UpstreamState
    service: DataService
    stored: Stored
    now: datetime
    twin: str

    def take(self, answer: SeriesRows, new: list[Observation], *, is_part: bool) -> SeriesResult:
        """Add to ``new`` what is new of an answer, or of a part of the requested days; return how it went."""
        try:
            result, observations = self._read(answer, is_part=is_part)
        except ContradictingAnswerError as error:
            return SeriesResult(Outcome.MALFORMED, str(error), contradiction=error.contradiction)
        except UnusableAnswerError as error:
            return SeriesResult(Outcome.MALFORMED, str(error))
        except Exception as error:
            return SeriesResult(Outcome.PROGRAM_ERROR, log_program_error(f"{self.state.name}, {self.ref.id}", error))
        new += observations
        return result

    def _read(self, answer: SeriesRows, *, is_part: bool) -> tuple[SeriesResult, tuple[Observation, ...]]:
        """Check the rows of the series, or of a part of its days, and find what is new.

        Raises ``UnusableAnswerError``.
        """
        ref, name, stored = self.ref, self.service.name, self.stored
        if self.twin:
            raise UnusableAnswerError(f"the same prices as those of {self.twin}")
        before, series = stored.observations.get(ref, ()), stored.book.get(ref)
        recorded = stored.answers.get((name, ref))
        is_doubted = any(other == ref for _, other in stored.contradictions)
        if not is_part and not is_doubted:
            check_reach(answer, recorded)
        vanished = "" if is_part or is_doubted else find_vanished(answer, before, name)
        rows = take_final_rows(ref, answer.rows, self.now)
        reload = self._check_agreement(rows, series)
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
