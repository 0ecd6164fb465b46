"""The kinds of gauges: what each measures, from which series, and the rule that names its phases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from groundswell.hubs.spec import GaugeSpec
from groundswell.markets.events.fed_decisions import decided_until
from groundswell.markets.events.market import TWO_YEAR
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators import indicators, phases
from groundswell.markets.indicators.indicators import Indicator
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import MONTH, QUARTER, YEAR
from groundswell.model import Series, SeriesRef
from groundswell.model.series import Values

HORIZONS = MappingProxyType({"1 month": MONTH, "3 months": QUARTER, "6 months": 2 * QUARTER, "12 months": YEAR})
"""Horizons of relative strength, in sessions."""
MAIN_HORIZON = "3 months"

GaugeSeries = tuple[Series, ...]
PhaseRule = Callable[[Indicator, SeriesBook], str]


@dataclass(frozen=True, slots=True)
class GaugeKind:
    """What a kind of gauge measures and the rule of its phases, in words, and the functions that compute both.

    ``unit`` is None if the hub file gives the unit. ``moves`` says whether a change within a week is informative.
    """

    text: str
    rule: str
    unit: str | None
    needs: Callable[[GaugeSpec], tuple[SeriesRef, ...]]
    compute: Callable[[GaugeSpec, GaugeSeries, dt.date, SeriesBook], Indicator | None]
    name_phase: PhaseRule
    moves: bool = True


def second_of(series: GaugeSeries) -> Series | None:
    """Return the series that the first one is compared with, if there is one."""
    return series[1] if len(series) > 1 else None


def _compute_sessions_since(spec: GaugeSpec, series: GaugeSeries, day: dt.date, book: SeriesBook) -> Indicator | None:
    """Count the sessions up to the last value of the series, or of the table of decisions, that give the events."""
    last = min((each.dates[-1].item() for each in series), default=decided_until(day, book))
    events = EVENT_LISTS[spec.events].find(day, book)
    return indicators.count_sessions_since([event.known for event in events], last)


def _compute_policy(_spec: GaugeSpec, _series: GaugeSeries, day: dt.date, book: SeriesBook) -> Indicator | None:
    return indicators.compute_target(day, book) if phases.list_policy_phases(day, book) else None


def _by_values(name_phase: Callable[[Values], str]) -> PhaseRule:
    return lambda indicator, _book: name_phase(indicator.values)


GAUGE_KINDS: Mapping[str, GaugeKind] = MappingProxyType(
    {
        "policy": GaugeKind(
            "The middle of the Federal Reserve's target range.",
            "Rising or easing by the direction of the last change; on hold after two scheduled meetings in a row "
            "without a change.",
            "percent",
            lambda _spec: (),
            _compute_policy,
            lambda indicator, book: phases.list_policy_phases(indicator.dates[-1].item(), book)[-1].name,
            moves=False,
        ),
        "priced": GaugeKind(
            "The 2-year Treasury yield less the middle of the target range: a rough measure of the policy that the "
            "market expects, because the yield also contains a term premium.",
            "A quarter point or more below zero: cuts priced in. A quarter point or more above: rises priced in.",
            "basis points",
            lambda _spec: (TWO_YEAR,),
            lambda _spec, series, day, book: indicators.compute_gap_to_target(series[0], day, book),
            _by_values(phases.name_priced_move),
        ),
        "relative": GaugeKind(
            "The return of one series less that of another over 1, 3, 6 and 12 months (21, 63, 126 and 252 sessions).",
            "Over 3 months, one point or more ahead leads and one point or more behind lags; otherwise level.",
            "return",
            lambda spec: spec.refs,
            lambda _spec, series, _day, _book: indicators.compute_relative_return(
                series[0], second_of(series), HORIZONS[MAIN_HORIZON]
            ),
            _by_values(phases.name_lead),
        ),
        "level": GaugeKind(
            "The value of a series, or the difference of two.",
            "Rising or falling if the change over 21 values is in the upper or the lower quarter of all such changes "
            "so far; otherwise steady.",
            None,
            lambda spec: spec.refs,
            lambda _spec, series, _day, _book: indicators.compute_level(series[0], second_of(series)),
            _by_values(phases.name_direction),
        ),
        "drawdown": GaugeKind(
            "The distance of the last close from the highest close of the year (252 sessions) before.",
            "Less than 5 % is near its high, less than 10 % a pullback, less than 20 % a correction, and more a slump.",
            "return",
            lambda spec: spec.refs,
            lambda _spec, series, _day, _book: indicators.compute_drawdown(series[0]),
            _by_values(phases.name_drawdown),
        ),
        "volatility": GaugeKind(
            "The annualised standard deviation of the last 21 daily returns.",
            "Calm below the median of its own history, raised above it, high in the top tenth.",
            "share",
            lambda spec: spec.refs,
            lambda _spec, series, _day, _book: indicators.compute_volatility(series[0]),
            _by_values(phases.name_volatility),
        ),
        "since": GaugeKind(
            "The sessions since the last event of a list; docs/estimands/event-study.md gives the rule of each list.",
            "Recent up to 63 sessions, then past.",
            "sessions",
            lambda spec: EVENT_LISTS[spec.events].needs,
            _compute_sessions_since,
            _by_values(phases.name_recency),
            moves=False,
        ),
    }
)
"""Every kind of gauge that a hub file may name."""
