"""What the estimands that regress returns on factors have in common: arguments, refusals, and rows by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, field_validator, model_validator

from groundswell.claims.inference import Summary, coefficient
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import macro_family
from groundswell.markets.studies.factors import FACTORS, Factor
from groundswell.markets.studies.ols import Fit, fit
from groundswell.model import EventValue, Measure, SeriesRef

LEAST_IN_PERIOD = 12
"""Rows that a period needs for a value of its own."""


class RegressionArguments(Frozen):
    """Whose return, on which factor, net of which others; see docs/estimands.md."""

    model_config = ConfigDict(strict=True)

    long: Text
    short: str = ""
    measure: Literal["total return", "price"] = "total return"
    factor: str = "DGS10"
    controls: tuple[str, ...] = Field(default=(), strict=False)
    first: dt.date | None = None
    last: dt.date | None = None
    of: Literal["changes", "levels"] = "changes"

    @field_validator("factor", "controls")
    @classmethod
    def _known(cls, named: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in (named,) if isinstance(named, str) else named:
            if (family := macro_family(name)) and family.revised:
                raise ValueError(
                    f"{name} is refused: its past values were revised after the days they describe, and only the "
                    "last vintage is held, so that what is set against it was not known at the time"
                )
            if name not in FACTORS:
                raise ValueError(f"there is no factor {name!r}; there are {', '.join(FACTORS)}")
        return named

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.of == "levels":
            raise ValueError(
                "of: a relation of levels is refused: two series that trend correlate whether or not they have to do "
                "with each other; set changes against changes"
            )
        if self.long == self.short:
            raise ValueError("short: must be another series than long")
        if self.factor in self.controls:
            raise ValueError(f"controls: {self.factor} is the factor itself")
        return self

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factor in question first, then those it is net of."""
        return tuple(FACTORS[name] for name in (self.factor, *self.controls))

    def ref(self, name: str) -> SeriesRef:
        return SeriesRef(name, Measure(self.measure))

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """Every series needed."""
        own = (self.ref(name) for name in (self.long, self.short) if name)
        return tuple(dict.fromkeys((*own, *(ref for factor in self.factors for ref in factor.refs))))


def response_in_words(arguments: RegressionArguments) -> str:
    """Whose return is explained, and by what."""
    short = f" less that of {arguments.short}" if arguments.short else ""
    net = " and ".join(factor.title for factor in arguments.factors[1:])
    words = f"return of {arguments.long}{short} on {arguments.factors[0].title}"
    return f"{words}, net of {net}" if net else words


def period_in_words(arguments: RegressionArguments) -> str:
    """The dates within which rows are taken."""
    first = f"from {arguments.first}" if arguments.first else "from the first date that all series have"
    return f"{first} to {arguments.last}" if arguments.last else f"{first} to the day of the evaluation"


def slope(
    response: NDArray[np.float64], factors: Sequence[NDArray[np.float64]], lags: int | None, counted: str
) -> tuple[Summary, Fit | None]:
    """Summarise the coefficient of the first of ``factors``; without an estimate where rows are too few for one."""
    if len(response) < len(factors) + LEAST_IN_PERIOD:
        return Summary(len(response), None, None, None, None, None, counted), None
    found = fit(response, np.column_stack(factors), lags)
    value, error = float(found.coefficients[1]), float(found.errors[1])
    return coefficient(value, error, found.n, found.freedom, counted=counted, lags=lags), found


def by_period(
    starts: Days, ends: Days, response: NDArray[np.float64], factors: Sequence[NDArray[np.float64]], years: int = 1
) -> Iterable[EventValue]:
    """The same coefficient within each calendar year (or so many) that has rows enough, dated at its last row."""
    numbers = (ends.astype("datetime64[Y]").astype(np.int64) + 1970) // years
    for number in np.unique(numbers):
        inside = numbers == number
        if inside.sum() < len(factors) + LEAST_IN_PERIOD:
            continue
        found = fit(response[inside], np.column_stack([one[inside] for one in factors]), 0)
        start, end = starts[inside][0].astype(object), ends[inside][-1].astype(object)
        yield EventValue(end, float(found.coefficients[1]), start, end)
