"""The data services that are asked for numbers: which series each one is asked for, when, and where its answers go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.app.evidence import Evidence
from groundswell.app.failed_states import FailedStates
from groundswell.app.service_chains import ServiceChains, count_waiting_claims
from groundswell.app.service_requests import ServiceRequest
from groundswell.errors import StoreError
from groundswell.fetch.schedule import build_failed_state
from groundswell.log import log_program_error
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.model.upstreams import data_row
from groundswell.ports import Clock, Retrieved
from groundswell.sources.services.base import DataService, Request
from groundswell.sources.services.batches import keep_whole_batches
from groundswell.sources.services.chains import ALWAYS_REQUESTED, Answers
from groundswell.sources.services.contradictions import must_reload
from groundswell.sources.services.series_update import SeriesResult, Stored
from groundswell.sources.services.update import record_unsent, update
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import observations
from groundswell.storage.upstreams import contradictions, service_answers
from groundswell.storage.upstreams import states as upstream_states

NOT_ASKED = "not asked"
NO_SERIES_NEEDED = "not asked: no hub rests on a series that it would give"
FIRST_UPDATE = "a first try"
NO_REQUEST = "nothing to ask for"
STANDS_IN = "when a service before it in the chain of a series fails"

RETRY_MINUTES = 60
"""Until a service on which the program failed is asked again, doubled with each failure."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """The series that a service is asked for, or was asked for, in this cycle."""

    name: str
    state: UpstreamState
    refs: Collection[SeriesRef]


class DataServices:
    """The services in the chains of the wanted series. New values are stored in one transaction with what a service
    answered.

    A service may be a plug-in, and raise anything anywhere: that is its own outcome and changes nothing for the others.
    ``needs`` are the series that each claim needs, to ask first for those that most claims wait for.
    """

    def __init__(
        self,
        store: Store,
        evidence: Evidence,
        wanted: Collection[SeriesRef],
        services: Sequence[DataService],
        clock: Clock,
        *,
        needs: Collection[frozenset[SeriesRef]] = (),
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._needs = needs
        self._clock = clock
        self._failed = FailedStates(store)
        self.chains = ServiceChains({*wanted, *ALWAYS_REQUESTED}, services)

    def register(self) -> None:
        """Give every service a row; one that has a row keeps its record. Rows of services switched off are disabled."""
        names = {data_row(name): name for name in self.chains.services}
        with self._store.write() as connection:
            known = {state.name: state for state in upstream_states.list_states(connection)}
            switched_off = [
                replace(state, enabled=False)
                for row, state in known.items()
                if row not in names and state.due_reason and state.kind is UpstreamKind.DATA
            ]
            registered = [self._build_registered_state(row, name, known.get(row)) for row, name in names.items()]
            upstream_states.save_states(connection, [*switched_off, *registered])
            doubted = contradictions.load_contradictions(connection)
            gone = [(name, ref) for name, ref in doubted if name not in self.chains.by_ref.get(ref, ())]
            contradictions.clear_contradictions(connection, gone)

    def notices(self) -> tuple[str, ...]:
        """Return the terms of the services that were never asked and may be."""
        with self._store.read() as connection:
            asked = {state.name for state in upstream_states.list_states(connection) if state.last_tried_at}
        return tuple(
            f"{own.title}: {own.terms}"
            for name, own in self.chains.terms.items()
            if data_row(name) not in asked and self.chains.is_in_any(name) and own.terms
        )

    def due(self) -> list[ServiceRequest]:
        """Return the requests to make now: to each service those for the series for which it is its turn.

        Requests for which most unmeasured claims wait come first, then those for the longest outdated series.
        """
        if not self.chains.services:
            return []
        now = self._clock()
        with self._store.read() as connection:
            states = {state.name: state for state in upstream_states.list_states(connection)}
            answers = service_answers.load_answers(connection)
            doubted = contradictions.load_contradictions(connection)
        stored = self._evidence.stored_book() if doubted else NOTHING
        again = {ref for _, ref in doubted if must_reload(ref, doubted, answers, stored.get(ref))}
        due = {
            name: refs
            for name in self.chains.services
            if (state := states.get(data_row(name))) and not self._failed.is_waiting(state.name, now)
            if (refs := self.chains.list_due(name, state, answers, now, again))
        }
        if not due:
            return []
        stored = self._evidence.stored_book()
        turns = [
            _Turn(name, states[data_row(name)], refs) for name, refs in self.chains.choose_first(due, again).items()
        ]
        return [request for turn in turns for request in self._build_requests(turn, stored, answers, again, now)]

    def take(self, due: Sequence[ServiceRequest], answers: Sequence[tuple[ServiceRequest, Retrieved]]) -> int:
        """Store what services answered to the ``due`` requests, failures too; return how many values are new.

        A service of which some due requests are unanswered stays due.
        """
        new_values, now = 0, self._clock()
        for name in dict.fromkeys(sent.service.name for sent, _ in answers):
            own_due = [sent.request for sent in due if sent.service.name == name]
            received = [(sent.request, retrieved) for sent, retrieved in answers if sent.service.name == name]
            own_answers, unanswered = keep_whole_batches(own_due, received)
            if not own_answers:
                continue
            state = next(sent.state for sent, _ in answers if sent.service.name == name)
            turn = _Turn(name, state, {ref for request, _ in own_answers for ref in request.refs})
            interrupted = len(own_answers) < len(own_due)
            try:
                new_values += self._store_answers(turn, own_answers, unanswered, now, interrupted=interrupted)
            except StoreError:
                raise
            except Exception as error:
                self._save_failure(turn, error, now)
        return new_values

    def _store_answers(
        self,
        turn: _Turn,
        answers: Sequence[tuple[Request, Retrieved]],
        unanswered: Collection[SeriesRef],
        now: datetime,
        *,
        interrupted: bool,
    ) -> int:
        stored = self._load_stored(turn.name, turn.refs, self._evidence.stored_book())
        service = self.chains.services[turn.name]
        updated = update(turn.state, service, answers, stored, now, interrupted=interrupted, unanswered=unanswered)
        with self._store.write() as connection:
            contradictions.save_contradictions(connection, updated.contradictions)
            contradictions.clear_contradictions(connection, ((turn.name, ref) for ref in updated.confirmed))
            for ref, reason in updated.reloads.items():
                contradictions.add_reload(connection, ref, turn.name, now, reason)
            observations.add_observations(connection, updated.observations, now)
            service_answers.save_answers(connection, updated.answers)
            upstream_states.save_states(connection, [updated.state])
        return len(updated.observations)

    def _load_stored(self, name: str, refs: Collection[SeriesRef], book: SeriesBook) -> Stored:
        """Load what is stored of series before an answer of a service to them is taken."""
        with self._store.read() as connection:
            answers = service_answers.load_answers(connection)
            sent = observations.load_observations(connection, refs)
            is_mixed = any(one.source != name for ref in refs for one in sent.get(ref, ()))
            doubted = contradictions.load_contradictions(connection)
        loaded = self._evidence.load_stored_series() if is_mixed or doubted else {}
        own_book = self.chains.build_own_book(name, book, loaded if is_mixed else {}, sent, answers)
        return Stored(book, sent, answers, self.chains.by_ref, own_book, doubted, loaded)

    def _build_requests(
        self, turn: _Turn, stored: SeriesBook, answers: Answers, again: Collection[SeriesRef], now: datetime
    ) -> list[ServiceRequest]:
        """Build the requests of a turn; series in ``again`` are asked for in full."""
        name, refs, service = turn.name, turn.refs, self.chains.services[turn.name]
        try:
            # What another service sent may stand in for what this one has not sent yet, or is too short for it.
            shared = {ref for ref in refs if any(ref == other and sender != name for sender, other in answers)}
            book = self._load_stored(name, shared, stored).own_book if shared else stored
            short = {ref for ref in refs if (own := answers.get((name, ref))) and own.short}
            book = SeriesBook.of(one for one in book if one.ref not in {*short, *again})
            requests = [_check_request(request) for request in service.requests(refs, book, now.date())]
            if missing := {*refs} - {ref for request in requests for ref in request.refs}:
                self._record(name, missing, SeriesResult(Outcome.NOT_TRIED, NO_REQUEST), now + service.interval)
            waiting = count_waiting_claims(self._needs, stored)
            requests.sort(key=lambda request: -max((waiting[ref] for ref in request.refs), default=0))
            return [ServiceRequest(turn.state, service, request) for request in requests]
        except StoreError:
            raise
        except Exception as error:
            self._save_failure(turn, error, now)
            return []

    def _save_failure(self, turn: _Turn, error: Exception, now: datetime) -> None:
        state = turn.state
        detail = log_program_error(state.name, error)
        failed = build_failed_state(state, state.interval_minutes or RETRY_MINUTES, detail, now)
        self._failed.save(failed)
        try:
            self._record(turn.name, turn.refs, SeriesResult(failed.outcome, detail), failed.next_due_at or now)
        except StoreError:
            raise
        except Exception as second_error:
            log_program_error(f"the answers of {state.name}", second_error)

    def _record(self, name: str, refs: Iterable[SeriesRef], result: SeriesResult, due: datetime) -> None:
        """Record how it went for series of which the service got no request, until it is ``due``."""
        with self._store.write() as connection:
            before = service_answers.load_answers(connection)
            recorded = record_unsent(name, refs, result, before, self._clock(), due=due)
            service_answers.save_answers(connection, recorded)

    def _build_registered_state(self, row: str, name: str, known: UpstreamState | None) -> UpstreamState:
        own = self.chains.terms[name]
        state = known or UpstreamState(row, UpstreamKind.DATA, "", "", "", enabled=True)
        # One table holds feeds and services: the column of a feed's topic has the terms of a service.
        state = replace(state, title=own.title, address=own.address, topic=own.terms, enabled=True)
        if own.error:
            return replace(
                state, outcome=Outcome.PROGRAM_ERROR, detail=own.error, next_due_at=None, due_reason=NOT_ASKED
            )
        if not self.chains.is_in_any(name):
            reason = own.unavailable or NO_SERIES_NEEDED
            return replace(state, detail=reason, next_due_at=None, due_reason=NOT_ASKED)
        if state.last_tried_at:
            return state
        return replace(state, due_reason=FIRST_UPDATE if self.chains.comes_first(name) else STANDS_IN)


def _check_request(request: object) -> Request:
    """Return the request of a service, which may be a plug-in. Raises ``TypeError`` for anything else."""
    if not isinstance(request, Request) or not isinstance(request.address, str):
        raise TypeError("a data service must return requests with an address")
    return request
