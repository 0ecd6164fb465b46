"""P-values corrected for their number."""

from __future__ import annotations

from collections.abc import Sequence


def adjust_by_holm(values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values for their number, in the order given.

    S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979).
    """
    adjusted = [1.0] * len(values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = highest
    return tuple(adjusted)
