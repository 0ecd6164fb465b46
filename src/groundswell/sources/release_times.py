"""When a value became known, and what kind of value a macro series holds.

Files say which day a value is *of*, not when it was *published*. These rules give the latest usual time, so that a
page as of a past day never sees a number early. All instants are UTC.

| values | known |
|---|---|
| prices and total returns | 21:00 of their day: the close in New York (20:00 in summer) |
| daily rates and levels | 21:30 of the next day: the Treasury's and the Federal Reserve's daily releases |
| weekly series | 6 days after their day at 21:30; the balance sheet (``WALCL``) 1 day after |
| monthly series, dated on the first of the month | 45 days after that day at 21:30 |
| factor returns, dated on the last of the month | 30 days after that day at 21:30 |
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.indicators.policy_path import MEETING
from groundswell.markets.studies.factors import REVISED
from groundswell.model import Frequency, Measure, Series, SeriesRef

__all__ = ["AHEAD", "REVISED", "delay_in_words", "frequency_of", "is_index", "is_macro", "known_at", "macro_measure"]

LEVELS = frozenset({"ICSA", "PAYEMS", "WALCL", "VIXCLS", "NFCI", "ANFCI", "STLFSI4"})
"""Macro series that are not in percent."""

AHEAD = frozenset({MEETING.id})
"""Series of days to come: schedules, known before the days that they are about."""

RATES = frozenset({"DFF", "FEDFUNDS", "UNRATE", "SOFR", "OBFR", "IORB", "BAMLH0A0HYM2", "AAA10Y", "BAA10Y"})
RATE_PREFIXES = ("DGS", "DFII", "DFEDTAR", "T10Y", "T5Y")

_CLOSE = np.timedelta64(21, "h")
_RELEASE = np.timedelta64(21 * 60 + 30, "m")
_LAG_DAYS = {
    (Measure.PERIOD_RETURN, Frequency.MONTHLY): 30,
    (Measure.RATE, Frequency.WEEKLY): 6,
    (Measure.LEVEL, Frequency.WEEKLY): 6,
    (Measure.RATE, Frequency.MONTHLY): 45,
    (Measure.LEVEL, Frequency.MONTHLY): 45,
}
_LAG_DAYS_OF = {"WALCL": 1}


def macro_measure(name: str) -> Measure:
    """What a macro series holds: a level where it is known to be one, otherwise a rate in percent."""
    return Measure.LEVEL if name in LEVELS else Measure.RATE


def is_macro(name: str) -> bool:
    """Whether a column of this name is known to be a macro series and not a symbol."""
    return name in LEVELS or name in RATES or name.startswith(RATE_PREFIXES)


def is_index(symbol: str) -> bool:
    """Whether a symbol is that of an index: its values leave out dividends, whatever its column is called."""
    return symbol.startswith("^")


def known_at(ref: SeriesRef, frequency: Frequency, dates: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The instant (``datetime64[s]``, UTC) by which the value of each date was known, by the rules above."""
    if ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN):
        delay = _CLOSE
    else:
        lag = _LAG_DAYS_OF.get(ref.id, _LAG_DAYS.get((ref.measure, frequency), 1))
        delay = np.timedelta64(lag, "D") + _RELEASE
    instants: NDArray[np.datetime64] = np.add(dates.astype("datetime64[s]"), delay)
    return instants


def delay_in_words(one: Series) -> str:
    """How long after its day a value of the series becomes known, such as "at the close" or "6 days after"."""
    days = int((one.known_at[-1] - one.dates[-1]).astype("timedelta64[D]").astype(int))
    words = {0: "at the close", 1: "the day after"}.get(days, f"{days} days after" if days > 0 else "ahead")
    return f"{words}, revised later" if one.revised else words


def frequency_of(dates: NDArray[np.datetime64]) -> Frequency:
    """Daily, weekly or monthly by the usual distance between dates; a single date counts as daily."""
    usual = float(np.median(np.diff(dates).astype(np.int64))) if len(dates) > 1 else 1.0
    if usual < 5:
        return Frequency.DAILY
    return Frequency.WEEKLY if usual < 15 else Frequency.MONTHLY
