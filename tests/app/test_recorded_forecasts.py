"""Forecasts are put on record when they open, and nothing that comes later changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.series import make_series

from groundswell import Groundswell
from groundswell.claims.register.outcomes import PATIENCE
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Forecast, Series
from groundswell.testing.fakes import FixedClock

DAYS = sessions_between(date(2000, 5, 26), date(2020, 12, 31))
EVENT, ENDS = date(2018, 12, 31), date(2019, 1, 31)
OPENING, DUE = datetime(2019, 1, 1, 23, tzinfo=UTC), datetime(2019, 2, 1, 23, tzinfo=UTC)


def make_prices(scale: float = 1.0) -> tuple[Series, ...]:
    generator = np.random.default_rng(7)
    spy = 100.0 * np.exp(np.cumsum(generator.normal(0.0003, 0.008, len(DAYS))))
    iwm = spy * np.exp(np.cumsum(generator.normal(0.0, 0.006 * scale, len(DAYS))))
    return make_series("SPY", DAYS, spy), make_series("IWM", DAYS, iwm)


def cut(series: tuple[Series, ...], last: date) -> tuple[Series, ...]:
    """What was published by the end of a day."""
    known = [each.dates <= np.datetime64(last) for each in series]
    return tuple(
        replace(each, dates=each.dates[kept], values=each.values[kept], known_at=each.known_at[kept])
        for each, kept in zip(series, known, strict=True)
    )


def make_hub(text: str = "Small leads by 1 % after the year.", low: float = 0.01, **arguments: Any) -> HubSpec:
    given = {"long": "IWM", "short": "SPY", "events": "year_ends", "horizon": 21} | arguments
    measure = {"estimand": "event-study", "arguments": given, "range": (low, 0.05)}
    claim = {"id": "C1", "side": "bull", "text": text, "measure": measure}
    words = {"slug": "turns", "title": "Turns", "summary": "Of years.", "thesis": ("Years turn.",)}
    return HubSpec.model_validate({**words, "claims": (claim,), "tagging": {}})


class Desk:
    """A store that is looked at on given days, with data and a definition that may change between the looks."""

    def __init__(self, path: Path) -> None:
        self.path, self.series, self.hub = path, make_prices(), make_hub()

    def look(self, at: datetime, days: int = 0) -> tuple[Forecast, ...]:
        """Record as of the day of ``at``, and return the forecasts on record."""
        with self._open(at) as opened:
            opened.record((at + timedelta(days=days)).date())
            assert opened.check_ledger().broken is None
            return tuple(each for each in opened.forecasts() if each.opened)

    def read(self, at: datetime, as_of: date) -> tuple[Forecast, ...]:
        with self._open(at) as opened:
            return tuple(each for each in opened.forecasts(as_of=as_of) if each.opened)

    def _open(self, at: datetime) -> Groundswell:
        return Groundswell.open(str(self.path), (self.hub,), FixedClock(at), shipped=lambda: self.series)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    return Desk(tmp_path / "store.db")


def test_a_forecast_opens_on_the_day_of_its_event_and_is_resolved_at_its_horizon(desk):
    assert desk.look(OPENING - timedelta(days=2)) == ()
    (opened,) = desk.look(OPENING)
    assert (opened.event, opened.version, opened.opened, opened.ends) == (
        *(("turns", "C1", EVENT), 1, OPENING.date(), ENDS),
    )
    assert (opened.n, opened.status, opened.after_registration) == (18, "open", True)
    assert desk.look(datetime(2019, 1, 30, 23, tzinfo=UTC)) == (opened,)
    (resolved,) = desk.look(DUE)
    assert (resolved.status, resolved.closed) == ("resolved", DUE.date())
    assert replace(resolved, value=None, hit=None, closed=None) == opened
    assert desk.look(DUE + timedelta(days=30)) == (resolved,)
    assert desk.read(DUE, date(2019, 1, 15)) == (opened,)
    assert desk.read(DUE, date(2018, 12, 30)) == ()


def test_what_is_not_known_yet_changes_no_forecast(tmp_path):
    """No look ahead: with all later data cut off, the same is on record after each look."""
    looks = [datetime(2017, 12, 28, 23, tzinfo=UTC) + timedelta(days=9 * step) for step in range(48)]
    whole, truncated = Desk(tmp_path / "whole.db"), Desk(tmp_path / "truncated.db")
    for at in looks:
        truncated.series = cut(make_prices(), at.date())
        assert truncated.look(at) == whole.look(at)
    assert [each.status for each in whole.look(looks[-1])] == ["resolved", "resolved"]


def change_data(desk: Desk) -> None:
    desk.series = make_prices(2.0)


def change_range(desk: Desk) -> None:
    desk.hub = make_hub(low=0.04)


def change_horizon(desk: Desk) -> None:
    desk.hub = make_hub(horizon=63)


def change_words(desk: Desk) -> None:
    desk.hub = make_hub("In other words, small leads.")


@pytest.mark.parametrize("change", [change_data, change_range, change_horizon, change_words])
def test_nothing_rewrites_an_open_forecast(desk, change: Callable[[Desk], None]):
    (opened,) = desk.look(OPENING)
    change(desk)
    first, *more = desk.look(OPENING + timedelta(days=1))
    assert first == opened
    assert [(each.version, each.after_registration) for each in more] == (
        [(2, False)] if change in (change_range, change_horizon) else []
    )


@pytest.mark.parametrize("change", [change_range, change_horizon])
def test_a_forecast_is_resolved_as_its_claim_was_registered(desk, tmp_path, change: Callable[[Desk], None]):
    unchanged = Desk(tmp_path / "unchanged.db")
    unchanged.look(OPENING)
    (expected,) = unchanged.look(DUE)
    desk.look(OPENING)
    change(desk)
    resolved, *_ = desk.look(DUE)
    assert resolved == expected


def test_a_resolution_stays_when_data_are_revised(desk):
    desk.look(OPENING)
    (resolved,) = desk.look(DUE)
    change_data(desk)
    assert desk.look(DUE + timedelta(days=1)) == (resolved,)


def test_a_forecast_without_data_is_void_once_they_can_be_expected_no_more(desk):
    (opened,) = desk.look(OPENING)
    desk.series = cut(make_prices(), date(2019, 1, 10))
    horizon = datetime(2019, 1, 31, 23, tzinfo=UTC)
    assert desk.look(horizon + PATIENCE) == (opened,)
    (void,) = desk.look(horizon + PATIENCE + timedelta(days=1))
    assert (void.status, void.closed) == ("void", date(2019, 5, 12))
    assert "2019-01-31" in void.void
    desk.series = make_prices()
    assert desk.look(horizon + timedelta(days=200)) == (void,)


def test_a_look_back_puts_no_forecast_on_record(desk):
    assert desk.look(DUE, days=-20) == ()
    assert desk.look(datetime(2019, 3, 1, 23, tzinfo=UTC)) == ()  # its window had ended before it was seen
