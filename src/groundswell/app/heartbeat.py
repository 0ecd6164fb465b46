"""The progress of the cycles, written by the thread that runs them and read by the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from groundswell.log import log, log_program_error
from groundswell.model.cycle_progress import CycleProgress
from groundswell.ports import Clock


class StepError(Exception):
    """A step of which a part failed, which is in the log already; the text names the part, for readers."""


class Heartbeat:
    """Keeps the ``CycleProgress`` of this process. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._progress = CycleProgress()

    @property
    def progress(self) -> CycleProgress:
        """What is known of the cycles now."""
        return self._progress

    def start(self, cycle_seconds: int) -> None:
        """Expect cycles from now on, this many seconds apart."""
        now = self._clock()
        self._change(lambda progress: replace(progress, started_at=now, cycle_seconds=cycle_seconds))

    def complete_cycle(self) -> None:
        """Note that a cycle ran to its end."""
        now = self._clock()
        self._change(lambda progress: replace(progress, last_cycle_at=now))

    def complete_evaluation(self) -> None:
        """Note that all claims were evaluated."""
        now = self._clock()
        self._change(lambda progress: replace(progress, last_evaluation_at=now))

    def clear(self, step: str) -> None:
        """Note that a step succeeded."""
        self._change(lambda progress: progress.clear(step))

    def record_failure(self, step: str, error: str) -> int:
        """Note that a step failed, with the kind of error; return how often in a row."""
        now = self._clock()
        stuck = self._change(lambda progress: progress.record_failure(step, error, now)).find_stuck(step)
        return stuck.failures if stuck else 0

    def run_step(self, step: str, task: Callable[[], object], passes: tuple[type[Exception], ...] = ()) -> None:
        """Run a task, unless it failed a short time ago. An exception is noted and logged, and goes no further.

        The first of several failures in a row is logged with its trace, the others as a line. Exceptions of the kinds
        in ``passes`` are raised.
        """
        if self._progress.is_waiting(step, self._clock()):
            return
        try:
            task()
        except passes:
            raise
        except Exception as error:
            kind = str(error) if isinstance(error, StepError) else type(error).__name__
            before = self._progress.find_stuck(step)
            failures = self.record_failure(step, kind)
            if isinstance(error, StepError) or (before is not None and before.error == kind):
                log.error("%s failed, %d times in a row: %s", step, failures, kind)
            else:
                log_program_error(step, error)
        else:
            self.clear(step)

    def _change(self, change: Callable[[CycleProgress], CycleProgress]) -> CycleProgress:
        with self._lock:
            self._progress = change(self._progress)
            return self._progress
