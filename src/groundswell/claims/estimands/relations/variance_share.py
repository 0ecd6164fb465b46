"""The estimand ``variance-share``: what rates, the market or a trade leave unexplained of the variance of a return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    NotMeasurableError,
    Span,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.relations._regression import MOST_EXPLAINED
from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS
from groundswell.claims.inference.summary import Summary
from groundswell.claims.inference.widening import compute_widening
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.resample import Steps, cut_into_steps
from groundswell.markets.studies.distributions import find_t_quantile
from groundswell.markets.studies.factors import FACTORS, Factor
from groundswell.markets.studies.ols import Array
from groundswell.markets.studies.relation import Legs, Relation
from groundswell.markets.studies.variance_share import combine_shares, compute_unexplained, estimate_shares
from groundswell.model import EventValue, Measure, SeriesRef
from groundswell.wording.figures import use_minus_sign
from groundswell.wording.plurals import write_list

EXPLAINING_FACTORS = ("DGS2", "DGS10", "market")
MIN_ROWS_IN_YEAR = 26


class VarianceShareArguments(Frozen):
    """Whose variance, compared with the mean of which others, the trade, and on which steps.

    Without ``trade`` the share is of all variance, and yields and the market explain it. With it they are removed from
    both sides first, and the share is that of the rest which the return of ``trade``, a fund that stands for a trade,
    does not explain: what of a holding is neither the trade nor shared with everything.
    """

    model_config = ConfigDict(strict=True)

    long: Text
    against: tuple[str, ...] = Field(default=(), strict=False)
    trade: str = ""
    step: Literal["week", "month"] = "week"
    first: dt.date | None = None
    last: dt.date | None = None

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        if self.long in self.against:
            raise ValueError(f"against: {self.long} cannot be compared with itself")
        if self.trade in self.names:
            raise ValueError(f"trade: {self.trade} explains itself; name another holding")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return (self.long, *self.against)

    @property
    def return_refs(self) -> tuple[SeriesRef, ...]:
        """The returns whose variance it is, in the order of their names."""
        return tuple(SeriesRef(name, Measure.TOTAL_RETURN) for name in self.names)

    @property
    def trade_refs(self) -> tuple[SeriesRef, ...]:
        """The return that stands for the trade, or none."""
        return (SeriesRef(self.trade, Measure.TOTAL_RETURN),) if self.trade else ()

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What explains all variance, or is removed first."""
        return tuple(FACTORS[name] for name in EXPLAINING_FACTORS)

    @property
    def lags(self) -> int:
        """The lags of the errors."""
        return NEWEY_WEST_LAGS[self.step]

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """Every series needed."""
        factors = (ref for factor in self.factors for ref in factor.refs)
        return tuple(dict.fromkeys((*self.return_refs, *self.trade_refs, *factors)))


@dataclass(frozen=True, eq=False)
class _Rows:
    """The returns of each step, what explains them, and what is removed from both first, if anything is."""

    steps: Steps
    returns: Array
    factors: Array
    given: Array | None

    @classmethod
    def cut(cls, arguments: VarianceShareArguments, steps: Steps) -> Self:
        returns = np.column_stack([steps.changes[ref] for ref in arguments.return_refs])
        common = np.column_stack([factor.values(steps) for factor in arguments.factors])
        trade = [steps.changes[ref] for ref in arguments.trade_refs]
        return cls(steps, returns, np.column_stack(trade), common) if trade else cls(steps, returns, common, None)

    @property
    def freedom(self) -> int:
        given = 0 if self.given is None else self.given.shape[1]
        return len(self.returns) - int(self.factors.shape[1]) - int(given) - 1

    def compute_shares(self, inside: NDArray[np.bool_] | slice = slice(None)) -> Array:
        given = None if self.given is None else self.given[inside]
        return compute_unexplained(self.factors[inside], self.returns[inside], given)


def measure(arguments: VarianceShareArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Measure the share of ``long``, less the mean share of the others where there are any."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    rows = _Rows.cut(arguments, cut_into_steps(series, arguments.step, as_of, arguments.first, arguments.last))
    measurable = len(rows.steps) >= MIN_ROWS_IN_YEAR
    if measurable:
        _refuse_identities(arguments, rows)
    return Measurement(
        values=tuple(_measure_by_year(rows)),
        absent=(),
        sources=list_sources(series),
        summary=_summarise(arguments, rows) if measurable else _summarise_too_few(arguments, len(rows.steps)),
        notes=tuple(_write_notes(arguments, rows)) if measurable else (),
    )


def _refuse_identities(arguments: VarianceShareArguments, rows: _Rows) -> None:
    """Refuse a fund that is yields and the market under another name, such as another one of the S&P 500."""
    common = rows.factors if rows.given is None else rows.given
    for name, share in zip(arguments.names, compute_unexplained(common, rows.returns), strict=True):
        if share < 1.0 - MOST_EXPLAINED:
            raise NotMeasurableError(
                f"yields and the S&P 500 explain {100.0 * min(1.0 - share, 0.9999):.2f} % of the variance of {name}, "
                "which is the same thing under another name: there is nothing left of it to compare",
                is_identity=True,
            )


def _summarise(arguments: VarianceShareArguments, rows: _Rows) -> Summary:
    lags, n = arguments.lags, len(rows.returns)
    estimated = estimate_shares(rows.factors, rows.returns, lags, rows.given)
    weights = _make_weights(len(estimated.values))
    half = find_t_quantile(rows.freedom) * compute_widening(lags, n)
    low, high = combine_shares(estimated, weights, half)
    named = "difference of shares" if arguments.against else "share"
    return Summary(n, float(weights @ estimated.values), None, low, high, None, arguments.step, named)


def _summarise_too_few(arguments: VarianceShareArguments, n: int) -> Summary:
    return Summary(n, None, None, None, None, None, arguments.step)


def _make_weights(count: int) -> NDArray[np.float64]:
    """Weight the first of ``count`` shares by one, and subtract the mean of the others."""
    return np.append(1.0, np.full(count - 1, -1.0 / max(count - 1, 1)))


def _measure_by_year(rows: _Rows) -> Iterator[EventValue]:
    steps = rows.steps
    years, weights = steps.ends.astype("datetime64[Y]"), _make_weights(rows.returns.shape[1])
    for year in np.unique(years):
        inside = years == year
        if inside.sum() >= MIN_ROWS_IN_YEAR:
            start, end = steps.starts[inside][0].astype(object), steps.ends[inside][-1].astype(object)
            yield EventValue(end, float(weights @ rows.compute_shares(inside)), start, end)


def _write_notes(arguments: VarianceShareArguments, rows: _Rows) -> Iterator[str]:
    steps = rows.steps
    period = f"{steps.starts[0]} to {steps.ends[-1]}"
    shares = [f"{100.0 * share:.0f} %" for share in rows.compute_shares()]
    falls = [f"{100.0 * find_largest_fall(gains):.0f} %" for gains in rows.returns.T]
    if not arguments.trade:
        joined = _join(arguments, shares, falls)
        yield f"Share of variance unexplained and largest fall from a high, {period}: {joined}."
    else:
        trade = rows.factors[:, 0]
        correlations = [f"{np.corrcoef(gains, trade)[0, 1]:.2f}" for gains in rows.returns.T]
        yield (
            f"Share of the rest unexplained, correlation with {arguments.trade}, largest fall from a high, {period}: "
            f"{_join(arguments, shares, correlations, falls)}."
        )
        yield _note_equal_sensitivity(arguments, rows, trade)


def _note_equal_sensitivity(arguments: VarianceShareArguments, rows: _Rows, trade: Array) -> str:
    """Note the falls of holdings that are sized so that all respond to the 2-year yield as the trade does."""
    rate = arguments.factors[0].values(rows.steps)
    rate = rate - rate.mean()
    sizes = (rate @ trade) / (rate @ rows.returns)
    falls = [
        f"{100.0 * find_largest_fall(size * gains):.0f} % at {size:.1f} times" if size > 0 else "responds the other way"
        for size, gains in zip(sizes, rows.returns.T, strict=True)
    ]
    return (
        f"Sized so that each responds to the 2-year yield as {arguments.trade} does, which fell by "
        f"{-100.0 * find_largest_fall(trade):.0f} % at most: {_join(arguments, falls)}."
    )


def _join(arguments: VarianceShareArguments, *columns: Sequence[str]) -> str:
    rows = (f"{name} {', '.join(cells)}" for name, *cells in zip(arguments.names, *columns, strict=True))
    return use_minus_sign("; ".join(rows))


def find_largest_fall(gains: Array) -> float:
    """Find the largest fall from a high, a fraction at or below zero, of what is worth one before the first return."""
    worth = np.cumprod(np.concatenate([[1.0], 1.0 + gains]))
    return float((worth / np.maximum.accumulate(worth) - 1.0).min())


def describe_rows(arguments: VarianceShareArguments) -> str:
    """Describe the comparison and its rows."""
    of = f" that {arguments.trade} leaves unexplained of what yields and the S&P 500 leave" if arguments.trade else ""
    less = f", less the mean of that of {' and '.join(arguments.against)}" if arguments.against else ""
    return f"share of {arguments.long}{of}{less}; each row is the same within a calendar year."


def describe_window(arguments: VarianceShareArguments) -> str:
    """Describe the steps."""
    first = f"from {arguments.first}" if arguments.first else "from the first date that all series have"
    last = f"to {arguments.last}" if arguments.last else "to the last that all have"
    return f"{arguments.step}s, {first} {last}; Newey-West errors, {arguments.lags} lags"


def describe_measured(arguments: VarianceShareArguments) -> str:
    """Describe in words what was measured."""
    rest = (
        f"what yields and the S&P 500 leave of the variance of {arguments.long}, that {arguments.trade} does not "
        "explain"
    )
    whole = f"the variance of {arguments.long} that yields and the S&P 500 leave unexplained"
    less = f", less the mean of that of {write_list(arguments.against)}" if arguments.against else ""
    return f"the share of {rest if arguments.trade else whole}{less}, over {{n}} {arguments.step}s"


def relate(arguments: VarianceShareArguments) -> Relation:
    """Return each return that is explained, and what explains it."""
    trade: dict[str, Legs] = {arguments.trade: {arguments.trade: 1.0}} if arguments.trade else {}
    return Relation(
        responses=tuple({name: 1.0} for name in arguments.names),
        terms={**trade, **{factor.name: factor.legs for factor in arguments.factors}},
        estimates_slope=False,
    )


VARIANCE_SHARE = Estimand(
    name="variance-share",
    title="Share of variance that rates and the market leave unexplained",
    text=(
        "One minus the adjusted R² of a regression of returns on changes of the 2-year and the 10-year yield and on "
        "the return of the S&P 500 fund over the same steps. Where a fund stands for a trade, these are removed from "
        "both sides first, and its return explains the rest."
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
    says=describe_measured,
    rank=60,
)
