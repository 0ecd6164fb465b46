"""Answers of data services that contradict what is stored, and series that were loaded again because of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from groundswell.model.series import SeriesRef


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a service says in place of what is stored, on ``days`` different days since ``since``.

    ``sample`` has its newest values, by which one answer is compared with the next, and with that of another service.
    """

    service: str
    ref: SeriesRef
    since: dt.datetime
    days: int
    last_on: dt.date
    detail: str
    sample: tuple[tuple[dt.date, float], ...]


@dataclass(frozen=True, slots=True)
class Reload:
    """A series that was loaded again in full. Observations up to the key ``after_key`` are earlier vintages."""

    ref: SeriesRef
    service: str
    at: dt.datetime
    after_key: int
    detail: str
