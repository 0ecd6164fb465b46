"""The estimand ``trailing-comparison``: the return of one series less that of another, over years up to today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Refused,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.events._sample import name_return
from groundswell.claims.estimands.relations._regression import ReturnArguments, estimate_slope
from groundswell.claims.inference.summary import Summary
from groundswell.claims.inference.widening import compute_widening
from groundswell.claims.spec import Text
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import Days, add_months, as_days, on_or_before
from groundswell.markets.series.resample import cut_into_steps
from groundswell.markets.series.returns import relative_returns, why_missing
from groundswell.markets.series.staleness import CLAIM_PRICES, find_outdated
from groundswell.markets.studies.distributions import compute_t_outside, find_t_quantile
from groundswell.markets.studies.factors import FACTORS
from groundswell.markets.studies.ols import fit
from groundswell.model import EventValue, Series, SeriesRef
from groundswell.wording.figures import SLOPE, write_percent, write_value
from groundswell.wording.plurals import write_count

WEEKLY_LAGS = 4
YEARS_IN_NOTES = (1, 2, 3)
"""Years over which the notes compare."""


class TrailingArguments(ReturnArguments):
    """The two series, the number of years, and the other series to name in the notes."""

    short: Text
    years: int = Field(default=2, ge=1, le=10)
    alongside: tuple[str, ...] = Field(default=(), strict=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_former_name(cls, arguments: Any) -> Any:
        if isinstance(arguments, dict) and "beside" in arguments:
            raise ValueError("beside: this argument is now called alongside")
        return arguments

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """The series that are compared, and those of the notes."""
        supplement = (*map(self.ref, self.alongside), *FACTORS["DGS2"].refs, *FACTORS["market"].refs)
        return (*self.legs, *(supplement if self.alongside else ()))


def measure(arguments: TrailingArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
    """Compare both over the years that end with their last common session, at most a week before ``as_of``."""
    series = select_series(book, arguments.legs)
    if isinstance(series, Missing):
        return series
    long, short = series
    window = _find_window(long, short, arguments.years, as_of)
    if isinstance(window, str):
        outdated = tuple(find_outdated(series, as_of, CLAIM_PRICES))
        return Refused(f"the trailing {arguments.years} years have no value: {window}", outdated)
    first, last = window[0][0].astype(object), window[1][0].astype(object)
    monthly = cut_into_steps(series, "month", as_of, first, last)
    gaps = arguments.select_returns(monthly.changes)
    return Measurement(
        values=tuple(
            EventValue(end, value, start, end)
            for start, end, value in zip(monthly.starts.tolist(), monthly.ends.tolist(), gaps.tolist(), strict=True)
        ),
        absent=(),
        sources=list_sources(series),
        summary=_summarise(long, short, window, as_of),
        notes=tuple(_write_notes(arguments, book, as_of, first)) if arguments.alongside else (),
    )


def _find_window(long: Series, short: Series, years: int, as_of: dt.date) -> tuple[Days, Days] | str:
    """Find the first and the last session of the comparison, or return the reason why there is none."""
    last = min(long.dates[-1], short.dates[-1])
    if CLAIM_PRICES.is_exceeded(last.item(), as_of):
        shorter = min(long, short, key=lambda series: series.dates[-1])
        return f"{shorter.ref} ends {last}, more than {CLAIM_PRICES.daily} days before {as_of}"
    end = on_or_before(as_days(last))
    start = on_or_before(add_months(end, -12 * years))
    for series in (long, short):
        reason = why_missing(series, start[0].astype(object), end[0].astype(object))
        if reason:
            return reason
    return start, end


def _summarise(long: Series, short: Series, window: tuple[Days, Days], as_of: dt.date) -> Summary:
    """Summarise the difference of the total returns, with an interval from the scatter of the weeks within.

    The error of the sum of weekly log relative returns is that of their mean (Newey-West) times their number. The
    bounds are converted back to a difference of returns, given the return of ``short``.
    """
    start, end = window
    estimate = float(relative_returns(long, short, start, end)[0])
    base = 1.0 + float(relative_returns(short, None, start, end)[0])
    weekly = cut_into_steps((long, short), "week", as_of, start[0].astype(object), end[0].astype(object))
    logs = np.log1p(weekly.changes[long.ref]) - np.log1p(weekly.changes[short.ref])
    n = len(logs)
    error = n * float(fit(logs, np.empty((n, 0)), WEEKLY_LAGS).errors[0]) * compute_widening(WEEKLY_LAGS, n)
    total = float(np.log1p(estimate / base))
    low, high = (base * float(np.expm1(total + side * find_t_quantile(n - 1) * error)) for side in (-1.0, 1.0))
    p = compute_t_outside(total / error, n - 1) if error > 0 else None
    return Summary(n, estimate, None, low, high, None, "week", "relative return", p)


def _write_notes(arguments: TrailingArguments, book: SeriesBook, as_of: dt.date, first: dt.date) -> Iterator[str]:
    spans = ", ".join(str(span) for span in YEARS_IN_NOTES)
    returns = "; ".join(_write_returns(arguments, book, name, as_of) for name in (arguments.long, *arguments.alongside))
    yield f"Return less that of {arguments.short} over {spans} years: {returns}."
    sensitivities = "; ".join(
        _write_sensitivity(arguments, book, name, as_of, first) for name in (arguments.long, *arguments.alongside)
    )
    yield f"Weekly sensitivity to the 2-year yield net of the market, since {first}: {sensitivities}."


def _write_returns(arguments: TrailingArguments, book: SeriesBook, name: str, as_of: dt.date) -> str:
    long, short = book.get(arguments.ref(name)), book.by_ref[arguments.ref(arguments.short)]
    if long is None:
        return f"{name} is not available"
    values = []
    for span in YEARS_IN_NOTES:
        window = _find_window(long, short, span, as_of)
        if isinstance(window, str):
            return f"{name} has no value ({window})"
        values.append(write_percent(float(relative_returns(long, short, *window)[0])))
    return f"{name} {', '.join(values)}"


def _write_sensitivity(
    arguments: TrailingArguments, book: SeriesBook, name: str, as_of: dt.date, first: dt.date
) -> str:
    factors = (FACTORS["DGS2"], FACTORS["market"])
    series = select_series(book, (arguments.ref(name), *(ref for factor in factors for ref in factor.refs)))
    if isinstance(series, Missing):
        return f"{name} is not available"
    cut = cut_into_steps(series, "week", as_of, first)
    summary, _ = estimate_slope(
        cut.changes[arguments.ref(name)], [factor.values(cut) for factor in factors], WEEKLY_LAGS, "week"
    )
    return f"{name} {write_value(summary.mean, SLOPE)}" if summary.mean is not None else f"{name} has too few weeks"


TRAILING_COMPARISON = Estimand(
    name="trailing-comparison",
    title="Return compared with another over the last years",
    text=(
        "The return of one series less that of another over the years up to the last session that both have. The "
        "interval is the range that the same weeks, drawn again, could have led to."
    ),
    unit="return",
    arguments=TrailingArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=lambda arguments: (
        f"{write_count(arguments.years, 'year')} up to the last session that both have, at most "
        f"{CLAIM_PRICES.daily} days before the day of the evaluation"
    ),
    events=lambda arguments: (
        f"return of {arguments.long} less that of {arguments.short}; each row is a month within the window, as the "
        "difference of its returns."
    ),
    measure=measure,
    minimum=40,
    kind=EstimandKind.COMPARISON,
    says=lambda arguments: (
        f"the {name_return(arguments.measure, arguments.long, arguments.short)} over the "
        f"{write_count(arguments.years, 'year')} up to the day of the verdict, {{n}} weeks"
    ),
    rank=50,
    moving=True,
)
