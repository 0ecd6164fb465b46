"""Fetches feeds over HTTP: politely, conditionally, within bounds."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import httpcore2
import httpx2

from groundswell.fetch.address_policy import Network, Networks
from groundswell.fetch.decompress import ENCODINGS, DecodingError, TooLargeError, decoded
from groundswell.fetch.transport import CheckedTransport, RefusedAddressError, Resolve, resolve
from groundswell.fetch.urls import absolute, address
from groundswell.model import Outcome
from groundswell.ports import Retrieved

TIMEOUT_SECONDS = 15.0
TOTAL_SECONDS = 60.0
REDIRECT_LIMIT = 5
BYTE_LIMIT = 5_000_000

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_VALIDATOR = re.compile(r"[!-~][ -~]{0,199}")  # what is longer or not printable is not worth sending back
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_FAULTS: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (socket.gaierror, Outcome.UNREACHABLE, "DNS failure: the host name is not known"),
    (ConnectionRefusedError, Outcome.UNREACHABLE, "connection refused"),
    (ssl.SSLError, Outcome.UNREACHABLE, "TLS failure: no trusted, encrypted connection could be made"),
    (httpcore2.TimeoutException, Outcome.UNREACHABLE, "timeout: the server did not answer in time"),
    (httpcore2.ConnectError, Outcome.UNREACHABLE, "no connection could be made"),
    (httpcore2.RemoteProtocolError, Outcome.MALFORMED, "the answer is not valid HTTP or broke off"),
    (httpcore2.ProxyError, Outcome.UNREACHABLE, "the proxy refused the request"),
    (httpcore2.NetworkError, Outcome.UNREACHABLE, "the connection broke off"),
    (httpx2.InvalidURL, Outcome.REFUSED, "the address, or one it leads to, is not valid"),
)
_BROKEN = (
    *(httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError),
    *(httpx2.InvalidURL, OSError, ValueError),
)


class _FaultError(Exception):
    """A fault of the server's answer, as outcome and detail."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


class HttpRetriever:
    """Implements ``ports.Retriever``. Names itself and the owner's contact, asks each host one thing at a time,
    connects to public addresses and ``networks`` only, follows at most five redirects, never from https to http, waits
    at most 15 s for a sign of life and 60 s in all, and reads at most 5 MB after decompression.

    Nothing is remembered of one feed for the next: no cookie, no connection. May be used by many threads.
    """

    def __init__(
        self,
        contact: str,
        networks: Iterable[Network] = (),
        *,
        proxy: str = "",
        timeout: float = TIMEOUT_SECONDS,
        total: float = TOTAL_SECONDS,
        resolver: Resolve = resolve,
    ) -> None:
        # Only printable ASCII fits into a header.
        contact = "".join(character for character in contact if " " <= character <= "~")
        self._headers = {
            "User-Agent": f"Groundswell/{version('groundswell')}" + (f" (+{contact})" if contact else ""),
            "Accept": _ACCEPT,
            "Accept-Encoding": ENCODINGS,
        }
        self._networks = Networks(tuple(networks))
        self._proxy = proxy
        self._timeout = timeout
        self._total = total
        self._resolver = resolver
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._taking_turns = threading.Lock()

    def retrieve(self, url: str, etag: str | None, last_modified: str | None) -> Retrieved:
        """Fetch ``url`` unless it is unchanged since the given validators. Faults are outcomes, never exceptions."""
        deadline = time.monotonic() + self._total
        transport = CheckedTransport(self._networks, deadline, self._tls, self._resolver, self._proxy)
        try:
            with httpx2.Client(transport=transport, headers=self._headers, timeout=self._timeout) as client:
                return self._followed(client, url, _conditions(etag, last_modified))
        except _FaultError as fault:
            return Retrieved(fault.outcome, fault.detail)
        except RefusedAddressError as error:
            return Retrieved(Outcome.REFUSED, f"not asked: {error}")
        except _BROKEN as error:
            return _named(error)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx2.create_ssl_context()

    def _followed(self, client: httpx2.Client, url: str, conditions: dict[str, str]) -> Retrieved:
        """The answer at the end of the redirects, with the address they led to if all of them are for good."""
        moved: str | None = None
        for_good = True
        for _ in range(REDIRECT_LIMIT + 1):
            if address(url) is None:
                raise _FaultError(Outcome.REFUSED, "the address, or one it leads to, is not http or https")
            with self._turn(url), client.stream("GET", url, headers=conditions, follow_redirects=False) as response:
                if response.status_code not in _REDIRECTS:
                    return replace(_answer(response, bool(conditions)), moved_to=moved)
                led_to = absolute(url, response.headers.get("Location", ""))
                for_good = for_good and response.status_code in _PERMANENT
            client.cookies.clear()
            if (urlsplit(url).scheme.lower(), urlsplit(led_to).scheme.lower()) == ("https", "http"):
                raise _FaultError(Outcome.REFUSED, "a redirect from https to http is not followed")
            url, moved = led_to, led_to if for_good else None
        raise _FaultError(Outcome.REFUSED, f"more than {REDIRECT_LIMIT} redirects")

    @contextmanager
    def _turn(self, url: str) -> Iterator[None]:
        """Wait for one's turn at the host of ``url``: redirects may lead two feeds of different hosts to one."""
        with self._taking_turns:
            turn = self._turns.setdefault(urlsplit(url).netloc.lower(), threading.Lock())
        with turn:
            yield


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value and _VALIDATOR.fullmatch(value)}


def _answer(response: httpx2.Response, conditional: bool) -> Retrieved:
    headers, status = response.headers, response.status_code
    answer = Retrieved(
        Outcome.OK,
        f"HTTP {status}",
        status=status,
        retry_after=headers.get("Retry-After", ""),
        cache_control=headers.get("Cache-Control", ""),
    )
    if status == 304 and conditional:
        return replace(answer, outcome=Outcome.NOT_MODIFIED)
    if status == 304:
        return replace(answer, outcome=Outcome.MALFORMED, detail="HTTP 304 to a request without conditions")
    if not response.is_success:
        return replace(answer, outcome=Outcome.REFUSED, detail=f"HTTP {status} {response.reason_phrase[:60]}".strip())
    try:
        body = decoded(response.iter_raw(), headers.get("Content-Encoding", ""), BYTE_LIMIT)
    except DecodingError as error:
        raise _FaultError(Outcome.MALFORMED, str(error)) from None
    except TooLargeError as error:
        raise _FaultError(Outcome.TOO_LARGE, str(error)) from None
    return replace(
        answer,
        body=body,
        content_type=headers.get("Content-Type", ""),
        etag=_validator(headers.get("ETag")),
        last_modified=_validator(headers.get("Last-Modified")),
    )


def _validator(value: str | None) -> str | None:
    return value if value and _VALIDATOR.fullmatch(value) else None


def _named(error: BaseException) -> Retrieved:
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for kind, outcome, detail in _FAULTS:
        if any(isinstance(found, kind) for found in causes):
            return Retrieved(outcome, detail)
    return Retrieved(Outcome.UNREACHABLE, "the address cannot be fetched")
