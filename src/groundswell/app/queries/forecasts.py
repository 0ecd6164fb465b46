"""Forecasts of the events of claims: those on record, and those of earlier events replayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from groundswell.app.queries.claims import read_claims
from groundswell.app.queries.common import PageSource
from groundswell.claims.register.forecasts import forecast_claim
from groundswell.hubs.spec import HubSpec
from groundswell.model import Evaluation, Forecast
from groundswell.storage.evidence import forecasts, registrations


def list_forecasts(source: PageSource, slug: str | None, as_of: date | None) -> tuple[Forecast, ...]:
    """List the forecasts of all hubs or of one, by hub, claim and day. Raises ``NotFoundError`` and ``UsageError``.

    A forecast on record stands as it was made; all others are replayed from the newest evaluation, or from that of a
    past day.
    """
    hubs = source.hubs.values() if slug is None else (source.find_hub(slug),)
    return tuple(forecast for hub in hubs for forecast in _list_of_hub(source, hub, as_of))


def list_claim_forecasts(source: PageSource, evaluation: Evaluation, as_of: date | None) -> tuple[Forecast, ...]:
    """List the forecasts of one claim, given its evaluation, by day."""
    recorded = [each for each in _read_recorded(source, evaluation.hub, as_of) if each.claim == evaluation.id]
    return tuple(_join(recorded, _replay(source, [evaluation])))


def _list_of_hub(source: PageSource, hub: HubSpec, as_of: date | None) -> Iterator[Forecast]:
    evaluations = read_claims(source, hub.slug, as_of)
    return _join(_read_recorded(source, hub.slug, as_of), _replay(source, evaluations))


def _read_recorded(source: PageSource, slug: str, as_of: date | None) -> list[Forecast]:
    with source.store.read() as connection:
        recorded = forecasts.read_forecasts(connection, slug, as_of)
        versions = registrations.read_versions(connection) if recorded else {}
    return [
        replace(each, after_registration=each.day > versions[each.hub, each.claim, each.version or 0].registered)
        for each in recorded
    ]


def _replay(source: PageSource, evaluations: Iterable[Evaluation]) -> Iterator[Forecast]:
    book = source.evidence.book()
    for evaluation in evaluations:
        claims = {claim.id: claim for claim in source.find_hub(evaluation.hub).claims}
        yield from forecast_claim(claims[evaluation.id], evaluation, book)


def _join(recorded: Iterable[Forecast], replayed: Iterable[Forecast]) -> Iterator[Forecast]:
    """Join forecasts by claim and day; of an event with one on record none is replayed."""
    kept = list(recorded)
    events = {each.event for each in kept}
    kept += (each for each in replayed if each.event not in events)
    yield from sorted(kept, key=lambda each: (each.claim, each.day, each.version or 0))
