"""Arguments, refusals and rows by period; shared by the estimands that regress returns on factors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, field_validator, model_validator

from groundswell.claims.estimand import Measurement, NotMeasurableError, list_revised, list_sources
from groundswell.claims.inference.rows import list_slope_rows
from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import macro_family
from groundswell.markets.studies.factors import FACTORS, Factor
from groundswell.markets.studies.ols import Fit, UndeterminedError, fit
from groundswell.markets.studies.relation import Relation
from groundswell.model import EventValue, Measure, Series, SeriesRef

Array = NDArray[np.float64]

MIN_ROWS_IN_PERIOD = 12
"""The smallest number of rows with which a period gets its own value."""

MOST_EXPLAINED = 0.99
"""The share of the response's variance beyond which the relation is an identity, not evidence."""


class Explained(Protocol):
    """Arguments of a return, and of what explains it."""

    @property
    def long(self) -> str: ...

    @property
    def short(self) -> str: ...

    @property
    def factors(self) -> tuple[Factor, ...]: ...


def check_factors(names: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Refuse the names of factors that are unknown or were revised."""
    for name in (names,) if isinstance(names, str) else names:
        if (family := macro_family(name)) and family.revised:
            raise ValueError(
                f"{name} is refused: its past values were revised after the days they describe, and only the "
                "latest vintage is available, so that it was not known at the time"
            )
        if name not in FACTORS:
            raise ValueError(f"there is no factor {name!r}; there are {', '.join(FACTORS)}")
    return names


class ReturnArguments(Frozen):
    """Whose return: that of ``long``, less that of ``short`` where there is one."""

    model_config = ConfigDict(strict=True)

    long: Text
    short: str = ""
    measure: Literal["total return", "price"] = "total return"

    @model_validator(mode="after")
    def _check_legs(self) -> Self:
        if self.long == self.short:
            raise ValueError("short: must be another series than long")
        return self

    def ref(self, name: str) -> SeriesRef:
        return SeriesRef(name, Measure(self.measure))

    @property
    def legs(self) -> tuple[SeriesRef, ...]:
        """``long``, and ``short`` where there is one."""
        return tuple(self.ref(name) for name in (self.long, self.short) if name)

    def select_returns(self, changes: Mapping[SeriesRef, Array]) -> Array:
        """Select the return from the changes of each series."""
        long, *short = (changes[ref] for ref in self.legs)
        return long - short[0] if short else long


class RegressionArguments(ReturnArguments):
    """On which factor the return is regressed, net of which others; see docs/estimands.md."""

    factor: str = "DGS10"
    controls: tuple[str, ...] = Field(default=(), strict=False)
    first: dt.date | None = None
    last: dt.date | None = None
    of: Literal["changes", "levels"] = "changes"

    _check_factors = field_validator("factor", "controls")(check_factors)

    @model_validator(mode="after")
    def _check_relation(self) -> Self:
        if self.of == "levels":
            raise ValueError(
                "of: a relation of levels is refused: two series that trend correlate whether or not they are related; "
                "compare changes with changes"
            )
        if self.factor in self.controls:
            raise ValueError(f"controls: {self.factor} is the factor itself")
        if repeated := [name for number, name in enumerate(self.controls) if name in self.controls[:number]]:
            raise ValueError(f"controls: {repeated[0]} is named twice, which makes them collinear")
        return self

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factor itself, followed by the controls."""
        return tuple(FACTORS[name] for name in (self.factor, *self.controls))

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """Every series that the regression needs."""
        return tuple(dict.fromkeys((*self.legs, *(ref for factor in self.factors for ref in factor.refs))))


def relate(arguments: Explained, responses: Sequence[str] = (), *, later: bool = False) -> Relation:
    """Return what is related: the relative return, or that of each of ``responses``, and the factors."""
    relative = {arguments.long: 1.0, **({arguments.short: -1.0} if arguments.short else {})}
    return Relation(
        responses=tuple({name: 1.0} for name in responses) or (relative,),
        terms={factor.name: factor.legs for factor in arguments.factors},
        later=later,
    )


def describe_response(arguments: Explained) -> str:
    """Describe the return that is explained, and the factors."""
    short = f" less that of {arguments.short}" if arguments.short else ""
    net = " and ".join(factor.title for factor in arguments.factors[1:])
    words = f"return of {arguments.long}{short} on {arguments.factors[0].title}"
    return f"{words}, net of {net}" if net else words


def describe_period(arguments: RegressionArguments) -> str:
    """Describe the dates between which rows are taken."""
    first = f"from {arguments.first}" if arguments.first else "from the first date that all series have"
    return f"{first} to {arguments.last}" if arguments.last else f"{first} to the day of the evaluation"


def estimate_slope(
    response: Array, factors: Sequence[Array], lags: int | None, counted: str
) -> tuple[Summary, Fit | None]:
    """Summarise the coefficient of the first of ``factors``; there is no estimate where there are too few rows.

    Raises ``NotMeasurableError`` for an identity, and ``UndeterminedError`` where the factors are collinear.
    """
    if len(response) < len(factors) + MIN_ROWS_IN_PERIOD:
        return Summary(len(response), None, None, None, None, None, counted), None
    regression = fit(response, np.column_stack(factors), lags)
    refuse_identity(response, regression.residuals)
    value, error = float(regression.coefficients[1]), float(regression.errors[1])
    return summarise_coefficient(value, error, regression.n, regression.freedom, counted=counted, lags=lags), regression


def refuse_identity(response: Array, residuals: Array) -> None:
    """Raise ``NotMeasurableError`` where a response is its factors under another name."""
    unexplained, total = (float(each @ each) for each in (residuals, response - response.mean()))
    if total and (explained := 1.0 - unexplained / total) > MOST_EXPLAINED:
        raise NotMeasurableError(
            f"an identity: the factors explain {100.0 * min(explained, 0.9999):.2f} % of the variance of the response, "
            "which is the same thing under another name; name a response that is not made of the factors",
            is_identity=True,
        )


def build_slope(
    series: Sequence[Series],
    bounds: tuple[Days, Days],
    response: Array,
    factors: Sequence[Array],
    summary: Summary,
    *,
    lags: int | None,
    years: int,
    notes: tuple[str, ...] = (),
) -> Measurement:
    """Build the measurement of a slope: its summary, its rows, and its values in runs of ``years`` calendar years.

    ``bounds`` are the first and the last day of each row, and ``series`` all that it rests on.
    """
    return Measurement(
        values=tuple(estimate_by_period(*bounds, response, factors, years)),
        absent=(),
        sources=list_sources(series),
        revised=list_revised(series),
        summary=summary,
        rows=partial(list_slope_rows, bounds[1], response, factors, lags),
        notes=notes,
    )


def estimate_by_period(
    starts: Days, ends: Days, response: Array, factors: Sequence[Array], years: int = 1
) -> Iterable[EventValue]:
    """Estimate the coefficient within each run of ``years`` calendar years with enough rows, dated at its last row."""
    periods = (ends.astype("datetime64[Y]").astype(np.int64) + 1970) // years
    for period in np.unique(periods):
        inside = periods == period
        if inside.sum() < len(factors) + MIN_ROWS_IN_PERIOD:
            continue
        try:
            regression = fit(response[inside], np.column_stack([factor[inside] for factor in factors]), 0)
        except UndeterminedError:  # a factor that did not move within these years
            continue
        start, end = starts[inside][0].astype(object), ends[inside][-1].astype(object)
        yield EventValue(end, float(regression.coefficients[1]), start, end)
