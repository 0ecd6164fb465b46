"""Limits of what one client may ask: how often, and how long an address, headers and a body may be."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.web.middleware.cors import READING, readable
from groundswell.web.middleware.errors import answer
from groundswell.web.middleware.security_headers import HEADERS

ADDRESS = 4_096
HEADER_BYTES = 16_384
BODY = 65_536  # no route reads a body at all
CLIENTS = 10_000  # remembered at a time; the one that asked longest ago is forgotten first
UNCOUNTED = ("/healthz", "/metrics")  # asked by machines of the owner, at their own pace

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a minute for one client (0: any number), and the reverse proxies whose word on clients is believed."""

    per_minute: int = 600
    proxies: tuple[Network, ...] = ()


class Buckets:
    """A token bucket for each client: full at first, filled evenly; each request takes one token."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    def wait(self, client: str) -> float:
        """Take a token: 0 where there was one, or the seconds until there is one."""
        now = self._clock()
        tokens, counted = self._held.pop(client, (self._most, now))
        tokens = min(self._most, tokens + max(0.0, now - counted) * self._most / 60)
        taken = 1.0 if tokens >= 1 else 0.0
        self._held[client] = tokens - taken, now
        while len(self._held) > CLIENTS:
            self._held.popitem(last=False)
        return 0.0 if taken else (1 - tokens) * 60 / self._most


class RequestLimits:
    """ASGI middleware that refuses what goes beyond the limits, in the one shape of failures."""

    def __init__(self, app: ASGIApp, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._limits = limits
        self._buckets = Buckets(limits.per_minute, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it without reading more of it."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        if refused is None:
            await self.app(scope, receive, send)
            return
        status, message, more = refused
        response = answer(Request(scope), status, message)
        # A script of another site must be able to read why it was refused.
        response.headers.update(HEADERS | more | (READING if readable(scope["path"]) else {}))
        await response(scope, receive, send)

    def _refused(self, scope: Scope) -> tuple[int, str, dict[str, str]] | None:
        """Status, message and headers of the refusal; None for a request that may pass."""
        if self._limits.per_minute and scope["path"] not in UNCOUNTED:
            seconds = math.ceil(self._buckets.wait(client(scope, self._limits.proxies)))
            if seconds:
                message = f"More than {self._limits.per_minute} requests a minute came from you; wait {seconds} s."
                return 429, message, {"Retry-After": str(seconds)}
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS:
            return 414, f"The address is longer than {ADDRESS} characters; shorten it.", {}
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
            return 431, f"The request's headers are longer than {HEADER_BYTES} bytes; send fewer.", {}
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > BODY:
            return 413, f"Nothing here reads a request of more than {BODY} bytes; send less.", {"Connection": "close"}
        return None


def client(scope: Scope, proxies: tuple[Network, ...]) -> str:
    """Who asks, as far as it can be known: an address, of IPv6 the network that one household has.

    ``X-Forwarded-For`` is believed from right to left as long as one of ``proxies`` says it.
    """
    told = str((scope.get("client") or ("",))[0])
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while _within(told, proxies) and forwarded and forwarded[-1].strip():
        told = forwarded.pop().strip()
    address = _address(told)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))
    return str(address or told[:100])


def _within(told: str, networks: tuple[Network, ...]) -> bool:
    address = _address(told)
    return address is not None and any(address in network for network in networks)


def _address(told: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(told)
    except ValueError:
        return None
