"""Equal weights at each reset, and what becomes of them until the next."""

from __future__ import annotations

from types import MappingProxyType

from groundswell.types import Measure, SeriesRef

WEIGHTS = MappingProxyType(
    {
        "reset": "the equal weight at the reset, one over the number of companies",
        "p10": "the weight below which a tenth of the companies lie at the quarter's end",
        "p50": "the weight of the company in the middle at the quarter's end",
        "p90": "the weight above which a tenth of the companies lie at the quarter's end",
        "drift": "the mean distance from the equal weight at the quarter's end, as a share of it",
    }
)


def weight_ref(name: str) -> SeriesRef:
    """The series of one of ``WEIGHTS``: one value a quarter, dated at its end."""
    return SeriesRef(f"sp500.weight.{name}", Measure.LEVEL)
