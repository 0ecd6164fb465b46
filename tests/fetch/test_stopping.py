"""Requests end as soon as the program is stopped, and nothing one host does keeps the others waiting."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest

from groundswell.fetch import per_host
from groundswell.fetch.client import HttpRetriever
from groundswell.fetch.per_host import MAX_PARALLEL_HOSTS, request_in_parallel
from groundswell.model import Outcome
from groundswell.ports import Retrieved

LOOPBACK = (ip_network("127.0.0.0/8"),)
SOON = 1.5


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def hang(host: str, port: int) -> list[str]:
    time.sleep(20)
    return ["127.0.0.1"]


def stop_soon(stop: threading.Event) -> float:
    """Set the event in a moment; return when."""
    threading.Timer(0.3, stop.set).start()
    return time.monotonic() + 0.3


def measure(call: Callable[[], Retrieved], stopped_at: float) -> Retrieved:
    result = call()
    assert time.monotonic() - stopped_at < SOON
    return result


def test_a_retrieval_ends_with_the_program_while_the_server_is_silent(silent_port: int) -> None:
    stop = threading.Event()
    retriever = HttpRetriever("", LOOPBACK, stop=stop)
    url = f"http://127.0.0.1:{silent_port}/"
    assert measure(lambda: retriever.retrieve(url, None, None), stop_soon(stop)).outcome is Outcome.UNREACHABLE


def test_a_retrieval_ends_with_the_program_while_a_name_is_looked_up() -> None:
    stop = threading.Event()
    retriever = HttpRetriever("", LOOPBACK, stop=stop, resolver=hang)
    got = measure(lambda: retriever.retrieve("http://slow.example/", None, None), stop_soon(stop))
    assert got.outcome is Outcome.UNREACHABLE


def test_a_retrieval_ends_with_the_program_while_it_waits_for_its_turn(silent_port: int) -> None:
    stop = threading.Event()
    retriever = HttpRetriever("", LOOPBACK, stop=stop)
    url = f"http://127.0.0.1:{silent_port}/"
    threads = [threading.Thread(target=retriever.retrieve, args=(url, None, None)) for _ in range(3)]
    for thread in threads:
        thread.start()
    stopped_at = stop_soon(stop)
    for thread in threads:
        thread.join()
    assert time.monotonic() - stopped_at < SOON


def test_a_name_that_is_looked_up_for_too_long_is_unreachable() -> None:
    retriever = HttpRetriever("", LOOPBACK, total=0.3, resolver=hang)
    got = measure(lambda: retriever.retrieve("http://slow.example/", None, None), time.monotonic())
    assert (got.outcome, got.detail.partition(":")[0]) == (Outcome.UNREACHABLE, "timeout")


def answer(_: object) -> Retrieved:
    return Retrieved(Outcome.OK, "HTTP 200")


@pytest.mark.parametrize("busy", ["requests", "pauses"])
def test_nothing_is_yielded_after_the_stop_and_nothing_is_waited_for(busy: str) -> None:
    stop = threading.Event()
    jobs = [("http://a.example/", n) for n in range(3)] + [(f"http://{n}.example/", n) for n in range(20)]

    def request(n: int) -> Retrieved:
        if busy == "requests":
            time.sleep(20 if n else 0)
        return answer(n)

    def pause(_: float) -> None:
        time.sleep(20)

    got = []
    for job, _ in request_in_parallel(jobs, request, pause if busy == "pauses" else stop.wait, stop=stop):
        got.append(job)
        if not stop.is_set() and len(got) == 2:
            stop.set()
            stopped_at = time.monotonic()
    assert len(got) == 2
    assert time.monotonic() - stopped_at < SOON


def test_hosts_that_are_slow_do_not_keep_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(per_host, "SLOW_SECONDS", 0.1)
    released = threading.Event()
    slow = [(f"http://slow{n}.example/", "slow") for n in range(3 * MAX_PARALLEL_HOSTS)]
    quick = [(f"http://quick{n}.example/", "quick") for n in range(20)]

    def request(kind: str) -> Retrieved:
        if kind == "slow":
            released.wait(20)
        return answer(kind)

    got = []
    for kind, _ in request_in_parallel(slow + quick, request, time.sleep):
        got.append(kind)
        if got.count("quick") == len(quick):
            released.set()
    assert got == ["quick"] * len(quick) + ["slow"] * len(slow)


@pytest.mark.parametrize("address", ["http://[", "", "no address", "http://a.example:x/"])
def test_whatever_a_request_raises_is_an_answer(address: str, caplog: pytest.LogCaptureFixture) -> None:
    def request(job: int) -> Retrieved:
        if job == 1:
            raise KeyError("secret")
        return answer(job)

    got = dict(request_in_parallel([(address, 1), (address, 2), ("http://b.example/", 3)], request, lambda _: None))
    assert {job: retrieved.outcome for job, retrieved in got.items()} == {
        1: Outcome.PROGRAM_ERROR,
        2: Outcome.OK,
        3: Outcome.OK,
    }
    assert got[1].detail == "the program failed on it: KeyError"
    assert caplog.text.count("Traceback") == 1
