"""A joint test of all readings of a claim: are their estimates those of events, or of any days?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.estimand import Measurement
from groundswell.claims.inference.seed import SEED
from groundswell.claims.inference.summary import EventLaw
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.verdict import claimed_side, find_near_end, find_null
from groundswell.markets.series.calendar import Days, as_days, month_end, on_or_after, sessions_between, shift_sessions
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.model import Curve, EventValue

DRAWS = 999
MIN_READINGS = 3
MIN_EVENTS = 2
MONTHLY_STEP = 20
"""Windows whose bases lie so many days apart, in the median, are monthly."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Reading:
    """The events of a reading among those of all, how far each base lies from its event, and every window."""

    places: NDArray[np.intp]
    offsets: NDArray[np.intp]
    values: Array
    every: EveryWindow
    monthly: bool
    law: EventLaw

    def draw(self, axis: Days, drawn: NDArray[np.intp]) -> Array:
        """Return the values (draws by events) at the sessions of ``axis`` that were drawn for the events of all."""
        slots = np.clip(drawn[:, self.places] + self.offsets, 0, len(axis) - 1)
        days = month_end(axis) if self.monthly else axis
        at = np.minimum(np.searchsorted(self.every.bases, days), len(self.every) - 1)
        values: Array = self.every.values[at[slots]]
        return values


def judge_curve_jointly(measured: Sequence[Measurement], measure: MeasureSpec) -> Curve | None:
    """Compare the median estimate and the share of supporting readings with those at days drawn at random.

    For each of 999 draws, every event of any reading gets a day of its own, and all readings are measured on these
    days, so that readings of one draw depend on each other as the real ones do: U. Simonsohn, J. P. Simmons and
    L. D. Nelson, "Specification Curve Analysis" (2020), with event days drawn in place of a shuffled variable. Days
    are drawn where every reading has a window, apart by the longest window where there is room. The p-value of the
    median is two-sided about the draws; that of the share counts draws with at least as many supporting readings.

    None where fewer than three readings are means or shares of two or more events with windows to draw from.
    """
    usable = [each for each in measured if each.others and each.summary is None and len(each.values) >= MIN_EVENTS]
    if len(usable) < MIN_READINGS:
        return None
    windows = [each.others() for each in usable if each.others]
    if not all(len(every) for every in windows):
        return None
    first = max(every.bases[0] for every in windows)
    last = min(every.bases[-1] for every in windows)
    axis = sessions_between(first.item(), last.item()) if first < last else first[:0]
    dates = sorted({event.date for each in usable for event in each.values})
    room = len(axis) // (2 * len(dates))
    if not room:
        return None
    readings = [_place(each, every, dates, axis) for each, every in zip(usable, windows, strict=True)]
    apart = min(room, max(each.span for each in usable))
    rng = np.random.default_rng(SEED)
    slots = np.sort(rng.integers(len(axis) - (len(dates) - 1) * apart, size=(DRAWS, len(dates))), axis=1)
    drawn = slots + apart * np.arange(len(dates))
    null = usable[0].law.summarise(usable[0].values, 1).null
    real = [_judge(reading.values[None, :], reading.law, measure, null) for reading in readings]
    random = [_judge(reading.draw(axis, drawn), reading.law, measure, null) for reading in readings]
    median, share = (_combine(real, part)[0] for part in (0, 1))
    medians, shares = (_combine(random, part) for part in (0, 1))
    return Curve(
        readings=len(readings),
        median=float(median),
        median_p=_count_share(np.abs(medians - medians.mean()) >= abs(median - medians.mean())),
        share=float(share),
        share_p=_count_share(shares >= share),
    )


def _place(measurement: Measurement, every: EveryWindow, dates: list[dt.date], axis: Days) -> _Reading:
    days = np.array([event.date for event in measurement.values], dtype="datetime64[D]")
    places = np.array([dates.index(event.date) for event in measurement.values])
    values = np.array([event.value for event in measurement.values], dtype=np.float64)
    monthly = len(every) > 1 and bool(np.median(np.diff(every.bases).astype(int)) >= MONTHLY_STEP)
    if monthly:
        return _Reading(places, np.zeros(len(days), dtype=np.intp), values, every, monthly, measurement.law)
    bases = np.array([_find_base(event, measurement.span) for event in measurement.values], dtype="datetime64[D]")
    whole = sessions_between(min(days.min(), bases.min()).item(), max(days.max(), bases.max(), axis[-1]).item())
    offsets = np.searchsorted(whole, bases) - np.searchsorted(whole, on_or_after(days))
    return _Reading(places, offsets, values, every, monthly, measurement.law)


def _find_base(event: EventValue, span: int) -> dt.date:
    """Find the base of an event's window: of two windows around it, where the one ends and the other starts."""
    return event.start if event.before is None else shift_sessions(as_days([event.start]), span // 2)[0].item()


def _judge(values: Array, law: EventLaw, measure: MeasureSpec, null: float) -> tuple[Array, Array]:
    """Return the mean of each row, and whether it supports the claim, by the rule of verdicts."""
    mean = values.mean(axis=1)
    low, high = law.intervals(values.T)
    if measure.holds == "within":
        supports = (low >= measure.range[0]) & (high <= measure.range[1])
    else:
        side = claimed_side(measure.range)
        excluded = find_null(null, measure.range)
        excludes = low > excluded if side > 0 else high < excluded
        supports = (side * mean >= side * find_near_end(measure.range)) & excludes
    return mean, supports.astype(np.float64)


def _combine(judged: Sequence[tuple[Array, Array]], part: int) -> Array:
    combined: Array = (np.median if part == 0 else np.mean)(np.array([each[part] for each in judged]), axis=0)
    return combined


def _count_share(extreme: NDArray[np.bool_]) -> float:
    return (1 + int(extreme.sum())) / (1 + DRAWS)
