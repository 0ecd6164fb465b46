"""Figures that others have published, as cited: a small table in the package, each row with its source and date.

A row is added only if its source was read and gives both figures; many sources give only one side, or include debt that
falls due. Figures on floating-rate debt differ widely, because each source counts different debts. A page without a
date counts from the end of the year that it describes, one with a month alone from the end of the month.

Whoever computed the figures is their ``origin``: one that is cited again and again is still one. Where a page does not
say, it is the publisher.
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
    """A published pair of figures for small and large companies, as fractions, with origin and source.

    ``published`` is the day from which they are known. ``data_to`` is the last day of what they describe: that of the
    publication where the source does not say.
    """

    topic: str
    small: float
    large: float
    origin: str
    source: str
    data_to: dt.date
    published: dt.date


def find_cited_figures(topic: str, as_of: dt.date) -> tuple[CitedFigure, ...]:
    """Return the figures on a topic that had been published by ``as_of``, oldest first."""
    return tuple(figure for figure in _table() if figure.topic == topic and figure.published <= as_of)


def parse_table(lines: Iterable[str]) -> tuple[CitedFigure, ...]:
    """Read the table. Raises ``ValueError`` or ``KeyError`` for a malformed row."""
    rows = (
        CitedFigure(
            row["topic"],
            float(row["small"]),
            float(row["large"]),
            row["origin"],
            row["source"],
            dt.date.fromisoformat(row["data_to"] or row["published"]),
            dt.date.fromisoformat(row["published"]),
        )
        for row in csv.DictReader(lines)
    )
    return tuple(sorted(rows, key=lambda figure: figure.published))


@cache
def _table() -> tuple[CitedFigure, ...]:
    with files("groundswell.markets.indicators").joinpath("cited_figures.csv").open(encoding="utf-8") as lines:
        return parse_table(lines)
