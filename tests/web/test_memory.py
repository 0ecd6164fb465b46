"""Memory that was used once goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the C library is another one")

PROGRAM = """
import sys, threading
from groundswell.web.server.memory import keep_little_memory, trim_memory
import groundswell.web.server.memory as memory

def measure():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) // 1024

def use():
    barrier.wait()  # pieces are too large for Python's own arenas; one in fifty stays and keeps its neighbours in place
    pieces = [bytes(20_000) for _ in range(2_500)]
    kept.append(pieces[::50])
    barrier.wait()

assert keep_little_memory(), "no glibc"
kept, barrier, before = [], threading.Barrier(12), measure()
threads = [threading.Thread(target=use) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
memory.SECONDS_BETWEEN_TRIMS = 0.0
class Once:
    waits = 0
    def wait(self, seconds):
        self.waits += 1
        return self.waits > 1
trim_memory(Once())
print(measure() - before)
"""


def test_memory_that_many_threads_used_is_given_back() -> None:
    """Twelve threads used 600 MB at once and keep 12; without the trim nearly all of it stays."""
    shown = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert int(shown) < 60
