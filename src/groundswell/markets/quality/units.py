"""Units against the catalogue: percent sent as fractions or basis points, in all rows or after some day."""

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
CHANGES_AROUND, MIN_CHANGES_AROUND = 60, 20
MIN_USUAL_CHANGES, MIN_RATIO_OF_BLOCKS = 8.0, 40.0
"""Where the unit of a spread near zero switches, its change is at least so many times the smaller usual ones."""
MAX_DISTANCE = 0.3
"""In powers of ten: a switch multiplies by 100 or 10,000 up to a factor of two, and the level stays there."""

MIN_COUNT_FACTOR = 1.4
"""Counts and amounts may switch by any power of ten: a level that grows 25 times in a row is a switch."""

MIN_INDEX, MAX_INDEX = 2.0, 200.0
"""The median of a volatility index in points is between them; as a fraction, or in hundredths, it is not."""


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
        level = float(np.median(np.abs(values)))
        name = "fractions" if level < MIN_INDEX else "hundredths" if level > MAX_INDEX else ""
        return _describe_whole(series, family.unit, name)
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
    is_step = np.isfinite(steps) & _is_switch(steps, powers)
    changes = np.diff(series.values)
    rows = [row + 1 for row in np.flatnonzero(is_step).tolist() if _stays(sizes, row + 1, powers)]
    if powers and not rows and (series.values < 0.0).any() and _differ_in_size(changes):
        suspects = np.flatnonzero(is_step | (np.abs(changes) > MIN_USUAL_CHANGES * _smaller_change(changes)))
        rows = [row + 1 for row in suspects.tolist() if _moves_otherwise(changes, row, powers)]
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


def _moves_otherwise(changes: Values, row: int, powers: tuple[float, ...]) -> bool:
    """Whether the usual change switches too: the level of a spread that goes through zero shows no unit."""
    before, after = np.abs(changes[max(0, row - CHANGES_AROUND) : row]), np.abs(changes[row + 1 :][:CHANGES_AROUND])
    before, after = before[before > 0.0], after[after > 0.0]
    if min(len(before), len(after)) < MIN_CHANGES_AROUND:
        return False
    step = np.log10(float(np.median(after)) / float(np.median(before)))
    return bool(_is_switch(np.array([step]), powers)[0])


def _smaller_change(changes: Values) -> float:
    """Return a usual size of the smaller changes: of the part in smaller units, if there is one."""
    moved = np.abs(changes[changes != 0.0])
    return float(np.quantile(moved, 0.02)) if len(moved) else 0.0


def _differ_in_size(changes: Values) -> bool:
    """Whether some sixty changes in a row are far larger than others, as a quick test of the whole series."""
    moved = np.abs(changes[changes != 0.0])
    blocks = [block for block in np.array_split(moved, max(1, len(moved) // CHANGES_AROUND)) if len(block)]
    medians = [float(np.median(block)) for block in blocks]
    return len(medians) > 1 and max(medians) > MIN_RATIO_OF_BLOCKS * min(medians)
