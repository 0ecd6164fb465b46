"""The data services that are asked for numbers: which series each is asked for, when it is due, and what it brings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.app.evidence import Evidence
from groundswell.markets.events.fed_decisions import LOWER, UPPER
from groundswell.markets.indicators.policy_path import MEETING
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, Observation, Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request, UnusableAnswerError
from groundswell.sources.services.update import _after, _Taken
from groundswell.sources.vintages import new_observations
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import observations
from groundswell.storage.upstreams import states as upstream_states

BESIDE = frozenset((*(SeriesRef(name, Measure.RATE) for name in ("DFEDTARL", "DFEDTARU")), MEETING, LOWER, UPPER))
"""Asked for whether or not a hub names them: the target range, and the meetings and statements that decide on it."""


NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request to make of a due source."""

    state: UpstreamState
    request: Request


class DataServices:
    """Sources by the name of their row. What tries bring is stored in one transaction with the sources' new states."""

    def __init__(
        self, store: Store, evidence: Evidence, wanted: Collection[SeriesRef], sources: Sequence[DataService]
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._sources = {f"data:{source.name}": source for source in sources}
        self._refs = _shared_out({*wanted, *BESIDE}, self._sources)

    def register(self) -> None:
        """Give every source a row; one that has a row keeps its record. Rows of sources now switched off say so."""
        with self._store.write() as connection:
            known = {state.name: state for state in upstream_states.list_states(connection)}
            off = [
                replace(state, enabled=False)
                for name, state in known.items()
                if name not in self._sources and state.due_reason and state.kind is UpstreamKind.DATA
            ]
            on = [self._registered(name, known.get(name)) for name in self._sources]
            upstream_states.save_states(connection, [*off, *on])

    def notices(self) -> tuple[str, ...]:
        """The terms of those sources that are to be asked for the first time."""
        with self._store.read() as connection:
            tried = {state.name for state in upstream_states.list_states(connection) if state.last_tried_at}
        return tuple(
            f"{source.title}: {source.terms}"
            for name, source in self._sources.items()
            if name not in tried and self._refs[name] and not source.lacking and source.terms
        )

    def due(self, now: datetime) -> list[ServiceRequest]:
        """The requests of the sources that are due, for each source the series longest without a value first."""
        if not self._sources:
            return []
        with self._store.read() as connection:
            states = [
                one for one in upstream_states.list_due(connection, now, UpstreamKind.DATA) if self._asked(one.name)
            ]
        if not states:
            return []
        held = self._evidence.book()
        return [
            ServiceRequest(state, request)
            for state in states
            for request in self._sources[state.name].requests(self._refs[state.name], held, now.date())
        ]

    def take(
        self, requests_due: Sequence[ServiceRequest], answers: Sequence[tuple[ServiceRequest, Retrieved]], now: datetime
    ) -> int:
        """Take in what the due ``requests_due`` brought, whatever that was; answers how many values are new.

        A source of which some errands were not run stays due. All is stored in one transaction.
        """
        if not answers:
            return 0
        held = self._evidence.book()
        tries = {service_request.state.name: service_request.state for service_request, _ in answers}
        with self._store.read() as connection:
            kept = observations.load_observations(connection, {ref for name in tries for ref in self._refs[name]})
        new: list[Observation] = []
        after: list[UpstreamState] = []
        for name, state in tries.items():
            of_source = [
                (service_request.request, retrieved)
                for service_request, retrieved in answers
                if service_request.state.name == name
            ]
            taken = self._taken(state, of_source, held, kept, now)
            new += taken.new
            whole = len(of_source) == sum(service_request.state.name == name for service_request in requests_due)
            done = _after(state, self._sources[name], taken, of_source, now)
            after.append(done if whole else replace(done, next_due_at=now, due_reason="the rest of a try cut short"))
        with self._store.write() as connection:
            observations.add_observations(connection, new, now)
            upstream_states.save_states(connection, after)
        return len(new)

    def _taken(
        self,
        state: UpstreamState,
        answers: Sequence[tuple[Request, Retrieved]],
        held: SeriesBook,
        kept: Mapping[SeriesRef, Sequence[Observation]],
        now: datetime,
    ) -> _Taken:
        source, taken = self._sources[state.name], _Taken()
        for request, retrieved in answers:
            if retrieved.outcome.failed:
                taken.failed.append((retrieved.outcome, f"{request.words}: {retrieved.detail}"))
                continue
            try:
                for found in source.read(request, retrieved.body):
                    one, before = held.get(found.ref), kept.get(found.ref, ())
                    seen = state.last_ok_at if before else None  # a series asked for the first time was never missed
                    taken.new += new_observations(found, one, before, source.title, now=now, asked_before=seen)
                taken.usable += 1
            except UnusableAnswerError as error:
                taken.failed.append((Outcome.MALFORMED, f"{request.words}: {error}"))
        return taken

    def _asked(self, name: str) -> bool:
        return name in self._sources and bool(self._refs[name]) and not self._sources[name].lacking

    def _registered(self, name: str, known: UpstreamState | None) -> UpstreamState:
        source = self._sources[name]
        fresh = known or UpstreamState(name, UpstreamKind.DATA, "", "", "", enabled=True)
        fresh = replace(fresh, title=source.title, address=source.base, topic=source.terms, enabled=True)
        if not self._asked(name):
            why = source.lacking or "not asked: no hub rests on a series that it alone would give"
            return replace(fresh, detail=why, next_due_at=None, due_reason=NOT_ASKED)
        return replace(fresh, due_reason=fresh.due_reason if fresh.last_tried_at else "a first try")


def _shared_out(wanted: Collection[SeriesRef], sources: Mapping[str, DataService]) -> dict[str, tuple[SeriesRef, ...]]:
    """The series of each source: each one is asked of the first source that has it and can be asked."""
    found: dict[str, list[SeriesRef]] = {name: [] for name in sources}
    for ref in sorted(wanted):
        name = next((name for name, one in sources.items() if not one.lacking and one.offers(ref)), None)
        if name is not None:
            found[name].append(ref)
    return {name: tuple(refs) for name, refs in found.items()}
