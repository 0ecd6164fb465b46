"""The estimand ``variance-share``: the share of a return's variance that rates and the market leave unexplained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Span,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS
from groundswell.claims.inference.summary import Summary
from groundswell.claims.inference.widening import compute_widening
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.resample import Steps, cut_into_steps
from groundswell.markets.studies.distributions import find_t_quantile
from groundswell.markets.studies.factors import FACTORS
from groundswell.markets.studies.relation import Relation
from groundswell.markets.studies.variance_share import Shares, compute_unexplained, estimate_shares
from groundswell.model import EventValue, Measure, SeriesRef
from groundswell.wording.figures import use_minus_sign
from groundswell.wording.plurals import write_list

EXPLAINING_FACTORS = ("DGS2", "DGS10", "market")
MIN_ROWS_IN_YEAR = 26


class VarianceShareArguments(Frozen):
    """Whose variance, compared with the mean of which others, and on which steps."""

    model_config = ConfigDict(strict=True)

    long: Text
    against: tuple[str, ...] = Field(default=(), strict=False)
    small: Text = "IWM"
    step: Literal["week", "month"] = "week"
    first: dt.date | None = None
    last: dt.date | None = None

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        if self.long in self.against:
            raise ValueError(f"against: {self.long} cannot be compared with itself")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return (self.long, *self.against)

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """Every series needed, among them that of small companies for the notes."""
        returns = (SeriesRef(name, Measure.TOTAL_RETURN) for name in (*self.names, self.small))
        return tuple(dict.fromkeys((*returns, *(ref for name in EXPLAINING_FACTORS for ref in FACTORS[name].refs))))


def measure(arguments: VarianceShareArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure the share of ``long``, less the mean share of the others where there are any."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    cut = cut_into_steps(series, arguments.step, as_of, arguments.first, arguments.last)
    factors = np.column_stack([FACTORS[name].values(cut) for name in EXPLAINING_FACTORS])
    returns = np.column_stack([_select_returns(cut, name) for name in arguments.names])
    measurable = len(cut) >= MIN_ROWS_IN_YEAR
    return Measurement(
        values=tuple(_measure_by_year(cut, factors, returns)),
        absent=(),
        sources=list_sources(series),
        summary=_summarise(arguments, factors, returns) if measurable else _summarise_too_few(arguments, len(cut)),
        notes=tuple(_write_notes(arguments, cut, factors, returns)) if measurable else (),
    )


def _summarise(
    arguments: VarianceShareArguments, factors: NDArray[np.float64], returns: NDArray[np.float64]
) -> Summary:
    lags = NEWEY_WEST_LAGS[arguments.step]
    estimated = estimate_shares(factors, returns, lags)
    weights = _make_weights(len(estimated.values))
    half = find_t_quantile(len(returns) - factors.shape[1] - 1) * compute_widening(lags, len(returns))
    low, high = combine_shares(estimated, weights, half)
    named = "difference of shares" if arguments.against else "share"
    return Summary(len(returns), float(weights @ estimated.values), None, low, high, None, arguments.step, named)


def combine_shares(estimated: Shares, weights: NDArray[np.float64], half: float) -> tuple[float, float]:
    """Compute the interval of a weighted sum of shares.

    The interval of a single share reaches ``half`` errors to each side on a logit scale, so that it lies within 0 and 1
    and is not symmetric. That of the sum recovers the variance from the distances of these bounds and the correlations
    of the shares: G. Y. Zou and A. Donner, "Construction of Confidence Limits About Effect Measures" (2008).
    """
    errors = np.sqrt(np.diag(estimated.covariance))
    values = estimated.values
    odds, reach = values / (1.0 - values), np.exp(half * errors / (values * (1.0 - values)))
    down = values - odds / (reach + odds)
    up = odds * reach / (1.0 + odds * reach) - values
    correlation = estimated.covariance / np.outer(errors, errors)
    below, above = weights * np.where(weights > 0, down, up), weights * np.where(weights > 0, up, down)
    estimate = float(weights @ values)
    low, high = (float(np.sqrt(max(side @ correlation @ side, 0.0))) for side in (below, above))
    return estimate - low, estimate + high


def _summarise_too_few(arguments: VarianceShareArguments, n: int) -> Summary:
    return Summary(n, None, None, None, None, None, arguments.step)


def _make_weights(count: int) -> NDArray[np.float64]:
    """Weight the first of ``count`` shares by one, and subtract the mean of the others."""
    return np.append(1.0, np.full(count - 1, -1.0 / max(count - 1, 1)))


def _measure_by_year(cut: Steps, factors: NDArray[np.float64], returns: NDArray[np.float64]) -> Iterator[EventValue]:
    years, weights = cut.ends.astype("datetime64[Y]"), _make_weights(returns.shape[1])
    for year in np.unique(years):
        inside = years == year
        if inside.sum() >= MIN_ROWS_IN_YEAR:
            value = float(weights @ compute_unexplained(factors[inside], returns[inside]))
            start, end = cut.starts[inside][0].astype(object), cut.ends[inside][-1].astype(object)
            yield EventValue(end, value, start, end)


def _write_notes(
    arguments: VarianceShareArguments, cut: Steps, factors: NDArray[np.float64], returns: NDArray[np.float64]
) -> Iterator[str]:
    small = _select_returns(cut, arguments.small)
    figures = []
    for name, share, gains in zip(arguments.names, compute_unexplained(factors, returns), returns.T, strict=True):
        worth = np.cumprod(np.concatenate([[1.0], 1.0 + gains]))
        fall = float((worth / np.maximum.accumulate(worth) - 1.0).min())
        correlation = float(np.corrcoef(gains, small)[0, 1])
        figures.append(use_minus_sign(f"{name} {share * 100:.0f} %, {fall * 100:.0f} %, {correlation:.2f}"))
    yield (
        f"Share of variance unexplained, largest fall from a high and correlation with {arguments.small}, "
        f"{cut.starts[0]} to {cut.ends[-1]}: {'; '.join(figures)}."
    )


def _select_returns(cut: Steps, name: str) -> NDArray[np.float64]:
    return cut.changes[SeriesRef(name, Measure.TOTAL_RETURN)]


def describe_rows(arguments: VarianceShareArguments) -> str:
    """Describe the comparison and its rows."""
    less = f", less the mean of that of {' and '.join(arguments.against)}" if arguments.against else ""
    return f"share of {arguments.long}{less}; each row is the same within a calendar year."


def describe_window(arguments: VarianceShareArguments) -> str:
    """Describe the steps."""
    first = f"from {arguments.first}" if arguments.first else "from the first date that all series have"
    last = f"to {arguments.last}" if arguments.last else "to the last that all have"
    return f"{arguments.step}s, {first} {last}; Newey-West errors, {NEWEY_WEST_LAGS[arguments.step]} lags"


def relate(arguments: VarianceShareArguments) -> Relation:
    """Return each return that is explained, and what explains it."""
    return Relation(
        responses=tuple({name: 1.0} for name in arguments.names),
        terms={name: FACTORS[name].legs for name in EXPLAINING_FACTORS},
        estimates_slope=False,
    )


VARIANCE_SHARE = Estimand(
    name="variance-share",
    title="Share of variance that rates and the market leave unexplained",
    text=(
        "One minus the adjusted R² of a regression of returns on changes of the 2-year and the 10-year yield and on "
        "the return of the S&P 500 fund over the same steps."
    ),
    unit="share",
    arguments=VarianceShareArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=describe_rows,
    measure=measure,
    relation=relate,
    span=lambda arguments: Span(arguments.first, arguments.last),
    minimum=104,
    kind=EstimandKind.COMPARISON,
    compares=lambda arguments: bool(arguments.against),
    says=lambda arguments: (
        f"the share of the variance of {arguments.long} that yields and the S&P 500 leave unexplained"
        f"{f', less the mean of that of {write_list(arguments.against)}' if arguments.against else ''}, over {{n}} "
        f"{arguments.step}s"
    ),
    rank=60,
)
