"""The estimand ``cited-figures``: figures that others have published, next to each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Self

from pydantic import ConfigDict, model_validator

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Refused
from groundswell.claims.inference.summary import summarise
from groundswell.claims.spec import Frozen
from groundswell.markets.indicators.cited_figures import TOPICS, find_cited_figures
from groundswell.markets.series.book import SeriesBook
from groundswell.model import EventValue, SeriesUse
from groundswell.wording.figures import DIFFERENCE


class CitedArguments(Frozen):
    """The topic of the published figures."""

    model_config = ConfigDict(strict=True)

    topic: str

    @model_validator(mode="after")
    def _check_topic(self) -> Self:
        if self.topic not in TOPICS:
            raise ValueError(f"topic: there is no topic {self.topic!r}; there are {', '.join(TOPICS)}")
        return self


def measure(arguments: CitedArguments, _book: SeriesBook, as_of: dt.date) -> Measurement | Refused:
    """Return each published figure of small less that of large companies, dated by its publication."""
    figures = find_cited_figures(arguments.topic, as_of)
    if not figures:
        return Refused(f"no published figures of {TOPICS[arguments.topic]} are known by {as_of}")
    values = tuple(
        EventValue(figure.published, figure.small - figure.large, figure.published, figure.published)
        for figure in figures
    )
    return Measurement(
        values=values,
        absent=(),
        sources=tuple(SeriesUse(TOPICS[figure.topic], figure.source, figure.published) for figure in figures),
        summary=replace(
            summarise([event.value for event in values], 1),
            wins=None,
            counted="publication",
            p=None,
            flip_p=None,
            predicted=None,
        ),
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
