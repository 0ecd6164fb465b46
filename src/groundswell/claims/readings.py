"""The specification curve: a claim under each of its readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

from groundswell.claims.checks.ranges import UNSIGNED_UNITS
from groundswell.claims.estimand import BoundMeasure, Measurement, Missing, Refused
from groundswell.claims.inference.summary import Summary, widen_for_cost
from groundswell.claims.reading_axes import MAIN_READING
from groundswell.claims.spans import find_shortfall
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.verdict import claimed_side, count_hits, decide
from groundswell.markets.series.book import SeriesBook, remember_by_book
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.series.staleness import Outdated, cut_after, find_outdated, is_due
from groundswell.model import JUDGED, Evaluation, Reading, SeriesRef, Verdict
from groundswell.wording.missing_data import describe_missing_series

MIN_EVENTS_TO_LEAVE_OUT, MAX_EVENTS_OF_SMALL_SAMPLE = 3, 12
"""Between these numbers of events a note says whether the verdict depends on one: with two events nothing is left to
judge, and with more than twelve a single one weighs little."""

MAX_EVENTS_NAMED = 3


def measure_reading(
    name: str, bound: BoundMeasure, measure: MeasureSpec, book: SeriesBook, as_of: dt.date
) -> tuple[Reading, Measurement | Missing | Refused]:
    """Measure a claim under one reading, and give the verdict of its range there, with the outcome that it rests on.

    Where the outcome is no measurement, the reading is "not measured" with the reason. So it is where its data do not
    cover its span: it is struck out. The main measurement is then made and shown, with "insufficient data".
    """
    shortfall = find_shortfall(bound, book, as_of, measure.since)
    outcome = Refused(f"struck out: {shortfall}") if shortfall and name != MAIN_READING else bound.measure(book, as_of)
    if not isinstance(outcome, Measurement):
        return _leave_unmeasured(name, bound, outcome, as_of)
    summary = summarise_measurement(outcome, measure)
    if not _is_finite(summary):
        refused = Refused("cannot be computed from these data: its figures are not finite")
        return _leave_unmeasured(name, bound, refused, as_of)
    minimum = max(measure.minimum_events or 0, bound.estimand.minimum)
    verdict, reason = decide(summary, measure.range, minimum, bound.unit, measure.holds)
    if shortfall:
        verdict, reason = Verdict.INSUFFICIENT, f"{shortfall}: what is left is not the span of the claim"
    reading = Reading(
        name=name,
        verdict=verdict,
        reason=reason,
        estimate=summary.mean,
        ci_low=summary.ci_low,
        ci_high=summary.ci_high,
        n=summary.n,
        window=bound.window,
        events=outcome.values,
        absent=outcome.absent,
        sources=outcome.sources,
        estimand=bound.estimand.name,
        unit=bound.unit,
    )
    return reading, outcome


def _leave_unmeasured(
    name: str, bound: BoundMeasure, outcome: Missing | Refused, as_of: dt.date
) -> tuple[Reading, Missing | Refused]:
    reason = describe_missing_series(outcome.series, as_of) if isinstance(outcome, Missing) else outcome.reason
    reading = Reading(name, Verdict.NOT_MEASURED, reason, None, None, None, 0, bound.window, (), (), ())
    return replace(reading, estimand=bound.estimand.name, unit=bound.unit), outcome


def _is_finite(summary: Summary) -> bool:
    """Whether no figure is infinite or NaN: every comparison with NaN is false, so that it could pass for a verdict."""
    figures = (summary.mean, summary.median, summary.ci_low, summary.ci_high)
    return all(isfinite(figure) for figure in figures if figure is not None)


@dataclass(frozen=True, eq=False)
class LastMeasured:
    """A claim under one reading, as of the last ``day`` on which none of the series that it uses was stale.

    ``book`` is what the measurement rests on. ``outdated`` are the series that ended so early that it is that day.
    """

    reading: Reading
    outcome: Measurement | Missing | Refused
    book: SeriesBook
    day: dt.date
    outdated: tuple[Outdated, ...] = ()


def measure_while_fresh(  # noqa: PLR0917 - those of measure_reading, and the main measurement
    name: str,
    bound: BoundMeasure,
    measure: MeasureSpec,
    book: SeriesBook,
    as_of: dt.date,
    main: LastMeasured | None = None,
) -> LastMeasured:
    """Measure a claim as of a day, or of the last day before on which no series that it uses was stale.

    So a verdict stays what it was for as long as data stay away: events without data and windows that end today never
    change it. Of a stale series all is used that is known on ``as_of``, and of the others what was known on that day.

    A reading next to ``main`` has a last day of its own. One that is refused for the age of its data stays so, unless
    the main measurement is as of an earlier day.
    """
    known, day, outdated = book, as_of, dict[SeriesRef, Outdated]()
    while True:
        reading, outcome = measure_reading(name, bound, measure, known, day)
        if main and isinstance(outcome, Refused) and outcome.outdated:
            return LastMeasured(*measure_reading(name, bound, measure, main.book, main.day), main.book, main.day)
        stale = tuple(_list_outdated(outcome, known, day))
        if not stale:
            binding = tuple(each for each in outdated.values() if each.fresh_until == day)
            return LastMeasured(reading, outcome, known, day, binding)
        outdated.update((each.ref, each) for each in stale)
        day = min(each.fresh_until for each in stale)
        known = _go_back(book, day, tuple(each for each in outdated.values() if each.fresh_until <= day))


@remember_by_book
def _go_back(book: SeriesBook, day: dt.date, outdated: tuple[Outdated, ...]) -> SeriesBook:
    """Return what was known on ``day``, with all that is known by now of series that had no later values by then."""
    whole = (cut_after(book.by_ref[each.ref], each.last) for each in outdated)
    return SeriesBook.of((*book.known_by(end_of_day(day)), *whole))


def _list_outdated(outcome: Measurement | Missing | Refused, book: SeriesBook, day: dt.date) -> Iterable[Outdated]:
    """List the stale series of a measurement, or those for whose age there is none."""
    if isinstance(outcome, Refused):
        return outcome.outdated
    if isinstance(outcome, Missing):
        return ()
    used = {use.series for use in outcome.sources} - {str(ref) for ref in outcome.past}
    return find_outdated((each for name, each in book.by_name.items() if name in used and is_due(each)), day)


def summarise_measurement(measurement: Measurement, measure: MeasureSpec) -> Summary:
    """Return the summary of a measurement; that of events counts wins on the side that the claim takes, and hits."""
    values = [event.value for event in measurement.values]
    summary = measurement.summary
    if summary is None:
        # A range with bounds on both sides takes no side, on which events could win.
        takes_side = measure.holds == "reaches"
        summary = measurement.law.summarise(measurement.values, claimed_side(measure.range) if takes_side else 1)
        summary = summary if takes_side else replace(summary, wins=None)
        if measurement.cost is not None:
            past = {str(ref) for ref in measurement.past}
            early = sum(not past.isdisjoint(event.series) for event in measurement.values)
            summary = widen_for_cost(summary, early, measurement.cost)
    if summary.counted != "event":
        return summary
    return replace(summary, hits=count_hits(values, measure.range, measure.holds))


def describe_small_sample(measurement: Measurement, measure: MeasureSpec, unit: str, verdict: Verdict) -> str | None:
    """Say that a verdict rests on few events, and whether it stays the same when any one of them is left out.

    None where there are too many events for that, too few, or values that are no events.
    """
    events = measurement.values
    if measurement.summary is not None or not MIN_EVENTS_TO_LEAVE_OUT <= len(events) <= MAX_EVENTS_OF_SMALL_SAMPLE:
        return None
    verdicts = [
        _decide_on(replace(measurement, values=events[:number] + events[number + 1 :]), measure, unit)
        for number in range(len(events))
    ]
    decisive = [str(event.date) for event, without in zip(events, verdicts, strict=True) if without is not verdict]
    start = f"Small sample, {len(events)} events: the verdict "
    if not decisive:
        return f"{start}stays {verdict} whichever one of them is left out."
    named = ", ".join(decisive[:MAX_EVENTS_NAMED]) + (" and others" if len(decisive) > MAX_EVENTS_NAMED else "")
    which = "one of them" if len(decisive) == 1 else f"any one of {len(decisive)} of them"
    return f"{start}would not be {verdict} without {which} ({named})."


def _decide_on(measurement: Measurement, measure: MeasureSpec, unit: str) -> Verdict:
    summary = summarise_measurement(measurement, measure)
    return decide(summary, measure.range, MIN_EVENTS_TO_LEAVE_OUT - 1, unit, measure.holds)[0]


MAIN_LABEL = "main"


@dataclass(frozen=True, slots=True)
class Point:
    """A reading on the specification curve; ``name`` is empty for the main measurement."""

    name: str
    verdict: str
    estimate: float
    low: float | None
    high: float | None

    @property
    def main(self) -> bool:
        return self.name == MAIN_READING


def list_points(evaluation: Evaluation) -> tuple[Point, ...]:
    """List the main measurement and the readings that have an estimate, smallest first; a stand-in is none of them.

    Answers to other questions, and estimates in another unit than the claim's, which have no order with it, are left
    out.
    """
    named: list[tuple[str, Evaluation | Reading]] = [] if evaluation.stand_in else [(MAIN_READING, evaluation)]
    same = (None, "", evaluation.unit)
    named += [(reading.name, reading) for reading in evaluation.voting if reading.unit in same]
    points = [
        Point(name, reading.verdict.value, reading.estimate, reading.ci_low, reading.ci_high)
        for name, reading in named
        if reading.estimate is not None
    ]
    return tuple(sorted(points, key=lambda point: point.estimate))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the readings of a claim agree with its main measurement.

    ``estimated`` readings have an estimate; ``same_sign`` of them have the sign of the main one, or None where the main
    measurement has none, as ranks and shares of a whole. ``judged`` readings have enough events for a verdict;
    ``same_verdict`` of them have the main one, or None where the main measurement was not judged. A stand-in is no main
    measurement.
    """

    readings: int
    estimated: int
    same_sign: int | None
    judged: int
    same_verdict: int | None

    @property
    def same_sign_share(self) -> float | None:
        return self.same_sign / self.estimated if self.estimated and self.same_sign is not None else None

    @property
    def same_verdict_share(self) -> float | None:
        return self.same_verdict / self.judged if self.judged and self.same_verdict is not None else None


def count_agreement(evaluation: Evaluation) -> Agreement:
    """Count the readings that agree with the main measurement, in sign and in verdict; other questions do not count."""
    estimates = [reading.estimate for reading in evaluation.voting if reading.estimate is not None]
    verdicts = [reading.verdict for reading in evaluation.voting if reading.verdict in JUDGED]
    is_signed = evaluation.unit not in UNSIGNED_UNITS
    main = evaluation.estimate if is_signed and not evaluation.stand_in else None
    is_judged = evaluation.verdict in JUDGED and not evaluation.stand_in
    return Agreement(
        readings=len(evaluation.voting),
        estimated=len(estimates),
        same_sign=None if main is None else sum((estimate > 0) == (main > 0) for estimate in estimates),
        judged=len(verdicts),
        same_verdict=verdicts.count(evaluation.verdict) if is_judged else None,
    )
