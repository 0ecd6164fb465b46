"""Dates as readers see them."""

from __future__ import annotations

import datetime as dt

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def write_day(day: dt.date) -> str:
    """Write a day, or the day of an instant, as "18 September 2024", whatever the locale."""
    return f"{day.day} {write_month(day)}"


def write_month(day: dt.date) -> str:
    """Write the month of a day as "September 2024"."""
    return f"{MONTHS[day.month - 1]} {day.year}"
