"""Whether the data of a measurement cover the span that it names: it is not made on what is left of it.

A series that was served short (``markets.series.begins`` says where it ought to begin) would otherwise change a verdict
without a word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.claims.estimand import BoundMeasure, Span
from groundswell.markets.events.fed_decisions import list_decisions
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.begins import MAX_DELAY, begins_too_late, declared_begin
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Series


@dataclass(frozen=True, eq=False)
class Shortfall:
    """A series that does not cover the span of a measurement: it is needed from ``needed``, or up to it."""

    series: Series
    needed: dt.date
    at_end: bool = False

    @property
    def need(self) -> str:
        return f"{self.series.ref.id} {'up to' if self.at_end else 'from'} {self.needed}"

    def __str__(self) -> str:
        first, last = self.series.dates[0], self.series.dates[-1]
        return (
            f"{self.series.ref} goes from {first} to {last}, and is needed {'up to' if self.at_end else 'from'} "
            f"{self.needed}"
        )


def find_shortfall(
    bound: BoundMeasure, book: SeriesBook, as_of: dt.date, since: dt.date | None = None
) -> Shortfall | None:
    """Find the first series that does not cover the span of a measurement.

    None where the span is covered, where the estimand has none, and where a series is not in ``book`` at all. The span
    begins with the argument ``first``, or else with ``since``, or else where the last of the series ought to begin
    that no others extend; no series is needed from before its own declared begin. A measurement on listed events needs
    the events in that span.
    """
    span = bound.span
    series = [each for ref in sorted(bound.needs, key=str) if (each := book.get(ref))]
    if span is None or not series or len(series) < len(bound.needs):
        return None
    begins = {each.ref: declared_begin(each.ref) for each in series}
    bounding = [each for each in series if each.ref not in span.extended] or series
    start = span.first or since or max(begins[each.ref] or each.dates[0].item() for each in bounding)
    for each in series:
        needed = max(start, begins[each.ref] or dt.date.min)
        if span.events:
            needed = _find_first_event(each, span, needed, book, as_of)
        if begins_too_late(each.dates[0].item(), needed):
            return Shortfall(each, needed)
        if span.last and each.dates[-1].item() < min(span.last, as_of) - MAX_DELAY:
            return Shortfall(each, span.last, at_end=True)
    return None


def _find_first_event(series: Series, span: Span, needed: dt.date, book: SeriesBook, as_of: dt.date) -> dt.date:
    """Find the first day of a span on which a study on events needs a series; the last of days where there is none.

    Where the events follow from the series itself, it is needed from the start: there may have been any before it.
    """
    events = EVENT_LISTS[span.events]
    if series.ref in events.needs:
        decisions = list_decisions(as_of, book) if events.rests_on else ()
        return max(needed, decisions[0].announced) if decisions else needed
    days: Iterable[dt.date] = (event.date - span.lead for event in events.find(as_of, book))
    return next((day for day in days if day >= needed), dt.date.max)
