"""Makes series for tests of every package."""

from __future__ import annotations

import numpy as np

from groundswell.model import Frequency, Measure, Series, SeriesRef

CLOSE, NEXT_EVENING = 21, 45  # hours after the start of a day, UTC: a price's release time and a rate's


def make_series(
    name: str,
    dates: np.ndarray,
    values: np.ndarray,
    measure: Measure = Measure.TOTAL_RETURN,
    release_hours: int | None = None,
) -> Series:
    """A daily series; its values are known at the close, those of a rate in the evening after."""
    if release_hours is None:
        release_hours = NEXT_EVENING if measure is Measure.RATE else CLOSE
    known = dates.astype("datetime64[s]") + np.timedelta64(release_hours, "h")
    return Series(SeriesRef(name, measure), Frequency.DAILY, f"made {name}", dates, np.asarray(values, float), known)
