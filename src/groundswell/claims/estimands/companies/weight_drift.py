"""The estimand ``weight-drift``: the weights of an equal-weight index at its resets and by the end of each quarter."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal

from pydantic import ConfigDict

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    list_revised,
    list_sources,
    select_series,
)
from groundswell.claims.inference.summary import summarise
from groundswell.claims.spec import Frozen
from groundswell.markets.indicators.weight_drift import WEIGHTS, find_reset_before
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import EQUAL_WEIGHTS
from groundswell.model import EventValue, SeriesRef
from groundswell.wording.figures import write_value


class WeightDriftArguments(Frozen):
    """The percentile of the weights at the end of the quarter; at a reset all are one over n, whatever the data."""

    model_config = ConfigDict(strict=True)

    weight: Literal["p10", "p50", "p90"] = "p50"


def measure(arguments: WeightDriftArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Average the weight over the quarters, with the mean drift in the notes."""
    series = select_series(book, _list_refs(arguments))
    if isinstance(series, Missing):
        return series
    weight, drift, equal = series
    days = weight.dates.tolist()
    values = tuple(
        EventValue(end, value, find_reset_before(end), end)
        for end, value in zip(days, weight.values.tolist(), strict=True)
    )
    summary = summarise([event.value for event in values], 1)
    return Measurement(
        values=values,
        absent=(),
        sources=list_sources(series),
        revised=list_revised(series),
        summary=replace(
            summary, wins=None, counted="quarter", named="mean weight", p=None, flip_p=None, predicted=None
        ),
        notes=(
            f"The newest quarter ends {days[-1]}, with {write_value(values[-1].value, 'share')}. By the end "
            f"of a quarter a weight lies {drift.values.mean() * 100:.0f} % away from the equal one on average, from "
            f"{drift.values.min() * 100:.0f} % at the least to {drift.values.max() * 100:.0f} % at most.",
            f"At a reset every company weighs {write_value(float(equal.values[-1]), 'share')}, one over their number: "
            "this follows from the definition and is no evidence.",
            "Members are those of one later list, so that companies that failed or were bought are missing: the drift "
            "of the true members was larger.",
        ),
    )


def _list_refs(arguments: WeightDriftArguments) -> tuple[SeriesRef, ...]:
    return EQUAL_WEIGHTS.ref(arguments.weight), EQUAL_WEIGHTS.ref("drift"), EQUAL_WEIGHTS.ref("reset")


WEIGHT_DRIFT = Estimand(
    name="weight-drift",
    title="Weights between the resets of an equal-weight index",
    text=(
        "Every member begins the quarter at one over their number, at the close of the third Friday of March, June, "
        "September and December, and drifts with its return until the next reset."
    ),
    unit="share",
    arguments=WeightDriftArguments,
    needs=lambda arguments: frozenset(_list_refs(arguments)),
    window=lambda _arguments: "from one reset to the next",
    events=lambda arguments: f"{WEIGHTS[arguments.weight]}; each row is a quarter, dated at its end.",
    measure=measure,
    minimum=8,
    kind=EstimandKind.WEIGHT,
    rank=70,
)
