"""A small stream of headlines written for the tests, and stores to replay it into."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.testing.fakes import FixedClock

NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)

HEADLINES = [
    ("2024-09-17T08:00:00Z", "Morning Post", "Russell 2000 climbs as traders await the Fed rate decision"),
    ("2024-09-17T09:30:00Z", "Harbour Daily", "Town council approves a new swimming pool"),
    ("2024-09-18T18:01:00Z", "Wire One", "Fed cuts interest rates by half a point in first cut since 2020"),
    ("2024-09-18T18:04:00Z", "Wire Two", "Federal Reserve cuts interest rates by half a point, first cut since 2020"),
    ("2024-09-18T18:20:00Z", "Morning Post", "Fed cuts interest rates half a point, the first cut since 2020"),
    ("2024-09-19T07:00:00Z", "Harbour Daily", "Small-cap stocks surge after the Fed rate cut, Russell 2000 leads"),
    ("2024-09-19T07:10:00Z", "Wire One", "Russell 2000 leads as small-cap stocks surge after Fed rate cut"),
    ("2024-09-20T10:00:00Z", "Wire Two", "Regional banks rally for a third day as the yield curve steepens"),
]


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    rows = [
        {"id": f"d{place}", "published": at, "source": source, "title": title}
        for place, (at, source, title) in enumerate(HEADLINES)
    ]
    path = tmp_path / "stream.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def groundswell(tmp_path: Path, clock: FixedClock) -> Iterator[Groundswell]:
    with Groundswell.open(str(tmp_path / "store.db"), clock=clock, contact="desk@example.org") as opened:
        yield opened
