"""A first start with a data folder and services, in a process that ``test_first_start_crashes`` kills.

``python -m tests.app.first_start_worker STORE FOLDER ADDRESS…`` says on a line of its own what is done. The addresses
are those of the services ``NAMES``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from groundswell import Groundswell
from groundswell.app import facade
from groundswell.model import Verdict
from groundswell.sources.services.registry import DATA_SERVICES
from groundswell.testing.fakes import FixedClock

from .test_first_start import START, House
from .test_service_contradictions import choose_hub

NAMES = ("yahoo", "cboe")
HUBS = choose_hub("small-caps", claim="C1")


def start(
    store: Path, folder: Path, addresses: Sequence[str], say: Callable[[str], object] = lambda step: None
) -> dict[str, tuple[Verdict, float | None]]:
    """Start and run two cycles; return the verdict and the estimate of each claim."""
    services = tuple(DATA_SERVICES[name](address) for name, address in zip(NAMES, addresses, strict=True))
    clock = FixedClock(START)
    with Groundswell.open(str(store), HUBS, clock, services=services) as groundswell:
        groundswell.load(folder)
        say("loaded")
        groundswell.register_sources()
        house = House(groundswell, {}, clock)
        say("registered")
        house.run(10)
        return house.verdicts()


if __name__ == "__main__":
    facade.load_default_feeds = tuple
    start(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:], lambda step: print(step, flush=True))
    print("ended", flush=True)
