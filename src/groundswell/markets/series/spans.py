"""Where a series ought to begin, so that a history that leaves out years is noticed."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

from groundswell.model import Measure, SeriesRef

LATE = timedelta(days=120)
"""A history that begins later than its day by more than this leaves something out: funds begin to trade some days after
their inception, and sources begin with different days of a month."""

_FIRST_DAYS = MappingProxyType(
    {
        # Funds, by their inception as their publishers state it.
        "SPY": date(1993, 1, 22),
        "XLI": date(1998, 12, 16),
        "IVV": date(2000, 5, 15),
        "IWM": date(2000, 5, 22),
        "IJR": date(2000, 5, 22),
        "IEF": date(2002, 7, 22),
        "TLT": date(2002, 7, 22),
        "LQD": date(2002, 7, 22),
        "RSP": date(2003, 4, 24),
        "XBI": date(2006, 1, 31),
        "KRE": date(2006, 6, 19),
        "HYG": date(2007, 4, 4),
        # Indices, from where every source has them.
        "^GSPC": date(1990, 1, 2),
        "^RUT": date(1990, 1, 2),
        "^VIX": date(1990, 1, 2),
        "VIXCLS": date(1990, 1, 2),
        # Rates and spreads, from where the shorter of their official sources begins.
        "DGS2": date(1990, 1, 2),
        "DGS5": date(1990, 1, 2),
        "DGS10": date(1990, 1, 2),
        "DGS30": date(1990, 1, 2),
        "T10Y2Y": date(1990, 1, 2),
        "BAA10Y": date(1990, 1, 2),
        "DFF": date(2000, 7, 3),
        "DFEDTARL": date(2008, 12, 16),
        "DFEDTARU": date(2008, 12, 16),
        "BAMLH0A0HYM2": date(1996, 12, 31),
    }
)


def expected_first(ref: SeriesRef) -> date | None:
    """Return the day by which a series ought to begin; None where that is not known."""
    return _FIRST_DAYS.get(ref.id) if ref.measure is not Measure.PERIOD_RETURN else None


def begins_late(ref: SeriesRef, first: date) -> bool:
    """Whether a history of a series whose first value is of this day leaves out years."""
    expected = expected_first(ref)
    return expected is not None and first - expected > LATE
