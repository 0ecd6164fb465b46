"""The estimand ``event-change``: how far a rate moves over a window around each event of a list."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import Estimand, Measurement, Missing, Span
from groundswell.claims.estimands.events._sample import (
    EventSample,
    days_of_sessions,
    describe_sample,
    measure_events,
    name_events,
    name_window,
    write_window,
)
from groundswell.claims.estimands.events.event_study import MAX_HORIZON
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import QUARTER, YEAR
from groundswell.markets.studies.event_measures import RelativeReturn
from groundswell.markets.studies.event_study import Window
from groundswell.model import Measure, SeriesRef


class EventChangeArguments(Frozen):
    """The event list, the rate and the window; ``base`` may reach back a year."""

    model_config = ConfigDict(strict=True)

    events: str = "first_cuts"
    rate: Text
    horizon: int = Field(default=QUARTER, ge=1, le=MAX_HORIZON["sessions"])
    base: int = Field(default=0, ge=-YEAR, le=20)
    emergency: bool = True

    @model_validator(mode="after")
    def _check_event_list(self) -> Self:
        if self.events not in EVENT_LISTS:
            raise ValueError(f"events: there is no list {self.events!r}; there are {', '.join(EVENT_LISTS)}")
        return self

    @property
    def measured(self) -> tuple[SeriesRef, ...]:
        return (SeriesRef(self.rate, Measure.RATE),)

    @property
    def window(self) -> Window:
        return Window(self.horizon, base=self.base)


def measure(arguments: EventChangeArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure the change of the rate, in percentage points, over the window of each event."""
    sample = EventSample(arguments.events, arguments.emergency, RelativeReturn(arguments.window))
    return measure_events(arguments.measured, sample, book, as_of)


EVENT_CHANGE = Estimand(
    name="event-change",
    title="Change of a rate around events",
    text=(
        "For each event, the change of a rate over a window of sessions, in percentage points; the estimate is the "
        "mean over the events. An event without a value at either end is left out and named with the reason."
    ),
    unit="percentage points",
    arguments=EventChangeArguments,
    needs=lambda arguments: frozenset((*arguments.measured, *EVENT_LISTS[arguments.events].needs)),
    window=lambda arguments: write_window(arguments.window).replace("close", "value"),
    events=lambda arguments: describe_sample(arguments.events, arguments.emergency),
    measure=measure,
    span=lambda arguments: Span(events=arguments.events, lead=days_of_sessions(max(0, -arguments.base))),
    path_refs=lambda arguments: arguments.measured,
    says=lambda arguments: (
        f"the mean change of {arguments.rate} over the {name_window(arguments.window)} {name_events(arguments.events)}"
    ),
    rank=20,
)
