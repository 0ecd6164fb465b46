"""How the estimate of a claim has changed over moving windows."""

from __future__ import annotations

from datetime import date

from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure, Rolling
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook


def measure_rolling(claim: ClaimSpec, book: SeriesBook, as_of: date) -> Rolling | None:
    """Measure a claim over every window up to ``as_of``; ``book`` holds what was known then.

    None where the claim is not measured, or its estimand cannot be measured over moving windows.
    """
    bound = bind_claim(claim).main
    return bound.measure_rolling(book, as_of) if isinstance(bound, BoundMeasure) else None
