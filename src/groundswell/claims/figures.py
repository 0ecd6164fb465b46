"""How figures are written for readers: changes signed, with a proper minus; zero never signed."""

from __future__ import annotations

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
