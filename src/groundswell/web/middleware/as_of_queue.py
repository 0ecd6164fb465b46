"""A queue for pages as of a past date: each evaluates every claim, and many at once would block other requests."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.web.middleware.errors import error_response

MAX_CONCURRENT_REQUESTS = 2
MAX_OPEN_REQUESTS = 50
"""Requests in the queue, running ones included; further requests get status 503."""
RETRY_AFTER_SECONDS = 30


class AsOfQueueMiddleware:
    """ASGI middleware that queues requests with ``as_of``. A waiting request takes no thread of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_REQUESTS)
        self._open_requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when a slot is free, or refuse it when the queue is full."""
        if scope["type"] != "http" or not _has_as_of(scope):
            await self.app(scope, receive, send)
            return
        if self._open_requests >= MAX_OPEN_REQUESTS:
            message = "Too many requests for pages as of a past date; try again in a minute."
            response = error_response(Request(scope), 503, message)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            await response(scope, receive, send)
            return
        self._open_requests += 1
        try:
            async with self._slots:
                await self.app(scope, receive, send)
        finally:
            self._open_requests -= 1


def _has_as_of(scope: Scope) -> bool:
    return any(name == "as_of" for name, _ in parse_qsl(scope["query_string"].decode("latin-1")))
