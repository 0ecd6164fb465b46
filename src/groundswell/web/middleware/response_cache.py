"""Answers that are kept until the store changes: a page is made once, however many readers ask for it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 60.0
"""How long an answer may be kept while nothing is written: the day and a story's momentum go on without writes."""
BYTES = 64 * 1024 * 1024
LARGEST = 4 * 1024 * 1024
ENTRY = 1024
"""Bytes that an answer takes beside its body, roughly: without them empty answers would be kept without end."""
PASSED_BY = ("/static/", "/healthz", "/metrics")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was sent, the mark of the store that was read before it was made, and when that was."""

    mark: str
    at: float
    messages: tuple[Message, ...]
    size: int


@dataclass(slots=True)
class Shelf:
    """Kept answers, the one used longest ago first; the oldest leave when all together grow too large."""

    by_key: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    size: int = 0

    def get(self, key: Key) -> Kept | None:
        if key in self.by_key:
            self.by_key.move_to_end(key)
        return self.by_key.get(key)

    def put(self, key: Key, kept: Kept) -> None:
        before = self.by_key.pop(key, None)
        self.size += kept.size - (before.size if before else 0)
        self.by_key[key] = kept
        while self.size > BYTES:
            self.size -= self.by_key.popitem(last=False)[1].size


class KeptAnswers:
    """ASGI middleware. An answer is sent again only under the mark that was read before it was made.

    A write while a page is being made therefore can only make it newer than its mark, never older. Of several who ask
    for the same page at once, one has it made. Answers other than 200 and 304 are not kept.
    """

    def __init__(self, app: ASGIApp, changes: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._changes = changes
        self._clock = clock
        self._shelf = Shelf()
        self._turns: dict[Key, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass the request on and keep what comes back."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"].startswith(PASSED_BY):
            await self.app(scope, receive, send)
            return
        key = _key(Request(scope))
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                kept = await self._kept(key, scope, receive)
        finally:
            if not turn.locked():
                self._turns.pop(key, None)
        for message in kept.messages:
            await send(dict(message))

    async def _kept(self, key: Key, scope: Scope, receive: Receive) -> Kept:
        mark, now = await run_in_threadpool(self._changes), self._clock()
        kept = self._shelf.get(key)
        if kept is not None and kept.mark == mark and now - kept.at < SECONDS:
            return kept
        messages: list[Message] = []

        async def take(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, take)
        made = Kept(mark, now, tuple(messages), ENTRY + sum(len(one.get("body", b"")) for one in messages))
        if messages[0]["status"] in (200, 304) and made.size <= LARGEST:
            self._shelf.put(key, made)
        return made


def _key(request: Request) -> Key:
    """Everything of a request that its answer depends on."""
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    known = request.headers.get("if-none-match", "")
    return (request.method, request.url.path, request.url.query, str(zipped), known)
