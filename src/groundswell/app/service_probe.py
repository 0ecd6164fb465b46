"""Try every data service: ask each for a series now and report its answer. Nothing is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

from groundswell.app.data_folder import collect_claim_needs, collect_series_refs
from groundswell.app.data_services import NO_SERIES_NEEDED
from groundswell.app.service_chains import ServiceChains, count_waiting_claims
from groundswell.app.service_requests import ServiceRequest, ServiceRequests
from groundswell.fetch.per_host import MAX_PARALLEL_HOSTS, SECONDS_BETWEEN_REQUESTS
from groundswell.hubs.spec import HubSpec
from groundswell.log import log_program_error
from groundswell.markets.series.book import NOTHING
from groundswell.model import Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.model.upstreams import data_row
from groundswell.pages.status import ServiceProbe
from groundswell.ports import Clock, Progress, Retrieved, Retriever
from groundswell.sources.services.accounts.sec import account_refs
from groundswell.sources.services.base import DataService
from groundswell.sources.services.chains import ALWAYS_REQUESTED
from groundswell.sources.services.reading import Reading, read_answers
from groundswell.sources.services.series_update import Stored

MAX_REQUESTS = 3
"""To one service: the first, and those to which its answers lead."""


def probe_services(
    services: Sequence[DataService],
    hubs: Collection[HubSpec],
    retriever: Retriever,
    clock: Clock,
    *,
    companies: Collection[int] = (),
    progress: Progress = lambda done: None,
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[ServiceProbe]:
    """Yield the result of each service as it comes; one that fails, or on which the program fails, stops no other.

    Each is asked for the series for which most claims wait in an empty store, from its beginning.
    """
    wanted = collect_series_refs(hubs) | account_refs(companies) | ALWAYS_REQUESTED
    chains = ServiceChains(wanted, services)
    waiting = count_waiting_claims(collect_claim_needs(hubs), NOTHING)

    def probe(name: str) -> ServiceProbe:
        try:
            refs = [ref for ref, chain in chains.by_ref.items() if name in chain]
            refs.sort(key=lambda ref: -waiting[ref])
            return _Probe(chains, name, refs, retriever, clock, pause).run()
        except Exception as error:
            kind = log_program_error(data_row(name), error)
            return ServiceProbe(name, chains.terms[name].title, (), Outcome.PROGRAM_ERROR, kind)

    with ThreadPoolExecutor(MAX_PARALLEL_HOSTS) as pool:
        for done in as_completed([pool.submit(probe, name) for name in chains.services]):
            yield done.result()
            progress(1)


@dataclass(frozen=True, eq=False)
class _Probe:
    """The trial of one service, with the series that it is asked for, the most wanted first."""

    chains: ServiceChains
    name: str
    refs: Sequence[SeriesRef]
    retriever: Retriever
    clock: Clock
    pause: Callable[[float], object]

    def run(self) -> ServiceProbe:
        terms = self.chains.terms[self.name]
        if not self.refs or not terms.can_be_asked:
            reason = terms.error or terms.unavailable or NO_SERIES_NEEDED
            outcome = Outcome.PROGRAM_ERROR if terms.error else Outcome.NOT_TRIED
            return ServiceProbe(self.name, terms.title, (), outcome, reason)
        service, now, began = self.chains.services[self.name], self.clock(), time.monotonic()
        state = UpstreamState(data_row(self.name), UpstreamKind.DATA, terms.title, "", "", enabled=True)
        requests = ServiceRequests(self.retriever)
        first = next(
            request for ref in self.refs for request in service.requests([ref], NOTHING, now.date()) if request.refs
        )
        # One request of a batch gives no figure, but its answer can be checked on its own.
        first = replace(first, batch="")
        due, answers = [ServiceRequest(state, service, first)], list[tuple[ServiceRequest, Retrieved]]()
        while due and len(answers) < MAX_REQUESTS:
            if answers:
                self.pause(SECONDS_BETWEEN_REQUESTS)
            sent = due.pop(0)
            answered = requests.list_answered([(sent, requests.retrieve(sent))])
            answers += answered
            due += requests.follow(answered)
        pairs = [(sent.request, retrieved) for sent, retrieved in answers]
        reading = read_answers(state, service, pairs, Stored(NOTHING), now)
        return self._report(service, reading, time.monotonic() - began)

    def _report(self, service: DataService, reading: Reading, seconds: float) -> ServiceProbe:
        outcome, detail = reading.failures[0] if reading.failures else (Outcome.OK, "; ".join(reading.problems))
        results = reading.series.values()
        return ServiceProbe(
            service=self.name,
            title=self.chains.terms[self.name].title,
            series=tuple(dict.fromkeys(str(ref) for ref in reading.series)),
            outcome=outcome,
            detail=service.hide_secrets(detail),
            values=len(reading.observations),
            first=min((result.first for result in results if result.first), default=None),
            last=max((result.last for result in results if result.last), default=None),
            seconds=round(seconds, 2),
        )
