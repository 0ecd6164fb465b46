"""How the figure of a claim is computed again: by which parts of the script, and with which arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from groundswell.claims.estimand import Measurement

ALL_FIGURES = ("n", "estimate", "low", "high")
FROM_SERIES = "Recomputed from the series in data/: {}."
FROM_ROWS = (
    "Recomputed from rows.csv: one row an observation, its regressor and response net of the constant and of the other "
    "factors. How these rows follow from the series in data/ is not repeated here."
)
FROM_QUARTERS = (
    "Recomputed from events.csv, one value a list: their mean within each quarter, and Student's interval over "
    "quarters. data/ has the same values with the lists that are left out."
)
FROM_VALUES = (
    "Recomputed from events.csv, the values that the estimate is made of{}. How these values follow from the series in "
    "data/ is not repeated here."
)
NOT_RECOMPUTED = (
    "The estimate of this claim is no mean of values, and is not recomputed here: recipe.json has the recorded "
    "figures, events.csv what is shown below them, and data/ the series behind both."
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parts of the script, in order; the method in words; the figures that are compared; and its arguments.

    ``has_rows`` is whether the rows of the regression belong to the bundle.
    """

    parts: tuple[str, ...]
    says: str
    arguments: dict[str, Any]
    compared: tuple[str, ...] = ALL_FIGURES
    has_rows: bool = False


Method = Callable[[Any, Measurement], Recipe]
"""Makes a recipe of the arguments of an estimand and what was measured."""


def write_day(day: Any) -> str | None:
    """Write a day of the arguments; None where there is none."""
    return None if day is None else str(day)
