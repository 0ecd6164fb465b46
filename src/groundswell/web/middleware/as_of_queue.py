"""Pages of past days, a few at a time: each measures every claim anew, and many at once leave no room for others."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.web.middleware.errors import answer

AT_ONCE = 2
WAITING = 50
"""Requests that wait for their turn; who comes when there are more is asked to come again."""
AGAIN = "30"


class PastDays:
    """ASGI middleware. Requests with ``as_of`` wait for their turn here, which takes no thread of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, at once or when its turn has come; or refuse it."""
        if scope["type"] != "http" or not _past(scope):
            await self.app(scope, receive, send)
            return
        if self._waiting >= WAITING:
            response = answer(Request(scope), 503, "Too many pages of past days are asked for; try again in a minute.")
            response.headers["Retry-After"] = AGAIN
            await response(scope, receive, send)
            return
        self._waiting += 1
        try:
            async with self._turns:
                await self.app(scope, receive, send)
        finally:
            self._waiting -= 1


def _past(scope: Scope) -> bool:
    return any(name == "as_of" for name, _ in parse_qsl(scope["query_string"].decode("latin-1")))
