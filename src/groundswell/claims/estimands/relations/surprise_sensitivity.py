"""The estimand ``surprise-sensitivity``: how a return responds to surprises of monetary policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Span,
    select_series,
)
from groundswell.claims.estimands.relations._regression import MIN_ROWS_IN_PERIOD, ReturnArguments, build_slope
from groundswell.claims.inference.summary import Summary, summarise_coefficient
from groundswell.claims.spec import Text
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import Days, shift_sessions
from groundswell.markets.series.catalogue import POLICY_SURPRISES
from groundswell.markets.series.returns import relative_returns
from groundswell.markets.studies.robust import fit_with_leverage
from groundswell.model import Series, SeriesRef
from groundswell.wording.figures import SLOPE
from groundswell.wording.plurals import write_count

YEARS_IN_ROW = 5


class SurpriseArguments(ReturnArguments):
    """The contract whose surprise explains the return, the one that is subtracted, and the sessions."""

    surprise: Text = "FF4"
    less: str = ""
    sessions: int = Field(default=1, ge=1, le=5)
    first: dt.date | None = Field(default=None, strict=False)
    last: dt.date | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        if self.less == self.surprise:
            raise ValueError("less: must be another contract than surprise")
        for field, name in (("surprise", self.surprise), ("less", self.less)):
            if name and not POLICY_SURPRISES.matches(f"surprise.{name}"):
                raise ValueError(
                    f"{field}: {name!r} is no column of a file of surprises; write it such as FF4 or TFUT02"
                )
        return self

    @property
    def surprises(self) -> tuple[SeriesRef, ...]:
        return tuple(POLICY_SURPRISES.ref(name) for name in (self.surprise, self.less) if name)


def measure(arguments: SurpriseArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Regress the returns of the sessions of announcements on the surprises, one row an announcement."""
    series = select_series(book, (*arguments.legs, *arguments.surprises))
    if isinstance(series, Missing):
        return series
    returns = [book.by_ref[ref] for ref in arguments.legs]
    found = [book.by_ref[ref] for ref in arguments.surprises]
    days, surprises = list_surprises(found, arguments.first, arguments.last)
    starts, ends = shift_sessions(days, -1), shift_sessions(days, arguments.sessions - 1)
    response = relative_returns(returns[0], returns[1] if len(returns) > 1 else None, starts, ends)
    is_measured = np.isfinite(response) & (ends <= np.datetime64(as_of, "D"))
    is_separate = _find_separate(starts, ends, is_measured)
    starts, ends, response, surprises = (
        starts[is_separate],
        ends[is_separate],
        response[is_separate],
        surprises[is_separate],
    )
    return build_slope(
        series,
        (starts, ends),
        response,
        [surprises],
        _summarise(response, surprises),
        lags=0,
        years=YEARS_IN_ROW,
        notes=tuple(_write_notes(days, is_measured, is_separate, surprises)),
    )


def list_surprises(
    series: Sequence[Series], first: dt.date | None, last: dt.date | None
) -> tuple[Days, NDArray[np.float64]]:
    """List the surprises, less those of the other contract, on the days that have both within the period."""
    days = series[0].dates
    values = series[0].values - (series[1].at(days) if len(series) > 1 else 0.0)
    chosen = np.isfinite(values)
    if first:
        chosen &= days >= np.datetime64(first)
    if last:
        chosen &= days <= np.datetime64(last)
    return days[chosen], values[chosen]


def _find_separate(starts: Days, ends: Days, is_measured: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Select the measured announcements whose sessions begin after those of the last selected one."""
    chosen, last = is_measured.copy(), np.datetime64("0001-01-01")
    for row in np.flatnonzero(is_measured):
        chosen[row] = starts[row] >= last
        last = ends[row] if chosen[row] else last
    return chosen


def _summarise(response: NDArray[np.float64], surprises: NDArray[np.float64]) -> Summary:
    if len(response) < 1 + MIN_ROWS_IN_PERIOD:
        return Summary(len(response), None, None, None, None, None, "announcement")
    found = fit_with_leverage(response, surprises[:, None])
    estimate, error = float(found.coefficients[1]), float(found.errors[1])
    return summarise_coefficient(estimate, error, found.n, found.freedom, counted="announcement")


def _write_notes(
    days: Days, is_measured: NDArray[np.bool_], is_separate: NDArray[np.bool_], surprises: NDArray[np.float64]
) -> Iterator[str]:
    if len(surprises):
        yield (
            f"Announcements from {days[is_separate][0]} to {days[is_separate][-1]}; the standard deviation of their "
            f"surprises is {surprises.std():.3f} percentage points."
        )
    without, close = int((~is_measured).sum()), int((is_measured & ~is_separate).sum())
    if without:
        yield f"{write_count(without, 'announcement')} without a price before and after left out."
    if close:
        yield f"{write_count(close, 'announcement')} whose sessions overlap those of the one before left out."


def describe_window(arguments: SurpriseArguments) -> str:
    """Describe the sessions and the errors."""
    count = write_count(arguments.sessions, "session")
    first = f"from {arguments.first}" if arguments.first else "from the first announcement with prices"
    return (
        f"close before the session on which an announcement could first be traded to the close {count} later; "
        f"{first} to {arguments.last or 'the day of the evaluation'}; errors HC3"
    )


def describe_rows(arguments: SurpriseArguments) -> str:
    """Describe the regression and its rows."""
    return (
        f"{describe_response(arguments)}, in percentage points; each row is the same coefficient within {YEARS_IN_ROW} "
        "years."
    )


def describe_response(arguments: SurpriseArguments) -> str:
    """Describe the return that is explained, and the surprise."""
    short = f" less that of {arguments.short}" if arguments.short else ""
    less = f" less that in {arguments.less}" if arguments.less else ""
    return f"return of {arguments.long}{short} on the surprise in {arguments.surprise}{less}"


SURPRISE_SENSITIVITY = Estimand(
    name="surprise-sensitivity",
    title="Response of returns to surprises of policy",
    text=(
        "The coefficient of a regression of the returns of the sessions on which policy was announced on the surprise "
        "in each announcement: the move of futures within half an hour around it. No other news of the day moves the "
        "surprise, so that the response can be read as its effect."
    ),
    unit=SLOPE,
    arguments=SurpriseArguments,
    needs=lambda arguments: frozenset((*arguments.legs, *arguments.surprises)),
    window=describe_window,
    events=describe_rows,
    measure=measure,
    span=lambda arguments: Span(arguments.first, arguments.last),
    kind=EstimandKind.REGRESSION,
    minimum=30,
    says=lambda arguments: (
        f"the slope, over {{n}} announcements, of the {describe_response(arguments)}, over "
        f"{write_count(arguments.sessions, 'session')}"
    ),
    rank=32,
)
