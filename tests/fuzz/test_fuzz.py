"""Fuzzing: a fixed few hundred inputs by default, or as many as fit into GROUNDSWELL_FUZZ_MINUTES."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, seed, settings

from .targets import TARGETS

MINUTES = float(os.environ.get("GROUNDSWELL_FUZZ_MINUTES", "0"))
WITHOUT_DEADLINE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks(name: str) -> None:
    target = TARGETS[name]
    if not MINUTES:
        settings(WITHOUT_DEADLINE, max_examples=60, derandomize=True)(given(target.inputs)(target.check))()
        return
    end, rounds = time.monotonic() + MINUTES * 60 / len(TARGETS), 0
    while time.monotonic() < end:
        number = random.getrandbits(32)
        seed(number)(settings(WITHOUT_DEADLINE, max_examples=300)(given(target.inputs)(target.check)))()
        rounds += 1
    print(f"{name}: {rounds * 300:,} inputs")
