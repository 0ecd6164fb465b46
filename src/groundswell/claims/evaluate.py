"""From a claim and the series at hand to its evaluation as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from groundswell.claims.estimands import ESTIMANDS
from groundswell.claims.inference import placebo_p
from groundswell.claims.measurement import Measurement
from groundswell.claims.readings import read, summary_of
from groundswell.claims.spec import ClaimSpec, ReadingSpec
from groundswell.markets.decisions import decisions
from groundswell.markets.series import SeriesBook
from groundswell.markets.sessions import end_of_day
from groundswell.types import Evaluation, Verdict

MAIN = "as claimed"
"""The name of the main measurement where it stands among the readings."""

STALE = dt.timedelta(days=60)
"""Scheduled meetings are at most eight weeks apart: after a longer silence the table of decisions is out of date."""


def evaluate_claims(hub: str, claims: Iterable[ClaimSpec], book: SeriesBook, as_of: dt.date) -> tuple[Evaluation, ...]:
    """Evaluate each claim of ``hub`` from what was known at the end of ``as_of``, in the order given."""
    known = book.known_by(end_of_day(as_of))
    return tuple(evaluate_claim(hub, claim, known, as_of) for claim in claims)


def evaluate_claim(hub: str, claim: ClaimSpec, book: SeriesBook, as_of: dt.date) -> Evaluation:
    """Evaluate one claim that ``check_claim`` found no mistake in, from what was known at the end of ``as_of``.

    A claim whose main measurement lacks series is "not measured" with the reason; its readings still are measured
    where they can be. ``history`` is left empty: it belongs to whoever keeps evaluations.
    """
    if claim.measure is None:
        return Evaluation(claim.id, hub, claim.text, Verdict.NOT_MEASURED, claim.unmeasured, as_of)
    book = book.known_by(end_of_day(as_of))
    main, measurement = read(ReadingSpec(name=MAIN, arguments={}), claim.measure, book, as_of)
    others = [read(spec, claim.measure, book, as_of) for spec in claim.readings]
    summary = summary_of(measurement, claim.measure) if measurement else None
    return Evaluation(
        id=claim.id,
        hub=hub,
        text=claim.text,
        verdict=main.verdict,
        reason=main.reason,
        as_of=as_of,
        estimand=claim.measure.estimand,
        unit=ESTIMANDS[claim.measure.estimand].unit,
        estimate=main.estimate,
        median=summary.median if summary else None,
        ci_low=main.ci_low,
        ci_high=main.ci_high,
        n=main.n,
        wins=summary.wins if summary else None,
        placebo_p=_placebo(main.estimate, measurement),
        window=main.window,
        events=main.events,
        absent=main.absent,
        readings=tuple(reading for reading, _ in others),
        sources=main.sources,
        notes=tuple(dict.fromkeys(_notes([measurement, *(outcome for _, outcome in others)], as_of))),
    )


def _placebo(estimate: float | None, measurement: Measurement | None) -> float | None:
    if estimate is None or measurement is None:
        return None
    return placebo_p(estimate, len(measurement.values), measurement.others())


def _notes(measurements: Iterable[Measurement | None], as_of: dt.date) -> Iterator[str]:
    known = decisions(as_of)
    if known and as_of - known[-1].announced > STALE:
        yield f"Fed decisions are held up to {known[-1].announced}; later ones are not in this evaluation."
    for measurement in measurements:
        for ref in measurement.revised if measurement else ():
            yield f"{ref} is held as published last; what was known at the time may have differed."
