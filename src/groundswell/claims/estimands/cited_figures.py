"""The estimand ``cited-figures``: what others have published, side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Self

from pydantic import ConfigDict, model_validator

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Refused
from groundswell.claims.inference import summarise
from groundswell.claims.spec import Frozen
from groundswell.markets.indicators.cited_figures import TOPICS, find_cited_figures
from groundswell.markets.series.book import SeriesBook
from groundswell.model import EventValue, SeriesUse
from groundswell.wording.figures import DIFFERENCE


class CitedArguments(Frozen):
    """Which published figures."""

    model_config = ConfigDict(strict=True)

    topic: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.topic not in TOPICS:
            raise ValueError(f"topic: there is no topic {self.topic!r}; there are {', '.join(TOPICS)}")
        return self


def measure(arguments: CitedArguments, _book: SeriesBook, as_of: dt.date) -> Measurement | Refused:
    """Give each published figure of small less that of large companies, dated by its publication."""
    found = find_cited_figures(arguments.topic, as_of)
    if not found:
        return Refused(f"no published figures of {TOPICS[arguments.topic]} are held by {as_of}")
    values = tuple(EventValue(one.published, one.small - one.large, one.published, one.published) for one in found)
    return Measurement(
        values=values,
        absent=(),
        sources=tuple(SeriesUse(TOPICS[one.topic], one.source, one.published) for one in found),
        summary=replace(summarise([event.value for event in values], 1), wins=None, counted="publication", p=None),
        notes=("These figures are cited, not measured here.",),
    )


CITED_FIGURES = Estimand(
    name="cited-figures",
    title="Published figures",
    text="Figures that others have published, small companies less large ones; the estimate is their mean.",
    unit=DIFFERENCE,
    arguments=CitedArguments,
    needs=lambda _arguments: frozenset(),
    window=lambda _arguments: "figures published by the day of the evaluation",
    events=lambda arguments: f"{TOPICS[arguments.topic]}; each row is a publication.",
    measure=measure,
    kind=EstimandKind.FIGURES,
    rank=130,
)
