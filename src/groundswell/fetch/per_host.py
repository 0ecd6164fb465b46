"""Requests to many hosts in parallel, one at a time to each host."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from groundswell.fetch.deadline import STOP_SECONDS
from groundswell.log import log_program_error
from groundswell.model import Outcome
from groundswell.ports import Retrieved

MAX_PARALLEL_HOSTS = 8
SECONDS_BETWEEN_REQUESTS = 1.0
"""Between two requests to one host."""

SLOW_SECONDS = 3.0
"""A host that has not answered by then no longer takes the place of another: slow hosts do not delay quick ones."""
MAX_WAITING_HOSTS = 48
"""Hosts requested at once, the slow ones included. At most as many answers are in memory."""
MAX_ANSWERS_WAITING = 4
"""With so many answers to take, each of them up to 5 MB, no further request starts."""

Job = TypeVar("Job")


def request_in_parallel(
    jobs: Iterable[tuple[str, Job]],
    request: Callable[[Job], Retrieved],
    pause: Callable[[float], object],
    may_start: Callable[[], bool] = lambda: True,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Job, Retrieved]]:
    """Yield each job with what ``request`` returned for it, in the order in which the answers arrive.

    Each job comes with its address. Two requests to one host are a pause apart. Once ``may_start`` returns false, no
    further request starts. An exception of ``request`` is an answer with the outcome ``PROGRAM_ERROR``.

    Once ``stop`` is set, nothing more is yielded, and requests that are still running are abandoned: their threads end
    with the process.
    """
    stop = stop or threading.Event()
    hosts = _Hosts(jobs, request, pause, stop)
    while not stop.is_set():
        while hosts.can_start() and may_start():
            hosts.start_next()
        if not hosts.began:
            return
        answer = hosts.take()
        if answer is not None and not stop.is_set():
            yield answer


class _Hosts(Generic[Job]):
    """The jobs of each host in a queue, and what is being requested. One thread may use it."""

    def __init__(
        self,
        jobs: Iterable[tuple[str, Job]],
        request: Callable[[Job], Retrieved],
        pause: Callable[[float], object],
        stop: threading.Event,
    ) -> None:
        self._request, self._pause, self._stop = request, pause, stop
        self._waiting = deque((queue, 0.0) for queue in _group_by_host(jobs))
        self._answers: SimpleQueue[tuple[deque[tuple[str, Job]], Job, Retrieved]] = SimpleQueue()
        self.began: dict[int, float] = {}
        """When the running request of each host began, by the identity of the host's queue."""

    def can_start(self) -> bool:
        if self._answers.qsize() >= MAX_ANSWERS_WAITING:
            return False
        quick = sum(time.monotonic() - at < SLOW_SECONDS for at in self.began.values())
        return bool(self._waiting) and quick < MAX_PARALLEL_HOSTS and len(self.began) < MAX_WAITING_HOSTS

    def start_next(self) -> None:
        queue, seconds = self._waiting.popleft()
        self.began[id(queue)] = time.monotonic() + seconds
        threading.Thread(target=self._run, args=(queue, seconds), name="retrieve", daemon=True).start()

    def take(self) -> tuple[Job, Retrieved] | None:
        """Return the next answer; None where none arrives for a moment."""
        try:
            queue, job, retrieved = self._answers.get(timeout=STOP_SECONDS)
        except Empty:
            return None
        del self.began[id(queue)]
        if queue:
            self._waiting.append((queue, SECONDS_BETWEEN_REQUESTS))
        return job, retrieved

    def _run(self, queue: deque[tuple[str, Job]], seconds: float) -> None:
        host, job = queue.popleft()
        if seconds:
            self._pause(seconds)
        if not self._stop.is_set():
            self._answers.put((queue, job, _request(self._request, job, host)))


def _request(request: Callable[[Job], Retrieved], job: Job, host: str) -> Retrieved:
    try:
        return request(job)
    except Exception as error:
        return Retrieved(Outcome.PROGRAM_ERROR, log_program_error(f"the request to {host or 'a source'}", error))


def _group_by_host(jobs: Iterable[tuple[str, Job]]) -> Iterable[deque[tuple[str, Job]]]:
    queues: dict[str, deque[tuple[str, Job]]] = {}
    for address, job in jobs:
        host = _read_host(address)
        queues.setdefault(host, deque()).append((host, job))
    return queues.values()


def _read_host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except (ValueError, AttributeError, TypeError):  # no address: the request itself says so
        return ""
