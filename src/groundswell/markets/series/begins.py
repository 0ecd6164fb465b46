"""Where series ought to begin, so that a history that leaves out years is noticed: a table, each row with its source.

Of a series that is not in the table nothing is known, and nothing is claimed. The table has two days. ``begins`` is
that of the series itself: the inception of a fund, the first observation of its publisher. ``served_from`` is a later
one from which a service may give the series and still be complete, because its own publication begins then; it decides
whether the next service is asked, and nothing else.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from groundswell.model import Measure, SeriesRef

MAX_DELAY = dt.timedelta(days=31)
"""How much later than its day a history may begin and still be whole.

A fund trades some days after its inception (nine for SPY), and a file of whole years or months begins with its first
session. A service that gives only its last years is years late.
"""


@dataclass(frozen=True, slots=True)
class Begin:
    """A row of the table; a day is None where nothing is stated."""

    series: str
    begins: dt.date | None
    served_from: dt.date | None
    source: str
    address: str


def declared_begin(ref: SeriesRef) -> dt.date | None:
    """Return the day on which a series ought to begin; None where nothing is declared."""
    row = _find_row(ref)
    return row.begins if row else None


def first_served(ref: SeriesRef) -> dt.date | None:
    """Return the day by which the history of a service ought to begin; None where nothing is declared."""
    row = _find_row(ref)
    return (row.served_from or row.begins) if row else None


def begins_too_late(first: dt.date, needed: dt.date) -> bool:
    """Whether a history begins more than ``MAX_DELAY`` after the day from which it is needed."""
    return first > needed and first - needed > MAX_DELAY


def is_served_short(ref: SeriesRef, first: dt.date) -> bool:
    """Whether a service leaves out years of a series, if what it gives begins with ``first``."""
    expected = first_served(ref)
    return expected is not None and begins_too_late(first, expected)


def is_known_security(symbol: str) -> bool:
    """Whether a name is the symbol of a fund in the table, or of a future or a currency."""
    return symbol in read_table() or "=" in symbol


@cache
def read_table() -> Mapping[str, Begin]:
    """Return the rows of the table by the id of their series."""
    with files("groundswell.markets.series").joinpath("begins.csv").open(encoding="utf-8") as lines:
        return MappingProxyType({row["series"]: _parse_row(row) for row in csv.DictReader(lines)})


def _find_row(ref: SeriesRef) -> Begin | None:
    return read_table().get(ref.id) if ref.measure is not Measure.PERIOD_RETURN else None


def _parse_row(row: Mapping[str, str]) -> Begin:
    begins, served_from = (
        dt.date.fromisoformat(row[name]) if row[name] else None for name in ("begins", "served_from")
    )
    return Begin(row["series"], begins, served_from, row["source"], row["address"])
