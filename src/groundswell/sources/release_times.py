"""When a value became known, and how often a series has one.

Files say which day a value is *of*, not when it was *published*. The catalogue of series gives the latest usual time
of each release, so that a page as of a past day never shows a number early. All times are UTC.

| values | known |
|---|---|
| prices and total returns | 21:00 of their day: the close in New York (20:00 in summer) |
| daily rates and levels | 21:30 of the next day: the daily releases of the Treasury and the Federal Reserve |
| weekly series | 6 days after their day at 21:30; the balance sheet (``WALCL``) 1 day after |
| monthly series, dated on the first of the month | 45 days after that day at 21:30 |
| factor returns, dated on the last of the month | 30 days after that day at 21:30 |
| annual accounts of groups of companies | 30 June of the next year at 21:30 |
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.catalogue import family_of
from groundswell.model import Frequency, Series, SeriesRef


def known_at(ref: SeriesRef, frequency: Frequency, dates: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return when the value of each date was known (``datetime64[s]``, UTC), by the catalogue's release times."""
    return family_of(ref).find_releases(ref.measure, frequency, dates)


def delay_in_words(series: Series) -> str:
    """Write how long after its day the newest value became known, such as "at the close" or "6 days after"."""
    days = int((series.known_at[-1] - series.dates[-1]).astype("timedelta64[D]").astype(int))
    words = {0: "at the close", 1: "the day after"}.get(days, f"{days} days after" if days > 0 else "ahead")
    return f"{words}, revised later" if series.revised else words


def frequency_of(dates: NDArray[np.datetime64]) -> Frequency:
    """Return daily, weekly or monthly by the median distance between dates; a single date counts as daily."""
    distances = np.diff(dates.astype(np.int64))
    if np.count_nonzero(distances < 5) * 2 > len(distances) + 1 or len(dates) < 2:  # a count is faster than a median
        return Frequency.DAILY
    median_days = float(np.median(distances))
    if median_days < 5:
        return Frequency.DAILY
    return Frequency.WEEKLY if median_days < 15 else Frequency.MONTHLY
