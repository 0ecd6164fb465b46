"""The estimand ``concentration``: how much of a fund its largest holdings make up, by the newest list held."""

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
from groundswell.claims.inference import Summary
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.indicators.concentration import CONCENTRATION_MEASURES, MAX_ROUNDING_ERROR
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import FUND_CONCENTRATION
from groundswell.markets.series.staleness import HOLDINGS
from groundswell.model import EventValue, Series, SeriesRef
from groundswell.wording.figures import write_value


class ConcentrationArguments(Frozen):
    """Which gauge of which fund, and of which other it is taken off."""

    model_config = ConfigDict(strict=True)

    fund: Text
    gauge: str = "top10"
    against: str = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.gauge not in CONCENTRATION_MEASURES:
            raise ValueError(f"gauge: there is no gauge {self.gauge!r}; there are {', '.join(CONCENTRATION_MEASURES)}")
        if self.fund == self.against:
            raise ValueError(f"against: {self.fund} cannot be compared with itself")
        return self

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        return tuple(FUND_CONCENTRATION.ref(fund, self.gauge) for fund in (self.fund, self.against) if fund)


def measure(arguments: ConcentrationArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
    """Take the newest list of each fund, which must be at most a year old; rows are the last list of each month.

    What is published has no error of sampling: the interval is what the rounding of the weights leaves open.
    """
    found = select_series(book, arguments.refs)
    if isinstance(found, Missing):
        return found
    for one in found:
        if one.last is None or HOLDINGS.is_exceeded(one.last, as_of):
            return Refused(f"the newest list of holdings is of {one.last}, more than a year before {as_of}: {one.ref}")
    newest = [float(one.values[-1]) for one in found]
    estimate = newest[0] - sum(newest[1:])
    open_by = MAX_ROUNDING_ERROR[arguments.gauge] * len(found)
    named = "difference" if arguments.against else "value"
    return Measurement(
        values=tuple(_by_month(found[0])),
        absent=(),
        sources=list_sources(found),
        summary=Summary(len(found[0]), estimate, None, estimate - open_by, estimate + open_by, None, "list", named),
        notes=tuple(
            f"The newest list of {name} is of {one.last}, {(as_of - one.last).days} days before the evaluation: "
            f"{write_value(value, 'share')}."
            for name, one, value in zip((arguments.fund, arguments.against), found, newest, strict=False)
            if one.last is not None
        ),
    )


def _by_month(series: Series) -> list[EventValue]:
    last = {day.replace(day=1): (day, value) for day, value in zip(series.dates.tolist(), series.values, strict=True)}
    return [EventValue(day, float(value), day, day) for day, value in last.values()]


def describe_rows(arguments: ConcentrationArguments) -> str:
    """The gauge in words, and what the rows are."""
    less = f", less the same of {arguments.against}" if arguments.against else ""
    measured = f"{CONCENTRATION_MEASURES[arguments.gauge]} of {arguments.fund}{less}"
    return f"{measured}; each row is the last list of a month, of the fund alone."


CONCENTRATION = Estimand(
    name="concentration",
    title="Concentration of a fund",
    text=(
        "How much of a fund its largest holdings make up, by the newest list of holdings held. The interval is what "
        "the rounding of published weights leaves open; there is no error of sampling."
    ),
    unit="share",
    arguments=ConcentrationArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=lambda _arguments: f"the newest list of holdings, at most {HOLDINGS.daily} days old",
    events=describe_rows,
    measure=measure,
    minimum=1,
    kind=EstimandKind.CONCENTRATION,
    rank=90,
)
