"""Stand-ins: the fallbacks of a claim whose declared measurement misses data, in the order of its hub file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure, Measurement
from groundswell.claims.readings import LastMeasured, measure_while_fresh
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Frequency, Reading, Series, StandIn
from groundswell.wording.dates import write_day, write_month
from groundswell.wording.plurals import write_list


@dataclass(frozen=True, eq=False)
class Measured:
    """A claim as measured by a fallback."""

    bound: BoundMeasure
    last: LastMeasured
    stand_in: StandIn


def measure_stand_in(
    claim: ClaimSpec, needs: tuple[str, ...], reason: str, book: SeriesBook, as_of: dt.date
) -> Measured | None:
    """Measure a claim by the first of its fallbacks whose data suffice; None where none does.

    ``needs`` names what the declared measurement needs and misses, and ``reason`` says so.
    """
    for fallback in bind_claim(claim).fallbacks:
        bound = fallback.measure
        if claim.measure is None or not isinstance(bound, BoundMeasure):
            continue
        last = measure_while_fresh(fallback.spec.name, bound, claim.measure, book, as_of)
        if isinstance(last.outcome, Measurement) and _suffices(last.reading):
            stand_in = StandIn(fallback.spec.name, fallback.spec.why, needs, reason)
            used = [series for ref in bound.needs if (series := last.book.get(ref))]
            words = _describe(stand_in, last.reading, last.outcome.hindsight, used)
            return Measured(bound, replace(last, reading=replace(last.reading, reason=words)), stand_in)
    return None


def _suffices(reading: Reading) -> bool:
    """Whether the data of a fallback suffice: it has an estimate, and at most as many events without a value as with.

    That depends on dates and gaps alone, never on a value: a fallback is not chosen by what it shows.
    """
    return reading.estimate is not None and reading.n >= max(1, len(reading.absent))


def _describe(stand_in: StandIn, reading: Reading, hindsight: str, series: list[Series]) -> str:
    """Write the sentence of a stand-in: its name, the end of its data, n, what is needed, and the reason."""
    dated = ", events dated in hindsight" if hindsight else ""
    return (
        f"on a stand-in: {stand_in.name}{_write_end(reading, series)}, n = {reading.n:,}{dated}; "
        f"the declared measurement needs {write_list(stand_in.needs)}; {reading.reason}"
    )


def _write_end(reading: Reading, series: list[Series]) -> str:
    """Write where the data end: with the series that ends first, or else with the newest source."""
    ending = [each for each in series if each.last]
    if ending:
        first = min(ending, key=lambda each: each.dates[-1])
        last = first.dates[-1].item()
        return f" to {write_month(last) if first.frequency is Frequency.MONTHLY else write_day(last)}"
    newest = max((use.last for use in reading.sources if use.last), default=None)
    return f" to {write_day(newest)}" if newest else ""
