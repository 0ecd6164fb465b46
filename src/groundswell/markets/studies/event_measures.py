"""What is measured around events, behind one interface: returns, abnormal returns, after less before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from groundswell.markets.series.calendar import MONTH
from groundswell.markets.studies.before_after import before_after_study, every_difference
from groundswell.markets.studies.event_study import EventStudy, EveryWindow, Window, event_study, every_window
from groundswell.markets.studies.market_model import MarketModel, abnormal_study, every_abnormal
from groundswell.model import Measure, Series


class EventMeasure(Protocol):
    """A quantity that is measured over a window at each event, and over every other window of the same length."""

    @property
    def window(self) -> Window:
        """The window after the event."""

    @property
    def lead(self) -> int:
        """The sessions before the base from which values are needed."""

    @property
    def unshifted(self) -> EventMeasure:
        """The same from the close of the event's session: equal for all that measure the same windows elsewhere."""

    def measure(self, days: Sequence[date], long: Series, short: Series | None, as_of: date) -> EventStudy:
        """Measure it at each of ``days``."""

    def measure_all(self, long: Series, short: Series | None, as_of: date) -> EveryWindow:
        """Measure it over every window; the base of each, without the lead."""

    def count_rows(self, long: Series) -> int:
        """Count the rows of ``long`` in a window: windows so far apart share no day."""


@dataclass(frozen=True, slots=True)
class RelativeReturn:
    """The relative return over the window."""

    window: Window

    @property
    def lead(self) -> int:
        return 0

    @property
    def unshifted(self) -> RelativeReturn:
        return RelativeReturn(replace(self.window, base=0))

    def measure(self, days: Sequence[date], long: Series, short: Series | None, as_of: date) -> EventStudy:
        return event_study(days, long, short, self.window, as_of)

    def measure_all(self, long: Series, short: Series | None, as_of: date) -> EveryWindow:
        return every_window(long, short, self.window, as_of)

    def count_rows(self, long: Series) -> int:
        is_daily = self.window.unit == "months" and long.ref.measure is not Measure.PERIOD_RETURN
        return self.window.horizon * MONTH if is_daily else self.window.horizon


@dataclass(frozen=True, slots=True)
class AbnormalReturn:
    """The cumulative abnormal return by the market model; ``short`` is the market."""

    model: MarketModel

    @property
    def window(self) -> Window:
        return self.model.window

    @property
    def lead(self) -> int:
        return self.model.lead

    @property
    def unshifted(self) -> AbnormalReturn:
        return AbnormalReturn(replace(self.model, window=replace(self.window, base=0)))

    def measure(self, days: Sequence[date], long: Series, short: Series | None, as_of: date) -> EventStudy:
        return abnormal_study(days, long, _need(short), self.model, as_of)

    def measure_all(self, long: Series, short: Series | None, as_of: date) -> EveryWindow:
        return every_abnormal(long, _need(short), self.model, as_of)

    def count_rows(self, long: Series) -> int:
        return self.window.horizon


@dataclass(frozen=True, slots=True)
class ChangeOfReturn:
    """The relative return over the window, less that over as long a window before the base."""

    window: Window

    @property
    def lead(self) -> int:
        return self.window.horizon

    @property
    def unshifted(self) -> ChangeOfReturn:
        return ChangeOfReturn(replace(self.window, base=0))

    def measure(self, days: Sequence[date], long: Series, short: Series | None, as_of: date) -> EventStudy:
        return before_after_study(days, long, short, self.window, as_of)

    def measure_all(self, long: Series, short: Series | None, as_of: date) -> EveryWindow:
        return every_difference(long, short, self.window, as_of)

    def count_rows(self, long: Series) -> int:
        return 2 * self.window.horizon


def _need(market: Series | None) -> Series:
    if market is None:
        raise ValueError("the market model needs the series of the market")
    return market
