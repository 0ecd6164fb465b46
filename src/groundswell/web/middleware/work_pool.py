"""A bounded number of pages is made at a time, so that light pages never wait for heavy ones.

A page is made in a thread. The server has a fixed number of threads, and on few processors many pages at once take as
long as one after the other. So few heavy pages are made at a time; further ones wait without a thread, and beyond a
number of waiting requests, in all and of one client, new ones are refused. Pages as of a past date take seconds. They
never occupy all the slots of heavy pages, so that a search does not wait for them.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.web.middleware.errors import error_response
from groundswell.web.middleware.work import find_work, is_free, is_heavy, is_past

RETRY_AFTER_SECONDS = 10


class Pool:
    """Room for ``slots`` requests at a time, and ``max_open`` in all, waiting ones included, and of one client.

    Of the waiting requests, the clients take turns: one who asks for much delays himself.
    """

    def __init__(self, slots: int, max_open: int, max_open_per_client: int) -> None:
        self._free = slots
        self._max_open = max_open
        self._max_open_per_client = max_open_per_client
        self._open: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # the client whose turn is next comes first

    def has_room(self, client: str) -> bool:
        """Whether one more request of a client may wait.

        One of the program itself, which has no client, always may: it makes pages for all readers, few at a time.
        """
        has_room = self._open.total() < self._max_open and self._open[client] < self._max_open_per_client
        return has_room or not client

    @asynccontextmanager
    async def take_slot(self, client: str) -> AsyncIterator[None]:
        """Wait for a free slot, and occupy it as long as the block runs."""
        self._open[client] += 1
        try:
            await self._wait(client)
            try:
                yield
            finally:
                self._pass_on()
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    async def _wait(self, client: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the request ended just as it got the slot
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give a slot to the next client's first waiting request; without one, the slot is free."""
        while self._waiting:
            client, turns = next(iter(self._waiting.items()))
            turn = turns.popleft()
            del self._waiting[client]
            if turns:
                self._waiting[client] = turns
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


LIGHT_SLOTS = 16
HEAVY_SLOTS = 2
PAST_SLOTS = 1  # of the heavy ones
"""Together well below the forty threads that the server has: what runs in the background finds one free at any time."""
MAX_OPEN_LIGHT, MAX_OPEN_LIGHT_PER_CLIENT = 400, 100
MAX_OPEN_HEAVY, MAX_OPEN_HEAVY_PER_CLIENT = 120, 60
MAX_OPEN_PAST, MAX_OPEN_PAST_PER_CLIENT = 60, 20
"""Fewer, because they are made although who asked has gone, and take seconds each."""


@dataclass(frozen=True, slots=True)
class Pools:
    """The pools of a site: light pages, heavy ones, and of these the ones as of a past date."""

    light: Pool = field(default_factory=lambda: Pool(LIGHT_SLOTS, MAX_OPEN_LIGHT, MAX_OPEN_LIGHT_PER_CLIENT))
    heavy: Pool = field(default_factory=lambda: Pool(HEAVY_SLOTS, MAX_OPEN_HEAVY, MAX_OPEN_HEAVY_PER_CLIENT))
    past: Pool = field(default_factory=lambda: Pool(PAST_SLOTS, MAX_OPEN_PAST, MAX_OPEN_PAST_PER_CLIENT))


class WorkPoolMiddleware:
    """ASGI middleware that makes pages in a bounded pool, and notes on the account of a request how long it took.

    The answer is sent after its slot is free again: a slow reader keeps no other from being answered.
    """

    def __init__(self, app: ASGIApp, pools: Pools, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._clock = clock
        self._pools = pools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the answer when there is room, or refuse the request when too many wait."""
        if scope["type"] != "http" or is_free(scope["path"]):
            await self.app(scope, receive, send)
            return
        work = find_work(scope)
        pools = self._choose_pools(scope["path"], scope["query_string"].decode("latin-1"))
        if not all(pool.has_room(work.client) for pool in pools):
            why = "Too many pages were asked for at once; try again in a few seconds."
            response = error_response(Request(scope), 503, why)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            await response(scope, receive, send)
            return
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        async with AsyncExitStack() as slots:
            for pool in pools:
                await slots.enter_async_context(pool.take_slot(work.client))
            began = self._clock()
            try:
                await self.app(scope, receive, collect)
            finally:
                work.seconds = self._clock() - began
        for message in messages:
            await send(message)

    def _choose_pools(self, path: str, query: str) -> tuple[Pool, ...]:
        """Return the pools in which a request needs a slot, in the order in which it waits for them."""
        if is_past(query):
            return self._pools.past, self._pools.heavy
        return (self._pools.heavy if is_heavy(path, query) else self._pools.light,)
