"""Figures as readers see them: changes with a sign, a proper minus, and no sign for zero."""

from __future__ import annotations

import math
from collections.abc import Callable

SLOPE = "return per percentage point"
DIFFERENCE = "difference of shares"
"""A fraction written in percentage points: shares of 12 % and 10 % are 2 points apart, not 2 %."""

RANK = "rank"
"""A place among others, 1 for the first."""

NOT_MEASURED_YET = "not measured yet"
SMALL_SHARE = 0.005
"""A share below this is written with two decimals instead of one."""

MINUS = "\N{MINUS SIGN}"


def use_minus_sign(text: str) -> str:
    """Replace each hyphen in a written figure by a minus sign."""
    return text.replace("-", MINUS)


def write_signed(value: float, digits: int) -> str:
    """Write a number with its sign and ``digits`` decimals; a number that rounds to zero has no sign."""
    rounded = round(value, digits)
    return use_minus_sign(f"{rounded:+.{digits}f}") if rounded else f"{0:.{digits}f}"


def write_percent(fraction: float) -> str:
    """Write a fraction as signed percent with one decimal, such as "+5.0 %" or "−0.4 %"."""
    return f"{write_signed(100 * fraction, 1)} %"


def write_value(value: float | None, unit: str | None, absent: str = NOT_MEASURED_YET) -> str:
    """Write a value in its unit: "+5.0 %", "0.22 %", "62.7 %", "+6.81 % per percentage point", "+1.25 points".

    ``value`` is a fraction for the units "return", "share", "difference of shares" and those per percentage point.
    Return ``absent`` for None.
    """
    if value is None:
        return absent
    write = _WRITERS.get(unit or "")
    return write(value) if write else f"{write_signed(value, 2)} {unit or ''}".rstrip()


def write_size(value: float, unit: str | None) -> str:
    """Write how large a value is, whatever its sign: "5.0 %"."""
    return write_value(abs(value), unit).removeprefix("+")


def _write_share(value: float) -> str:
    return use_minus_sign(f"{100 * value:.{2 if 0 < abs(value) < SMALL_SHARE else 1}f} %")


_WRITERS: dict[str, Callable[[float], str]] = {
    "return": write_percent,
    "share": _write_share,
    DIFFERENCE: lambda value: f"{write_signed(100 * value, 1)} percentage points",
    SLOPE: lambda value: f"{write_signed(100 * value, 2)} % per percentage point",
    RANK: lambda value: f"rank {value:.0f}",
}


def write_level(value: float, unit: str) -> str:
    """Write the value of a gauge or a chart; only returns and distances in basis points have a plus sign."""
    if unit in ("return", "share"):
        return write_value(value, unit)
    if unit == "basis points":
        return f"{write_signed(value, 0)} bp"
    digits = {"sessions": 0, "points": 1}.get(unit, 2)
    return use_minus_sign(f"{value:,.{digits}f} {'%' if unit == 'percent' else unit}")


def write_interval(
    low: float | None,
    high: float | None,
    unit: str | None,
    write: Callable[[float | None, str | None], str] = write_value,
    absent: str = NOT_MEASURED_YET,
) -> str:
    """Write ``low to high``, each bound by ``write``; words stand for an infinite bound, ``absent`` for None."""
    if low is None or high is None:
        return absent
    if math.isinf(high):
        return f"{write(low, unit)} or more"
    if math.isinf(low):
        return f"{write(high, unit)} or less"
    last = write(high, unit)
    shared_ending = last[last.find(" per ") :] if " per " in last else ""
    return f"{write(low, unit).removesuffix(shared_ending)} to {last}"
