"""The estimand ``rank``: the place of one series among others, by return, by response to rates, or by rate news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Refused,
    Span,
    list_revised,
    list_sources,
    select_series,
)
from groundswell.claims.estimands.comparisons._scores import SIGNS, Sample, find_rank, order_key, score, score_values
from groundswell.claims.estimands.relations._regression import (
    MIN_ROWS_IN_PERIOD,
    RegressionArguments,
    describe_period,
    relate,
)
from groundswell.claims.estimands.relations.surprise_sensitivity import list_surprises
from groundswell.claims.inference.ranks import RankSet, find_rank_set
from groundswell.claims.inference.summary import Summary
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import add_months, as_days, on_or_before, shift_sessions
from groundswell.markets.series.catalogue import POLICY_SURPRISES
from groundswell.markets.series.resample import cut_into_steps
from groundswell.markets.series.returns import window_returns
from groundswell.markets.series.staleness import CLAIM_PRICES, find_outdated
from groundswell.markets.studies.relation import Relation
from groundswell.model import EventValue, Series, SeriesRef
from groundswell.wording.figures import RANK, SLOPE, write_value
from groundswell.wording.plurals import write_count, write_list

Array = NDArray[np.float64]

UNITS = {"return": "return", "sensitivity": SLOPE, "surprise": SLOPE, "rate share": "share"}
TITLES = {
    "return": "Returns",
    "sensitivity": "Sensitivities",
    "surprise": "Responses",
    "rate share": "Shares of variance explained",
}


class RankArguments(RegressionArguments):
    """The series, its peers, and by what they are ranked.

    With ``years`` they are compared over the years up to their last common session, otherwise from ``first`` to
    ``last``. ``about`` says whether the rank is what happened, or that of what can be expected.
    """

    factor: str = "DGS2"
    peers: tuple[str, ...] = Field(min_length=1, strict=False)
    by: Literal["return", "sensitivity", "surprise", "rate share"] = "return"
    surprise: str = "FF4"
    order: Literal["highest", "lowest", "largest"] = "highest"
    about: Literal["past", "expected"] = "expected"
    years: int | None = Field(default=None, ge=1, le=10)

    @model_validator(mode="after")
    def _check_peers(self) -> Self:
        if self.short:
            raise ValueError("short: series are ranked by their own returns; name peers alone")
        if self.long in self.peers or len(set(self.peers)) < len(self.peers):
            raise ValueError("peers: a series can be named once, and is not its own peer")
        if self.years and (self.first or self.last):
            raise ValueError("years: give either years up to today, or first and last")
        if self.by == "rate share" and self.about == "expected":
            raise ValueError('about: shares of variance are ranked as they were; give about = "past"')
        if self.by == "surprise" and (self.controls or not POLICY_SURPRISES.matches(f"surprise.{self.surprise}")):
            raise ValueError("surprise: one column of a file of surprises, without controls")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return (self.long, *self.peers)

    @property
    def compared(self) -> tuple[SeriesRef, ...]:
        return tuple(self.ref(name) for name in self.names)

    @property
    def explaining(self) -> tuple[SeriesRef, ...]:
        """The series of what explains the returns; none where series are ranked by return."""
        if self.by == "surprise":
            return (POLICY_SURPRISES.ref(self.surprise),)
        return () if self.by == "return" else tuple(ref for factor in self.factors for ref in factor.refs)

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(dict.fromkeys((*self.compared, *self.explaining)))


def measure(arguments: RankArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
    """Rank the series; the interval is the confidence set of the rank. A rank of the past is a fact without one."""
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    compared = [book.by_ref[ref] for ref in arguments.compared]
    bounds = _find_bounds(arguments, compared, as_of)
    if isinstance(bounds, Refused):
        return bounds
    sample = _draw_sample(arguments, book, as_of, bounds)
    if len(sample) < sample.width + MIN_ROWS_IN_PERIOD:
        counted = Summary(len(sample), None, None, None, None, None, sample.counted, named=arguments.long)
        return Measurement((), (), list_sources(series), summary=counted)
    scores = score(arguments.by, sample)
    found = find_rank_set(
        SIGNS[arguments.order] * scores.values,
        scores.covariance,
        0,
        freedom=scores.freedom,
        by_size=arguments.order == "largest",
    )
    is_past = arguments.about == "past"
    summary = Summary(
        n=len(sample),
        mean=float(found.rank),
        median=None,
        ci_low=None if is_past else float(found.best),
        ci_high=None if is_past else float(found.worst),
        wins=None,
        counted=sample.counted,
        named=arguments.long,
        sampled=not is_past,
        discrete=True,
    )
    return Measurement(
        values=tuple(_rank_by_period(arguments, sample)),
        absent=(),
        sources=list_sources(series),
        revised=list_revised(series),
        summary=summary,
        notes=tuple(_write_notes(arguments, sample, scores.values, found)),
    )


def _find_bounds(
    arguments: RankArguments, compared: Sequence[Series], as_of: dt.date
) -> tuple[dt.date | None, dt.date | None] | Refused:
    """Find the days between which the series are compared; those of years must all be in their records."""
    if arguments.years is None:
        return arguments.first, arguments.last
    if outdated := tuple(find_outdated(compared, as_of, CLAIM_PRICES)):
        first = outdated[0]
        return Refused(f"{first.ref} ends {first.last}, more than {CLAIM_PRICES.daily} days before {as_of}", outdated)
    end = on_or_before(as_days(min(series.dates[-1] for series in compared)))
    start = on_or_before(add_months(end, -12 * arguments.years))
    late = max(compared, key=lambda series: series.dates[0])
    if late.dates[0] > start[0]:
        return Refused(f"{late.ref} begins {late.dates[0]}, after {start[0]}")
    return start[0].item(), end[0].item()


def _draw_sample(
    arguments: RankArguments, book: SeriesBook, as_of: dt.date, bounds: tuple[dt.date | None, dt.date | None]
) -> Sample:
    """Draw the weeks, or the sessions of announcements, with the returns of all series and what explains them."""
    compared = [book.by_ref[ref] for ref in arguments.compared]
    if arguments.by == "surprise":
        days, surprises = list_surprises([book.by_ref[ref] for ref in arguments.explaining], *bounds)
        starts = shift_sessions(days, -1)
        returns = np.column_stack([window_returns(series, starts, days) for series in compared])
        kept = np.isfinite(returns).all(axis=1) & (days <= np.datetime64(as_of, "D"))
        return Sample(starts[kept], days[kept], returns[kept], surprises[kept][:, None], "announcement")
    cut = cut_into_steps([*compared, *(book.by_ref[ref] for ref in arguments.explaining)], "week", as_of, *bounds)
    returns = np.column_stack([cut.changes[ref] for ref in arguments.compared])
    factors = () if arguments.by == "return" else arguments.factors
    explaining = np.column_stack([np.empty((len(cut), 0)), *(factor.values(cut)[:, None] for factor in factors)])
    return Sample(cut.starts, cut.ends, returns, explaining, "week")


def _rank_by_period(arguments: RankArguments, sample: Sample) -> Iterator[EventValue]:
    """Yield the rank within each calendar year with enough weeks, or within five years of announcements."""
    years = 5 if arguments.by == "surprise" else 1
    periods = (sample.ends.astype("datetime64[Y]").astype(np.int64) + 1970) // years
    for period in np.unique(periods):
        part = sample.select(periods == period)
        if len(part) < part.width + MIN_ROWS_IN_PERIOD:
            continue
        rank = find_rank(arguments.order, score_values(arguments.by, part))
        start, end = part.starts[0].item(), part.ends[-1].item()
        yield EventValue(end, float(rank), start, end)


def _write_notes(arguments: RankArguments, sample: Sample, values: Array, found: RankSet) -> Iterator[str]:
    order = sorted(range(len(values)), key=lambda place: order_key(arguments.order, float(values[place])))
    shown = np.expm1(values) if arguments.by == "return" else values
    listed = ", ".join(
        f"{arguments.names[place]} {write_value(float(shown[place]), UNITS[arguments.by])}" for place in order
    )
    yield f"{TITLES[arguments.by]} from {sample.starts[0]} to {sample.ends[-1]}: {listed}."
    if arguments.about == "past" and arguments.by != "rate share":
        yield (
            f"The rank is what happened. What is expected is less certain: of that, {arguments.long} may have any rank "
            f"from {found.best} to {found.worst} (95 % confidence set)."
        )


def describe_window(arguments: RankArguments) -> str:
    """Describe the period, and the steps."""
    steps = "sessions of announcements" if arguments.by == "surprise" else "weeks"
    if arguments.years:
        return f"{steps} of the {write_count(arguments.years, 'year')} up to the last session that all have"
    return f"{steps}, {describe_period(arguments)}"


def describe_rows(arguments: RankArguments) -> str:
    """Describe what is ranked, in which order, and the rows."""
    period = "five years" if arguments.by == "surprise" else "a calendar year"
    return f"{describe_rank(arguments)}; each row is the rank within {period}."


def describe_rank(arguments: RankArguments) -> str:
    """Describe what is ranked by what, and in which order."""
    what = {
        "return": "return",
        "sensitivity": f"sensitivity to {arguments.factors[0].title}",
        "surprise": f"response to the surprise in {arguments.surprise}",
        "rate share": f"share of variance explained by {arguments.factors[0].title}",
    }[arguments.by]
    net = " and ".join(factor.title for factor in arguments.factors[1:]) if arguments.by != "return" else ""
    return (
        f"rank of {arguments.long} among {write_list(arguments.names)} by {what}{', net of ' + net if net else ''}, "
        f"the {arguments.order} first"
    )


def say(arguments: RankArguments) -> str:
    """Say what is measured."""
    counted = "announcements" if arguments.by == "surprise" else "weeks"
    years = f" of {write_count(arguments.years, 'year')}" if arguments.years else ""
    return f"the {describe_rank(arguments)}, over {{n}} {counted}{years}"


def find_relation(arguments: RankArguments) -> Relation | None:
    """Return what the sensitivities relate; the others relate nothing that could be an identity."""
    return relate(arguments, arguments.names) if arguments.by in ("sensitivity", "rate share") else None


RANK_AMONG_PEERS = Estimand(
    name="rank",
    title="Rank among others",
    text=(
        "The place of one series among others, 1 for the first. The interval holds the ranks that the data allow, by "
        "comparisons of all pairs at once; where the claim is about the past, the rank is a fact and its own interval."
    ),
    unit=RANK,
    arguments=RankArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=describe_window,
    events=describe_rows,
    measure=measure,
    relation=find_relation,
    says=say,
    span=lambda arguments: None if arguments.years else Span(arguments.first, arguments.last),
    minimum=40,
    kind=EstimandKind.COMPARISON,
    rank=52,
)
