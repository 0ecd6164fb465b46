"""How figures are written for readers: changes signed, with a proper minus; zero never signed."""

from __future__ import annotations

import math
from collections.abc import Callable

SLOPE = "return per percentage point"
DIFFERENCE = "difference of shares"
"""A fraction, told in percentage points: two shares of 12 and 10 % are 2 points apart, not 2 %."""
MINUS = "\N{MINUS SIGN}"
SMALL_SHARE = 0.005  # below it a share is written with one digit more


def written(value: float, unit: str | None) -> str:
    """Write a value in its unit: "+5.0 %", "0.22 %", "62.7 %", "+6.81 % per percentage point", "+1.25 points".

    ``value`` is a fraction for the units "return", "share", "difference of shares" and those per percentage point.
    """
    if unit == "return":
        return percent(value)
    if unit == "share":
        return f"{100 * value:.{2 if 0 < abs(value) < SMALL_SHARE else 1}f} %".replace("-", MINUS)
    if unit == DIFFERENCE:
        return f"{signed(100 * value, 1)} percentage points"
    if unit == SLOPE:
        return f"{signed(100 * value, 2)} % per percentage point"
    return f"{signed(value, 2)} {unit or ''}".rstrip()


def percent(fraction: float) -> str:
    """Write a fraction as signed percent with one decimal, such as "+5.0 %" or "−0.4 %"."""
    return f"{signed(100 * fraction, 1)} %"


def signed(value: float, digits: int) -> str:
    """Write a number with its sign and so many decimals; what rounds to zero has no sign."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", MINUS) if rounded else f"{0:.{digits}f}"


ABSENT = "not measured yet"


def format_value(value: float | None, unit: str | None) -> str:
    """Write a value for readers, in its unit; None reads "not measured yet"."""
    return ABSENT if value is None else written(value, unit)


def format_figure(value: float, unit: str) -> str:
    """Write a figure of the state of the trade: only changes, returns and distances bear a plus sign."""
    if unit in ("return", "share"):
        return format_value(value, unit)
    if unit == "basis points":
        return f"{signed(value, 0)} bp"
    digits = {"sessions": 0, "points": 1}.get(unit, 2)
    return f"{value:,.{digits}f} {'%' if unit == 'percent' else unit}".replace("-", MINUS)


def format_interval(
    low: float | None, high: float | None, unit: str | None, write: Callable[[float, str | None], str] = format_value
) -> str:
    """Write ``low to high``, each bound by ``write``; a bound at infinity is told in words, absent ones as absent."""
    if low is None or high is None:
        return ABSENT
    if math.isinf(high):
        return f"{write(low, unit)} or more"
    if math.isinf(low):
        return f"{write(high, unit)} or less"
    last = write(high, unit)
    tail = last[last.find(" per ") :] if " per " in last else ""  # the unit's last words are said once
    return f"{write(low, unit).removesuffix(tail)} to {last}"
