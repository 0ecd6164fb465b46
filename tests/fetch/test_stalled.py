"""Silence by a source's own rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.fetch.stalled import MAX_RECENT_ITEMS, MIN_ITEMS, MIN_STALL, find_stall

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(*hours: float) -> list[datetime]:
    return [NOW - timedelta(hours=one) for one in hours]


def every(step: float, last: float, count: int = 20) -> list[datetime]:
    """Instants ``step`` hours apart, the newest ``last`` hours ago."""
    return ago(*(last + step * place for place in range(count)))


@pytest.mark.parametrize(
    ("instants", "silent"),
    [
        ([], False),
        (every(1, 100, count=MIN_ITEMS - 1), False),  # too few to tell
        (every(1, 5), False),  # twice the longest pause, but hours only
        (every(1, 7), True),
        (every(24, 47), False),
        (every(24, 49), True),
        ([*every(1, 60), *ago(140)], False),  # it has been silent for longer before
        ([*every(1, 60), *every(100, 160, count=MAX_RECENT_ITEMS)], False),
        ([*every(1, 60, count=MAX_RECENT_ITEMS), *ago(500)], True),  # but that is too long ago to count
        (ago(*([40.0] * 30)), False),  # all at one instant: no rhythm
        ([*every(1, 60), NOW + timedelta(days=1)], True),  # a date in the future is no news
    ],
)
def test_silence_is_measured_by_the_pauses_before(instants: list[datetime], silent: bool) -> None:
    found = find_stall(instants, NOW)
    assert (found is not None) is silent
    if found:
        assert found.since == max(at for at in instants if at <= NOW)
        assert found.pause in ("60 minutes", "24 hours")


@given(st.lists(st.floats(0, 2000), min_size=MIN_ITEMS, max_size=80), st.floats(0, 100))
def test_what_keeps_time_is_never_silent_and_silence_goes_on(hours: list[float], more: float) -> None:
    instants = ago(*hours)
    now, later = find_stall(instants, NOW), find_stall(instants, NOW + timedelta(hours=more))
    assert now is None or (later is not None and now.since == later.since)
    assert find_stall([*instants, NOW], NOW + MIN_STALL) is None
