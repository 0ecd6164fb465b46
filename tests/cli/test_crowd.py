"""The program under a crowd of connections from one client: another client is answered, log and memory stay small."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from .test_up import free_port

CROWD = 1100
MAX_LOG_BYTES = 100_000


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4 * CROWD:
        pytest.skip("the system does not let one process open that many connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4 * CROWD), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def serve(folder: Path, files: int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the program with its log in a file, as a system starts it: with ``files`` as the soft limit of open files."""
    port = free_port()
    command = [sys.executable, "-m", "groundswell", "up", "--no-live", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            ["sh", "-c", f'ulimit -S -n {files} && exec "$@"', "sh", *command],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
            for _attempt in range(600):
                try:
                    client.get("/")
                    break
                except httpx2.TransportError:
                    time.sleep(0.1)
        yield running, port
    finally:
        running.terminate()
        assert running.wait(20) == 0


def memory_of(process: int) -> int:
    """The resident memory of a process, in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def ask(port: int, source: str) -> float:
    """Ask for each of a few pages on a connection of its own; return the longest time, in seconds."""
    slowest = 0.0
    for path in ("/", "/healthz", "/hubs/small-caps", "/status", "/hubs/fomc"):
        transport = httpx2.HTTPTransport(local_address=source)
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=10) as client:
            started = time.monotonic()
            assert client.get(path).status_code == 200
            slowest = max(slowest, time.monotonic() - started)
        time.sleep(0.1)
    return slowest


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
@pytest.mark.usefixtures("many_files")
def test_idle_and_half_sent_connections_do_not_stop_the_server(tmp_path: Path) -> None:
    sent = (b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Half: ", b"GET /hubs/fomc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    with serve(tmp_path, files=1024) as (running, port), ExitStack() as stack:
        assert min(ask(port, "127.0.0.1") for _attempt in range(20)) < 0.5, "the pages are kept after the start"
        before = memory_of(running.pid)
        for number in range(CROWD):
            opened = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            opened.sendall(sent[number % len(sent)])
        times = sorted(ask(port, "127.0.0.2") for _attempt in range(4))
        assert times[1] < 1, times  # a machine that runs other tests may be busy for a moment
        assert times[-1] < 5, times
        assert memory_of(running.pid) - before < 60_000_000
    assert (tmp_path / "log").stat().st_size < MAX_LOG_BYTES, (tmp_path / "log").read_text()[-2000:]


@pytest.mark.slow
@pytest.mark.usefixtures("many_files")
def test_a_log_full_of_invalid_requests_stays_short(tmp_path: Path) -> None:
    with serve(tmp_path, files=1024) as (_, port):
        for _ in range(1500):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
                one.sendall(b"\x16\x03\x01 not HTTP\r\n\r\n")
                one.recv(1000)
    text = (tmp_path / "log").read_text()
    assert len(text) < MAX_LOG_BYTES
    assert text.count("Invalid HTTP request received.") <= 5
    assert "repeated " in text
