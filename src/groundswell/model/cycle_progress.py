"""How the cycles of the running program go: when one was last complete, and which of its steps are stuck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CYCLE_STEP = "cycle"
"""The step that stands for a whole cycle, which ended early."""

MAX_CYCLE_TIME = timedelta(minutes=10)
"""No cycle takes longer: twice a minute in which requests start and one for the last answers, and an evaluation."""
MAX_MISSED_CYCLES = 3

FIRST_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(minutes=32)


@dataclass(frozen=True, slots=True)
class StuckStep:
    """A step of the cycle that failed at its last tries: how often in a row, since when, and when it is tried again.

    ``error`` is the kind of the last failure, never its text, which may name files or repeat what was sent.
    """

    step: str
    error: str
    since: datetime
    failures: int
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class CycleProgress:
    """What is known of the cycles so far. ``started_at`` is None where none are expected, as without live sources."""

    started_at: datetime | None = None
    cycle_seconds: int = 0
    last_cycle_at: datetime | None = None
    last_evaluation_at: datetime | None = None
    cycle_failures: int = 0
    stuck: tuple[StuckStep, ...] = ()

    def find_stuck(self, step: str) -> StuckStep | None:
        """Return what is stuck in a step; None where its last try succeeded."""
        return next((stuck for stuck in self.stuck if stuck.step == step), None)

    def is_waiting(self, step: str, now: datetime) -> bool:
        """Whether a stuck step is left alone for now. A clock that was wrong at the failure makes no longer wait."""
        stuck = self.find_stuck(step)
        return stuck is not None and now < stuck.retry_at <= now + MAX_WAIT

    def record_failure(self, step: str, error: str, now: datetime) -> CycleProgress:
        """Return the progress after a step failed; the wait doubles with each failure in a row, up to half an hour."""
        before = self.find_stuck(step)
        failures = before.failures + 1 if before else 1
        retry_at = now + min(FIRST_WAIT * 2 ** min(failures - 1, 10), MAX_WAIT)
        stuck = StuckStep(step, error, before.since if before else now, failures, retry_at)
        others = tuple(other for other in self.stuck if other.step != step)
        return replace(self, stuck=(*others, stuck), cycle_failures=self.cycle_failures + (step == CYCLE_STEP))

    def clear(self, step: str) -> CycleProgress:
        """Return the progress after a step succeeded."""
        return replace(self, stuck=tuple(other for other in self.stuck if other.step != step))

    def is_overdue(self, now: datetime) -> bool:
        """Whether no cycle has been complete for too long, although cycles are expected."""
        if self.started_at is None:
            return False
        last = max(self.started_at, self.last_cycle_at or self.started_at)
        return now - last > MAX_CYCLE_TIME + MAX_MISSED_CYCLES * timedelta(seconds=self.cycle_seconds)
