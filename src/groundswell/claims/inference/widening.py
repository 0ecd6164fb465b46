"""How much wider an interval is whose error allows for dependence over lags."""

from __future__ import annotations

KIEFER_VOGELSANG_TERMS = (1.96, 2.9694, 0.4160, -0.5324)
"""The published polynomial of the 97.5 % quantile in the share of lags: the constant first, as it was rounded there."""


def compute_widening(lags: int, n: int) -> float:
    """Return the factor for an interval whose error has Bartlett weights over ``lags`` lags of ``n`` rows; 1 for none.

    Such an error is itself uncertain, and too small on average, the more so the more lags there are for n. The quantile
    of N. M. Kiefer and T. J. Vogelsang, "A New Asymptotic Theory for Heteroskedasticity-Autocorrelation Robust Tests"
    (2005), table 1, allows for both; this is its ratio to the normal one. Measured in docs/decisions/0008.
    """
    share = (lags + 1.0) / n if lags else 0.0
    normal, *terms = KIEFER_VOGELSANG_TERMS
    return 1.0 + sum(term * share**power for power, term in enumerate(terms, start=1)) / normal
