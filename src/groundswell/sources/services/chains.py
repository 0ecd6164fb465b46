"""The chain of a series: the services that have it, in the order in which they are asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from groundswell.markets.events.fed_decisions import LOWER, UPPER
from groundswell.markets.indicators.policy_path import MEETING
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import Measure, SeriesRef
from groundswell.model.service_answers import ServiceAnswer

ALWAYS_REQUESTED = frozenset(
    (
        *(SeriesRef(name, Measure.RATE) for name in ("DFEDTARL", "DFEDTARU")),
        *(MEETING, LOWER, UPPER),
        *(RELEASE_DAYS.ref(statistic) for statistic in ("cpi", "jobs", "gdp")),
    )
)
"""Requested whether or not a hub names them: the target range, what decides on it, and the calendars of releases."""

Answers = Mapping[tuple[str, SeriesRef], ServiceAnswer]
"""The last answers by the name of the service and the series."""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A service in the chain of a series, by its name: what it last answered, and whether it is its turn to be asked.

    ``serves`` is whether the values that are added now are those of this service.
    """

    service: str
    answer: ServiceAnswer | None
    is_asked: bool
    serves: bool


def link_chain(ref: SeriesRef, names: Sequence[str], answers: Answers) -> tuple[ChainLink, ...]:
    """Return the chain of a series with the last answers.

    A service is asked while no service before it has an answer that suffices. One that was not asked yet keeps those
    after it waiting. The first whose answer suffices serves; where none does, the first that sent too short a history.
    """
    found = [answers.get((name, ref)) for name in names]
    suffices = [answer is not None and answer.suffices for answer in found]
    reached = next((place for place, answer in enumerate(found) if answer is None or suffices[place]), len(names))
    partial = (place for place, answer in enumerate(found) if answer and answer.short and not answer.outcome.failed)
    serving = suffices.index(True) if any(suffices) else next(partial, None)
    return tuple(
        ChainLink(name, answer, place <= reached, place == serving)
        for place, (name, answer) in enumerate(zip(names, found, strict=True))
    )


def find_yielding(
    ref: SeriesRef, name: str, names: Sequence[str], answers: Answers, others: Iterable[str], *, short: bool
) -> frozenset[str]:
    """Return those of the ``others`` whose values give way to those of the service ``name``, as ``short`` as they are.

    A history that reaches back far enough replaces one that is too short; of like ones the earlier in the chain counts.
    A service that is no longer in the chain gives way to any that is.
    """

    def find_place(service: str, *, is_short: bool) -> tuple[bool, int]:
        return is_short, names.index(service) if service in names else len(names)

    def is_short(service: str) -> bool:
        answer = answers.get((service, ref))
        return answer is not None and answer.short

    own = find_place(name, is_short=short)
    return frozenset(other for other in {*others} - {name} if find_place(other, is_short=is_short(other)) > own)
