"""The rules that turn a summary into a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from typing import Literal

from groundswell.claims.inference.summary import Summary
from groundswell.model import CONFIRMABLE, JUDGED, Verdict
from groundswell.wording.figures import write_value
from groundswell.wording.plurals import pluralise

Range = tuple[float, float]
Holds = Literal["reaches", "within"]


def claimed_side(claimed: Range) -> int:
    """Return 1 where the range claims gains, -1 for losses. Raises ``ValueError`` where it straddles zero."""
    low, high = claimed
    if low > high:
        raise ValueError("the range must go from low to high")
    if low >= 0.0 < high:
        return 1
    if low < 0.0 >= high:
        return -1
    raise ValueError("the range must lie on one side of zero; otherwise no side is claimed")


def claims_sign_alone(claimed: Range, holds: Holds) -> bool:
    """Whether a claim is only of the side of zero on which an estimate lies, so that no unit matters to it."""
    return holds == "reaches" and claimed in ((0.0, inf), (-inf, 0.0))


def find_near_end(claimed: Range) -> float:
    """Return the end of a range that an estimate must reach: the one nearer to zero on the claimed side."""
    return claimed[0] if claimed_side(claimed) > 0 else claimed[1]


def find_null(null: float, claimed: Range) -> float:
    """Find what an interval must exclude for support: ``null``, or the near end where that asks for less."""
    side = claimed_side(claimed)
    return side * min(side * null, side * find_near_end(claimed))


def count_hits(values: Iterable[float], claimed: Range, holds: Holds) -> int:
    """Count the values in or beyond the claimed range on its side, or within it where the claim is that they are."""
    low, high = claimed
    if holds == "within":
        return sum(low <= value <= high for value in values)
    side = claimed_side(claimed)
    near = side * find_near_end(claimed)
    return sum(side * value >= near for value in values)


def decide(
    summary: Summary, claimed: Range, minimum: int, unit: str = "return", holds: Holds = "reaches"
) -> tuple[Verdict, str]:
    """Decide on a claimed range of an estimate, and return the verdict with the reason in one sentence.

    With fewer than ``minimum`` observations, or with equal ones, there are insufficient data. A claim that the
    estimate *reaches* the range is supported when the estimate lies in or beyond the range on the claimed side and the
    interval excludes zero (for a frequency one half, or the near end of the range where that is less); it is refuted
    when the whole interval falls short of the range. A claim that the estimate lies *within* the range is supported
    when the whole interval does, and refuted when none of it does. Otherwise the verdict is inconclusive. Refuting a
    claim does not assert its opposite.
    """
    observed = summary.counted if summary.n == 1 else pluralise(summary.counted)
    if summary.n >= minimum and summary.is_flat:
        over = f"{summary.named} {write_value(summary.mean, unit)} over {summary.n:,} {observed}"
        if summary.median is None:
            return Verdict.INSUFFICIENT, f"{over}, without any error: what holds exactly has no interval and no p-value"
        return Verdict.INSUFFICIENT, (
            f"{over} that do not differ: they do not show how much such values vary, so that there is no interval and "
            "no p-value"
        )
    bounds = summary.bounds
    if summary.n < minimum:
        return Verdict.INSUFFICIENT, f"{summary.n:,} {observed} measured, at least {minimum} are needed"
    if summary.mean is None or bounds is None:
        return Verdict.INSUFFICIENT, f"{summary.n:,} {observed} measured, too few in a part of them for an estimate"
    figures = f"{summary.named} {write_value(summary.mean, unit)} over {summary.n:,} {observed}"
    if summary.ci_low is not None:
        named = "95 % interval" if summary.sampled else "by rounding"
        figures += f", {named} {write_value(bounds[0], unit)} to {write_value(bounds[1], unit)}"
    if holds == "within":
        verdict, words = _within(*bounds, claimed, unit)
    else:
        verdict, words = _reaches(summary, summary.mean, bounds, claimed, unit)
    return verdict, f"{figures}: {words}"


def is_confirmed(
    verdict: Verdict, summary: Summary, sequence: Range | None, claimed: Range, holds: Holds = "reaches"
) -> bool | None:
    """Whether a verdict is supported or refuted, and the same with a confidence sequence in place of the interval.

    None of a fact that was judged: there is nothing to confirm.
    """
    if not summary.sampled and verdict in JUDGED:
        return None
    if verdict not in CONFIRMABLE or sequence is None:
        return False
    watched = replace(summary, ci_low=sequence[0], ci_high=sequence[1])
    return decide(watched, claimed, 0, holds=holds)[0] is verdict


def _reaches(
    summary: Summary, mean: float, interval: tuple[float, float], claimed: Range, unit: str
) -> tuple[Verdict, str]:
    side, named = claimed_side(claimed), summary.named
    # Seen from the claimed side, so that one set of rules serves gains and losses.
    near = side * find_near_end(claimed)
    low, high = sorted((side * interval[0], side * interval[1]))
    bound = write_value(side * near, unit)
    short = f"falls short of {bound}" if near else "lies on the other side of zero"
    if high < near:
        return Verdict.REFUTED, f"all of it {short}"
    if side * mean < near:
        return Verdict.INCONCLUSIVE, f"the {named} {short}, the interval reaches {'it' if near else 'across'}"
    reached = f"reaches {bound}" if near else "lies on the claimed side of zero"
    null = find_null(summary.null, claimed)
    excluded = write_value(null, unit) if null else "zero"
    if low <= side * null:
        return Verdict.INCONCLUSIVE, f"the {named} {reached}, but the interval includes {excluded}"
    return Verdict.SUPPORTED, f"the {named} {reached} and the interval excludes {excluded}"


def _within(low: float, high: float, claimed: Range, unit: str) -> tuple[Verdict, str]:
    if claimed[0] == claimed[1]:
        verdict, words = _equals(low, high, claimed[0])
        return verdict, f"{words} {write_value(claimed[0], unit)}"
    bounds = f"{write_value(claimed[0], unit)} to {write_value(claimed[1], unit)}"
    if claimed[0] <= low and high <= claimed[1]:
        return Verdict.SUPPORTED, f"all of it lies within {bounds}"
    if high < claimed[0] or low > claimed[1]:
        return Verdict.REFUTED, f"none of it lies within {bounds}"
    return Verdict.INCONCLUSIVE, f"part of it lies outside {bounds}"


def _equals(low: float, high: float, claimed: float) -> tuple[Verdict, str]:
    """Compare the whole numbers that are possible with the only one that is claimed."""
    if low == high == claimed:
        return Verdict.SUPPORTED, "it is"
    return (Verdict.INCONCLUSIVE, "it need not be") if low <= claimed <= high else (Verdict.REFUTED, "it is not")
