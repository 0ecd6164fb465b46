"""Units against the catalogue: percent that came as fractions or basis points, in whole or from a day on."""

from __future__ import annotations

import numpy as np

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.catalogue import VOLATILITY_INDICES, family_of
from groundswell.markets.series.family import Kind
from groundswell.model import IssueKind, Series
from groundswell.model.series import Values

PERCENT_UNITS = frozenset({"percent", "percent a year", "percentage points"})

MAX_STEP_OF_FRACTIONS = 0.004
"""Rates are published in steps of a hundredth of a percent or more: 0.0001 as fractions, 1 in basis points."""

MAX_FRACTION = 0.5
MIN_BASIS_POINTS = 30.0
"""No rate of the catalogue had a median of 30 % over a file's days."""

MAX_CONSTANT_FRACTION = 0.06
MIN_VALUES = 5

ROWS_AROUND = 20
MIN_ROWS_AROUND = 3
MAX_DISTANCE = 0.3
"""In powers of ten: a switch multiplies by 100 or 10,000 up to a factor of two, and the level stays there."""

MIN_COUNT_FACTOR = 1.4
"""Counts and amounts may switch by any power of ten: a level that grows 25 times in a row is a switch."""

MIN_INDEX = 2.0
"""The median of a volatility index in points is larger; as a fraction it is smaller."""


def find_other_unit(series: Series) -> Finding | None:
    """Find that a published rate, spread, count or volatility is not in the unit of the catalogue, or switches."""
    family = family_of(series.ref)
    is_judged = family.kind is Kind.MACRO or series.ref.id in VOLATILITY_INDICES
    if not is_judged or len(series) < MIN_VALUES:
        return None
    values = series.values
    if family.unit in PERCENT_UNITS:
        return _find_switch(series, family.unit, (2.0, 4.0)) or _describe_whole(series, family.unit, name_unit(values))
    if family.unit == "points":
        is_fraction = float(np.median(np.abs(values))) < MIN_INDEX
        return _describe_whole(series, family.unit, "fractions" if is_fraction else "")
    return _find_switch(series, family.unit, ()) if (values > 0.0).all() else None


def name_unit(values: Values) -> str:
    """Name the unit that values have in place of percent, "fractions" or "basis points"; empty for percent."""
    steps = np.abs(np.diff(values))
    steps = steps[steps > 1e-9]
    level = float(np.median(np.abs(values)))
    largest = float(np.abs(values).max())
    if not len(steps):
        is_fraction = 0.0 < largest <= MAX_CONSTANT_FRACTION and not _is_hundredths(values)
        return "fractions" if is_fraction else ("basis points" if level > MIN_BASIS_POINTS else "")
    step = float(np.median(steps))
    if step < MAX_STEP_OF_FRACTIONS and largest < MAX_FRACTION and not _is_hundredths(values):
        return "fractions"
    are_whole = bool((values == np.round(values)).all()) and len(values) > 2 * MIN_VALUES
    return "basis points" if level > MIN_BASIS_POINTS or (are_whole and step >= 1.0 and largest >= 8.0) else ""


def _is_hundredths(values: Values) -> bool:
    """Whether all values are hundredths, as published percents are."""
    return bool((np.abs(values * 100.0 - np.round(values * 100.0)) < 1e-6).all())


def _describe_whole(series: Series, unit: str, name: str) -> Finding | None:
    if not name:
        return None
    median = float(np.median(series.values))
    text = f"its values look like {name} (their median is {median:.4g}), where the catalogue has {unit}"
    return Finding(IssueKind.OTHER_UNIT, (), text, span=(series.dates[0].item(), series.dates[-1].item()))


def _find_switch(series: Series, unit: str, powers: tuple[float, ...]) -> Finding | None:
    """Find a row from which on the level is larger or smaller by a power of ten, one of ``powers`` if there are any."""
    sizes = np.abs(series.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.log10(sizes[1:] / sizes[:-1])
    suspects = np.flatnonzero(np.isfinite(steps) & _is_switch(steps, powers))
    rows = [row + 1 for row in suspects.tolist() if _stays(sizes, row + 1, powers)]
    if not rows:
        return None
    row = rows[0]
    before, after = series.values[row - 1], series.values[row]
    text = f"its unit changes on {series.dates[row]}, where it goes from {before:.4g} to {after:.4g}"
    wrong_first = bool(name_unit(series.values[:row])) if powers else False
    wrong_last = bool(name_unit(series.values[row:])) if powers else False
    first = series.dates[0] if wrong_first or not wrong_last else series.dates[row]
    last = series.dates[row] if wrong_first and not wrong_last and len(rows) == 1 else series.dates[-1]
    return Finding(IssueKind.OTHER_UNIT, (), f"{text}; the catalogue has {unit}", span=(first.item(), last.item()))


def _is_switch(steps: Values, powers: tuple[float, ...]) -> np.ndarray:
    if not powers:
        return np.asarray(np.abs(steps) >= MIN_COUNT_FACTOR)
    distances = np.abs(np.abs(steps)[:, None] - np.array(powers)).min(axis=1)
    return np.asarray(distances <= MAX_DISTANCE)


def _stays(sizes: Values, row: int, powers: tuple[float, ...]) -> bool:
    before, after = sizes[max(0, row - ROWS_AROUND) : row], sizes[row : row + ROWS_AROUND]
    if min(len(before), len(after)) < MIN_ROWS_AROUND:
        return False
    low, high = sorted((float(np.median(before)), float(np.median(after))))
    return low > 0.0 and bool(_is_switch(np.array([np.log10(high / low)]), powers)[0])
