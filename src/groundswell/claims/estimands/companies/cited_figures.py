"""The estimand ``cited-figures``: figures that others have published, next to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from pydantic import ConfigDict, model_validator

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Refused
from groundswell.claims.inference.summary import summarise
from groundswell.claims.spec import Frozen
from groundswell.markets.indicators.cited_figures import TOPICS, CitedFigure, find_cited_figures
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Absence, EventValue, SeriesUse
from groundswell.wording.figures import DIFFERENCE
from groundswell.wording.plurals import write_list


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
    """Return the newest published figure of each origin, small less large companies, dated by its publication.

    An origin whose figures are cited repeatedly counts once: they are not independent of each other.
    """
    figures = find_cited_figures(arguments.topic, as_of)
    if not figures:
        return Refused(f"no published figures of {TOPICS[arguments.topic]} are known by {as_of}")
    newest = {figure.origin: figure for figure in figures}
    counted = sorted(newest.values(), key=lambda figure: figure.published)
    values = tuple(
        EventValue(figure.published, figure.small - figure.large, figure.published, figure.published)
        for figure in counted
    )
    return Measurement(
        values=values,
        absent=tuple(
            Absence(figure.published, f"{figure.origin} has published a newer figure, of {newer.published}")
            for figure in figures
            if (newer := newest[figure.origin]) is not figure
        ),
        sources=tuple(SeriesUse(TOPICS[figure.topic], figure.source, figure.data_to) for figure in counted),
        summary=replace(
            summarise([event.value for event in values], 1),
            wins=None,
            counted="origin",
            p=None,
            flip_p=None,
            predicted=None,
        ),
        notes=(
            "These figures are cited, not measured here. The newest of each origin counts. Each origin chooses its own "
            f"companies and debts: {_write_pairs(counted)}.",
        ),
    )


def _write_pairs(figures: Sequence[CitedFigure]) -> str:
    """Write the figures of small and of large companies, which the differences leave open."""
    pairs = (f"{each.small * 100:.0f} against {each.large * 100:.0f} % ({each.origin})" for each in figures)
    return write_list(tuple(pairs))


CITED_FIGURES = Estimand(
    name="cited-figures",
    title="Published figures",
    text=(
        "Figures that others have published, small companies less large ones, the newest of each origin; the estimate "
        "is their mean."
    ),
    unit=DIFFERENCE,
    arguments=CitedArguments,
    needs=lambda _arguments: frozenset(),
    window=lambda _arguments: "figures published by the day of the evaluation",
    events=lambda arguments: f"{TOPICS[arguments.topic]}; each row is the newest figure of an origin.",
    measure=measure,
    says=lambda arguments: (
        f"the mean, over {{n}} origins of published figures, of {TOPICS[arguments.topic]}: small companies less large "
        "ones"
    ),
    kind=EstimandKind.FIGURES,
    version=2,
    rank=130,
)
