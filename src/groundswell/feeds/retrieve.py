"""Fetches feeds over HTTP: politely, conditionally, within bounds."""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from importlib.metadata import version
from urllib.parse import urljoin

import httpx2

from groundswell.feeds.clean import address
from groundswell.ports import Retrieved
from groundswell.types import Outcome

TIMEOUT_SECONDS = 15.0
TOTAL_SECONDS = 60.0
REDIRECT_LIMIT = 5
BYTE_LIMIT = 10_000_000

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_REDIRECTS = (301, 302, 303, 307, 308)
_FAULTS: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (socket.gaierror, Outcome.UNREACHABLE, "DNS failure: the host name is not known"),
    (ConnectionRefusedError, Outcome.UNREACHABLE, "connection refused"),
    (ssl.SSLError, Outcome.UNREACHABLE, "TLS failure: no trusted, encrypted connection could be made"),
    (httpx2.TimeoutException, Outcome.UNREACHABLE, "timeout: the server did not answer in time"),
    (httpx2.ConnectError, Outcome.UNREACHABLE, "no connection could be made"),
    (httpx2.RemoteProtocolError, Outcome.MALFORMED, "the answer is not valid HTTP or broke off"),
    (httpx2.HTTPError, Outcome.UNREACHABLE, "the connection broke off"),
)


class _FaultError(Exception):
    """A fault of the server's answer, as outcome and detail."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


class HttpRetriever:
    """Implements ``ports.Retriever``. Names itself and the owner's contact, asks for gzip, follows at most five
    redirects and only to http or https, waits at most 15 s for an answer and 60 s in all, and reads at most 10 MB
    after decompression. Use as a context manager, or ``close`` it.
    """

    def __init__(self, contact: str, timeout: float = TIMEOUT_SECONDS, total: float = TOTAL_SECONDS) -> None:
        # Only printable ASCII fits into a header.
        contact = "".join(character for character in contact if " " <= character <= "~")
        headers = {
            "User-Agent": f"Groundswell/{version('groundswell')} (+{contact})",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
        }
        self._client = httpx2.Client(headers=headers, timeout=timeout, follow_redirects=False)
        self._total = total

    def __enter__(self) -> HttpRetriever:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def retrieve(self, url: str, etag: str | None, last_modified: str | None) -> Retrieved:
        """Fetch ``url`` unless it is unchanged since the given validators. Faults are outcomes, never exceptions."""
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value and value.isascii()}
        deadline = time.monotonic() + self._total
        self._client.cookies.clear()  # nothing is remembered of one feed for the next
        try:
            for _ in range(REDIRECT_LIMIT + 1):
                if address(url) is None:
                    raise _FaultError(Outcome.REFUSED, "the address, or one it leads to, is not http or https")
                with self._client.stream("GET", url, headers=headers) as response:
                    if response.status_code not in _REDIRECTS:
                        return _answer(response, etag, last_modified, deadline)
                    url = urljoin(url, response.headers.get("Location", ""))
            raise _FaultError(Outcome.REFUSED, f"more than {REDIRECT_LIMIT} redirects")
        except _FaultError as fault:
            return Retrieved(fault.outcome, fault.detail)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            return _named(error)


def _answer(response: httpx2.Response, etag: str | None, last_modified: str | None, deadline: float) -> Retrieved:
    status = response.status_code
    if status == 304:
        return Retrieved(Outcome.NOT_MODIFIED, "HTTP 304", etag=etag, last_modified=last_modified)
    if not response.is_success:
        raise _FaultError(Outcome.REFUSED, f"HTTP {status} {response.reason_phrase}".strip())
    return Retrieved(
        Outcome.OK,
        f"HTTP {status}",
        body=_body(response, deadline),
        content_type=response.headers.get("Content-Type", ""),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )


def _body(response: httpx2.Response, deadline: float) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower() or "identity"
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise _FaultError(Outcome.MALFORMED, f"content encoding {encoding[:20]!r} was not asked for")
    # Decompressed by hand, because only so can the size be bounded before the memory is used.
    inflate = None if encoding == "identity" else zlib.decompressobj(wbits=31)
    body = bytearray()
    for chunk in response.iter_raw():
        try:
            body += inflate.decompress(chunk, BYTE_LIMIT + 1 - len(body)) if inflate else chunk
        except zlib.error:
            raise _FaultError(Outcome.MALFORMED, "the compressed body is damaged") from None
        if len(body) > BYTE_LIMIT:
            raise _FaultError(Outcome.TOO_LARGE, f"the body is larger than {BYTE_LIMIT / 1e6:.0f} MB")
        if time.monotonic() > deadline:
            raise _FaultError(Outcome.UNREACHABLE, "timeout: the answer came too slowly")
    if inflate and not inflate.eof:
        raise _FaultError(Outcome.MALFORMED, "the compressed body is incomplete")
    return bytes(body)


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
