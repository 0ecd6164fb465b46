"""Inputs that nobody wrote: a fixed few hundred of them each time, or for as long as GROUNDSWELL_FUZZ_MINUTES says."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, seed, settings

from .targets import TARGETS

MINUTES = float(os.environ.get("GROUNDSWELL_FUZZ_MINUTES", "0"))
UNHURRIED = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks(name: str) -> None:
    target = TARGETS[name]
    if not MINUTES:
        settings(UNHURRIED, max_examples=60, derandomize=True)(given(target.drawn)(target.check))()
        return
    end, rounds = time.monotonic() + MINUTES * 60 / len(TARGETS), 0
    while time.monotonic() < end:
        number = random.getrandbits(32)
        seed(number)(settings(UNHURRIED, max_examples=300)(given(target.drawn)(target.check)))()
        rounds += 1
    print(f"{name}: {rounds * 300:,} inputs")
