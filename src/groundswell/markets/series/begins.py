"""Where series ought to begin: a table in the package, each row with its source.

Of a series that is not in the table nothing is known, and nothing is claimed. The day of a fund is that of its
inception, so that its first price is some days later.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from groundswell.model import Series, SeriesRef

MAX_DELAY = dt.timedelta(days=31)
"""How much later than declared a series may begin: funds trade days after their inception, and files in January."""


def declared_begin(ref: SeriesRef) -> dt.date | None:
    """Return the day on which a series ought to begin; None where nothing is declared."""
    return _read_table().get(ref.id)


def begins_too_late(series: Series, needed: dt.date) -> bool:
    """Whether a series begins more than ``MAX_DELAY`` after the day from which it is needed."""
    first: dt.date = series.dates[0].item()
    return first - needed > MAX_DELAY if first > needed else False


@cache
def _read_table() -> Mapping[str, dt.date]:
    with files("groundswell.markets.series").joinpath("begins.csv").open(encoding="utf-8") as lines:
        return MappingProxyType({row["series"]: dt.date.fromisoformat(row["begins"]) for row in csv.DictReader(lines)})
