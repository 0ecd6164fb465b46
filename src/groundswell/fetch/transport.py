"""Connections that reach only addresses which were checked, and never outlast their deadline.

The name of a host is resolved once for each connection, the addresses it gave are checked, and the connection is made
to a checked address: a name that resolves otherwise a moment later changes nothing. Host header, server name and
certificate stay those of the name. This is the only module that knows the networking parts of the HTTP library.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from groundswell.fetch.address_policy import Networks, odd_spelling

Resolve = Callable[[str, int], list[str]]
"""Answers the IP addresses of a host. Raises ``socket.gaierror`` for a name that is not known."""


class RefusedAddressError(Exception):
    """A host whose every address is one that may not be asked; the text says why, in one line."""


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of ``host`` by the system's resolver, in its order, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked(host: str, port: int, networks: Networks, resolver: Resolve) -> list[str]:
    """The addresses of ``host`` that may be connected to, never none. Raises ``RefusedAddressError``, ``gaierror``."""
    if odd_spelling(host):
        raise RefusedAddressError(f"the host {host[:40]} is a number in an unusual spelling")
    refusals, fit = [], []
    for address in resolver(host, port):
        refusal = networks.refusal(address)
        if refusal:
            refusals.append(refusal)
        else:
            fit.append(address)
    if not fit:
        raise RefusedAddressError(refusals[0] if refusals else f"the host {host[:40]} has no address")
    return fit


class CheckedTransport(httpx2.BaseTransport):
    """Carries the requests of one retrieval: to checked addresses, until ``deadline`` (of ``time.monotonic``).

    Through a ``proxy`` it is the proxy that resolves names; a host is then checked here as well as it can be, and the
    proxy must keep to its own rules.
    """

    def __init__(
        self, networks: Networks, deadline: float, tls: ssl.SSLContext, resolver: Resolve = resolve, proxy: str = ""
    ) -> None:
        self._networks, self._resolver, self._proxied = networks, resolver, bool(proxy)
        limits: dict[str, Any] = {"ssl_context": tls, "max_connections": 1, "max_keepalive_connections": 1}
        if proxy:
            self._pool: httpcore2.ConnectionPool = httpcore2.HTTPProxy(
                proxy, network_backend=_Backend(lambda host, _: [host], deadline), **limits
            )
        else:
            backend = _Backend(lambda host, port: checked(host, port, networks, resolver), deadline)
            self._pool = httpcore2.ConnectionPool(network_backend=backend, **limits)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request. Raises ``RefusedAddressError``, ``OSError`` and the exceptions of ``httpcore2``."""
        url = request.url
        if self._proxied:
            self._check_as_well_as_can_be(url.raw_host.decode("ascii"), url.port or 0)
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

    def _check_as_well_as_can_be(self, host: str, port: int) -> None:
        try:
            checked(host, port, self._networks, self._resolver)
        except socket.gaierror:
            return  # only the proxy knows the name


class _Stream(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Backend(httpcore2.NetworkBackend):
    """Connects to the first of the addresses that answers."""

    def __init__(self, addresses: Resolve, deadline: float) -> None:
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
                wait = _left(timeout, self._deadline, httpcore2.ConnectTimeout)
                stream = self._plain.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Bounded(stream, self._deadline)
        raise failure


class _Bounded(httpcore2.NetworkStream):
    """A stream of which no single wait reaches past the deadline, so that a slow drip ends like a silent server."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, self._deadline, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, self._deadline, httpcore2.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        wait = _left(timeout, self._deadline, httpcore2.ConnectTimeout)
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, deadline: float, late: type[Exception]) -> float:
    """How long a wait may be. Raises ``late`` where the deadline has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise late("the deadline has passed")
    return left if timeout is None else min(timeout, left)
