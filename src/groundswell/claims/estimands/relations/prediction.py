"""The estimand ``prediction``: whether a change now is related to a later return."""

from __future__ import annotations

import datetime as dt
from math import ceil
from typing import Literal, Self

from pydantic import Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Span,
    select_series,
)
from groundswell.claims.estimands.relations._regression import (
    RegressionArguments,
    build_slope,
    describe_period,
    describe_response,
    estimate_slope,
    relate,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import MONTH, QUARTER, WEEK, YEAR
from groundswell.markets.studies.predictive import Ahead, rows_ahead
from groundswell.wording.figures import SLOPE
from groundswell.wording.plurals import write_list


class PredictionArguments(RegressionArguments):
    """Adds the lengths of both windows, and whether windows overlap."""

    lookback: int = Field(default=MONTH, ge=1, le=YEAR)
    horizon: int = Field(default=QUARTER, ge=1, le=YEAR)
    overlap: bool = False
    errors: Literal["robust", "plain"] = "robust"

    @model_validator(mode="after")
    def _check_errors(self) -> Self:
        if self.overlap and self.errors == "plain":
            raise ValueError(
                "errors: overlapping windows with plain errors are refused: neighbouring windows share most of their "
                "days, so that plain errors count the same days many times; use robust errors, or windows that do not "
                "overlap"
            )
        return self

    @property
    def lags(self) -> int | None:
        """The lags of the errors: where windows overlap, twice the number of windows that share days with one.

        Twice, because Bartlett weights fade with distance. Neighbouring rows share days of the change and of the
        return, so that the lengths of both windows count. None where the errors are plain.
        """
        if self.errors == "plain":
            return None
        return 2 * ceil((self.lookback + self.horizon) / WEEK) if self.overlap else 0

    @property
    def ahead(self) -> Ahead:
        return Ahead(self.lookback, self.horizon, WEEK if self.overlap else self.horizon)


def measure(arguments: PredictionArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Regress returns over a window on changes over the window before it."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    factor_refs = {ref for factor in arguments.factors for ref in factor.refs}
    rows = rows_ahead(
        [each for each in series if each.ref in factor_refs],
        [each for each in series if each.ref in arguments.legs],
        arguments.ahead,
        as_of,
        first=arguments.first,
        last=arguments.last,
    )
    response = arguments.select_returns(rows.after.changes)
    factors = [factor.values(rows.before) for factor in arguments.factors]
    summary, _ = estimate_slope(response, factors, arguments.lags, "window")
    return build_slope(
        series,
        (rows.after.starts, rows.after.ends),
        response,
        factors,
        summary,
        lags=arguments.lags,
        years=5,  # a year has too few windows for a coefficient
        notes=("These windows overlap: far fewer of them are independent than n says.",) if arguments.overlap else (),
    )


def _name_shared(arguments: PredictionArguments) -> str:
    """Say which series the return and the factor are both made of; empty where there are none.

    Over windows that do not touch this makes no relation by itself, but a series that reverts is then enough for one.
    """
    shared = [name for name in (arguments.long, arguments.short) if name in arguments.factors[0].legs]
    return f"; both contain {write_list(shared)}, over windows that do not touch" if shared else ""


def describe_window(arguments: PredictionArguments) -> str:
    """Describe both windows."""
    if arguments.overlap:
        layout = f"windows begin every {WEEK} sessions and overlap; Newey-West errors, {arguments.lags} lags"
    else:
        errors = "plain errors" if arguments.errors == "plain" else "White errors"
        layout = f"windows of returns do not overlap; {errors}"
    return (
        f"the change over {arguments.lookback} sessions, and the return over {arguments.horizon} sessions that begin "
        f"one session later; {layout}; {describe_period(arguments)}"
    )


PREDICTION = Estimand(
    name="prediction",
    title="Relation of changes to later returns",
    text=(
        "The coefficient of a regression of returns over a window on changes over the window before it, which had "
        "ended a session earlier."
    ),
    unit=SLOPE,
    arguments=PredictionArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=lambda arguments: f"{describe_response(arguments)}; each row is the same coefficient within five years.",
    measure=measure,
    relation=lambda arguments: relate(arguments, later=True),
    span=lambda arguments: Span(arguments.first, arguments.last),
    says=lambda arguments: (
        f"the slope, over {{n}} windows, of the {describe_response(arguments)}: of the return over {arguments.horizon} "
        f"sessions on the change over the {arguments.lookback} sessions before"
        f"{_name_shared(arguments)}"
    ),
    kind=EstimandKind.REGRESSION,
    minimum=30,
    rank=40,
)
