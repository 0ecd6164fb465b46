"""Migration 0010: observations name their service by its name instead of its title, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from groundswell.model import Measure, Observation, SeriesRef
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import observations

MIGRATION = import_module("groundswell.storage.migrations.versions.0010_service_names")
NOW = datetime(2026, 8, 21, 23, tzinfo=UTC)
NAMES = ["treasury", "newyorkfed", "fomc", "fred", "tiingo", "yahoo", "ishares", "sec"]
TITLES = [
    "US Treasury par yields",
    "New York Fed reference rates",
    "Federal Reserve Board: FOMC calendar and statements",
    "FRED",
    "Tiingo end-of-day prices",
    "Yahoo charts",
    "iShares holdings",
    "SEC company facts",
]


@pytest.mark.parametrize(("direction", "before", "after"), [("upgrade", TITLES, NAMES), ("downgrade", NAMES, TITLES)])
def test_sources_are_renamed_both_ways(store: Store, direction: str, before: list[str], after: list[str]) -> None:
    ref = SeriesRef("DGS10", Measure.RATE)
    with store.write() as connection:
        stored = [Observation(ref, date(2026, 8, 20), 4.4, NOW, source) for source in (*before, "another program")]
        observations.add_observations(connection, stored, NOW)
    with store.write() as connection, Operations.context(MigrationContext.configure(connection)):
        getattr(MIGRATION, direction)()
    with store.read() as connection:
        assert [one.source for one in observations.load_observations(connection)[ref]] == [*after, "another program"]
