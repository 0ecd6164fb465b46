"""The longest record of a pair: which series extend which, in hub files and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from groundswell.claims.estimand import Span
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import Kind
from groundswell.markets.studies.event_paths import Paths, join_paths
from groundswell.markets.studies.splice import Pair, Spliced
from groundswell.model import EventValue, Measure, SeriesRef
from groundswell.wording.figures import write_signed
from groundswell.wording.plurals import write_first_names, write_list

MAX_EVENTS_NAMED = 8

Follow = Callable[..., Paths]
"""Follows events on one series, or on two; see ``event_paths``."""


def list_earlier(extend: Mapping[str, str], measured: Sequence[SeriesRef]) -> tuple[SeriesRef, ...]:
    """List the series that extend those of ``measured`` into the past; none where nothing is extended.

    They are prices, or the total returns that the program computes itself; one may not be subtracted from the other.
    Only total returns are extended: prices and period returns are what they are. Raises ``ValueError`` where some of
    the measured series are not named.
    """
    if not extend or any(ref.measure is not Measure.TOTAL_RETURN for ref in measured):
        return ()
    unnamed = [ref.id for ref in measured if ref.id not in extend]
    if unnamed:
        raise ValueError(
            f"extend: names no series for {write_list(unnamed)}; each measured series needs one, because the price of "
            "one less the total return of another leaves out dividends on one side; extend = {} extends nothing"
        )
    earlier = tuple(_find_series(extend[ref.id]) for ref in measured)
    if len(set(earlier)) < len(earlier):
        raise ValueError("extend: both series cannot be extended by the same one")
    if len({ref.measure for ref in earlier}) > 1:
        raise ValueError("extend: both series need prices, or both computed total returns")
    return earlier


def _find_series(name: str) -> SeriesRef:
    own = SeriesRef(name, Measure.TOTAL_RETURN)
    return own if family_of(own).kind is Kind.DERIVED else SeriesRef(name, Measure.PRICE)


def extend_span(span: Span, measured: Sequence[SeriesRef], earlier: Sequence[SeriesRef]) -> Span:
    """Return a span that does not begin with the measured series where others extend them."""
    return Span(span.first, span.last, span.events, span.lead, frozenset(measured)) if earlier else span


def follow_by_series(events: Sequence[EventValue], book: SeriesBook, follow: Follow) -> Paths | None:
    """Follow each event on the series that its value rests on; None where one is not in the book."""
    groups: dict[tuple[str, ...], list[EventValue]] = {}
    for event in events:
        groups.setdefault(event.series, []).append(event)
    by_name = {str(series.ref): series for series in book}
    if not all(name in by_name for names in groups for name in names):
        return None
    return join_paths([follow(group, *(by_name[name] for name in names)) for names, group in groups.items()])


def describe_splice(
    spliced: Spliced, values: Sequence[EventValue], own: Pair, earlier: Sequence[SeriesRef]
) -> Iterator[str]:
    """Say which events are measured on the earlier series, and what the difference costs."""
    early = [event for event in values if event.series != own.names]
    if not early:
        return
    days = write_first_names([str(event.date) for event in early], MAX_EVENTS_NAMED)
    yield (
        f"{_write_pair(own.names)} from {spliced.seam}; events that need earlier days are measured wholly on "
        f"{_write_pair([str(ref) for ref in earlier])}: {days}."
    )
    if cost := spliced.cost:
        yield (
            f"Over the {cost.windows:,} windows that both have, the first differs from the second by "
            f"{write_signed(100 * cost.mean, 2)} percentage points on average (standard deviation "
            f"{100 * cost.deviation:.2f}). The values are left as measured; the interval allows for this difference."
        )


def _write_pair(names: Sequence[str]) -> str:
    return " less ".join(names)
