"""The data services that are asked for numbers: which series each one is asked for, when, and where its answers go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.app.evidence import Evidence
from groundswell.app.failed_states import FailedStates
from groundswell.errors import StoreError
from groundswell.fetch.schedule import build_failed_state
from groundswell.log import log_program_error
from groundswell.markets.events.fed_decisions import LOWER, UPPER
from groundswell.markets.indicators.policy_path import MEETING
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.model.upstreams import data_row
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request
from groundswell.sources.services.batches import keep_whole_batches
from groundswell.sources.services.update import Stored, update
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import observations
from groundswell.storage.upstreams import states as upstream_states

ALWAYS_REQUESTED = frozenset(
    (*(SeriesRef(name, Measure.RATE) for name in ("DFEDTARL", "DFEDTARU")), MEETING, LOWER, UPPER)
)
"""Requested whether or not a hub names them: the target range, and the meetings and statements that decide on it."""

NOT_ASKED = "not asked"
NO_SERIES_NEEDED = "not asked: no hub rests on a series that it alone would give"
FIRST_UPDATE = "a first try"

RETRY_MINUTES = 60
"""Until a service on which the program failed is asked again, doubled with each failure."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request to a data service that is due."""

    state: UpstreamState
    request: Request


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What a service says of itself. ``error`` is set for one that raised an exception: it is asked nothing."""

    title: str
    address: str = ""
    terms: str = ""
    unavailable: str = ""
    error: str = ""


class DataServices:
    """The services by the name of their row. New values are stored in one transaction with the service's new state.

    A service may be a plug-in, and raise anything anywhere: that is its own outcome and changes nothing for the others.
    """

    def __init__(
        self, store: Store, evidence: Evidence, wanted: Collection[SeriesRef], services: Sequence[DataService]
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._failed = FailedStates(store)
        self._services = {data_row(service.name): service for service in services}
        self._terms = {name: _read_terms(name, service) for name, service in self._services.items()}
        self._refs = self._assign_series({*wanted, *ALWAYS_REQUESTED})

    def register(self) -> None:
        """Give every service a row; one that has a row keeps its record. Rows of services switched off are disabled."""
        with self._store.write() as connection:
            known = {state.name: state for state in upstream_states.list_states(connection)}
            switched_off = [
                replace(state, enabled=False)
                for name, state in known.items()
                if name not in self._services and state.due_reason and state.kind is UpstreamKind.DATA
            ]
            registered = [self._build_registered_state(name, known.get(name)) for name in self._services]
            upstream_states.save_states(connection, [*switched_off, *registered])

    def notices(self) -> tuple[str, ...]:
        """Return the terms of the services that are about to be asked for the first time."""
        with self._store.read() as connection:
            asked = {state.name for state in upstream_states.list_states(connection) if state.last_tried_at}
        return tuple(
            f"{own.title}: {own.terms}"
            for name, own in self._terms.items()
            if name not in asked and self._is_asked(name) and own.terms
        )

    def due(self, now: datetime) -> list[ServiceRequest]:
        """Return the requests to the services that are due, each service's longest outdated series first."""
        if not self._services:
            return []
        with self._store.read() as connection:
            due = upstream_states.list_due(connection, now, UpstreamKind.DATA)
        states = [state for state in due if self._is_asked(state.name) and not self._failed.is_waiting(state.name, now)]
        if not states:
            return []
        stored = self._evidence.stored_book()
        return [service_request for state in states for service_request in self._build_requests(state, stored, now)]

    def take(
        self, due: Sequence[ServiceRequest], answers: Sequence[tuple[ServiceRequest, Retrieved]], now: datetime
    ) -> int:
        """Store what services answered to the ``due`` requests, failures too; return how many values are new.

        A service of which some due requests are unanswered stays due.
        """
        if not answers:
            return 0
        book = self._evidence.stored_book()
        states = {service_request.state.name: service_request.state for service_request, _ in answers}
        with self._store.read() as connection:
            refs = {ref for name in states for ref in self._refs[name]}
            stored = Stored(book, observations.load_observations(connection, refs))
        new_values = 0
        for name, state in states.items():
            own_due = [sent.request for sent in due if sent.state.name == name]
            received = [(sent.request, retrieved) for sent, retrieved in answers if sent.state.name == name]
            own_answers, _ = keep_whole_batches(own_due, received)
            if not own_answers:
                continue
            interrupted = len(own_answers) < len(own_due)
            try:
                new_values += self._store_answers(state, own_answers, stored, now, interrupted=interrupted)
            except StoreError:
                raise
            except Exception as error:
                self._save_failure(state, error, now)
        return new_values

    def _store_answers(
        self,
        state: UpstreamState,
        answers: Sequence[tuple[Request, Retrieved]],
        stored: Stored,
        now: datetime,
        *,
        interrupted: bool,
    ) -> int:
        new_state, new = update(state, self._services[state.name], answers, stored, now, interrupted=interrupted)
        with self._store.write() as connection:
            observations.add_observations(connection, new, now)
            upstream_states.save_states(connection, [new_state])
        return len(new)

    def _build_requests(self, state: UpstreamState, stored: SeriesBook, now: datetime) -> list[ServiceRequest]:
        try:
            requests = self._services[state.name].requests(self._refs[state.name], stored, now.date())
            return [ServiceRequest(state, _check_request(request)) for request in requests]
        except Exception as error:
            self._save_failure(state, error, now)
            return []

    def _save_failure(self, state: UpstreamState, error: Exception, now: datetime) -> None:
        detail = log_program_error(state.name, error)
        self._failed.save(build_failed_state(state, state.interval_minutes or RETRY_MINUTES, detail, now))

    def _is_asked(self, name: str) -> bool:
        return name in self._services and bool(self._refs[name]) and _can_be_asked(self._terms[name])

    def _build_registered_state(self, name: str, known: UpstreamState | None) -> UpstreamState:
        own = self._terms[name]
        state = known or UpstreamState(name, UpstreamKind.DATA, "", "", "", enabled=True)
        # One table holds feeds and services: the column of a feed's topic has the terms of a service.
        state = replace(state, title=own.title, address=own.address, topic=own.terms, enabled=True)
        if own.error:
            return replace(
                state, outcome=Outcome.PROGRAM_ERROR, detail=own.error, next_due_at=None, due_reason=NOT_ASKED
            )
        if not self._is_asked(name):
            reason = own.unavailable or NO_SERIES_NEEDED
            return replace(state, detail=reason, next_due_at=None, due_reason=NOT_ASKED)
        return replace(state, due_reason=state.due_reason if state.last_tried_at else FIRST_UPDATE)

    def _assign_series(self, wanted: Collection[SeriesRef]) -> dict[str, tuple[SeriesRef, ...]]:
        """Assign each series to the first service that offers it and can be asked."""
        refs_by_service: dict[str, tuple[SeriesRef, ...]] = {}
        left = sorted(wanted)
        for name in self._services:
            refs_by_service[name] = self._choose_offered(name, left)
            left = [ref for ref in left if ref not in refs_by_service[name]]
        return refs_by_service

    def _choose_offered(self, name: str, refs: Sequence[SeriesRef]) -> tuple[SeriesRef, ...]:
        if not _can_be_asked(self._terms[name]):
            return ()
        try:
            return tuple(ref for ref in refs if self._services[name].offers(ref))
        except Exception as error:
            self._terms[name] = replace(self._terms[name], error=log_program_error(name, error))
            return ()


def _can_be_asked(terms: ServiceTerms) -> bool:
    return not terms.unavailable and not terms.error


def _check_request(request: object) -> Request:
    """Return the request of a service, which may be a plug-in. Raises ``TypeError`` for anything else."""
    if not isinstance(request, Request) or not isinstance(request.address, str):
        raise TypeError("a data service must return requests with an address")
    return request


def _read_terms(name: str, service: DataService) -> ServiceTerms:
    try:
        return ServiceTerms(service.title, service.base_address, service.terms, service.unavailable)
    except Exception as error:
        return ServiceTerms(name, error=log_program_error(name, error))
