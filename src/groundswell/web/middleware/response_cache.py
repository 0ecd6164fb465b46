"""The response cache: a page is rendered once for each state of the store, however many readers request it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.schemas.addresses import MONITORING_PATHS, STATIC_ROOT

MAX_AGE_SECONDS = 60.0
"""Lifetime of a response while nothing is written: the date and a story's momentum change without a write."""
MAX_CACHE_BYTES = 64 * 1024 * 1024
MAX_RESPONSE_BYTES = 4 * 1024 * 1024
OVERHEAD_BYTES = 1024
"""Approximate memory of a response without its body; it bounds the number of cached responses with empty bodies."""
UNCACHED_PREFIXES = (STATIC_ROOT, *MONITORING_PATHS)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response as sent, with the version of the store read before rendering and the time of that reading."""

    store_version: str
    cached_at: float
    messages: tuple[Message, ...]
    size: int


@dataclass(slots=True)
class ResponseCache:
    """Cached responses, least recently used first; these are dropped when the total size grows too large."""

    by_key: OrderedDict[Key, CachedResponse] = field(default_factory=OrderedDict)
    size: int = 0

    def get(self, key: Key) -> CachedResponse | None:
        if key in self.by_key:
            self.by_key.move_to_end(key)
        return self.by_key.get(key)

    def put(self, key: Key, response: CachedResponse) -> None:
        previous = self.by_key.pop(key, None)
        self.size += response.size - (previous.size if previous else 0)
        self.by_key[key] = response
        while self.size > MAX_CACHE_BYTES:
            self.size -= self.by_key.popitem(last=False)[1].size


class ResponseCacheMiddleware:
    """ASGI middleware. A response is reused only for the version of the store that was read before rendering.

    A write during rendering can therefore only make a response newer than its version, never older. Of several
    requests for the same page at once, one renders it and the others wait. Only status 200 and 304 are cached.
    """

    def __init__(
        self, app: ASGIApp, read_store_version: Callable[[], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self._read_store_version = read_store_version
        self._clock = clock
        self._cache = ResponseCache()
        self._locks: dict[Key, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, or pass the request on and cache the response."""
        if (
            scope["type"] != "http"
            or scope["method"] not in ("GET", "HEAD")
            or scope["path"].startswith(UNCACHED_PREFIXES)
        ):
            await self.app(scope, receive, send)
            return
        key = _cache_key(Request(scope))
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                response = await self._get_or_render(key, scope, receive)
        finally:
            if not lock.locked():
                self._locks.pop(key, None)
        for message in response.messages:
            await send(dict(message))

    async def _get_or_render(self, key: Key, scope: Scope, receive: Receive) -> CachedResponse:
        store_version, now = await run_in_threadpool(self._read_store_version), self._clock()
        cached = self._cache.get(key)
        if cached is not None and cached.store_version == store_version and now - cached.cached_at < MAX_AGE_SECONDS:
            return cached
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        size = OVERHEAD_BYTES + sum(len(message.get("body", b"")) for message in messages)
        response = CachedResponse(store_version, now, tuple(messages), size)
        if messages[0]["status"] in (200, 304) and size <= MAX_RESPONSE_BYTES:
            self._cache.put(key, response)
        return response


def _cache_key(request: Request) -> Key:
    """Return everything in a request that its response depends on."""
    gzip = "gzip" in request.headers.get("accept-encoding", "")
    client_tags = request.headers.get("if-none-match", "")
    return (request.method, request.url.path, request.url.query, str(gzip), client_tags)
