"""The parts of a series in different files, and how they are spliced into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.catalogue import is_index
from groundswell.model import Measure, SeriesRef

SAME_VALUE_TOLERANCE = 1e-4
"""Relative difference up to which two values of one day are the same value."""

MAX_SPLICE_GAP = np.timedelta64(7, "D")
MAX_SPLICE_STEP = 0.10
"""Relative step between two parts of an index that may be joined without a common day."""


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


def splice_parts(parts: Sequence[Part]) -> tuple[Part, tuple[tuple[str, str], ...]]:
    """Splice the parts of a series into one; also return ``(file, reason)`` for each part that is left out.

    The longest part is extended by the dates of another if both have the same values on their common days (but for
    rounding). Levels of an index have an absolute scale: without a common day they are joined if they are at most a
    week and a tenth apart. Prices and total returns of securities have an arbitrary base and are left out.
    """
    longest, *others = sorted(parts, key=lambda part: (-len(part.dates), part.file))
    left_out: list[tuple[str, str]] = []
    for other in others:
        reason = _find_conflict(longest, other)
        if reason:
            left_out.append((other.file, f"{other.ref} left out: {reason}; {longest.file} has more rows"))
        else:
            longest = _extend(longest, other)
    return longest, tuple(left_out)


def _find_conflict(longest: Part, other: Part) -> str | None:
    _, here, there = np.intersect1d(longest.dates, other.dates, assume_unique=True, return_indices=True)
    if len(here):
        expected = longest.values[here]
        is_different = values_differ(other.values[there], expected)
        if not is_different.any():
            return None
        first = longest.dates[here][is_different][0]
        return f"it differs on {int(is_different.sum())} of {len(is_different)} common days, first on {first}"
    if other.ref.measure is Measure.PRICE and is_index(other.ref.id) and _are_adjacent(longest, other):
        return None
    return "it has no day in common by which to check that both have the same base"


def _are_adjacent(one: Part, other: Part) -> bool:
    first, second = (one, other) if one.dates[0] < other.dates[0] else (other, one)
    gap = second.dates[0] - first.dates[-1]
    step = abs(second.values[0] / first.values[-1] - 1.0)
    return bool(np.timedelta64(0, "D") < gap <= MAX_SPLICE_GAP and step <= MAX_SPLICE_STEP)


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
