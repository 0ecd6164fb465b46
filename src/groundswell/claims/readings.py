"""The specification curve: a claim under every reading that it lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from groundswell.claims.estimand import Measurement, Missing
from groundswell.claims.inference import Summary, summarise
from groundswell.claims.reading_axes import MAIN
from groundswell.claims.registry import arguments_of
from groundswell.claims.spec import MeasureSpec, ReadingSpec
from groundswell.claims.verdict import claimed_side, decide
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, EventValue, Reading, Verdict
from groundswell.wording.missing_data import describe_missing_series

FEWEST, FEW = 3, 12
"""Events at which leaving out one is told: of two nothing is left to judge, and above these one weighs little."""
NAMED = 3


def read(
    spec: ReadingSpec, measure: MeasureSpec, book: SeriesBook, as_of: dt.date
) -> tuple[Reading, Measurement | None]:
    """Measure a claim under one reading, and give the verdict its range has there.

    The measurement is None where none was made: the reading is then "not measured" and says why.
    """
    estimand, arguments = arguments_of(measure, spec)
    window = estimand.window(arguments)
    outcome = estimand.measure(arguments, book, as_of)
    if not isinstance(outcome, Measurement):
        reason = describe_missing_series(outcome.series, as_of) if isinstance(outcome, Missing) else outcome.reason
        return Reading(spec.name, Verdict.NOT_MEASURED, reason, None, None, None, 0, window, (), (), ()), None
    summary = summary_of(outcome, measure)
    minimum = measure.minimum_events or estimand.minimum
    verdict, reason = decide(summary, measure.range, minimum, estimand.unit_of(arguments), measure.holds)
    reading = Reading(
        name=spec.name,
        verdict=verdict,
        reason=reason,
        estimate=summary.mean,
        ci_low=summary.ci_low,
        ci_high=summary.ci_high,
        n=summary.n,
        window=window,
        events=outcome.values,
        absent=outcome.absent,
        sources=outcome.sources,
    )
    return reading, outcome


def summary_of(measurement: Measurement, measure: MeasureSpec) -> Summary:
    """What a measurement found in brief; of events, with wins counted on the side that the claim takes."""
    if measurement.summary is not None:
        return measurement.summary
    side = claimed_side(measure.range) if measure.holds == "reaches" else 1
    return summarise([event.value for event in measurement.values], side)


def small_sample(measurement: Measurement, measure: MeasureSpec, verdict: Verdict) -> str | None:
    """That a verdict rests on few events, and whether it stands when any one of them is left out; None where not so."""
    events, (estimand, arguments) = measurement.values, arguments_of(measure)
    if measurement.summary is not None or not FEWEST <= len(events) <= FEW:
        return None
    unit = estimand.unit_of(arguments)
    without = [_without(events[:at] + events[at + 1 :], measure, unit) for at in range(len(events))]
    turned = [str(event.date) for event, found in zip(events, without, strict=True) if found is not verdict]
    told = f"Small sample, {len(events)} events: the verdict "
    if not turned:
        return f"{told}stays {verdict} whichever one of them is left out."
    named = ", ".join(turned[:NAMED]) + (" and others" if len(turned) > NAMED else "")
    which = "one of them" if len(turned) == 1 else f"any one of {len(turned)} of them"
    return f"{told}would not be {verdict} without {which} ({named})."


def _without(events: tuple[EventValue, ...], measure: MeasureSpec, unit: str) -> Verdict:
    left = summary_of(Measurement(events, (), ()), measure)
    return decide(left, measure.range, FEWEST - 1, unit, measure.holds)[0]


MAIN_LABEL = "main"


@dataclass(frozen=True, slots=True)
class Point:
    """A reading on the curve; ``name`` is empty for the main measurement."""

    name: str
    verdict: str
    estimate: float
    low: float | None
    high: float | None

    @property
    def main(self) -> bool:
        return self.name == MAIN


def points(evaluation: Evaluation) -> tuple[Point, ...]:
    """The main measurement and its readings that have an estimate, smallest first."""
    named: list[tuple[str, Evaluation | Reading]] = [(MAIN, evaluation)]
    named += [(reading.name, reading) for reading in evaluation.readings]
    made = [
        Point(name, one.verdict.value, one.estimate, one.ci_low, one.ci_high)
        for name, one in named
        if one.estimate is not None
    ]
    return tuple(sorted(made, key=lambda point: point.estimate))


MEASURED = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the readings of a claim agree with its main measurement.

    ``estimated`` readings have an estimate, ``same_sign`` of them the main one's sign. ``judged`` readings had events
    enough for a verdict, ``same_verdict`` of them bear the main one; this is None where the main one was not judged.
    """

    readings: int
    estimated: int
    same_sign: int
    judged: int
    same_verdict: int | None


def count_agreement(evaluation: Evaluation) -> Agreement:
    """Count the readings that agree with the main measurement, in sign and in verdict."""
    estimates = [reading.estimate for reading in evaluation.readings if reading.estimate is not None]
    verdicts = [reading.verdict for reading in evaluation.readings if reading.verdict in MEASURED]
    main = evaluation.estimate
    return Agreement(
        readings=len(evaluation.readings),
        estimated=len(estimates),
        same_sign=0 if main is None else sum((estimate > 0) == (main > 0) for estimate in estimates),
        judged=len(verdicts),
        same_verdict=verdicts.count(evaluation.verdict) if evaluation.verdict in MEASURED else None,
    )
