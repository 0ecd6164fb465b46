"""The estimand ``largest-weight``: the largest holding on a fund's own lists, at and between quarterly resets."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field

from groundswell.claims.estimand import (
    Estimand,
    EstimandKind,
    Measurement,
    Missing,
    NotMeasurableError,
    list_sources,
    select_series,
)
from groundswell.claims.inference.means import mean_interval
from groundswell.claims.inference.summary import Summary
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.indicators.weight_drift import list_resets
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import MONTH, QUARTER, Days, sessions_between
from groundswell.markets.series.catalogue import FUND_CONCENTRATION
from groundswell.model import Absence, EventValue, SeriesRef
from groundswell.wording.figures import write_value
from groundswell.wording.plurals import write_count

FIRST_SESSION = 2
"""Lists count from this session after a reset on: publishers date a list by its own day or by the next."""

WHEN = {
    "all": "every list",
    "after": "lists of the first {sessions} after a reset",
    "before": "lists of the last {sessions} before a reset",
}


class LargestWeightArguments(Frozen):
    """The fund, and which of its lists: all of them, or those within some ``sessions`` after or before a reset."""

    model_config = ConfigDict(strict=True)

    fund: Text
    lists: Literal["all", "after", "before"] = "all"
    sessions: int = Field(default=MONTH, ge=2, le=QUARTER // 2)

    @property
    def ref(self) -> SeriesRef:
        return FUND_CONCENTRATION.ref(self.fund, "largest")

    @property
    def which(self) -> str:
        """Which lists, in words."""
        return WHEN[self.lists].format(sessions=write_count(self.sessions, "session"))


def measure(arguments: LargestWeightArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing:
    """Average the largest weight over the lists of each quarter, and over the quarters.

    ``n`` counts lists. Those of one quarter are much alike, so that the interval is Student's t over the means of the
    quarters (R. Ibragimov and U. K. Müller, "t-Statistic Based Correlation and Heterogeneity Robust Inference", 2010).
    """
    series = select_series(book, (arguments.ref,))
    if isinstance(series, Missing):
        return series
    (weights,) = series
    quarter = _place_in_quarters(weights.dates)
    is_early = quarter.since < FIRST_SESSION
    chosen = np.flatnonzero(~is_early & _choose(arguments, quarter))
    rows = zip(weights.dates[chosen], weights.values[chosen], quarter.resets[chosen], strict=True)
    values = [EventValue(day.item(), float(weight), reset.item(), day.item()) for day, weight, reset in rows]
    quarters = _average_by_quarter(values)
    return Measurement(
        values=tuple(values),
        absent=tuple(
            Absence(day, "one session after a reset, when a list may still be that of the day before")
            for day in weights.dates[is_early].tolist()
        ),
        sources=list_sources(series),
        summary=_summarise(values, quarters),
        notes=tuple(_write_notes(values, quarters, as_of)) if values else (),
    )


@dataclass(frozen=True, eq=False)
class _Quarters:
    """For each list the reset before its day, and the sessions since that and until the next."""

    resets: Days
    since: NDArray[np.intp]
    until: NDArray[np.intp]


def _place_in_quarters(days: Days) -> _Quarters:
    first, last = (days[place].item().year for place in (0, -1))
    resets = list_resets(first - 1, last + 1)
    sessions = sessions_between(resets[0].item(), resets[-1].item())
    quarter = np.searchsorted(resets, days) - 1
    place, bounds = (np.searchsorted(sessions, each, side="right") for each in (days, resets))
    return _Quarters(resets[quarter], place - bounds[quarter], bounds[quarter + 1] - place)


def _choose(arguments: LargestWeightArguments, quarters: _Quarters) -> NDArray[np.bool_]:
    if arguments.lists == "after":
        return quarters.since <= arguments.sessions
    if arguments.lists == "before":
        return quarters.until < arguments.sessions
    return np.ones(len(quarters.resets), dtype=bool)


def _average_by_quarter(values: Sequence[EventValue]) -> dict[dt.date, float]:
    """Average the values of each quarter, by the reset with which it began."""
    by_reset: dict[dt.date, list[float]] = {}
    for each in values:
        by_reset.setdefault(each.start, []).append(each.value)
    return {reset: float(np.mean(found)) for reset, found in by_reset.items()}


def _summarise(values: Sequence[EventValue], quarters: Mapping[dt.date, float]) -> Summary:
    if len(quarters) == 1:
        raise NotMeasurableError(
            f"{write_count(len(values), 'list')} of one quarter, which do not show how quarters differ; two are needed"
        )
    means = np.array([*quarters.values()])
    low, high = mean_interval(means) or (None, None) if values else (None, None)
    mean = float(means.mean()) if values else None
    return Summary(len(values), mean, None, low, high, None, "list", "mean largest weight", groups=len(quarters))


def _write_notes(values: Sequence[EventValue], quarters: Mapping[dt.date, float], as_of: dt.date) -> Iterator[str]:
    counts = Counter(each.start for each in values)
    means = (
        f"{write_value(mean, 'share')} over {write_count(counts[reset], 'list')} after the reset of {reset}"
        for reset, mean in quarters.items()
    )
    yield (
        "n counts lists. Those of one quarter are much alike, so that the interval is one of "
        f"{write_count(len(quarters), 'quarter')}: {'; '.join(means)}."
    )
    least, most = (write_value(find(each.value for each in values), "share") for find in (min, max))
    newest = values[-1].date
    yield (
        f"On single lists the largest holding weighs {least} to {most}. The newest list is of {newest}, "
        f"{(as_of - newest).days:,} days before the evaluation."
    )


LARGEST_WEIGHT = Estimand(
    name="largest-weight",
    title="Largest holding of a fund that is reset each quarter",
    text=(
        "The weight of the largest holding on the lists that a fund has published, as the mean over quarters of the "
        "mean over their lists. A quarter begins at the close of the third Friday of March, June, September and "
        "December."
    ),
    unit="share",
    arguments=LargestWeightArguments,
    needs=lambda arguments: frozenset((arguments.ref,)),
    window=lambda arguments: arguments.which,
    events=lambda arguments: f"weight of the largest holding of {arguments.fund}; each row is a list.",
    measure=measure,
    says=lambda arguments: (
        f"the mean weight of the largest holding of {arguments.fund} over {{n}} published lists ({arguments.which})"
    ),
    minimum=30,
    kind=EstimandKind.WEIGHT,
    rank=75,
)
