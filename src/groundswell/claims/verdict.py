"""The rules that turn a summary into a verdict."""

from __future__ import annotations

from groundswell.claims.inference import Summary
from groundswell.types import Verdict

Range = tuple[float, float]


def claimed_side(claimed: Range) -> int:
    """Whether the range claims gains (1) or losses (-1). A range that straddles zero claims neither: ``ValueError``."""
    low, high = claimed
    if low > high:
        raise ValueError("the range must be written from low to high")
    if low >= 0.0 < high:
        return 1
    if low < 0.0 >= high:
        return -1
    raise ValueError("the range must lie on one side of zero, or no side is claimed")


def decide(summary: Summary, claimed: Range, minimum: int) -> tuple[Verdict, str]:
    """Give the verdict on a claimed range of a mean return, and the reason in one sentence.

    Insufficient data with fewer than ``minimum`` events; supported when the mean lies in or beyond the range on the
    claimed side and the interval excludes zero; refuted when the whole interval lies short of the range; otherwise
    inconclusive. Refuting asserts nothing about the opposite.
    """
    if summary.n < minimum or summary.mean is None or summary.ci_low is None or summary.ci_high is None:
        events = "event" if summary.n == 1 else "events"
        return Verdict.INSUFFICIENT, f"{summary.n} {events} measured, at least {minimum} are needed"
    side = claimed_side(claimed)
    # Seen from the claimed side, so that one set of rules serves gains and losses.
    near = min(side * claimed[0], side * claimed[1])
    low, high = sorted((side * summary.ci_low, side * summary.ci_high))
    figures = (
        f"mean {percent(summary.mean)} over {summary.n} events, "
        f"95 % interval {percent(summary.ci_low)} to {percent(summary.ci_high)}"
    )
    bound = percent(side * near)
    if high < near:
        return Verdict.REFUTED, f"{figures}: all of it falls short of {bound}"
    if side * summary.mean < near:
        return Verdict.INCONCLUSIVE, f"{figures}: the mean falls short of {bound}, the interval reaches it"
    if low <= 0.0:
        return Verdict.INCONCLUSIVE, f"{figures}: the mean reaches {bound}, but the interval includes zero"
    return Verdict.SUPPORTED, f"{figures}: the mean reaches {bound} and the interval excludes zero"


def percent(fraction: float) -> str:
    """A fraction as signed percent with one decimal, such as "+5.0 %" or "−0.4 %"."""
    return f"{fraction * 100:+.1f} %".replace("-", "−")
