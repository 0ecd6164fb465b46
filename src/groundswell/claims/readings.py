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
from groundswell.types import Evaluation, Reading, Verdict


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
    verdict, reason = decide(summary, measure.range, minimum, estimand.unit, measure.holds)
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


def agreement(evaluation: Evaluation) -> Mapping[Verdict, int]:
    """How many of the measurements made, the main one and each reading, came to each verdict; most frequent first."""
    made = [evaluation.verdict, *(reading.verdict for reading in evaluation.readings)]
    counts = {verdict: made.count(verdict) for verdict in Verdict if verdict in made}
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))
