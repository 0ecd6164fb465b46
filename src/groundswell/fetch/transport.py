"""Connections to checked addresses only, with a deadline.

A host name is resolved once for each connection, its addresses are checked, and the connection is made to a checked
address: a name that resolves to another address a moment later changes nothing. Host header, server name and
certificate are still those of the name. No other module uses the networking parts of the HTTP library.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore2
import httpx2

from groundswell.fetch.address_policy import Networks, is_oddly_spelled
from groundswell.fetch.deadline import Deadline

RESOLVE_SECONDS = 15.0
"""The system's resolver may take longer, and cannot be interrupted."""

Resolve = Callable[[str, int], list[str]]
"""Returns the IP addresses of a host. Raises ``socket.gaierror`` for an unknown name."""


class RefusedAddressError(Exception):
    """A host without an address that may be connected to; the text says why, in one line."""


def resolve_host(host: str, port: int) -> list[str]:
    """Return the IP addresses of ``host`` by the system's resolver, in its order, each once."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in entries))


def resolve_checked(host: str, port: int, networks: Networks, resolver: Resolve) -> list[str]:
    """Return the addresses of ``host`` that may be connected to. Raises ``RefusedAddressError`` and ``gaierror``."""
    if is_oddly_spelled(host):
        raise RefusedAddressError(f"the host {host[:40]} is a number in an unusual spelling")
    refusals, allowed = [], []
    for address in resolver(host, port):
        refusal = networks.find_refusal(address)
        if refusal:
            refusals.append(refusal)
        else:
            allowed.append(address)
    if not allowed:
        raise RefusedAddressError(refusals[0] if refusals else f"the host {host[:40]} has no address")
    return allowed


class CheckedTransport(httpx2.BaseTransport):
    """Sends the requests of one retrieval: to checked addresses, until ``deadline``.

    A ``proxy`` resolves names by itself. A host is then checked only if its name can be resolved here too, and the
    proxy must have rules of its own.
    """

    def __init__(
        self,
        networks: Networks,
        deadline: Deadline,
        tls: ssl.SSLContext,
        resolver: Resolve = resolve_host,
        proxy: str = "",
    ) -> None:
        self._networks, self._proxied = networks, bool(proxy)
        self._resolver: Resolve = lambda host, port: deadline.call(
            lambda: resolver(host, port), RESOLVE_SECONDS, httpcore2.ConnectTimeout
        )
        limits: dict[str, Any] = {"ssl_context": tls, "max_connections": 1, "max_keepalive_connections": 1}
        if proxy:
            self._pool: httpcore2.ConnectionPool = httpcore2.HTTPProxy(
                proxy, _read_login(proxy), network_backend=_Backend(lambda host, _: [host], deadline), **limits
            )
        else:
            backend = _Backend(lambda host, port: resolve_checked(host, port, networks, self._resolver), deadline)
            self._pool = httpcore2.ConnectionPool(network_backend=backend, **limits)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request. Raises ``RefusedAddressError``, ``OSError`` and the exceptions of ``httpcore2``."""
        url = request.url
        if self._proxied:
            self._check_if_resolvable(url.raw_host.decode("ascii"), url.port or 0)
        response = self._pool.handle_request(
            httpcore2.Request(
                request.method,
                httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()

    def _check_if_resolvable(self, host: str, port: int) -> None:
        try:
            resolve_checked(host, port, self._networks, self._resolver)
        except (socket.gaierror, httpcore2.ConnectTimeout):
            return  # only the proxy knows the name


def _read_login(proxy: str) -> tuple[str, str] | None:
    """Return user name and password in the address of a proxy."""
    parts = urlsplit(proxy)
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None


class _Stream(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Backend(httpcore2.NetworkBackend):
    """Connects to the first address that answers."""

    def __init__(self, addresses: Resolve, deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                wait = self._deadline.remaining(timeout, httpcore2.ConnectTimeout)
                stream = self._plain.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Bounded(stream, self._deadline)
        raise failure


class _Bounded(httpcore2.NetworkStream):
    """A stream whose waits all end by the deadline, so that a server that sends slowly is cut off too.

    Reading notices a stop of the program at once; writing and TLS need no long waits once a server answers.
    """

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._deadline.wait(lambda wait: self._stream.read(max_bytes, wait), timeout, httpcore2.ReadTimeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.remaining(timeout, httpcore2.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        wait = self._deadline.remaining(timeout, httpcore2.ConnectTimeout)
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
