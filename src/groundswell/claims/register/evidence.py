"""The evidence from before a claim was registered, and from after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from groundswell.claims.binding import find_measure
from groundswell.claims.estimand import EstimandKind, Measurement
from groundswell.claims.evaluate import select_known
from groundswell.claims.judging.qualifiers import list_rows
from groundswell.claims.judging.recent import measure_events_since, measure_slope_since
from groundswell.claims.registry import is_by_events
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Part, Registration


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


def _measure_since(evaluation: Evaluation, day: dt.date, claim: ClaimSpec, book: SeriesBook) -> Part | None:
    since = day + dt.timedelta(days=1)
    if is_by_events(evaluation.estimand):
        part = measure_events_since(evaluation.events, since)
        # Outcomes have no median, and no interval of a mean.
        return part if evaluation.median is not None else replace(part, ci_low=None, ci_high=None)
    bound = find_measure(claim, evaluation)
    if bound is None or bound.estimand.kind is not EstimandKind.REGRESSION or evaluation.estimate is None:
        return None
    last = evaluation.data_as_of
    if evaluation.recent is not None and last is not None and last <= day:  # it has rows, and none is later
        return Part(since, 0, None, None, None)
    measured = bound.measure(select_known(evaluation, book), evaluation.measured_as_of)
    rows = list_rows(measured) if isinstance(measured, Measurement) else None
    return measure_slope_since(rows, since) if rows is not None else None
