"""Requests to many hosts in parallel, one at a time to each host."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar
from urllib.parse import urlsplit

from groundswell.ports import Retrieved

MAX_PARALLEL_HOSTS = 8
SECONDS_BETWEEN_REQUESTS = 1.0
"""Between two requests to one host."""

Job = TypeVar("Job")


def request_in_parallel(
    jobs: Iterable[tuple[str, Job]],
    request: Callable[[Job], Retrieved],
    pause: Callable[[float], None],
    may_start: Callable[[], bool] = lambda: True,
) -> Iterator[tuple[Job, Retrieved]]:
    """Yield each job with what ``request`` returned for it, in the order in which the answers arrive.

    Each job comes with its address. Two requests to one host are a pause apart. Once ``may_start`` returns false, no
    further request starts. At most as many answers are in memory as hosts are requested in parallel.
    """
    waiting = deque((queue, 0.0) for queue in _group_by_host(jobs))
    running: dict[Future[Retrieved], tuple[Job, deque[Job]]] = {}

    def request_after_pause(job: Job, seconds: float) -> Retrieved:
        if seconds:
            pause(seconds)
        return request(job)

    with ThreadPoolExecutor(MAX_PARALLEL_HOSTS, thread_name_prefix="retrieve") as pool:
        while True:
            while waiting and len(running) < MAX_PARALLEL_HOSTS and may_start():
                queue, seconds = waiting.popleft()
                job = queue.popleft()
                running[pool.submit(request_after_pause, job, seconds)] = (job, queue)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job, queue = running.pop(future)
                if queue:
                    waiting.append((queue, SECONDS_BETWEEN_REQUESTS))
                yield job, future.result()


def _group_by_host(jobs: Iterable[tuple[str, Job]]) -> Iterable[deque[Job]]:
    queues: dict[str, deque[Job]] = {}
    for address, job in jobs:
        queues.setdefault(urlsplit(address).hostname or "", deque()).append(job)
    return queues.values()
