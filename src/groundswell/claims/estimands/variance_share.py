"""The estimand ``variance-share``: how much of a return's variance rates and the market leave unexplained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Missing, list_sources, select_series
from groundswell.claims.estimands.sensitivity import LAGS
from groundswell.claims.inference import Summary, t_quantile, widening
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.resample import Steps, steps
from groundswell.markets.studies.factors import FACTORS
from groundswell.markets.studies.variance_share import Shares, shares, unexplained
from groundswell.model import EventValue, Measure, SeriesRef
from groundswell.wording.figures import use_minus_sign

EXPLAINING = ("DGS2", "DGS10", "market")
LEAST_IN_YEAR = 26


class VarianceShareArguments(Frozen):
    """Whose variance, against the mean of which others, and on which steps."""

    model_config = ConfigDict(strict=True)

    long: Text
    against: tuple[str, ...] = Field(default=(), strict=False)
    small: Text = "IWM"
    step: Literal["week", "month"] = "week"
    first: dt.date | None = None
    last: dt.date | None = None

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.long in self.against:
            raise ValueError(f"against: {self.long} cannot be compared with itself")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return (self.long, *self.against)

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """Every series needed, that of small companies for the notes."""
        own = (SeriesRef(name, Measure.TOTAL_RETURN) for name in (*self.names, self.small))
        return tuple(dict.fromkeys((*own, *(ref for name in EXPLAINING for ref in FACTORS[name].refs))))


def measure(arguments: VarianceShareArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure the share of ``long``, less the mean share of the others where there are any."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    cut = steps(series, arguments.step, as_of, arguments.first, arguments.last)
    factors = np.column_stack([FACTORS[name].values(cut) for name in EXPLAINING])
    returns = np.column_stack([_returns(cut, name) for name in arguments.names])
    enough = len(cut) >= LEAST_IN_YEAR
    return Measurement(
        values=tuple(_by_year(cut, factors, returns)),
        absent=(),
        sources=list_sources(series),
        summary=_summary(arguments, factors, returns) if enough else _too_few(arguments, len(cut)),
        notes=tuple(_notes(arguments, cut, factors, returns)) if enough else (),
    )


def _summary(arguments: VarianceShareArguments, factors: NDArray[np.float64], returns: NDArray[np.float64]) -> Summary:
    found = shares(factors, returns, LAGS[arguments.step])
    weights = _weights(len(found.values))
    half = t_quantile(len(returns) - factors.shape[1] - 1) * widening(LAGS[arguments.step], len(returns))
    low, high = combined(found, weights, half)
    named = "difference of shares" if arguments.against else "share"
    return Summary(len(returns), float(weights @ found.values), None, low, high, None, arguments.step, named)


def combined(found: Shares, weights: NDArray[np.float64], half: float) -> tuple[float, float]:
    """The interval of a sum of shares with ``weights``, each share's own being ``half`` errors wide on a logit scale.

    Intervals of single shares lie within 0 and 1 and are not symmetric. Those of a sum recover its variance from the
    distances of their bounds and the correlations of the shares: G. Y. Zou and A. Donner, "Construction of Confidence
    Limits About Effect Measures" (2008).
    """
    errors = np.sqrt(np.diag(found.covariance))
    odds, reach = found.values / (1.0 - found.values), np.exp(half * errors / (found.values * (1.0 - found.values)))
    down = found.values - odds / (reach + odds)
    up = odds * reach / (1.0 + odds * reach) - found.values
    correlation = found.covariance / np.outer(errors, errors)
    below, above = weights * np.where(weights > 0, down, up), weights * np.where(weights > 0, up, down)
    estimate = float(weights @ found.values)
    low, high = (float(np.sqrt(max(one @ correlation @ one, 0.0))) for one in (below, above))
    return estimate - low, estimate + high


def _too_few(arguments: VarianceShareArguments, n: int) -> Summary:
    return Summary(n, None, None, None, None, None, arguments.step)


def _weights(count: int) -> NDArray[np.float64]:
    """The first of ``count`` shares counts in full, the others as their mean, taken off."""
    return np.append(1.0, np.full(count - 1, -1.0 / max(count - 1, 1)))


def _by_year(cut: Steps, factors: NDArray[np.float64], returns: NDArray[np.float64]) -> Iterator[EventValue]:
    years, weights = cut.ends.astype("datetime64[Y]"), _weights(returns.shape[1])
    for year in np.unique(years):
        inside = years == year
        if inside.sum() >= LEAST_IN_YEAR:
            value = float(weights @ unexplained(factors[inside], returns[inside]))
            start, end = cut.starts[inside][0].astype(object), cut.ends[inside][-1].astype(object)
            yield EventValue(end, value, start, end)


def _notes(
    arguments: VarianceShareArguments, cut: Steps, factors: NDArray[np.float64], returns: NDArray[np.float64]
) -> Iterator[str]:
    small = _returns(cut, arguments.small)
    told = []
    for name, share, own in zip(arguments.names, unexplained(factors, returns), returns.T, strict=True):
        worth = np.cumprod(np.concatenate([[1.0], 1.0 + own]))
        fall = float((worth / np.maximum.accumulate(worth) - 1.0).min())
        together = float(np.corrcoef(own, small)[0, 1])
        told.append(use_minus_sign(f"{name} {share * 100:.0f} %, {fall * 100:.0f} %, {together:.2f}"))
    yield (
        f"Share of variance unexplained, largest fall from a high and correlation with {arguments.small}, "
        f"{cut.starts[0]} to {cut.ends[-1]}: {'; '.join(told)}."
    )


def _returns(cut: Steps, name: str) -> NDArray[np.float64]:
    return cut.changes[SeriesRef(name, Measure.TOTAL_RETURN)]


def describe_rows(arguments: VarianceShareArguments) -> str:
    """What is compared, and what the rows are."""
    less = f", less the mean of that of {' and '.join(arguments.against)}" if arguments.against else ""
    return f"share of {arguments.long}{less}; each row is the same within a calendar year."


def describe_window(arguments: VarianceShareArguments) -> str:
    """The steps in words."""
    first = f"from {arguments.first}" if arguments.first else "from the first date that all series have"
    last = f"to {arguments.last}" if arguments.last else "to the last that all have"
    return f"{arguments.step}s, {first} {last}; Newey-West errors, {LAGS[arguments.step]} lags"


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
    minimum=104,
    kind=EstimandKind.COMPARISON,
    compares=lambda arguments: bool(arguments.against),
    rank=60,
)
