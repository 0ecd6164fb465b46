"""The estimand ``sensitivity``: how a return responds to a change of a rate over the same step."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Rolling,
    Span,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.relations._peers import contrast_with_peers
from groundswell.claims.estimands.relations._regression import (
    MIN_ROWS_IN_PERIOD,
    RegressionArguments,
    build_slope,
    describe_period,
    describe_response,
    estimate_slope,
    relate,
)
from groundswell.claims.inference.summary import Summary
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.resample import Steps, cut_into_steps
from groundswell.markets.studies.rolling import THREE_YEARS, rolling_betas
from groundswell.model import SeriesRef
from groundswell.wording.figures import SLOPE
from groundswell.wording.plurals import write_list

NEWEY_WEST_LAGS = {"day": 10, "week": 4, "month": 3}
"""Lags of the Newey-West errors where a claim does not set them."""

YEARS_IN_PERIOD = {"day": 1, "week": 1, "month": 5}


class SensitivityArguments(RegressionArguments):
    """Adds the length of a step, the lags of the errors and, for a ranking, the peers."""

    step: Literal["day", "week", "month"] = "week"
    lags: int | None = Field(default=None, ge=0, le=60)
    rises_only: bool = False
    peers: tuple[str, ...] = Field(default=(), strict=False)
    direction: Literal["either", "fall"] = "either"

    @model_validator(mode="before")
    @classmethod
    def _leave_out_usual_lags(cls, given: Any) -> Any:
        """Leave out lags that are those of the step: the measurement is the same."""
        usual = NEWEY_WEST_LAGS.get(str(given.get("step", "week"))) if isinstance(given, dict) else None
        if usual is None or given.get("lags") != usual:
            return given
        return {name: value for name, value in given.items() if name != "lags"}

    @model_validator(mode="after")
    def _check_peers(self) -> Self:
        if self.peers and self.short:
            raise ValueError("short: peers are ranked by their returns alone; leave out short or peers")
        if self.long in self.peers:
            raise ValueError(f"peers: {self.long} cannot be its own peer")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(dict.fromkeys((*super().refs, *map(self.ref, self.peers))))

    @property
    def errors_lags(self) -> int:
        return NEWEY_WEST_LAGS[self.step] if self.lags is None else self.lags


def measure(arguments: SensitivityArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Regress the returns on the factors; with peers, estimate the difference of sensitivities."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    cut = cut_into_steps(series, arguments.step, as_of, arguments.first, arguments.last)
    factors = [factor.values(cut) for factor in arguments.factors]
    selected = factors[0] > 0 if arguments.rises_only else np.ones(len(cut), dtype=bool)
    factors = [factor[selected] for factor in factors]
    response, summary, notes = _estimate(arguments, cut, factors, selected)
    return build_slope(
        series,
        (cut.starts[selected], cut.ends[selected]),
        response,
        factors,
        summary,
        lags=arguments.errors_lags,
        years=YEARS_IN_PERIOD[arguments.step],
        notes=notes,
    )


def _estimate(
    arguments: SensitivityArguments, cut: Steps, factors: list[NDArray[np.float64]], selected: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], Summary, tuple[str, ...]]:
    """Return what is explained, its slope on the first factor, and notes.

    That is a return or, where there are peers, the contrast whose slope is the difference of sensitivities.
    """
    response = arguments.select_returns(cut.changes)[selected]
    if arguments.peers and len(response) >= len(factors) + MIN_ROWS_IN_PERIOD:
        names = (arguments.long, *arguments.peers)
        returns = np.column_stack([cut.changes[arguments.ref(name)][selected] for name in names])
        contrast, summary, note = contrast_with_peers(
            names,
            returns,
            np.column_stack(factors),
            arguments.errors_lags,
            counted=arguments.step,
            direction=arguments.direction,
        )
        return contrast, summary, (note,)
    return response, estimate_slope(response, factors, arguments.errors_lags, arguments.step)[0], ()


def measure_rolling_slopes(arguments: SensitivityArguments, book: SeriesBook, as_of: dt.date) -> Rolling | None:
    """Measure the same coefficient over every three years up to ``as_of``.

    None where it is not by weeks over the whole history, where peers are compared, or where a series is not available
    or shorter than three years.
    """
    if arguments.step != "week" or arguments.peers or arguments.rises_only or arguments.first or arguments.last:
        return None
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return None
    by_ref = {each.ref: each for each in series}
    long = by_ref[arguments.ref(arguments.long)]
    short = by_ref[arguments.ref(arguments.short)] if arguments.short else None
    betas = rolling_betas(long, short, arguments.factors, series, as_of, lags=arguments.errors_lags)
    return Rolling(betas, THREE_YEARS, list_sources(series)) if len(betas.ends) else None


def describe_window(arguments: SensitivityArguments) -> str:
    """Describe the steps."""
    ends = {"day": "days", "week": "weeks, each to its last common date", "month": "months, each to its last"}
    only = "; rows in which the factor rose" if arguments.rises_only else ""
    return (
        f"{ends[arguments.step]}, {describe_period(arguments)}{only}; Newey-West errors, {arguments.errors_lags} lags"
    )


def describe_rows(arguments: SensitivityArguments) -> str:
    """Describe the regression and its rows."""
    years = YEARS_IN_PERIOD[arguments.step]
    rows = "each row is the same coefficient within " + ("a calendar year" if years == 1 else f"{years} years")
    peers = ""
    if arguments.peers:
        size = "the sensitivity to falling rates" if arguments.direction == "fall" else "the size of the sensitivity"
        peers = f"; the estimate is {size} less the mean of that of {', '.join(arguments.peers)}"
    return f"{describe_response(arguments)}{peers}; {rows}."


def say(arguments: SensitivityArguments) -> str:
    """Say what is measured."""
    step = {"day": "daily", "week": "weekly", "month": "monthly"}[arguments.step]
    peers = f", less the mean of that of {write_list(arguments.peers)}" if arguments.peers else ""
    rows = f"{{n}} {arguments.step}s{' in which the factor rose' if arguments.rises_only else ''}"
    return f"the slope of the {step} {describe_response(arguments)}{peers}, over {rows}"


SENSITIVITY = Estimand(
    name="sensitivity",
    title="Sensitivity of returns to rates and spreads",
    text=(
        "The coefficient of a regression of returns on changes over the same steps, with errors that allow for "
        "unequal variance and for dependence between neighbouring steps."
    ),
    unit=SLOPE,
    arguments=SensitivityArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=describe_rows,
    measure=measure,
    relation=lambda arguments: relate(arguments, (arguments.long, *arguments.peers) if arguments.peers else ()),
    span=lambda arguments: Span(arguments.first, arguments.last),
    rolling=measure_rolling_slopes,
    says=say,
    kind=EstimandKind.REGRESSION,
    minimum=52,
    rank=30,
)
