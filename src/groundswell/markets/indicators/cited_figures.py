"""Figures that others have published, as cited: a small table in the package, each row with its source and date.

A row belongs here only when its source was read and gives both figures; many give one side alone, or mix in debt that
falls due. Figures on floating-rate debt lie far apart, since each source counts other debts. A page without a day
counts from the end of the year that it writes about.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TOPICS = {
    "floating_rate_debt": "floating-rate debt as a share of all debt",
    "loss_share": "companies with a loss as a share of all companies",
}


@dataclass(frozen=True, slots=True)
class CitedFigure:
    """A published pair: the figure of small and of large companies, as fractions, who published it, and when."""

    topic: str
    small: float
    large: float
    source: str
    published: dt.date


def find_cited_figures(topic: str, as_of: dt.date) -> tuple[CitedFigure, ...]:
    """The figures on a topic that had been published by ``as_of``, oldest first."""
    return tuple(one for one in _table() if one.topic == topic and one.published <= as_of)


def parse_table(lines: Iterable[str]) -> tuple[CitedFigure, ...]:
    """Read the table; raises ``ValueError`` or ``KeyError`` for a row that is not in its form."""
    rows = (
        CitedFigure(
            row["topic"],
            float(row["small"]),
            float(row["large"]),
            row["source"],
            dt.date.fromisoformat(row["published"]),
        )
        for row in csv.DictReader(lines)
    )
    return tuple(sorted(rows, key=lambda one: one.published))


@cache
def _table() -> tuple[CitedFigure, ...]:
    with files("groundswell.markets.indicators").joinpath("cited_figures.csv").open(encoding="utf-8") as lines:
        return parse_table(lines)
