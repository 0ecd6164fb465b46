"""Inference from the signs of values."""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.markets.studies.distributions import compute_sign_share


def sign_p(values: Sequence[float]) -> float | None:
    """Compute the two-sided p-value of the sign test: how often fair coins fall at least as unevenly as the signs.

    Values of zero are left out (W. J. Dixon and A. M. Mood, 1946); None where all are zero.
    """
    gains, losses = sum(value > 0 for value in values), sum(value < 0 for value in values)
    count = gains + losses
    return min(1.0, 2.0 * compute_sign_share(min(gains, losses), count)) if count else None
