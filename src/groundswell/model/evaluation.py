"""Numbers as they travel: series → event values → evaluation of a claim."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from groundswell.model.quality import Impact


class Verdict(StrEnum):
    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    INSUFFICIENT = "insufficient data"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class EventValue:
    """What was measured on one event: the value over the window from ``start`` to ``end`` (both sessions or months).

    An abnormal return has the ``error`` that its model gives it, and the ``beta`` that was estimated before the event.
    """

    date: dt.date
    value: float
    start: dt.date
    end: dt.date
    error: float | None = None
    beta: float | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """An event that has no value, and why."""

    date: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class SeriesUse:
    """A series that an evaluation rests on, with its source and the last date it saw."""

    series: str
    source: str
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The claim under one reasonable set of choices."""

    name: str
    verdict: Verdict
    reason: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    window: str
    events: tuple[EventValue, ...]
    absent: tuple[Absence, ...]
    sources: tuple[SeriesUse, ...]


@dataclass(frozen=True, slots=True)
class VerdictAt:
    as_of: dt.date
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A change of a claim's verdict between two evaluations next to each other, as of ``since`` and as of ``as_of``."""

    hub: str
    claim: str
    text: str
    as_of: dt.date
    since: dt.date
    before: Verdict
    after: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A claim's verdict as of a day, with everything a reader needs to redo it. Returns are fractions."""

    id: str
    hub: str
    text: str
    verdict: Verdict
    reason: str
    as_of: dt.date
    estimand: str | None = None
    unit: str | None = None
    estimate: float | None = None
    median: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int = 0
    wins: int | None = None
    placebo_p: float | None = None
    window: str | None = None
    events: tuple[EventValue, ...] = ()
    absent: tuple[Absence, ...] = ()
    readings: tuple[Reading, ...] = ()
    sources: tuple[SeriesUse, ...] = ()
    history: tuple[VerdictAt, ...] = ()
    notes: tuple[str, ...] = ()
    impacts: tuple[Impact, ...] = ()
    sign_p: float | None = None
