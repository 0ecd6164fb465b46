"""Whether pages can be made now, found out in the background so that the answer takes no time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool

SECONDS_BETWEEN_CHECKS = 1.0

MAX_AGE_SECONDS = 10.0
"""Without a check that succeeded for so long, every place where pages are made is taken, or the store is silent."""


class HealthWatch:
    """Checks every second whether the store can be read, as a page is made: it takes a place among the pages first."""

    def __init__(
        self,
        check: Callable[[], bool],
        take_place: Callable[[], AbstractAsyncContextManager[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._check = check
        self._take_place = take_place
        self._clock = clock
        self._passed = False
        self._checked_at = -MAX_AGE_SECONDS
        self._running = False

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Check again and again, as long as the block runs."""
        self._checked_at, self._passed, self._running = self._clock(), True, True
        task = asyncio.create_task(self._check_repeatedly())
        try:
            yield
        finally:
            self._running = False
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def is_healthy(self) -> bool:
        """Whether the last check succeeded, and is recent. Answers at once, unless no checks are running."""
        if not self._running:
            await self._check_once()
        return self._passed and self._clock() - self._checked_at < MAX_AGE_SECONDS

    async def _check_repeatedly(self) -> None:
        while True:
            await self._check_once()
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS)

    async def _check_once(self) -> None:
        async with self._take_place():
            self._passed = await run_in_threadpool(self._check)
        self._checked_at = self._clock()
