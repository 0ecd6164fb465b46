"""Claimed ranges that cannot be judged: impossible in their unit, missed by nothing, or without a side."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite, isinf, isnan, sqrt

from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.verdict import Holds, Range
from groundswell.markets.series.calendar import YEAR
from groundswell.markets.series.catalogue import VOLATILITY_INDICES
from groundswell.markets.studies.factors import FACTORS
from groundswell.model import Measure
from groundswell.wording.figures import DIFFERENCE, RANK, SLOPE, write_size, write_value

DOMAINS: dict[str, Range] = {"share": (0.0, 1.0), DIFFERENCE: (-1.0, 1.0), "return": (-1.0, inf), RANK: (1.0, inf)}
"""The values that are possible at all, by unit."""

LARGEST = {"return": (1.0, 3.0), SLOPE: (0.5, 0.5), "percentage points": (5.0, 20.0)}
"""The largest bounds, near and far, that can be meant: a bound beyond them is in another unit.

Of a return they are those of a year, grow with longer windows, and are half as large for a quarter and less, or for a
mean a year. No interest rate of the catalogue moves by five points on average, and a fund of the longest bonds gains a
third for each point.
"""

SHORTEST = 0.5
"""The share of the largest bounds of a year that is left for windows of half a year and less."""

EXAMPLES = {
    "return": "5 % is 0.05",
    "share": "25 % is 0.25",
    RANK: "the first is 1",
    DIFFERENCE: "5 points are 0.05",
    SLOPE: "5 % per percentage point is 0.05",
    "percentage points": "half a point, or 50 basis points, is 0.5",
}

SIGNED_UNITS = ("return", SLOPE, "percentage points", DIFFERENCE)
"""Units in which an estimate may lie on either side of zero, and zero says that there is nothing."""

UNSIGNED_UNITS = tuple(unit for unit, (least, _) in DOMAINS.items() if least >= 0.0)
"""Units in which no estimate lies below zero."""

HIGH_VOLATILITY = {"return": 0.30, "percentage points": 2.0}
ERRORS_AWAY, FEWEST_EVENTS = 3.0, 5
"""A margin is too wide to be missed where a mean of so few events of so volatile a series is within by so many errors.

The volatility is that of a year, in the unit: a fraction, or points of a rate."""

WIDEST_SLOPE, WIDEST_BETA = 0.1, 0.02
"""The widest margins around zero of a slope per point of a rate, and per point of a return: twice the market."""

WIDEST_DIFFERENCE, WIDEST_SHARE = 0.25, 0.9
"""The widest margin around zero of a difference of shares, and the width of a range of shares."""

EQUIVALENCE = 'holds = "within" with bounds close to zero, such as {}'


def explain_range(claimed: Range, holds: Holds, bound: BoundMeasure) -> str:
    """Say what is wrong with a claimed range in the unit of its measure, and what would be right; "" if nothing is."""
    return next(_list_mistakes(claimed, holds, bound), "")


def explain_outcome(bound: BoundMeasure) -> Iterator[tuple[str, str]]:
    """Say, with the argument, what is wrong with the bound of an outcome that is counted, by the rules of ranges."""
    outcome = getattr(bound.arguments, "outcome", None)
    if outcome is None:
        return
    unit = bound.arguments.value_unit  # type: ignore[attr-defined]
    least = DOMAINS.get(unit, (-inf, inf))[0]
    beyond = (outcome.bound, inf) if outcome.side > 0 else (-inf, outcome.bound)
    if not isfinite(outcome.bound):
        yield outcome.name, "the bound of an outcome is a number"
    elif outcome.side < 0 and outcome.bound == least:
        yield outcome.name, f"no {unit} is below {least:g}, so that nothing can be counted; {EXAMPLES[unit]}"
    else:
        mistakes = (*_check_domain(beyond, unit), *_check_size(beyond, unit, bound))
        yield from ((outcome.name, mistake) for mistake in mistakes[:1])


def _list_mistakes(claimed: Range, holds: Holds, bound: BoundMeasure) -> Iterator[str]:
    (low, high), unit = claimed, bound.unit
    if isnan(low) or isnan(high):
        yield "a bound is not a number; write inf or -inf to leave a side open"
    elif low > high:
        yield f"the range must go from low to high; write [{high:g}, {low:g}]"
    elif isinf(low) and isinf(high):
        yield "a range without bounds is one that nothing can miss; leave at most one side open"
    else:
        yield from _check_domain(claimed, unit)
        if unit == RANK:
            yield from _check_rank(claimed, bound)
        elif holds == "within":
            yield from _check_within(claimed, bound)
        else:
            yield from _check_side(claimed, unit)
        yield from _check_size(claimed, unit, bound)


def _check_domain(claimed: Range, unit: str) -> Iterator[str]:
    least, most = DOMAINS.get(unit, (-inf, inf))
    for bound in claimed:
        if not isinf(bound) and not least <= bound <= most:
            limits = f"lies between {least:g} and {most:g}" if most < inf else f"is never below {least:g}"
            yield f"{bound:g} is impossible: a {unit} {limits}; {EXAMPLES[unit]}"
    low, high = claimed
    if unit in DOMAINS and low <= least and high >= most:
        yield f"every {unit} lies in this range, so that nothing can miss it; claim a part of it"


def _check_size(claimed: Range, unit: str, bound: BoundMeasure) -> Iterator[str]:
    if unit not in LARGEST:
        return
    years = _count_years(bound)
    usual = getattr(bound.arguments, "long", "") not in VOLATILITY_INDICES
    longer = max(years, SHORTEST if usual else 1.0) if unit == "return" else 1.0
    near_limit, far_limit = (limit * longer for limit in LARGEST[unit])
    near, far = sorted(map(abs, claimed))
    size = next((one for one, limit in ((near, near_limit), (far, far_limit)) if limit < one < inf), None)
    if size is not None:
        yield f"{size:g} would be {write_size(size, unit)}, which cannot be meant; {EXAMPLES[unit]}"


def _check_rank(claimed: Range, bound: BoundMeasure) -> Iterator[str]:
    """Check the bounds of a rank, which are whole numbers, against how many there are."""
    low, high = claimed
    ranked = len(getattr(bound.arguments, "peers", ())) + 1
    if any(not (isinf(one) or one.is_integer()) for one in claimed):
        yield "a rank is a whole number; give whole bounds: the first is 1"
    elif low > ranked:
        yield f"{low:g} is impossible: {ranked} are ranked; the last is {ranked}"
    elif low <= 1.0 and high >= ranked:
        yield f"{ranked} are ranked, and every rank lies in this range, so that nothing can miss it; claim a part of it"


def _check_side(claimed: Range, unit: str) -> Iterator[str]:
    low, high = claimed
    if low == high == 0.0:
        yield (
            "the range claims exactly zero, which no estimate is; for a claim of no difference write an equivalence: "
            f"{_write_equivalence(unit)}"
        )
    elif low < 0.0 < high:
        yield (
            "zero is inside the range, so that gains and losses reach it alike and no side is claimed: the range must "
            f"lie on one side of zero; for a claim of no difference write an equivalence: {_write_equivalence(unit)}"
        )
    elif unit == "share" and low <= 0.0:
        yield 'no share is below zero, so that nothing can miss this range; claim more than 0, or holds = "within"'


def _check_within(claimed: Range, bound: BoundMeasure) -> Iterator[str]:
    (low, high), unit = claimed, bound.unit
    if low == high:
        yield "no estimate is exactly one number; give two bounds, lower one first"
    elif isinf(low) or isinf(high):
        yield (
            "a range that is open has no two bounds to lie within, and one with zero inside hardly anything can miss; "
            "close it, or claim what is reached: leave holds out; for a claim of no difference write "
            f"{_write_equivalence(unit)}"
        )
    elif unit == "share" and high - low >= WIDEST_SHARE:
        yield f"{write_value(low, unit)} to {write_value(high, unit)} is a range that hardly any share can miss"
    elif low < 0.0 < high and min(-low, high) > _find_widest(bound):
        yield (
            f"{write_value(low, unit)} to {write_value(high, unit)} is a range that nothing can miss: the mean of a "
            "handful of events, or a slope on a few years, would lie within it by chance; a claim of no difference is "
            f"an equivalence and needs {_write_equivalence(unit)}"
        )


def _find_widest(bound: BoundMeasure) -> float:
    """Find the widest margin around zero that an estimate could miss, in its unit."""
    if bound.unit in HIGH_VOLATILITY:
        return ERRORS_AWAY * HIGH_VOLATILITY[bound.unit] * sqrt((_count_years(bound) or 1.0) / FEWEST_EVENTS)
    if bound.unit == SLOPE:
        factor = FACTORS.get(getattr(bound.arguments, "factor", ""))
        return WIDEST_SLOPE if factor is None or factor.plus.measure is Measure.RATE else WIDEST_BETA
    return WIDEST_DIFFERENCE if bound.unit == DIFFERENCE else inf


def _write_equivalence(unit: str) -> str:
    margin = {SLOPE: 0.005, "percentage points": 0.25}.get(unit, 0.02)
    return EQUIVALENCE.format(f"[-{margin:g}, {margin:g}]")


def _count_years(bound: BoundMeasure) -> float:
    """Count the years of the window by its arguments; 0 where it has none."""
    horizon, unit = getattr(bound.arguments, "horizon", 0), getattr(bound.arguments, "unit", "sessions")
    years = getattr(bound.arguments, "years", None) or 0
    return float(horizon / (12 if unit == "months" else YEAR) if horizon else years)
