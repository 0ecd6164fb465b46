"""The data services that are asked for numbers: which series each one is asked for, when, and where its answers go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.app.evidence import Evidence
from groundswell.markets.events.fed_decisions import LOWER, UPPER
from groundswell.markets.indicators.policy_path import MEETING
from groundswell.model import Measure, Observation, SeriesRef, UpstreamKind, UpstreamState
from groundswell.model.upstreams import data_row
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request
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


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request to a data service that is due."""

    state: UpstreamState
    request: Request


class DataServices:
    """The services by the name of their row. New values are stored in one transaction with the services' new states."""

    def __init__(
        self, store: Store, evidence: Evidence, wanted: Collection[SeriesRef], services: Sequence[DataService]
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._services = {data_row(service.name): service for service in services}
        self._refs = _assign_series({*wanted, *ALWAYS_REQUESTED}, self._services)

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
            f"{service.title}: {service.terms}"
            for name, service in self._services.items()
            if name not in asked and self._is_asked(name) and service.terms
        )

    def due(self, now: datetime) -> list[ServiceRequest]:
        """Return the requests to the services that are due, each service's longest outdated series first."""
        if not self._services:
            return []
        with self._store.read() as connection:
            due = upstream_states.list_due(connection, now, UpstreamKind.DATA)
        states = [state for state in due if self._is_asked(state.name)]
        if not states:
            return []
        stored = self._evidence.book()
        return [
            ServiceRequest(state, request)
            for state in states
            for request in self._services[state.name].requests(self._refs[state.name], stored, now.date())
        ]

    def take(
        self, due: Sequence[ServiceRequest], answers: Sequence[tuple[ServiceRequest, Retrieved]], now: datetime
    ) -> int:
        """Store what services answered to the ``due`` requests, failures too; return how many values are new.

        A service of which some due requests are unanswered stays due.
        """
        if not answers:
            return 0
        book = self._evidence.book()
        states = {service_request.state.name: service_request.state for service_request, _ in answers}
        with self._store.read() as connection:
            refs = {ref for name in states for ref in self._refs[name]}
            stored = Stored(book, observations.load_observations(connection, refs))
        new_observations: list[Observation] = []
        new_states: list[UpstreamState] = []
        for name, state in states.items():
            own_answers = [(sent.request, retrieved) for sent, retrieved in answers if sent.state.name == name]
            interrupted = len(own_answers) < sum(service_request.state.name == name for service_request in due)
            new_state, new = update(state, self._services[name], own_answers, stored, now, interrupted=interrupted)
            new_states.append(new_state)
            new_observations += new
        with self._store.write() as connection:
            observations.add_observations(connection, new_observations, now)
            upstream_states.save_states(connection, new_states)
        return len(new_observations)

    def _is_asked(self, name: str) -> bool:
        return name in self._services and bool(self._refs[name]) and not self._services[name].unavailable

    def _build_registered_state(self, name: str, known: UpstreamState | None) -> UpstreamState:
        service = self._services[name]
        state = known or UpstreamState(name, UpstreamKind.DATA, "", "", "", enabled=True)
        # One table holds feeds and services: the column of a feed's topic has the terms of a service.
        state = replace(state, title=service.title, address=service.base_address, topic=service.terms, enabled=True)
        if not self._is_asked(name):
            reason = service.unavailable or NO_SERIES_NEEDED
            return replace(state, detail=reason, next_due_at=None, due_reason=NOT_ASKED)
        return replace(state, due_reason=state.due_reason if state.last_tried_at else FIRST_UPDATE)


def _assign_series(
    wanted: Collection[SeriesRef], services: Mapping[str, DataService]
) -> dict[str, tuple[SeriesRef, ...]]:
    """Assign each series to the first service that offers it and can be asked."""
    refs_by_service: dict[str, list[SeriesRef]] = {name: [] for name in services}
    for ref in sorted(wanted):
        offering = (name for name, service in services.items() if not service.unavailable and service.offers(ref))
        name = next(offering, None)
        if name is not None:
            refs_by_service[name].append(ref)
    return {name: tuple(refs) for name, refs in refs_by_service.items()}
