"""Kinds of gauges: what each measures, from what, and by which rule its phases are named."""

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
from groundswell.model import Measure, Series, SeriesRef

HORIZONS = MappingProxyType({"1 month": MONTH, "3 months": QUARTER, "6 months": 2 * QUARTER, "12 months": YEAR})
"""Sessions over which relative strength is told."""
MAIN_HORIZON = "3 months"

Found = tuple[Series, ...]
Phase = Callable[[Indicator, SeriesBook], str]


@dataclass(frozen=True, slots=True)
class GaugeKind:
    """What a kind of gauge measures, and the rule of its phases, in words; its unit (None for that of the hub file).

    ``moves`` says whether its change within a week can tell anything.
    """

    text: str
    rule: str
    unit: str | None
    needs: Callable[[GaugeSpec], tuple[SeriesRef, ...]]
    track: Callable[[GaugeSpec, Found, dt.date, SeriesBook], Indicator | None]
    phase: Phase
    moves: bool = True


def second_of(found: Found) -> Series | None:
    """The series that the first one is set against, if there is one."""
    return found[1] if len(found) > 1 else None


def _own(spec: GaugeSpec) -> tuple[SeriesRef, ...]:
    return tuple(SeriesRef(name, Measure(spec.measure)) for name in (spec.long, spec.short) if name)


def _since(spec: GaugeSpec, found: Found, day: dt.date, book: SeriesBook) -> Indicator | None:
    """Events are known up to the last value of the series, or of the table of decisions, that they are found in."""
    last = min((series.dates[-1].item() for series in found), default=decided_until(day, book))
    events = EVENT_LISTS[spec.events].find(day, book)
    return indicators.count_sessions_since([event.known for event in events], last)


def _policy(_spec: GaugeSpec, _found: Found, day: dt.date, book: SeriesBook) -> Indicator | None:
    return indicators.compute_target(day, book) if phases.list_policy_phases(day, book) else None


def _by(phase: Callable[[indicators.Values], str]) -> Phase:
    return lambda track, _book: phase(track.values)


GAUGE_KINDS: Mapping[str, GaugeKind] = MappingProxyType(
    {
        "policy": GaugeKind(
            "The middle of the Federal Reserve's target range.",
            "Rising or easing after the side of the last change; on hold once two scheduled meetings in a row have "
            "changed nothing.",
            "percent",
            lambda _spec: (),
            _policy,
            lambda track, book: phases.list_policy_phases(track.dates[-1].item(), book)[-1].name,
            moves=False,
        ),
        "priced": GaugeKind(
            "The 2-year Treasury yield less the middle of the target range: a rough reading of where the market sees "
            "policy go, since the yield also holds a premium for time.",
            "A quarter point or more below reads cuts priced in, as much above rises priced in.",
            "basis points",
            lambda _spec: (TWO_YEAR,),
            lambda _spec, found, day, book: indicators.compute_gap_to_target(found[0], day, book),
            _by(phases.name_priced_move),
        ),
        "relative": GaugeKind(
            "The return of one series less that of another over 1, 3, 6 and 12 months (21, 63, 126 and 252 sessions).",
            "Over 3 months a point or more ahead leads, as much behind lags; between them they are level.",
            "return",
            _own,
            lambda _spec, found, _day, _book: indicators.compute_relative_return(
                found[0], second_of(found), HORIZONS[MAIN_HORIZON]
            ),
            _by(phases.name_lead),
        ),
        "level": GaugeKind(
            "The value of a series, or the difference of two.",
            "Rising or falling where the change over 21 values is among the upper or the lower quarter of all such "
            "changes up to then; else steady.",
            None,
            _own,
            lambda _spec, found, _day, _book: indicators.compute_level(found[0], second_of(found)),
            _by(phases.name_direction),
        ),
        "drawdown": GaugeKind(
            "The distance of the last close from the highest one of the year (252 sessions) before.",
            "Less than 5 % is near its high, less than 10 % a pullback, less than 20 % a correction, else a slump.",
            "return",
            _own,
            lambda _spec, found, _day, _book: indicators.compute_drawdown(found[0]),
            _by(phases.name_drawdown),
        ),
        "volatility": GaugeKind(
            "The standard deviation of the last 21 daily returns, made a year's.",
            "Below the median of its own past calm, above it raised, in the top tenth high.",
            "share",
            _own,
            lambda _spec, found, _day, _book: indicators.compute_volatility(found[0]),
            _by(phases.name_volatility),
        ),
        "since": GaugeKind(
            "Sessions since the last event of a list; docs/estimands/event-study.md gives the rule of each list.",
            "Up to 63 sessions recent, then past.",
            "sessions",
            lambda spec: EVENT_LISTS[spec.events].needs,
            _since,
            _by(phases.name_recency),
            moves=False,
        ),
    }
)
"""Every kind of gauge that a hub file may name."""
