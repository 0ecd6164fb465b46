"""The documentation states how many claims have an estimate from the shipped numbers alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from groundswell.claims.evaluate import evaluate_claims
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, Series
from groundswell.sources.shipped.load import load_shipped

PAGE = (Path(__file__).parents[2] / "docs/shipped-data.md").read_text()
LAST_DAY = date(2026, 8, 21)
"""The day on which the last of the shipped numbers was known."""


def count_estimates(series: Iterable[Series]) -> tuple[int, int]:
    """Return how many claims have an estimate, and how many there are."""
    book = SeriesBook.of(series)
    evaluations = [
        evaluation for hub in load_catalog() for evaluation in evaluate_claims(hub.slug, hub.claims, book, LAST_DAY)
    ]
    return sum(evaluation.estimate is not None for evaluation in evaluations), len(evaluations)


def test_the_numbers_of_claims_are_those_that_the_shipped_series_give():
    with_factors, claims = count_estimates(load_shipped())
    without, _ = count_estimates(series for series in load_shipped() if series.ref.measure is not Measure.PERIOD_RETURN)
    stated = re.search(r"Of the (\d+) claims, (\d+) have an estimate .* and (\d+) without the monthly factors", PAGE)
    assert stated is not None
    assert tuple(map(int, stated.groups())) == (claims, with_factors, without)


def test_every_shipped_series_is_listed():
    for series in load_shipped():
        assert f"`{series.ref.id}`" in PAGE
