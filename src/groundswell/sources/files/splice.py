"""The parts of a series in different files, and how they are spliced into one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.catalogue import is_index
from groundswell.model import Measure, SeriesRef

SAME_VALUE_TOLERANCE = 1e-4
"""Relative difference up to which two values of one day are the same value."""

MAX_SPLICE_GAP = np.timedelta64(7, "D")
MAX_SPLICE_STEP = 0.10
"""Relative step between two parts that may be joined without a common day."""

MAX_USUAL_STEPS, MIN_ROWS_OF_YEAR = 6.0, 20
"""Files cut by year are joined across a step of at most so many usual ones, each of at least so many rows."""

MAX_RATIO_CHANGE = 1e-3
"""Relative change of the ratio of total return to price across a year's end without a dividend, by rounding."""

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive rows of one source, by their first and last day."""

    source: str
    first: np.datetime64
    last: np.datetime64


@dataclass(frozen=True, eq=False)
class Part:
    """The values of one series in one file: dates strictly increasing, values finite.

    ``seams`` are the dates on which the source of the rows changes; ``runs`` are the rows between them, where a column
    names the sources.
    """

    ref: SeriesRef
    file: str
    source: str
    dates: NDArray[np.datetime64]
    values: NDArray[np.float64]
    seams: NDArray[np.datetime64] = field(default_factory=lambda: np.array([], dtype="datetime64[D]"))
    runs: tuple[Run, ...] = ()


def is_same_value(value: float, expected: float) -> bool:
    """Whether two values of one day are the same but for rounding."""
    return abs(value - expected) <= SAME_VALUE_TOLERANCE * max(abs(expected), 1e-12)


def values_differ(values: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for each pair of values of one day whether they differ by more than rounding."""
    return np.abs(values - expected) > SAME_VALUE_TOLERANCE * np.maximum(np.abs(expected), 1e-12)


def splice_parts(parts: Sequence[Part], prices: Sequence[Part] = ()) -> tuple[Part, tuple[tuple[str, str], ...]]:
    """Splice the parts of a series into one; also return ``(file, reason)`` for each part that is left out.

    The longest part is extended by the dates of another if both have the same values on their common days (but for
    rounding). Without a common day two parts adjoin if at most a week and a small step are between them:
    levels of an index, which have an absolute scale, and files that were cut by year and say so in their names. A total
    return of such files must keep its ratio to ``prices``, those of the same files, from year to year: it is adjusted
    to the last day of a download. Other prices and total returns have an arbitrary base and are left out.
    """
    longest, *others = sorted(parts, key=lambda part: (-len(part.dates), part.file))
    cuts = {part.file: _find_cut(part) for part in parts}
    reasons: dict[str, str] = {}
    while others:
        # Of files cut by year one may adjoin only once those between are joined.
        reasons = {other.file: _find_conflict(longest, other, cuts, prices) for other in others}
        fitting = next((other for other in others if not reasons[other.file]), None)
        if fitting is None:
            break
        others.remove(fitting)
        longest = _extend(longest, fitting)
    left_out = [
        (other.file, f"{other.ref} left out: {reasons[other.file]}; {longest.file} has more rows") for other in others
    ]
    return longest, tuple(left_out)


def _find_conflict(longest: Part, other: Part, cuts: Mapping[str, str], prices: Sequence[Part]) -> str:
    """Return why a part does not extend the longest; empty where it does."""
    _, here, there = np.intersect1d(longest.dates, other.dates, assume_unique=True, return_indices=True)
    if len(here):
        expected = longest.values[here]
        is_different = values_differ(other.values[there], expected)
        if not is_different.any():
            return ""
        first = longest.dates[here][is_different][0]
        return f"it differs on {int(is_different.sum())} of {len(is_different)} common days, first on {first}"
    is_absolute = other.ref.measure is Measure.PRICE and is_index(other.ref.id)
    if is_absolute and _are_adjacent(longest, other, MAX_SPLICE_STEP):
        return ""
    if cuts[other.file] and cuts[other.file] == cuts[longest.file]:
        limit = min(MAX_SPLICE_STEP, MAX_USUAL_STEPS * _usual_step(longest))
        if not _are_adjacent(longest, other, limit):
            return "it does not adjoin the other years"
        if other.ref.measure is not Measure.TOTAL_RETURN or _keeps_ratio(longest, other, prices):
            return ""
    return "it has no day in common by which to check that both have the same base"


def _keeps_ratio(one: Part, other: Part, prices: Sequence[Part]) -> bool:
    """Whether the values on both sides of the gap between two parts have the same ratio to the prices of these days."""
    first, second = (one, other) if one.dates[0] < other.dates[0] else (other, one)
    before = _find_ratio(first.dates[-1], first.values[-1], prices)
    after = _find_ratio(second.dates[0], second.values[0], prices)
    return bool(before and after and abs(after / before - 1.0) <= MAX_RATIO_CHANGE)


def _find_ratio(day: np.datetime64, value: float, prices: Sequence[Part]) -> float:
    """Return the ratio of a value to the price of its day; 0 where no file has that price."""
    return next((float(value / price) for part in prices for price in part.values[part.dates == day]), 0.0)


def _find_cut(part: Part) -> str:
    """Return the name of a file of a single year without its year, if the name has it; empty for any other file."""
    years = set(YEAR.findall(part.file))
    found = set(np.unique(part.dates.astype("datetime64[Y]")).astype(str).tolist())
    return YEAR.sub("*", part.file) if len(years) == 1 and found == years else ""


def _usual_step(part: Part) -> float:
    """Return the median size of the steps from row to row, as a share of the value."""
    if len(part.values) < MIN_ROWS_OF_YEAR:
        return 0.0
    return float(np.median(np.abs(np.diff(part.values)) / np.maximum(np.abs(part.values[:-1]), 1e-12)))


def _are_adjacent(one: Part, other: Part, limit: float) -> bool:
    """Whether one part follows the other within a week, by a step of at most ``limit`` as a share of the value."""
    first, second = (one, other) if one.dates[0] < other.dates[0] else (other, one)
    gap = second.dates[0] - first.dates[-1]
    step = abs(second.values[0] - first.values[-1])
    return bool(np.timedelta64(0, "D") < gap <= MAX_SPLICE_GAP and step <= limit * abs(first.values[-1]))


def _extend(longest: Part, other: Part) -> Part:
    is_new = ~np.isin(other.dates, longest.dates)
    if not is_new.any():
        return longest
    dates = np.concatenate([longest.dates, other.dates[is_new]])
    values = np.concatenate([longest.values, other.values[is_new]])
    order = np.argsort(dates)
    added = other.dates[is_new]
    source = f"{longest.source}; {added[0]} to {added[-1]}: {other.source}"
    # The source changes between two consecutive rows of different files.
    is_longest = np.isin(dates[order], longest.dates)
    changes = dates[order][1:][is_longest[1:] != is_longest[:-1]]
    seams = np.union1d(longest.seams, changes)
    return replace(longest, source=source, dates=dates[order], values=values[order], seams=seams, runs=())
