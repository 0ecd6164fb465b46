"""What data services last answered for single series, of which the chain of each series is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from groundswell.model.series import SeriesRef
from groundswell.model.upstreams import Outcome


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """The last answer of a data service for one series.

    ``service`` is its name, ``failures`` counts those since the last success. ``first`` and ``last`` are the first and
    the last day of which it ever sent a value, None where it sent none. ``short`` is whether it leaves out years with
    which the series ought to begin. ``due_at`` is when it is asked for the series again, if it is its turn then.
    """

    service: str
    ref: SeriesRef
    outcome: Outcome
    detail: str
    failures: int
    tried_at: dt.datetime
    due_at: dt.datetime
    ok_at: dt.datetime | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    short: bool = False

    @property
    def suffices(self) -> bool:
        """Whether no other service is to be asked for the series."""
        return not self.outcome.failed and not self.short
