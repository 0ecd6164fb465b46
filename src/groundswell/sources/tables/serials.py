"""Days as the numbers that Excel stores them as."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np

from groundswell.sources.tables.rhythm import has_weekends

EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
"""Day 0 of the two systems of dates, by whether it is that of 1904. The first takes 1900 for a leap year, so that it
is right from March 1900."""

FIRST_SERIAL, LAST_SERIAL = 5000, 80000
"""Days of 1913 to 2119, as numbers: smaller and larger numbers are no days."""

_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")


def write_serial(cell: str, epoch: dt.date) -> str:
    """Return the day of a cell that has it as a number of days, in digits; other cells as they are."""
    if _SERIAL.fullmatch(cell) and FIRST_SERIAL <= float(cell) <= LAST_SERIAL:
        return (epoch + dt.timedelta(days=int(float(cell)))).isoformat()
    return cell


def write_serial_column(cells: Sequence[str], latest: dt.date) -> tuple[Sequence[str], str]:
    """Return a column of days in which all are numbers with their days in digits, and how they were counted.

    A text does not say from which year Excel counts. It is 1904 if only then all days are on weekdays, or none is
    after ``latest``. A column with other cells is returned as it is, without words.
    """
    present = [cell.strip() for cell in cells if cell.strip()]
    if not present or not all(_SERIAL.fullmatch(cell) and len(cell.split(".")[0]) == 5 for cell in present):
        return cells, ""
    written = {year: [write_serial(cell.strip(), epoch) for cell in cells] for year, epoch in EPOCHS.items()}
    days = {is_1904: np.array([one for one in texts if one], "datetime64[D]") for is_1904, texts in written.items()}
    fits = {is_1904: not has_weekends(each) and bool((each <= latest).all()) for is_1904, each in days.items()}
    is_1904 = fits[True] and not fits[False]
    return written[is_1904], f"numbers of days, counted from {1904 if is_1904 else 1900}"
