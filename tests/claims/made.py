"""Series made for tests of claims."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Evaluation, Measure, Series

from ..series import make_series

INF = float("inf")
DAYS = sessions_between(date(2000, 1, 3), date(2024, 12, 31))
END = date(2025, 1, 7)
"""The last day on which made series are not stale."""


def series(name: str, values: np.ndarray, measure: Measure = Measure.TOTAL_RETURN, dates: np.ndarray = DAYS) -> Series:
    return make_series(name, dates, values, measure)


def price(name: str, returns: np.ndarray, measure: Measure = Measure.TOTAL_RETURN) -> Series:
    return series(name, 100.0 * np.cumprod(1.0 + returns), measure)


def rate(name: str, changes: np.ndarray) -> Series:
    return series(name, 3.0 + np.cumsum(changes), Measure.RATE)


def normal(seed: int, scale: float, n: int = len(DAYS)) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, scale, n)


def book(*made: Series) -> SeriesBook:
    return SeriesBook.of(made)


def claim(estimand: str, claimed: tuple[float, float], arguments: dict[str, Any], **fields: Any) -> ClaimSpec:
    measure = {"estimand": estimand, "arguments": arguments, "range": claimed, **fields.pop("measure", {})}
    return ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "So it is", "measure": measure, **fields})


def evaluate_claim(hub: str, spec: ClaimSpec, series_book: SeriesBook, as_of: date) -> Evaluation:
    """Evaluate one claim alone."""
    (evaluation,) = evaluate_claims(hub, [spec], series_book, as_of)
    return evaluation
