"""Limits for one client: what it may ask for a minute, and the length of address, headers and body."""

from __future__ import annotations

import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.schemas.addresses import MONITORING_PATHS
from groundswell.web.clients import Network, find_unnamed_proxy, identify_client
from groundswell.web.middleware.errors import error_response
from groundswell.web.middleware.work import Work, attach_work

log = logging.getLogger("groundswell")

MAX_ADDRESS_BYTES = 4_096
MAX_HEADER_BYTES = 16_384
MAX_REQUEST_BODY_BYTES = 65_536  # no route reads a body
TOO_MANY_REQUESTS = 429
Refusal = tuple[int, str, dict[str, str]]
MAX_TRACKED_CLIENTS = 10_000  # beyond it, the client that has been idle longest is dropped


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What one client may ask for, and the reverse proxies whose X-Forwarded-For is trusted.

    ``per_minute`` is a number of simple requests, as ``Work.units`` counts them; 0 is no limit.
    """

    per_minute: int = 600
    proxies: tuple[Network, ...] = ()


class TokenBuckets:
    """A token bucket for each client: full at first, refilled at a constant rate.

    A request takes one token before it is answered, and is charged with the rest of its cost afterwards. A bucket can
    therefore owe tokens, at most as many as it holds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._capacity = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client: tokens, time of the last refill

    def take(self, client: str) -> float:
        """Take a token. Return 0 on success, otherwise the seconds until a token is available."""
        tokens = self._refill(client)
        if tokens < 1:
            return (1 - tokens) * 60 / self._capacity
        self.charge(client, 1)
        return 0.0

    def charge(self, client: str, tokens: float) -> None:
        """Take tokens without asking whether there are any; give back those below zero."""
        left = self._refill(client) - tokens
        self._buckets[client] = min(max(left, -self._capacity), self._capacity), self._clock()

    def _refill(self, client: str) -> float:
        """Add what was refilled since the last time; return the tokens of the client."""
        now = self._clock()
        tokens, refilled_at = self._buckets.pop(client, (self._capacity, now))
        tokens = min(self._capacity, tokens + max(0.0, now - refilled_at) * self._capacity / 60)
        self._buckets[client] = tokens, now
        while len(self._buckets) > MAX_TRACKED_CLIENTS:
            self._buckets.popitem(last=False)
        return tokens


class RateLimitMiddleware:
    """ASGI middleware that refuses requests beyond the limits with the usual error response."""

    def __init__(self, app: ASGIApp, rate_limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._rate_limit = rate_limit
        self._buckets = TokenBuckets(rate_limit.per_minute, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it without reading its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        work = Work(identify_client(scope, self._rate_limit.proxies))
        is_limited = bool(self._rate_limit.per_minute) and scope["path"] not in MONITORING_PATHS
        refusal = (self._check_rate(work.client) if is_limited else None) or _check_sizes(scope)
        if refusal is not None:
            status, message, headers = refusal
            self._warn_of_proxy(scope, status)
            response = error_response(Request(scope), status, message)
            response.headers.update(headers)
            await response(scope, receive, send)
            return
        try:
            await self.app(attach_work(scope, work), receive, send)
        finally:
            if is_limited:
                self._buckets.charge(work.client, work.units - 1)

    def _warn_of_proxy(self, scope: Scope, status: int) -> None:
        proxy = find_unnamed_proxy(scope, self._rate_limit.proxies) if status == TOO_MANY_REQUESTS else None
        if proxy:
            log.warning(
                "all readers that come through %s are refused as one client; if it is your reverse proxy, "
                'set reverse_proxies = ["%s"]',
                proxy,
                proxy,
            )

    def _check_rate(self, client: str) -> Refusal | None:
        """Take one token of the client. Return status, message and headers of the refusal if there is none."""
        seconds = math.ceil(self._buckets.take(client))
        if not seconds:
            return None
        message = f"You asked for more than {self._rate_limit.per_minute} simple pages a minute; wait {seconds} s."
        return TOO_MANY_REQUESTS, message, {"Retry-After": str(seconds)}


def _check_sizes(scope: Scope) -> Refusal | None:
    """Return status, message and headers of the refusal of a request that is too long."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS_BYTES:
        return 414, f"The address is longer than {MAX_ADDRESS_BYTES} bytes; shorten it.", {}
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
        return 431, f"The request headers are longer than {MAX_HEADER_BYTES} bytes; send fewer.", {}
    length = Headers(scope=scope).get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > MAX_REQUEST_BODY_BYTES:
        message = f"Request bodies of more than {MAX_REQUEST_BODY_BYTES} bytes are not accepted; send less."
        return 413, message, {"Connection": "close"}
    return None
