"""The estimand ``concentration``: how much of a fund its largest holdings make up, by the newest available list."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import ConfigDict, model_validator

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    Refused,
    list_sources,
    select_series,
)
from groundswell.claims.inference.summary import Summary
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.indicators.concentration import CONCENTRATION_MEASURES, MAX_ROUNDING_ERROR
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import FUND_CONCENTRATION
from groundswell.markets.series.staleness import HOLDINGS, find_outdated
from groundswell.model import EventValue, Series, SeriesRef
from groundswell.wording.figures import write_value


class ConcentrationArguments(Frozen):
    """The gauge, the fund, and another fund whose gauge is subtracted."""

    model_config = ConfigDict(strict=True)

    fund: Text
    gauge: str = "top10"
    against: str = ""

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        if self.gauge not in CONCENTRATION_MEASURES:
            raise ValueError(f"gauge: there is no gauge {self.gauge!r}; there are {', '.join(CONCENTRATION_MEASURES)}")
        if self.fund == self.against:
            raise ValueError(f"against: {self.fund} cannot be compared with itself")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(FUND_CONCENTRATION.ref(fund, self.gauge) for fund in (self.fund, self.against) if fund)


def measure(arguments: ConcentrationArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
    """Read the newest list of each fund, which must be at most a year old; rows are the last list of each month.

    Published weights have no sampling error: the interval is the range that their rounding leaves open.
    """
    series = select_series(book, arguments.refs)
    if isinstance(series, Missing):
        return series
    if outdated := tuple(find_outdated(series, as_of, HOLDINGS)):
        first = outdated[0]
        return Refused(
            f"the newest list of holdings is of {first.last}, more than a year before {as_of}: {first.ref}", outdated
        )
    newest = [float(each.values[-1]) for each in series]
    estimate = newest[0] - sum(newest[1:])
    rounding = MAX_ROUNDING_ERROR[arguments.gauge] * len(series)
    named = "difference" if arguments.against else "value"
    return Measurement(
        values=tuple(_select_month_ends(series[0])),
        absent=(),
        sources=list_sources(series),
        summary=Summary(
            len(series[0]), estimate, None, estimate - rounding, estimate + rounding, None, "list", named, sampled=False
        ),
        notes=tuple(
            f"The newest list of {name} is of {each.last}, {(as_of - each.last).days} days before the evaluation: "
            f"{write_value(value, 'share')}."
            for name, each, value in zip((arguments.fund, arguments.against), series, newest, strict=False)
            if each.last is not None
        ),
    )


def _select_month_ends(series: Series) -> list[EventValue]:
    last = {day.replace(day=1): (day, value) for day, value in zip(series.dates.tolist(), series.values, strict=True)}
    return [EventValue(day, float(value), day, day) for day, value in last.values()]


def describe_rows(arguments: ConcentrationArguments) -> str:
    """Describe the gauge and the rows."""
    less = f", less the same of {arguments.against}" if arguments.against else ""
    gauge = f"{CONCENTRATION_MEASURES[arguments.gauge]} of {arguments.fund}{less}"
    return f"{gauge}; each row is the last list of a month, of the fund alone."


CONCENTRATION = Estimand(
    name="concentration",
    title="Concentration of a fund",
    text=(
        "How much of a fund its largest holdings make up, by the newest available list of holdings. The interval is "
        "the range that the rounding of published weights leaves open; there is no sampling error."
    ),
    unit="share",
    compares=lambda arguments: bool(arguments.against),
    arguments=ConcentrationArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=lambda _arguments: f"the newest list of holdings, at most {HOLDINGS.daily} days old",
    events=describe_rows,
    measure=measure,
    minimum=1,
    kind=EstimandKind.CONCENTRATION,
    rank=90,
)
