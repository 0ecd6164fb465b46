"""Between which levels the values of a series have ever been, by a wide margin."""

from __future__ import annotations

import re

from groundswell.markets.series.catalogue import VOLATILITY_INDICES, is_index, macro_family

PERCENT = (-20.0, 100.0)
LEVELS = {
    "ICSA": (2e4, 2e7),
    "PAYEMS": (1e4, 1e6),
    "WALCL": (1e5, 1e8),
    "VIXCLS": (3.0, 200.0),
    **dict.fromkeys(VOLATILITY_INDICES, (3.0, 300.0)),
    **dict.fromkeys(("^TNX", "^TYX", "^FVX", "^IRX"), (-2.0, 200.0)),
    **dict.fromkeys(("^GSPC", "^SPX", "^RUT", "^DJI", "^IXIC", "^NDX", "^SP500TR", "^RUTTR"), (30.0, 1e6)),
}
"""Levels of known series, in the unit of the catalogue: the S&P 500 since 1955."""

MAX_SHARE_PRICE = 1e5
"""Only one share in New York has a higher price, and it has a hyphen in its symbol."""

_LISTED_IN_NEW_YORK = re.compile(r"[A-Z]{1,5}")


def find_levels(name: str) -> tuple[float, float] | None:
    """Return the lowest and the highest level that a series can have; None where neither is known."""
    if name in LEVELS:
        return LEVELS[name]
    family = macro_family(name)
    if family:
        return PERCENT if "percent" in family.unit else None
    if is_index(name) or not _LISTED_IN_NEW_YORK.fullmatch(name):
        return None
    return 0.0, MAX_SHARE_PRICE
