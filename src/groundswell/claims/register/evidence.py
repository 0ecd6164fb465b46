"""The evidence from before a claim was registered, and from after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from groundswell.claims.binding import find_measure
from groundswell.claims.estimand import EstimandKind, Measurement
from groundswell.claims.evaluate import select_known
from groundswell.claims.judging.recent import measure_after
from groundswell.claims.registry import is_by_events
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Registration, SinceRegistered


def add_registration(
    evaluation: Evaluation, registration: Registration | None, claim: ClaimSpec, book: SeriesBook
) -> Evaluation:
    """Return the evaluation with the version of its claim, and with the evidence from after its registration.

    That is the later events, or the same slope on the later rows. Of other measurements, and of stand-ins, there is
    none: the recorded history shows what followed.
    """
    if registration is None:
        return evaluation
    day = registration.registered
    since = None if evaluation.stand_in or evaluation.withheld else _measure_since(evaluation, day, claim, book)
    return replace(evaluation, version=registration.version, registered=day, since_registered=since)


def _measure_since(evaluation: Evaluation, day: dt.date, claim: ClaimSpec, book: SeriesBook) -> SinceRegistered | None:
    if is_by_events(evaluation.estimand):
        values = [event.value for event in evaluation.events if event.date > day]
        return SinceRegistered(len(values), sum(values) / len(values) if values else None)
    bound = find_measure(claim, evaluation)
    if bound is None or bound.estimand.kind is not EstimandKind.REGRESSION or evaluation.estimate is None:
        return None
    last = evaluation.data_as_of
    if evaluation.recent is not None and last is not None and last <= day:  # it has rows, and none is later
        return SinceRegistered(0, None)
    measured = bound.measure(select_known(evaluation, book), evaluation.measured_as_of)
    summary = measure_after(measured, day) if isinstance(measured, Measurement) else None
    return SinceRegistered(summary.n, summary.mean) if summary else None
