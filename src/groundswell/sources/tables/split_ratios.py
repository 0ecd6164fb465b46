"""Splits in words: 4:1, 4/1 and "4-for-1" are four new shares for one old share, 1:4 is one for four."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from groundswell.sources.tables.numbers import NumberColumn

_NUMBER = r"\d{1,6}(?:[.,]\d{1,8})?"
_RATIO = re.compile(
    rf"(?P<new>{_NUMBER})\s*(?:[:/]|[- ]for[- ])\s*(?P<old>{_NUMBER})(?:\s+(?:reverse\s+)?(?:stock\s+)?split)?",
    re.IGNORECASE,
)


def parse_split_ratio(cell: str) -> float | None:
    """Return the new shares for one old share of a split in words; None for anything else, plain numbers too."""
    match = _RATIO.fullmatch(cell.strip().strip("'\""))
    if not match:
        return None
    new, old = (float(match[name].replace(",", ".")) for name in ("new", "old"))
    return new / old if new > 0.0 and old > 0.0 else None


def leave_ratios_out(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells with empty ones in place of splits in words, whose signs say nothing of other numbers."""
    return ["" if parse_split_ratio(cell) is not None else cell for cell in cells]


def put_ratios_in(column: NumberColumn, cells: Sequence[str]) -> NumberColumn:
    """Return a parsed column with the ratios that were left out of its ``cells``."""
    ratios = np.array([np.nan if (ratio := parse_split_ratio(cell)) is None else ratio for cell in cells])
    return replace(column, values=np.where(np.isnan(ratios), column.values, ratios))
