"""A worker: a process of its own for work that takes much memory, all of which it gives back when it ends."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeVar

MAX_SECONDS = 120.0  # of one task; a worker that takes longer is killed
MAX_IDLE_SECONDS = 10.0

Result = TypeVar("Result")

# A worker's memory counts while it works: its threads share one pool, so that freed pages go back. The C library reads
# this; a value that the owner has set wins.
_GIVE_MEMORY_BACK = {"MALLOC_ARENA_MAX": "1"}
_BROKEN = (EOFError, OSError, pickle.UnpicklingError)


class WorkerError(RuntimeError):
    """The worker ended without an answer: it was killed, ran out of memory or took too long."""


class Worker:
    """Runs functions in another process, one after the other. It starts with the first and ends once there are no more.

    The process ends too when this one does, however that happens. Threads may share a worker: they take turns. After
    ``max_tasks`` tasks another process goes on, for libraries whose memory grows.
    """

    def __init__(self, max_idle_seconds: float = MAX_IDLE_SECONDS, max_tasks: int | None = None) -> None:
        self._max_tasks = max_tasks
        self._tasks = 0
        self._max_idle_seconds = max_idle_seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None
        self._is_closed = False
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The id of the process, None while there is none."""
        process = self._process
        return process.pid if process is not None else None

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Return what a function of a module returns there, or raise what it raises; all of it must be picklable.

        Raises ``WorkerError`` if the process ends twice without an answer.
        """
        task = pickle.dumps(pickle.dumps((function, arguments)))
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            try:
                answer = self._ask(task)
            except _BROKEN:  # it was killed from outside, and the next one may have better luck
                answer = self._ask_again(task, function)
            self._tasks += 1
            if self._tasks == self._max_tasks:
                self._end()
            else:
                self._timer = _start_timer(self._max_idle_seconds, self.rest)
        result, error = pickle.loads(answer)  # noqa: S301  (written by our own process)
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def rest(self) -> None:
        """End the process after its present task. The next task starts another."""
        with self._turn:
            self._end()

    def close(self) -> None:
        """End the process at once, and start no other: the task that it runs fails."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()

    def _ask_again(self, task: bytes, function: Callable[..., Any]) -> bytes:
        self._end()
        try:
            return self._ask(task)
        except _BROKEN:
            self._end()
            raise WorkerError(f"the process that ran {function!r} ended without an answer") from None

    def _ask(self, task: bytes) -> bytes:
        if self._is_closed:
            raise EOFError
        process = self._process = self._process or _start()
        watchdog = _start_timer(MAX_SECONDS, process.kill)
        try:
            sending, receiving = _pipes(process)
            sending.write(task)
            sending.flush()
            answer: bytes = pickle.load(receiving)  # noqa: S301  (written by our own process)
            return answer
        finally:
            watchdog.cancel()

    def _end(self) -> None:
        process, self._process, self._tasks = self._process, None, 0
        if process is not None:
            process.kill()
            with suppress(OSError):  # what was not written yet cannot be
                process.communicate()


def _start_timer(seconds: float, action: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer


def _start() -> subprocess.Popen[bytes]:
    here = str(Path(__file__).parents[1])  # it finds this very package, wherever it was imported from
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "groundswell.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_GIVE_MEMORY_BACK | os.environ | {"PYTHONPATH": paths},
        start_new_session=True,  # Ctrl-C in a terminal is for this process, which ends the other
    )


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    return process.stdin, process.stdout


def serve_tasks(tasks: IO[bytes], answers: IO[bytes]) -> None:
    """Run tasks until there are no more."""
    while True:
        try:
            task = pickle.load(tasks)  # noqa: S301  (written by our own process)
        except EOFError:
            return
        answer = _run_task(task)
        try:
            answers.write(pickle.dumps(answer))
            answers.flush()
        except BrokenPipeError:  # the process that asked has ended
            return


def _run_task(task: bytes) -> bytes:
    """Return the result and the exception of a task, one of them None."""
    try:
        function, arguments = pickle.loads(task)  # noqa: S301  (written by our own process)
        return pickle.dumps((function(*arguments), None))
    except Exception as error:
        return pickle.dumps((None, error))


if __name__ == "__main__":
    # What the work prints must not come between the answers.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve_tasks(sys.stdin.buffer, answers)
