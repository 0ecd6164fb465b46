"""One round of requests: hosts side by side, each asked for one thing at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar
from urllib.parse import urlsplit

from groundswell.ports import Retrieved

HOSTS_AT_ONCE = 8
PAUSE = 1.0  # seconds between two requests to one host

Wanted = TypeVar("Wanted")


def ask_round(
    wanted: Iterable[tuple[str, Wanted]],
    ask: Callable[[Wanted], Retrieved],
    pause: Callable[[float], None],
    go_on: Callable[[], bool] = lambda: True,
) -> Iterator[tuple[Wanted, Retrieved]]:
    """Yield each of ``wanted``, given with its address, and what ``ask`` answered, as the answers come.

    Between two requests to one host there is a pause. Once ``go_on`` says no, nothing more is begun. Never are more
    answers held than hosts are asked at once.
    """
    waiting = deque((queue, 0.0) for queue in _by_host(wanted))
    running: dict[Future[Retrieved], tuple[Wanted, deque[Wanted]]] = {}

    def asked(one: Wanted, seconds: float) -> Retrieved:
        if seconds:
            pause(seconds)
        return ask(one)

    with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="retrieve") as pool:
        while True:
            while waiting and len(running) < HOSTS_AT_ONCE and go_on():
                queue, seconds = waiting.popleft()
                one = queue.popleft()
                running[pool.submit(asked, one, seconds)] = (one, queue)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                one, queue = running.pop(future)
                if queue:
                    waiting.append((queue, PAUSE))
                yield one, future.result()


def _by_host(wanted: Iterable[tuple[str, Wanted]]) -> Iterable[deque[Wanted]]:
    found: dict[str, deque[Wanted]] = {}
    for address, one in wanted:
        found.setdefault(urlsplit(address).hostname or "", deque()).append(one)
    return found.values()
