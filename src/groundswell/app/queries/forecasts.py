"""Forecasts of the events of claims, from the evaluations on record and the stored series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from groundswell.app.queries.claims import read_claims
from groundswell.app.queries.common import PageSource
from groundswell.claims.binding import find_measure
from groundswell.claims.estimand import EstimandKind, Measurement
from groundswell.claims.evaluate import select_known
from groundswell.claims.register.forecasts import Forecast, make_forecasts
from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Basis, Evaluation, Qualifier


def list_forecasts(source: PageSource, slug: str | None, as_of: date | None) -> tuple[Forecast, ...]:
    """List the forecasts of all hubs or of one, by hub, claim and day. Raises ``NotFoundError`` and ``UsageError``.

    Left out are claims whose values are no single events, whose events could not be known on their days, and those that
    are measured on a stand-in.
    """
    hubs = source.hubs.values() if slug is None else (source.find_hub(slug),)
    return tuple(forecast for hub in hubs for forecast in _list_of_hub(source, hub, as_of))


def forecast_claim(claim: ClaimSpec, evaluation: Evaluation, book: SeriesBook) -> tuple[Forecast, ...]:
    """Make the forecasts of a claim's events; none where it has none, see ``list_forecasts``."""
    bound = find_measure(claim, evaluation)
    if bound is None or claim.measure is None or evaluation.basis is not Basis.DECLARED:
        return ()
    if bound.estimand.kind is not EstimandKind.EVENTS or evaluation.hits is None:
        return ()
    if Qualifier.HINDSIGHT in evaluation.qualifiers:
        return ()
    outcome = bound.measure(select_known(evaluation, book), evaluation.measured_as_of)
    others = outcome.others if isinstance(outcome, Measurement) else None
    return make_forecasts(evaluation, claim.measure.range, claim.measure.holds, others() if others else None)


def _list_of_hub(source: PageSource, hub: HubSpec, as_of: date | None) -> Iterator[Forecast]:
    claims = {claim.id: claim for claim in hub.claims}
    for evaluation in read_claims(source, hub.slug, as_of):
        yield from forecast_claim(claims[evaluation.id], evaluation, source.evidence.book())
