"""The confidence sequence of an estimate, from what was measured."""

from __future__ import annotations

from groundswell.claims.estimand import BoundMeasure, EstimandKind, Measurement
from groundswell.claims.inference.sequences import Bounds, bound_estimate
from groundswell.claims.inference.summary import Summary
from groundswell.claims.spec import MeasureSpec


def bound_by_sequence(
    summary: Summary, measurement: Measurement, bound: BoundMeasure, measure: MeasureSpec
) -> Bounds | None:
    """Bound the estimate at all looks together; the mean of shares is bounded by betting on them.

    An outcome in doubt counts against a share in the lower bound, and for it in the upper one, as in its interval.
    """
    law, minimum = measurement.law, measure.minimum_events or bound.estimand.minimum
    are_shares = bound.unit == "share" and bound.estimand.kind is EstimandKind.EVENTS
    lowest = 0.0 if are_shares else law.lowest
    if lowest is None:
        return bound_estimate(summary, minimum, moving=bound.estimand.moving)
    is_doubtful = any(event.date in law.doubtful for event in measurement.values)
    bounds = []
    for outcome in (0.0, 1.0) if is_doubtful else (0.0,):
        values = [outcome if event.date in law.doubtful else event.value - lowest for event in measurement.values]
        found = bound_estimate(summary, minimum, values, moving=bound.estimand.moving)
        if found is None:
            return None
        bounds.append(found)
    return bounds[0][0] + lowest, bounds[-1][1] + lowest
