"""The program ends within five seconds of a signal, with its store closed, whatever feeds, readers and threads do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from groundswell import Groundswell
from groundswell.feeds.opml import Outline
from groundswell.sources.services.registry import DATA_SERVICES

from .test_up import up

MAX_SECONDS = 5.0
HOSTS = 12


class Slow:
    """A loopback server that takes every connection, counts the requests, and answers as slowly as it can."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.requests = threading.Semaphore(0)
        self._listener = socket.create_server(("0.0.0.0", 0))
        self.port = self._listener.getsockname()[1]
        self._stopped = threading.Event()
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self._stopped.is_set():
            try:
                connection = self._listener.accept()[0]
            except TimeoutError:
                continue
            self._open.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            connection.recv(65_536)
            self.requests.release()
            start = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
            if self.kind == "drips a body":
                connection.sendall(start + b"\r\n<rss version='2.0'><channel>")
            while self.kind != "is silent" and not self._stopped.wait(0.2):
                connection.sendall(b" " if self.kind == "drips a body" else b"H")
        except OSError:
            return

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._listener.close()
        for connection in self._open:
            connection.close()


@contextmanager
def slow_server(kind: str) -> Iterator[Slow]:
    server = Slow(kind)
    try:
        yield server
    finally:
        server.close()


def prepare(folder: Path, addresses: list[str]) -> None:
    """A store whose only sources are these feeds, on loopback."""
    with Groundswell.open(str(folder / "groundswell.db")) as groundswell:
        groundswell.register_sources()
        for feed in groundswell.feeds():
            if feed.enabled:
                groundswell.remove_feed(feed.slug)
        groundswell.add_feeds([Outline(address, "", "") for address in addresses])
    tables = {kind.settings_table or name for name, kind in DATA_SERVICES.items()}
    off = "".join(f"[services.{name}]\nenabled = false\n" for name in sorted(tables))
    (folder / "groundswell.toml").write_text(f'networks = ["127.0.0.0/8"]\n{off}', encoding="utf-8")


def stop(running: subprocess.Popen[str], kind: signal.Signals) -> float:
    """Send a signal; return after how many seconds the process has ended."""
    sent = time.monotonic()
    running.send_signal(kind)
    assert running.wait(30) == 0
    return time.monotonic() - sent


def is_closed(folder: Path) -> bool:
    return not (folder / "groundswell.db.open").exists()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["is silent", "drips a body", "drips a head"])
def test_it_ends_in_time_while_every_feed_is_slow(tmp_path: Path, kind: str) -> None:
    with slow_server(kind) as server:
        prepare(tmp_path, [f"http://127.0.1.{n}:{server.port}/feed" for n in range(1, HOSTS + 1)])
        with up(tmp_path) as (running, _):
            for _ in range(8):
                assert server.requests.acquire(timeout=30)
            assert stop(running, signal.SIGTERM) < MAX_SECONDS
    assert is_closed(tmp_path)


@pytest.mark.slow
def test_it_ends_in_time_during_the_pauses_of_one_host_and_with_readers_connected(tmp_path: Path) -> None:
    with slow_server("is silent") as server:
        prepare(tmp_path, [f"http://127.0.0.1:{server.port}/{n}" for n in range(15)])
        with up(tmp_path) as (running, address), httpx2.Client(base_url=address) as idle:
            assert idle.get("/healthz").status_code == 200
            port = int(address.rpartition(":")[2])
            with (
                socket.create_connection(("127.0.0.1", port)) as slow_reader,
                socket.create_connection(("127.0.0.1", port)) as half_sent,
            ):
                slow_reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                slow_reader.sendall(b"GET /static/groundswell.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50)
                half_sent.sendall(b"GET / HTTP/1.1\r\nHost:")
                assert server.requests.acquire(timeout=30)
                assert stop(running, signal.SIGINT) < MAX_SECONDS
    assert is_closed(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.5])
def test_it_ends_in_time_while_it_starts(tmp_path: Path, wait: float) -> None:
    command = [sys.executable, "-W", "error", "-m", "groundswell", "up", "--no-live", "--port", "0"]
    command[-1] = str(free_port())
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "Loading evidence …\n"
        time.sleep(wait)
        assert stop(running, signal.SIGTERM) < MAX_SECONDS
    assert is_closed(tmp_path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


STUCK = """
    import socket, sys, threading, time
    import uvicorn
    from pathlib import Path
    from groundswell import Groundswell
    from groundswell.web.server.config import build_server_config
    from groundswell.web.server.connections import ConnectionLimit
    from groundswell.web.server.shutdown import Shutdown

    where = sys.argv[1]

    async def app(scope, receive, send):
        if scope["type"] == "http":
            await run_in_threadpool(time.sleep, 60)

    from starlette.concurrency import run_in_threadpool

    class Server(uvicorn.Server):
        from contextlib import contextmanager
        @contextmanager
        def capture_signals(self):
            yield
        async def startup(self, sockets=None):
            await super().startup(sockets)
            print("ready", flush=True)

    def write(groundswell):
        with groundswell._store.write():
            time.sleep(60)

    def compute():
        while True:
            pass

    shutdown = Shutdown()
    with shutdown.handle_signals(), Groundswell.open("groundswell.db") as groundswell:
        shutdown.close = groundswell.close
        if where == "the main thread":
            print("ready", flush=True)
            while True:
                try:
                    time.sleep(60)
                except BaseException:
                    pass
        listener = socket.create_server(("127.0.0.1", 0))
        shutdown.server = server = Server(build_server_config(app, ConnectionLimit(100)))
        tasks = {"computing": compute} if where == "a computation" else {}
        if where == "a transaction":
            tasks = {"writing": lambda: write(groundswell)}
        if where == "a page":
            reader = socket.create_connection(listener.getsockname())
            reader.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        with shutdown.run_in_threads(tasks):
            server.run([listener])
"""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["a page", "a computation", "a transaction", "the main thread"])
def test_it_ends_in_time_while_something_cannot_be_interrupted(tmp_path: Path, where: str) -> None:
    command = [sys.executable, "-c", textwrap.dedent(STUCK), where]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line == "ready\n":
                break
        time.sleep(0.5)
        assert stop(running, signal.SIGTERM) < MAX_SECONDS
    assert is_closed(tmp_path) is (where != "a transaction")
    with Groundswell.open(str(tmp_path / "groundswell.db")) as groundswell:
        groundswell.register_sources()
    assert is_closed(tmp_path)
