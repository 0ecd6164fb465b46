"""The equal weights of an index at each reset, and their drift until the next reset."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

import numpy as np

from groundswell.markets.series.calendar import Days, on_or_before

WEIGHTS = MappingProxyType(
    {
        "reset": "the equal weight at the reset, one over the number of companies",
        "p10": "the weight below which a tenth of the companies lie at the quarter's end",
        "p50": "the weight of the company in the middle at the quarter's end",
        "p90": "the weight above which a tenth of the companies lie at the quarter's end",
        "drift": "the mean distance from the equal weight at the quarter's end, as a share of it",
    }
)


def list_resets(first: int, last: int) -> Days:
    """Return the sessions at whose close the index is reset: third Fridays of March, June, September and December."""
    months = [np.datetime64(f"{year}-{month:02d}") for year in range(first, last + 1) for month in (3, 6, 9, 12)]
    fridays = np.busday_offset(np.array(months), 2, roll="forward", weekmask="Fri")
    return on_or_before(fridays.astype("datetime64[D]"))


def find_reset_before(day: dt.date) -> dt.date:
    """Return the last reset before a day."""
    last: dt.date = max(reset for reset in list_resets(day.year - 1, day.year).tolist() if reset < day)
    return last
