"""Which forecasts open on a day, and what became of those that are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from groundswell.claims.data_quality import add_impacts
from groundswell.claims.estimand import BoundMeasure, Refused
from groundswell.claims.reading_axes import MAIN_READING
from groundswell.claims.readings import measure_reading
from groundswell.claims.register.canonical import read_canonical
from groundswell.claims.register.forecasts import forecast_claim
from groundswell.claims.spec import ClaimSpec, MeasureSpec
from groundswell.claims.verdict import count_hits
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import DataIssue, Evaluation, Forecast, Registration

PATIENCE = dt.timedelta(days=100)
"""So long after its horizon a forecast without a value is void: a monthly series that is later is stale."""


def open_forecasts(
    claim: ClaimSpec, version: int, evaluation: Evaluation, book: SeriesBook, recorded: Collection[Forecast]
) -> Iterator[Forecast]:
    """Make the forecasts that open with an evaluation, of events whose windows end after its day.

    Those that are ``recorded`` for the same ``version`` of the claim are left out, whatever they say.
    """
    as_of = evaluation.as_of
    known = {forecast.event for forecast in recorded if forecast.version == version}
    coming = {absence.date for absence in evaluation.absent if absence.ends and absence.ends > as_of}
    if not any((evaluation.hub, evaluation.id, day) not in known for day in coming):  # the usual case, and quick
        return
    for forecast in forecast_claim(claim, evaluation, book):
        if forecast.day in coming and forecast.event not in known:
            yield replace(forecast, version=version, opened=as_of)


def close_forecast(
    forecast: Forecast,
    registration: Registration,
    book: SeriesBook,
    data_issues: Mapping[str, Collection[DataIssue]],
    as_of: dt.date,
) -> tuple[Forecast, Evaluation | None] | None:
    """Return an open forecast with what became of it, and the measurement that says so; None while it stays open.

    The claim is measured as it was registered when the forecast opened, whatever its hub file says by now. The value of
    the event resolves the forecast. One without a value some time after its horizon is void, with the reason; so is one
    whose measurement this program does not know any more.
    """
    if forecast.ends is None or forecast.ends > as_of:
        return None
    measure, bound = read_canonical(registration.canonical)
    is_void = as_of > forecast.ends + PATIENCE
    if isinstance(bound, Refused):
        return (replace(forecast, void=bound.reason, closed=as_of), None) if is_void else None
    known = book.known_by(end_of_day(as_of))
    measured = add_impacts(_measure(forecast, measure, bound, known, as_of), data_issues)
    value = next((event.value for event in measured.events if event.date == forecast.day), None)
    if value is not None:
        hit = bool(count_hits([value], measure.range, measure.holds))
        return replace(forecast, value=value, hit=hit, closed=as_of), measured
    return (replace(forecast, void=_explain(forecast, measured), closed=as_of), measured) if is_void else None


def _measure(
    forecast: Forecast,
    measure: MeasureSpec,
    bound: BoundMeasure,
    known: SeriesBook,
    as_of: dt.date,
) -> Evaluation:
    """Measure a registered specification on what was known by the end of a day."""
    reading, _ = measure_reading(MAIN_READING, bound, measure, known, as_of)
    return Evaluation(
        *(forecast.claim, forecast.hub, "", reading.verdict, reading.reason, as_of),
        estimand=bound.estimand.name,
        events=reading.events,
        absent=reading.absent,
        sources=reading.sources,
    )


def _explain(forecast: Forecast, evaluation: Evaluation) -> str:
    absences = [absence.reason for absence in evaluation.absent if absence.date == forecast.day]
    if absences:
        return absences[0]
    is_measured = bool(evaluation.events or evaluation.absent)
    return "the event is not on its list any more" if is_measured else evaluation.reason or "no value"
