"""Connections that ask nothing, half of something, or read nothing do not keep others from their answers."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_network

import httpx2
import pytest
import uvicorn

from groundswell.cli.serve import _listen
from groundswell.web.server import config as server_config
from groundswell.web.server.config import build_server_config, lengthen_backlog
from groundswell.web.server.connections import ConnectionLimit

LARGE = b"x" * 30_000_000  # more than the buffers of both ends take
QUICK = {"head_seconds": 0.4, "send_seconds": 0.6}
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
LIMIT_REACHED = b"HTTP/1.1 503"


class Site:
    """Answers at once, after ``go`` (``/wait``), or with much (``/large``)."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        if scope["path"] == "/wait":
            await self.go.wait()
        body = LARGE if scope["path"] == "/large" else b"made"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def serve(limit: ConnectionLimit) -> Iterator[tuple[int, uvicorn.Server]]:
    """Serve ``Site`` on a free port of all loopback addresses."""

    async def app(scope, receive, send) -> None:
        if scope["type"] == "http":
            await site(scope, receive, send)

    site = Site()
    with _listen("0.0.0.0", 0) as listener:
        server = uvicorn.Server(build_server_config(app, limit))
        server.config.lifespan = "off"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        lengthen_backlog(listener)
        try:
            yield listener.getsockname()[1], server
        finally:
            site.go.set()
            server.should_exit = server.force_exit = True
            thread.join(20)


def connect(port: int, sent: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
    """Open a connection from one of the loopback addresses."""
    opened = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
    opened.sendall(sent)
    return opened


def is_closed(connection: socket.socket, seconds: float) -> bool:
    """Whether the server closes the connection within a time, whatever it sends before."""
    connection.settimeout(seconds)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            if not connection.recv(65_536):
                return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return False


def drip(connection: socket.socket) -> float:
    """Send letter by letter; return the seconds until the connection is cut off, or five."""
    started = time.monotonic()
    with suppress(ConnectionError):
        while time.monotonic() - started < 5:
            connection.sendall(b"x")
            time.sleep(0.05)
    return time.monotonic() - started


def answer(port: int, source: str = "127.0.0.1", path: str = "/") -> bytes:
    with connect(port, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(), source) as asking:
        received = b""
        while part := asking.recv(65_536):
            received += part
    return received


@pytest.mark.parametrize(
    "sent",
    [b"", b"G", HEAD, HEAD + b"X-Long: " + b"x" * 9_000, HEAD + b"\r\n", HEAD + b"\r\n" + HEAD],
    ids=["nothing", "a letter", "half a head", "a long half", "idle after an answer", "an answer and a half"],
)
def test_a_connection_that_does_not_ask_is_closed(sent: bytes) -> None:
    with serve(ConnectionLimit(**QUICK)) as (port, _), connect(port, sent) as connection:
        assert not is_closed(connection, 0.2)
        assert is_closed(connection, 2)


def test_a_head_that_comes_letter_by_letter_is_cut_off() -> None:
    with serve(ConnectionLimit(**QUICK)) as (port, _), connect(port, HEAD) as connection:
        assert drip(connection) < 2


def test_a_body_that_never_ends_is_cut_off() -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
    with serve(ConnectionLimit(**QUICK)) as (port, _), connect(port, head) as connection:
        assert drip(connection) < 2


def test_answers_are_sent_without_delay() -> None:
    with serve(ConnectionLimit()) as (port, server), connect(port):
        time.sleep(0.2)
        (connection,) = server.server_state.connections
        accepted = connection.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_client_that_asks_again_and_again_keeps_its_connection() -> None:
    with serve(ConnectionLimit(**QUICK)) as (port, _), httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        streams = set()
        for _ in range(8):
            with client.stream("GET", "/") as response:
                streams.add(response.extensions["network_stream"].get_extra_info("client_addr"))
                assert response.read() == b"made"
            time.sleep(0.2)
        assert len(streams) == 1


def test_a_client_that_waits_for_its_answer_is_not_cut_off() -> None:
    asked = b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"
    with serve(ConnectionLimit(**QUICK)) as (port, _), connect(port, asked) as waiting:
        assert not is_closed(waiting, 1.5)


def test_a_client_that_reads_nothing_is_cut_off() -> None:
    asked = b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n"
    with serve(ConnectionLimit(**QUICK)) as (port, server), connect(port, asked):
        time.sleep(0.3)
        assert len(server.server_state.connections) == 1
        time.sleep(1.5)
        assert len(server.server_state.connections) == 0


def test_a_client_that_reads_slowly_but_steadily_gets_all() -> None:
    asked = b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with serve(ConnectionLimit(**QUICK)) as (port, _), connect(port, asked) as reader:
        received = 0
        while part := reader.recv(1_000_000):
            received += len(part)
            time.sleep(0.05)
    assert received > len(LARGE)


@pytest.mark.parametrize("sent", [b"", HEAD])
def test_the_longest_waiting_connection_of_a_client_gives_way(sent: bytes) -> None:
    with serve(ConnectionLimit(per_client=5)) as (port, server), ExitStack() as stack:
        opened = [stack.enter_context(connect(port, sent)) for _ in range(5)]
        stranger = stack.enter_context(connect(port, sent, "127.0.0.2"))
        assert answer(port).endswith(b"made")
        assert is_closed(opened[0], 1)
        assert not any(is_closed(one, 0.1) for one in (*opened[1:], stranger))
        assert len(server.server_state.connections) == 5


def test_connections_that_are_answered_do_not_give_way() -> None:
    asked = b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"
    with serve(ConnectionLimit(per_client=3)) as (port, _), ExitStack() as stack:
        opened = [stack.enter_context(connect(port, asked)) for _ in range(3)]
        time.sleep(0.2)
        refused = answer(port)
        assert refused.startswith(LIMIT_REACHED)
        assert b"Retry-After: 10" in refused
        assert answer(port, "127.0.0.2").endswith(b"made"), "another client is not concerned"
        assert not any(is_closed(one, 0.1) for one in opened)


def test_proxies_are_limited_in_total_only() -> None:
    limit = ConnectionLimit(per_client=2, total=6, proxies=(ip_network("127.0.0.0/8"),), **QUICK)
    with serve(limit) as (port, server), ExitStack() as stack:
        opened = [stack.enter_context(connect(port)) for _ in range(6)]
        time.sleep(0.8)
        assert len(server.server_state.connections) == 6, "they may wait longer too"
        assert answer(port).endswith(b"made")
        assert is_closed(opened[0], 1)


def test_a_server_without_files_left_goes_on_once_there_are_some(monkeypatch, caplog) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(server_config, "raise_file_limit", lambda: 10_000)
    with serve(ConnectionLimit(per_client=0)) as (port, _), ExitStack() as stack:
        first = stack.enter_context(connect(port))
        last = first.fileno()
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (last + 8, hard))
            opened = []
            with suppress(OSError):  # this process has none left either
                for _ in range(20):
                    opened.append(stack.enter_context(connect(port)))
            assert len(opened) < 20
            until = time.monotonic() + 10.0
            while not caplog.records and time.monotonic() < until:
                time.sleep(0.05)
            assert caplog.records
            time.sleep(1.5)
            assert len(caplog.records) <= 4, "one line a second"
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for one in opened:
            one.close()
        time.sleep(1.2)
        assert answer(port).endswith(b"made")


def test_the_log_has_no_trace_of_answers_cut_off_at_the_stop(caplog) -> None:
    with serve(ConnectionLimit()) as (port, server):
        server.config.timeout_graceful_shutdown = 1
        with connect(port, b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") as waiting:
            while not server.server_state.tasks:
                time.sleep(0.01)
            server.should_exit = True
            assert is_closed(waiting, 5)
    assert [record.getMessage() for record in caplog.records if "Cancel 1 running" in record.getMessage()]
    assert not [record for record in caplog.records if record.exc_info]


def test_a_request_for_a_web_socket_is_answered_as_any_other_without_a_line_in_the_log(caplog) -> None:
    asked = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    with serve(ConnectionLimit()) as (port, _), connect(port, asked) as connection:
        received = b""
        while not received.endswith(b"made"):
            received += connection.recv(65_536)
    assert not caplog.records


def test_as_many_files_as_the_system_allows() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
        raised = server_config.raise_file_limit()
        assert raised == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 200
        assert server_config.raise_file_limit() == raised
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert server_config._fit_total(2000, 1024) == 768
    assert server_config._fit_total(2000, 300) == 150
    assert server_config._fit_total(2000, 20_000) == 2000
    assert server_config._fit_total(0, 1024) == 768
