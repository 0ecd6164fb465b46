"""The step of one data service: its answers to new observations and its next state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from groundswell.fetch.refresh_hints import retry_minutes
from groundswell.fetch.schedule import Interval, wait
from groundswell.model import Observation, Outcome, UpstreamState
from groundswell.ports import Retrieved
from groundswell.sources.services.base import DataService, Request

TOLD = 3
"""How many failures of single requests a row tells before it counts the rest."""


_GIVE_UP = ("HTTP 401", "HTTP 403", "HTTP 429", "HTTP 5")


def gives_up(retrieved: Retrieved) -> bool:
    """Whether an answer means that the service had better be left alone for now: more of the same would not help."""
    return retrieved.outcome is Outcome.UNREACHABLE or retrieved.detail.startswith(_GIVE_UP)


@dataclass(slots=True)
class _Taken:
    """What the answers of one try came to."""

    new: list[Observation] = field(default_factory=list)
    usable: int = 0
    failed: list[tuple[Outcome, str]] = field(default_factory=list)

    def outcome(self) -> Outcome:
        return Outcome.OK if self.usable or not self.failed else self.failed[0][0]

    def detail(self) -> str:
        values = f"{len(self.new):,} new value{'' if len(self.new) == 1 else 's'}"
        asked = self.usable + len(self.failed)
        failures = list(dict.fromkeys(text for _, text in self.failed))  # some are asked for in the same words
        told = failures[:TOLD]
        if len(failures) > TOLD:
            told.append(f"and {len(failures) - TOLD} more")
        if not self.usable:
            return "; ".join(told)
        return "; ".join((f"{values}, {self.usable} of {asked} answers usable", *told))


def _after(
    state: UpstreamState,
    source: DataService,
    taken: _Taken,
    answers: Sequence[tuple[Request, Retrieved]],
    now: datetime,
) -> UpstreamState:
    outcome = taken.outcome()
    failures = state.failures + 1 if outcome.failed else 0
    asked = max((retry_minutes(retrieved.retry_after, now) for _, retrieved in answers), default=0)
    usual = Interval(source.minutes, f"every {source.minutes} minutes, as set")
    due, reason = wait(usual, outcome, failures, asked=asked, slug=state.name, now=now)
    state = replace(state, interval_minutes=usual.minutes, interval_reason=usual.reason, due_reason=reason)
    return state.after(outcome, taken.detail(), len(taken.new), now, due)
