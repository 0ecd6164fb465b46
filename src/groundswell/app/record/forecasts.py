"""Forecasts of events are recorded when they open, and when it is known what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from groundswell.app.record.evaluations import ByClaim
from groundswell.claims.register.inputs import hash_inputs
from groundswell.claims.register.outcomes import close_forecast, open_forecasts
from groundswell.hubs.spec import HubSpec
from groundswell.log import log_program_error
from groundswell.markets.series.book import SeriesBook
from groundswell.model import DataIssue, Evaluation
from groundswell.storage.evidence import forecasts, registrations


def record_forecasts(
    connection: Connection,
    hubs: Collection[HubSpec],
    new: Sequence[Evaluation],
    registered: ByClaim,
    book: SeriesBook,
    *,
    data_issues: Mapping[str, Collection[DataIssue]],
    now: datetime,
) -> None:
    """Close the open forecasts of hubs of which the data say what became, and open those of new events.

    A forecast that fails is left as it is: it is tried again with the next evaluation.
    """
    versions, today = registrations.read_versions(connection), now.date()
    for hub in hubs:
        recorded = forecasts.read_forecasts(connection, hub.slug)
        for forecast in recorded:
            registration = versions.get((*forecast.event[:2], forecast.version or 0))
            if forecast.status != "open" or registration is None:
                continue
            with _keeping_on(forecast.hub, forecast.claim):
                if outcome := close_forecast(forecast, registration, book, data_issues, today):
                    closed, measured = outcome
                    inputs = hash_inputs(measured, book) if measured else {}
                    forecasts.add_forecast(connection, closed, registration, now, inputs)
        claims = {claim.id: claim for claim in hub.claims}
        for evaluation in new:
            registration = registered.get((evaluation.hub, evaluation.id))
            if evaluation.hub != hub.slug or registration is None:
                continue
            with _keeping_on(evaluation.hub, evaluation.id):
                claim, version = claims[evaluation.id], registration.version
                for opened in tuple(open_forecasts(claim, version, evaluation, book, recorded)):
                    forecasts.add_forecast(connection, opened, registration, now, hash_inputs(evaluation, book))


@contextmanager
def _keeping_on(hub: str, claim: str) -> Iterator[None]:
    """Log a failure of the program on one claim, and go on with the others."""
    try:
        yield
    except SQLAlchemyError:
        raise
    except Exception as error:
        log_program_error(f"the forecasts of {hub}/{claim}", error)
