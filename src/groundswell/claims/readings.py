"""The specification curve: a claim under every reading that it lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from groundswell.claims.estimands import arguments_of
from groundswell.claims.inference import Summary, summarise
from groundswell.claims.lacking import lacking
from groundswell.claims.measurement import Measurement, Missing
from groundswell.claims.spec import MeasureSpec, ReadingSpec
from groundswell.claims.verdict import claimed_side, decide
from groundswell.markets.series import SeriesBook
from groundswell.types import Evaluation, EventValue, Reading, Verdict

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
        reason = lacking(outcome.series, as_of) if isinstance(outcome, Missing) else outcome.reason
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


def agreement(evaluation: Evaluation) -> Mapping[Verdict, int]:
    """How many of the measurements made, the main one and each reading, came to each verdict; most frequent first."""
    made = [evaluation.verdict, *(reading.verdict for reading in evaluation.readings)]
    counts = {verdict: made.count(verdict) for verdict in Verdict if verdict in made}
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))
