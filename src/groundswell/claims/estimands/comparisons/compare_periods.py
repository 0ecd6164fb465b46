"""The estimands ``compare-periods`` and ``compare-slopes``: a later period less an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Span,
    list_revised,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.relations._regression import (
    MIN_ROWS_IN_PERIOD,
    ReturnArguments,
    check_factors,
    describe_response,
    refuse_identity,
    relate,
)
from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS
from groundswell.claims.inference.summary import Summary
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.resample import cut_into_steps
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile
from groundswell.markets.studies.factors import FACTORS, Factor
from groundswell.markets.studies.ols import fit
from groundswell.model import EventValue, SeriesRef
from groundswell.wording.figures import SLOPE, write_value

Array = NDArray[np.float64]

STEPS_A_YEAR = {"week": 52, "month": 12}


class PeriodArguments(ReturnArguments):
    """The two periods of the return, each from a first to a last day, both included.

    The later period may be open: it then lasts to the day of the evaluation.
    """

    step: Literal["week", "month"] = "week"
    earlier: tuple[dt.date, dt.date] = Field(strict=False)
    later: tuple[dt.date, ...] = Field(strict=False, min_length=1, max_length=2)

    @model_validator(mode="after")
    def _check_periods(self) -> Self:
        if self.earlier[0] >= self.earlier[1]:
            raise ValueError("earlier: must go from its first to its last day")
        if len(self.later) > 1 and self.later[0] >= self.later[-1]:
            raise ValueError("later: must go from its first to its last day")
        if self.earlier[1] >= self.later[0]:
            raise ValueError("later: must begin after the earlier period has ended")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return self.legs

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What explains the return; nothing explains a mean."""
        return ()

    @property
    def unit(self) -> str:
        return SLOPE if self.factors else "return"

    def choose_rows(self, starts: Days, ends: Days, period: tuple[dt.date, ...]) -> NDArray[np.bool_]:
        """Say which steps lie within a period as a whole."""
        chosen: NDArray[np.bool_] = starts >= np.datetime64(period[0])
        return chosen & (ends <= np.datetime64(period[1])) if len(period) > 1 else chosen


class SlopePeriodArguments(PeriodArguments):
    """Adds the factor and the controls of a regression."""

    factor: str = "DGS10"
    controls: tuple[str, ...] = Field(default=(), strict=False)

    _check_factors = field_validator("factor", "controls")(check_factors)

    @model_validator(mode="after")
    def _check_relation(self) -> Self:
        if self.factor in self.controls:
            raise ValueError(f"controls: {self.factor} is the factor itself")
        return self

    @property
    def factors(self) -> tuple[Factor, ...]:
        return tuple(FACTORS[name] for name in (self.factor, *self.controls))

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(dict.fromkeys((*super().refs, *(ref for factor in self.factors for ref in factor.refs))))


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """The mean a year or the slope of one period, from ``n`` steps, with its error and degrees of freedom."""

    value: float
    error: float
    freedom: int
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        half = find_t_quantile(self.freedom) * self.error
        return self.value - half, self.value + half


def measure(arguments: PeriodArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure both periods, the difference of the later from the earlier one, and the whole sample for the notes."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    cut = cut_into_steps(series, arguments.step, as_of)
    response = arguments.select_returns(cut.changes)
    columns = [factor.values(cut)[:, None] for factor in arguments.factors]
    factors = np.column_stack([np.empty((len(cut), 0)), *columns])
    periods = [arguments.choose_rows(cut.starts, cut.ends, period) for period in (arguments.earlier, arguments.later)]
    whole = np.ones(len(cut), dtype=bool)
    if arguments.factors and len(cut) > factors.shape[1] + 1:
        refuse_identity(response, fit(response, factors, NEWEY_WEST_LAGS[arguments.step]).residuals)
    before, after, everything = (
        measure_period(arguments, response[chosen], factors[chosen]) for chosen in (*periods, whole)
    )
    return Measurement(
        values=tuple(_list_years(arguments, cut.starts, cut.ends, response, factors)),
        absent=(),
        sources=list_sources(series),
        revised=list_revised(series),
        summary=compare(before, after, arguments.step, int(sum(chosen.sum() for chosen in periods))),
        notes=tuple(_write_notes(arguments, before, after, everything)),
    )


def measure_period(arguments: PeriodArguments, response: Array, factors: Array) -> PeriodFigure | None:
    """Measure a period by least squares with Newey-West errors; None where it has too few steps."""
    if len(response) < factors.shape[1] + 1 + MIN_ROWS_IN_PERIOD:
        return None
    lags = NEWEY_WEST_LAGS[arguments.step]
    found = fit(response, factors, lags)
    place, scale = (1, 1.0) if arguments.factors else (0, float(STEPS_A_YEAR[arguments.step]))
    error = scale * float(found.errors[place]) * compute_widening(lags, found.n)
    return PeriodFigure(scale * float(found.coefficients[place]), error, found.freedom, found.n)


def compare(before: PeriodFigure | None, after: PeriodFigure | None, step: str, n: int) -> Summary:
    """Compare two periods that share no step, with the degrees of freedom of Welch and Satterthwaite.

    B. L. Welch, "The Generalization of Student's Problem when Several Different Population Variances are Involved"
    (1947). There is no estimate where a period has too few steps.
    """
    if before is None or after is None:
        return Summary(n, None, None, None, None, None, step, "difference")
    variances = [before.error**2, after.error**2]
    difference, error = after.value - before.value, sqrt(sum(variances))
    if not error:
        return Summary(n, difference, None, None, None, None, step, "difference")
    squares = sum(variance**2 / figure.freedom for variance, figure in zip(variances, (before, after), strict=True))
    freedom = max(1, int(error**4 / squares))
    half = find_t_quantile(freedom) * error
    p = compute_t_outside(difference / error, freedom)
    return Summary(n, difference, None, difference - half, difference + half, None, step, "difference", p)


def _list_years(
    arguments: PeriodArguments, starts: Days, ends: Days, response: Array, factors: Array
) -> Iterator[EventValue]:
    """Yield the figure of each calendar year (of monthly steps: five years) with enough steps."""
    length = 1 if arguments.step == "week" else 5
    years = (ends.astype("datetime64[Y]").astype(np.int64) + 1970) // length
    for year in np.unique(years):
        inside = years == year
        figure = measure_period(arguments, response[inside], factors[inside])
        if figure:
            start, end = starts[inside][0].item(), ends[inside][-1].item()
            yield EventValue(end, figure.value, start, end)


def _write_notes(
    arguments: PeriodArguments, before: PeriodFigure | None, after: PeriodFigure | None, whole: PeriodFigure | None
) -> Iterator[str]:
    names = (_write_period(arguments.earlier), _write_period(arguments.later), "whole sample")
    for name, figure in zip(names, (before, after, whole), strict=True):
        if figure is None:
            yield f"{name[0].upper()}{name[1:]}: too few {arguments.step}s."
            continue
        low, high = (write_value(bound, arguments.unit) for bound in figure.interval)
        yield (
            f"{name[0].upper()}{name[1:]}: {write_value(figure.value, arguments.unit)} over {figure.n:,} "
            f"{arguments.step}s, 95 % interval {low} to {high}."
        )


def _write_period(period: tuple[dt.date, ...]) -> str:
    return f"{period[0]} to {period[1]}" if len(period) > 1 else f"from {period[0]}"


def describe_rows(arguments: PeriodArguments) -> str:
    """Describe what is compared, and the rows."""
    rows = "a calendar year" if arguments.step == "week" else "five years"
    what = describe_response(arguments) if arguments.factors else describe_mean(arguments)
    return f"{what}, in the later period less that in the earlier; each row is that of {rows}."


def say(arguments: PeriodArguments) -> str:
    """Say what is measured, with both periods."""
    what = f"slope of the {describe_response(arguments)}" if arguments.factors else describe_mean(arguments)
    return f"the {what}, {_write_period(arguments.later)}, less that of {_write_period(arguments.earlier)}, {{n}} steps"


def describe_mean(arguments: PeriodArguments) -> str:
    """Describe the mean return."""
    short = f" less that of {arguments.short}" if arguments.short else ""
    return f"mean return of {arguments.long}{short}, a year"


def describe_window(arguments: PeriodArguments) -> str:
    """Describe the steps, the periods and the errors."""
    return (
        f"{arguments.step}s of {_write_period(arguments.earlier)}, and {_write_period(arguments.later)}; Newey-West "
        f"errors, {NEWEY_WEST_LAGS[arguments.step]} lags"
    )


def find_span(arguments: PeriodArguments) -> Span:
    """Find the days from the first of the earlier period to the last of the later one."""
    return Span(arguments.earlier[0], arguments.later[1] if len(arguments.later) > 1 else None)


COMPARE_PERIODS = Estimand(
    name="compare-periods",
    title="Mean return of one period compared with another",
    text=(
        "The mean return a year in a later period less that in an earlier one, by the steps that lie in each as a "
        "whole. Both periods and the whole sample are stated."
    ),
    unit="return",
    arguments=PeriodArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=describe_rows,
    measure=measure,
    span=find_span,
    says=say,
    kind=EstimandKind.COMPARISON,
    minimum=52,
    rank=54,
)

COMPARE_SLOPES = replace(
    COMPARE_PERIODS,
    name="compare-slopes",
    title="Sensitivity of one period compared with another",
    text=(
        "The coefficient of a regression of returns on changes in a later period less that in an earlier one, by the "
        "steps that lie in each as a whole. Both periods and the whole sample are stated."
    ),
    unit=SLOPE,
    arguments=SlopePeriodArguments,
    relation=relate,
    kind=EstimandKind.REGRESSION,
    rank=56,
)
