"""Parts of a series from different files, and how they become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.catalogue import is_index
from groundswell.model import Measure, SeriesRef

SAME_VALUE_TOLERANCE = 1e-4
"""Relative difference up to which two values of one day are the same value."""

NEAR_DAYS = np.timedelta64(7, "D")
NEAR_STEP = 0.10


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of one source that follow each other: the first and the last day."""

    source: str
    first: np.datetime64
    last: np.datetime64


@dataclass(frozen=True, eq=False)
class Part:
    """The values of one series in one file: dates strictly increasing, values finite.

    ``seams`` are the dates on which the source of the rows changes, ``runs`` the rows between them where a column names
    the sources.
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


def join(parts: Sequence[Part]) -> tuple[Part, tuple[tuple[str, str], ...]]:
    """Make one part of all parts of a series; also ``(file, why)`` for each part that was left out.

    The longest is extended by the dates of another where both have the same values on their common days (but for
    rounding). Index levels without a common day are joined when they adjoin within a week and a tenth: their scale is
    absolute. Prices and total returns of securities have an arbitrary base and are not. What cannot be joined is left
    out.
    """
    longest, *others = sorted(parts, key=lambda part: (-len(part.dates), part.file))
    refused: list[tuple[str, str]] = []
    for other in others:
        reason = _conflict(longest, other)
        if reason:
            refused.append((other.file, f"{other.ref} left out: {reason}; {longest.file} has more rows"))
        else:
            longest = _extended(longest, other)
    return longest, tuple(refused)


def _conflict(longest: Part, other: Part) -> str | None:
    _, here, there = np.intersect1d(longest.dates, other.dates, assume_unique=True, return_indices=True)
    if len(here):
        expected = longest.values[here]
        far = values_differ(other.values[there], expected)
        if not far.any():
            return None
        return f"it differs on {int(far.sum())} of {len(far)} common days, first on {longest.dates[here][far][0]}"
    if other.ref.measure is Measure.PRICE and is_index(other.ref.id) and _adjoin(longest, other):
        return None
    return "it has no day in common by which to check that both have the same base"


def _adjoin(one: Part, two: Part) -> bool:
    first, second = (one, two) if one.dates[0] < two.dates[0] else (two, one)
    gap = second.dates[0] - first.dates[-1]
    step = abs(second.values[0] / first.values[-1] - 1.0)
    return bool(np.timedelta64(0, "D") < gap <= NEAR_DAYS and step <= NEAR_STEP)


def _extended(longest: Part, other: Part) -> Part:
    fresh = ~np.isin(other.dates, longest.dates)
    if not fresh.any():
        return longest
    dates = np.concatenate([longest.dates, other.dates[fresh]])
    values = np.concatenate([longest.values, other.values[fresh]])
    order = np.argsort(dates)
    added = other.dates[fresh]
    source = f"{longest.source}; {added[0]} to {added[-1]}: {other.source}"
    # Where rows of the two files stand side by side, one file's turn begins.
    ours = np.isin(dates[order], longest.dates)
    turns = dates[order][1:][ours[1:] != ours[:-1]]
    seams = np.union1d(longest.seams, turns)
    return replace(longest, source=source, dates=dates[order], values=values[order], seams=seams, runs=())
