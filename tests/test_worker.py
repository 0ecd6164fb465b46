"""A worker does its tasks in a process of its own, which ends when it is not needed and when its owner ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import attrgetter, truediv
from pathlib import Path

import pytest

from groundswell.errors import BadInputError
from groundswell.settings import load_settings
from groundswell.worker import Worker, WorkerError


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()
    worker.rest()


def wait_until(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_tasks_run_in_one_other_process(worker: Worker) -> None:
    first = worker.run(os.getpid)
    assert first not in (os.getpid(), None)
    assert worker.run(os.getpid) == first == worker.pid


def test_an_exception_is_raised_here_with_what_it_carries(worker: Worker) -> None:
    with pytest.raises(ZeroDivisionError):
        worker.run(truediv, 1, 0)
    with pytest.raises(BadInputError) as raised:
        worker.run(partial(load_settings, port=0))
    assert "port" in raised.value.mistakes[0]
    assert worker.run(truediv, 1, 2) == 0.5


def test_what_a_task_prints_does_not_come_between_the_answers(worker: Worker) -> None:
    worker.run(print, "printed")
    worker.run(os.system, "echo printed too")
    assert worker.run(truediv, 1, 2) == 0.5


def test_a_killed_worker_is_replaced(worker: Worker) -> None:
    os.kill(worker.run(os.getpid), signal.SIGKILL)
    assert worker.run(truediv, 1, 2) == 0.5


def test_a_task_that_kills_every_worker_fails(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="without an answer"):
        worker.run(os._exit, 1)
    assert worker.run(truediv, 1, 2) == 0.5


def test_threads_take_turns(worker: Worker) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: worker.run(str, number), range(200))) == list(map(str, range(200)))


def test_an_idle_worker_ends_and_another_starts() -> None:
    worker = Worker(max_idle_seconds=0.05)
    pid = worker.run(os.getpid)
    assert wait_until(lambda: not is_running(pid) and worker.pid is None)
    assert worker.run(truediv, 1, 2) == 0.5
    worker.close()
    worker.rest()


def test_after_so_many_tasks_another_process_goes_on() -> None:
    worker = Worker(max_tasks=3)
    pids = [worker.run(os.getpid) for _ in range(7)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]
    assert not is_running(pids[0])
    worker.close()
    worker.rest()


def test_closing_does_not_wait_for_the_task(worker: Worker) -> None:
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(worker.run, time.sleep, 60)
        assert wait_until(lambda: worker.pid is not None)
        worker.close()
        with pytest.raises(WorkerError):
            task.result(10)


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_no_worker_outlives_its_owner(kind: signal.Signals) -> None:
    program = (
        "import os, time; from groundswell.worker import Worker;"
        "print(Worker().run(os.getpid), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.send_signal(kind)
    assert wait_until(lambda: not is_running(pid))


def test_tasks_and_results_must_be_picklable(worker: Worker) -> None:
    """What cannot be sent in either direction is an error of the caller, and the worker stays usable."""
    with pytest.raises(Exception, match="pickle"):
        worker.run(lambda: None)
    with pytest.raises(TypeError, match="pickle"):
        worker.run(open, os.devnull)
    assert worker.run(attrgetter("real"), 3) == 3
