"""A forecast that is replayed is the one that opened then, for the claims of every packaged hub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.register.forecasts import forecast_claim
from groundswell.claims.register.outcomes import open_forecasts
from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Forecast

NEWEST = 3
"""So many forecasts of each claim are made again as of their day."""

LATEST = timedelta(days=7)
"""By then an event is known; one of prices is on its day, one of a release in the days after."""


def list_claims() -> Iterator[tuple[str, ClaimSpec]]:
    """Every claim that is measured, without its readings."""
    for hub in load_catalog():
        for claim in hub.claims:
            if claim.measure:
                yield hub.slug, claim.model_copy(update={"readings": (), "grid": None})


def replay(hub: str, claim: ClaimSpec, book: SeriesBook) -> tuple[Forecast, ...]:
    last = max(series.last for series in book if series.last)
    (evaluation,) = evaluate_claims(hub, [claim], book, last)
    return forecast_claim(claim, evaluation, book)[-NEWEST:]


def open_then(hub: str, claim: ClaimSpec, book: SeriesBook, day: date) -> Forecast | None:
    """Make the forecast of an event from what was known when it was first known."""
    for lag in range(LATEST.days + 1):
        as_of = day + timedelta(days=lag)
        known = book.known_by(end_of_day(as_of))
        (evaluation,) = evaluate_claims(hub, [claim], known, as_of)
        for opened in open_forecasts(claim, 1, evaluation, known, ()):
            if opened.day == day:
                return opened
    return None


def list_figures(forecast: Forecast) -> list[float]:
    """What a forecast says; NaN where it has no such figure."""
    figures = (forecast.n, forecast.hits, forecast.probability, forecast.low, forecast.high, forecast.usual)
    return [float("nan") if figure is None else figure for figure in figures]


def test_a_replayed_forecast_is_the_one_that_opened_then(each_book: SeriesBook) -> None:
    compared = 0
    for hub, claim in list_claims():
        for replayed in replay(hub, claim, each_book):
            if opened := open_then(hub, claim, each_book, replayed.day):
                expected = pytest.approx(list_figures(replayed), rel=1e-9, nan_ok=True)
                assert list_figures(opened) == expected, f"{hub}/{claim.id} on {replayed.day}"
                compared += 1
    assert compared >= 10
