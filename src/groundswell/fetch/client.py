"""Fetches addresses over HTTP: politely, conditionally, within limits."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from http.client import responses
from http.cookiejar import CookieJar
from importlib.metadata import version
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import httpcore2
import httpx2

from groundswell.fetch.address_policy import Network, Networks
from groundswell.fetch.deadline import STOP_SECONDS, Deadline
from groundswell.fetch.decompress import ACCEPT_ENCODING, DecodingError, TooLargeError, decompress
from groundswell.fetch.transport import CheckedTransport, RefusedAddressError, Resolve, resolve_host
from groundswell.fetch.urls import resolve_link, safe_address
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.redaction import redact_repeated

SILENCE_TIMEOUT_SECONDS = 15.0
TOTAL_TIMEOUT_SECONDS = 60.0
MAX_REDIRECTS = 5
MAX_RESPONSE_BODY_BYTES = 5_000_000
MAX_COOKIE_CHARACTERS = 4_096

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_VALIDATOR = re.compile(r"[!-~][ -~]{0,199}")  # a longer or unprintable one is not worth sending back
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_FAILURES: tuple[tuple[type[BaseException], Outcome, str], ...] = (
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
_NETWORK_ERRORS = (
    *(httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError),
    *(httpx2.InvalidURL, OSError, ValueError),
)


class _UnusableError(Exception):
    """An answer that cannot be used, as outcome and detail."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


class HttpRetriever:
    """Implements ``ports.Retriever``.

    It names itself and the owner's contact, sends each host one request at a time, and connects only to public
    addresses and ``networks``. It follows at most five redirects, never from https to http. It waits at most 15 s for
    the next byte and 60 s in all, and reads at most 5 MB after decompression, or what it is asked for.
    A host that redirects gets back the cookies that it has set, until the retrieval ends; no cookie or connection is
    used for another host or retrieval.
    Many threads may use one retriever. Once ``stop`` is set, retrievals end at once, as if the time was over.
    """

    def __init__(
        self,
        contact: str,
        networks: Iterable[Network] = (),
        *,
        proxy: str = "",
        timeout: float = SILENCE_TIMEOUT_SECONDS,
        total: float = TOTAL_TIMEOUT_SECONDS,
        resolver: Resolve = resolve_host,
        stop: threading.Event | None = None,
    ) -> None:
        # A header holds only printable ASCII.
        contact = "".join(character for character in contact if " " <= character <= "~")
        self._headers = {
            "User-Agent": f"Groundswell/{version('groundswell')}" + (f" (+{contact})" if contact else ""),
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        self._networks = Networks(tuple(networks))
        self._proxy = proxy
        self._timeout = timeout
        self._total = total
        self._resolver = resolver
        self._stop = stop
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._taking_turns = threading.Lock()

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        """Fetch ``url`` unless it is unchanged since the given validators. Failures are outcomes, never exceptions.

        An answer may have ``max_bytes`` after decompression (None: 5 MB). The detail of an outcome repeats no secret
        of ``url``, even if the server does.
        """
        limit = MAX_RESPONSE_BODY_BYTES if max_bytes is None else max_bytes
        retrieved = self._retrieve(url, _conditions(etag, last_modified), limit)
        return replace(retrieved, detail=redact_repeated(retrieved.detail, url))

    def _retrieve(self, url: str, conditions: dict[str, str], limit: int) -> Retrieved:
        deadline = Deadline(self._total, self._stop)
        transport = CheckedTransport(self._networks, deadline, self._tls, self._resolver, self._proxy)
        try:
            with httpx2.Client(transport=transport, headers=self._headers, timeout=self._timeout) as client:
                return self._follow(client, url, conditions, deadline, limit)
        except _UnusableError as failure:
            return Retrieved(failure.outcome, failure.detail)
        except RefusedAddressError as error:
            return Retrieved(Outcome.REFUSED, f"not asked: {error}")
        except _NETWORK_ERRORS as error:
            return _describe_failure(error)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx2.create_ssl_context()

    def _follow(
        self, client: httpx2.Client, url: str, conditions: dict[str, str], deadline: Deadline, limit: int
    ) -> Retrieved:
        """Return the answer at the end of the redirects, with its address if all of them are permanent."""
        start = url
        moved: str | None = None
        is_permanent = True
        jars: defaultdict[str, CookieJar] = defaultdict(CookieJar)
        for _ in range(MAX_REDIRECTS + 1):
            url = safe_address(url) or ""
            if not url:
                raise _UnusableError(Outcome.REFUSED, "the address, or one it leads to, is not http or https")
            client.cookies = jars[urlsplit(url).netloc.lower()]
            with (
                self._turn(url, deadline),
                client.stream("GET", url, headers=conditions, follow_redirects=False) as response,
            ):
                if response.status_code not in _REDIRECTS:
                    answer = _answer(response, limit, conditional=bool(conditions))
                    return replace(answer, answered_at=url, moved_to=moved if moved != start else None)
                target = resolve_link(url, response.headers.get("Location", "").replace(" ", "%20"))
                is_permanent = is_permanent and response.status_code in _PERMANENT
            _limit_cookies(client.cookies.jar)
            if (urlsplit(url).scheme.lower(), urlsplit(target).scheme.lower()) == ("https", "http"):
                raise _UnusableError(Outcome.REFUSED, "a redirect from https to http is not followed")
            url, moved = target, target if is_permanent else None
        raise _UnusableError(Outcome.REFUSED, f"more than {MAX_REDIRECTS} redirects")

    @contextmanager
    def _turn(self, url: str, deadline: Deadline) -> Iterator[None]:
        """Wait for a turn at the host of ``url``: redirects may lead feeds of different hosts to one."""
        with self._taking_turns:
            turn = self._turns.setdefault(urlsplit(url).netloc.lower(), threading.Lock())
        while not turn.acquire(timeout=deadline.remaining(STOP_SECONDS, httpcore2.PoolTimeout)):
            pass
        try:
            yield
        finally:
            turn.release()


def _limit_cookies(jar: CookieJar) -> None:
    """Forget all cookies of a host that sets more than a request should carry."""
    if sum(len(cookie.name) + len(cookie.value or "") for cookie in jar) > MAX_COOKIE_CHARACTERS:
        jar.clear()


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value and _VALIDATOR.fullmatch(value)}


def _answer(response: httpx2.Response, limit: int, *, conditional: bool) -> Retrieved:
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
        # In the standard's words: the server's own may be anything.
        return replace(answer, outcome=Outcome.REFUSED, detail=f"HTTP {status} {responses.get(status, '')}".strip())
    try:
        body = decompress(response.iter_raw(), headers.get("Content-Encoding", ""), limit)
    except DecodingError as error:
        raise _UnusableError(Outcome.MALFORMED, str(error)) from None
    except TooLargeError as error:
        raise _UnusableError(Outcome.TOO_LARGE, str(error)) from None
    return replace(
        answer,
        body=body,
        content_type=headers.get("Content-Type", ""),
        etag=_validator(headers.get("ETag")),
        last_modified=_validator(headers.get("Last-Modified")),
    )


def _validator(value: str | None) -> str | None:
    return value if value and _VALIDATOR.fullmatch(value) else None


def _describe_failure(error: BaseException) -> Retrieved:
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for kind, outcome, detail in _FAILURES:
        if any(isinstance(cause, kind) for cause in causes):
            return Retrieved(outcome, detail)
    return Retrieved(Outcome.UNREACHABLE, "the address cannot be fetched")
