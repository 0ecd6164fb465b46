"""The chains of the wanted series: which service is asked for which of them now, and what it is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groundswell.log import log_program_error
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Observation, Outcome, Series, SeriesRef, UpstreamState
from groundswell.sources.services.base import DataService
from groundswell.sources.services.chains import Answers, link_chain
from groundswell.sources.vintages import join_observations
from groundswell.storage.upstreams.states import CLOCK_SLIP

MAX_WAIT = timedelta(days=2)
"""No answer is followed by a longer wait: a later time to ask again was computed by a wrong clock."""


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What a service says of itself. ``error`` is set for one that raised an exception: it is asked nothing."""

    title: str
    address: str = ""
    terms: str = ""
    unavailable: str = ""
    error: str = ""

    @property
    def can_be_asked(self) -> bool:
        return not self.unavailable and not self.error


class ServiceChains:
    """The services by name, what each says of itself, and the chain of every wanted series.

    A service may be a plug-in, and raise anything anywhere: it is then in no chain, and ``terms`` has the error.
    """

    def __init__(self, wanted: Collection[SeriesRef], services: Sequence[DataService]) -> None:
        self.services = {service.name: service for service in services}
        self.terms = {name: _read_terms(name, service) for name, service in self.services.items()}
        ranks = {name: self._rank_offered(name, wanted) for name in self.services}
        self.by_ref: Mapping[SeriesRef, tuple[str, ...]] = {
            ref: tuple(sorted((name for name in ranks if ref in ranks[name]), key=lambda name: ranks[name][ref]))
            for ref in sorted(wanted)
        }

    def is_in_any(self, name: str) -> bool:
        """Whether a service is in the chain of a wanted series."""
        return any(name in chain for chain in self.by_ref.values())

    def comes_first(self, name: str) -> bool:
        """Whether a service is the first in the chain of a wanted series, so that it is asked whatever others send."""
        return any(chain[:1] == (name,) for chain in self.by_ref.values())

    def list_due(
        self,
        name: str,
        state: UpstreamState,
        answers: Answers,
        now: datetime,
        again: Collection[SeriesRef] = (),
    ) -> tuple[SeriesRef, ...]:
        """Return the series that a service is asked for now: it is its turn, and it is due for them.

        A service that refused, or could not be reached, is asked nothing until it is due again. One that answered,
        though all its values contradicted those stored, is asked for series in ``again``.
        """
        is_slipped = state.last_tried_at is not None and state.last_tried_at > now + CLOCK_SLIP
        is_resting = not is_slipped and _is_resting(name, state, answers, now)
        if is_resting and state.outcome is not Outcome.MALFORMED:
            return ()
        turns = (
            ref
            for ref, chain in self.by_ref.items()
            if any(link.service == name and link.is_asked for link in link_chain(ref, chain, answers))
        )
        return tuple(
            ref
            for ref in turns
            if not is_resting or ref in again
            if is_slipped or (answer := answers.get((name, ref))) is None or not now < answer.due_at <= now + MAX_WAIT
        )

    def choose_first(
        self, due: Mapping[str, Collection[SeriesRef]], again: Collection[SeriesRef]
    ) -> dict[str, tuple[SeriesRef, ...]]:
        """Return the due services with their series; each series in ``again`` only with the first in its chain."""
        firsts = {
            ref: next((name for name in self.by_ref.get(ref, ()) if ref in due.get(name, ())), "") for ref in again
        }
        chosen = {name: tuple(ref for ref in refs if firsts.get(ref, name) == name) for name, refs in due.items()}
        return {name: refs for name, refs in chosen.items() if refs}

    def build_own_book(
        self,
        name: str,
        stored: SeriesBook,
        loaded: Mapping[SeriesRef, Series],
        observations: Mapping[SeriesRef, Sequence[Observation]],
        answers: Answers,
    ) -> SeriesBook:
        """Return the stored series without what later services in their chains sent, or sent of too short a history.

        So a service that answers again is asked for the days on which another one stood in for it.
        """
        own = dict(stored.by_ref)
        for ref, sent in observations.items():
            chain = self.by_ref.get(ref, ())
            earlier = chain[: chain.index(name)] if name in chain else ()
            kept = {name, *earlier} - {source for source in chain if _is_short(source, ref, answers)}
            if {observation.source for observation in sent} <= kept:
                continue
            joined = join_observations(loaded.get(ref), [one for one in sent if one.source in kept])
            own.pop(ref, None)
            if joined is not None:
                own[ref] = joined
        return SeriesBook.of(own.values())

    def _rank_offered(self, name: str, wanted: Collection[SeriesRef]) -> dict[SeriesRef, int]:
        if not self.terms[name].can_be_asked:
            return {}
        service = self.services[name]
        try:
            return {ref: service.rank(ref) for ref in wanted if service.offers(ref)}
        except Exception as error:
            self.terms[name] = replace(self.terms[name], error=log_program_error(name, error))
            return {}


def count_waiting_claims(needs: Collection[frozenset[SeriesRef]], stored: SeriesBook) -> Counter[SeriesRef]:
    """Count for each missing series the claims that cannot be measured without it, given what each claim needs."""
    return Counter(ref for needed in needs for ref in needed if stored.get(ref) is None)


def _is_short(name: str, ref: SeriesRef, answers: Answers) -> bool:
    answer = answers.get((name, ref))
    return answer is not None and answer.short


def _is_resting(name: str, state: UpstreamState, answers: Answers, now: datetime) -> bool:
    if state.next_due_at is None or not now < state.next_due_at <= now + MAX_WAIT:
        return False
    return state.failures > 0 or any(
        answer.outcome in (Outcome.REFUSED, Outcome.UNREACHABLE) and answer.tried_at == state.last_tried_at
        for (service, _), answer in answers.items()
        if service == name
    )


def _read_terms(name: str, service: DataService) -> ServiceTerms:
    try:
        return ServiceTerms(service.title, service.base_address, service.terms, service.unavailable)
    except Exception as error:
        return ServiceTerms(name, error=log_program_error(name, error))
