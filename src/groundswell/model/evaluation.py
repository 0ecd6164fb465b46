"""Evaluations of claims: values of events, readings, verdicts, and how verdicts change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from groundswell.model.quality import Impact
from groundswell.model.robustness import NO_VOTES, Curve, Part, Strength, Votes


class Verdict(StrEnum):
    """What the data say of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    INSUFFICIENT = "insufficient data"
    NOT_MEASURED = "not measured"


CONFIRMABLE = (Verdict.SUPPORTED, Verdict.REFUTED)
"""The verdicts that decide."""

JUDGED = (*CONFIRMABLE, Verdict.INCONCLUSIVE)
"""The verdicts that rest on enough observations."""


class Basis(StrEnum):
    """What a verdict was measured by: the declared measurement of the claim, or a stand-in for it; or nothing.

    ``WITHHELD``: data issues forbid a verdict, whatever it was measured by.
    """

    DECLARED = "declared"
    STAND_IN = "stand-in"
    WITHHELD = "withheld"


class Qualifier(StrEnum):
    """What a reader must know next to a verdict."""

    SIZE = "size"  # the whole interval reaches the claimed range
    DIRECTION_ONLY = "direction-only"  # the interval excludes zero, and part of it falls short of the claimed range
    NO_MORE_THAN_USUAL = "no-more-than-usual"  # windows at any time are as large: see is_usual
    NOT_SINCE = "not-since"  # after a break the estimate falls short of the claim
    PREMISE_ABSENT = "premise-absent"  # what the claim takes for granted was mostly not so
    HINDSIGHT = "hindsight"  # some events could not be known on their days
    IDENTITY = "identity"  # the response is made of what is to explain it, so that nothing is measured
    STALE = "stale"  # a series is too old: the verdict is that of the last day on which it was not


@dataclass(frozen=True, slots=True)
class StandIn:
    """The fallback that a claim was measured by, because its declared measurement missed data.

    ``why`` says why it is only a stand-in, ``needs`` what the declared measurement needs, and ``declared`` the reason
    for which that was not measured.
    """

    name: str
    why: str
    needs: tuple[str, ...]
    declared: str


@dataclass(frozen=True, slots=True)
class EventValue:
    """The value measured on one event over the window from ``start`` to ``end`` (both sessions or months).

    An abnormal return has the standard ``error`` of its market model, and the ``beta`` estimated before the event. A
    difference has what it subtracts, the value ``before`` the event. ``series`` names the series that the
    value rests on, where that differs between the events of one measurement.
    """

    date: dt.date
    value: float
    start: dt.date
    end: dt.date
    error: float | None = None
    beta: float | None = None
    before: float | None = None
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """An event without a value, and why it has none; ``ends`` is the last day of its window where that is to come."""

    date: dt.date
    reason: str
    ends: dt.date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SeriesUse:
    """A series that an evaluation uses, with its source and the last date that was known."""

    series: str
    source: str
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of a claim under one reasonable set of choices (a specification).

    A reading that ``asks`` another question than the claim is shown with it, and is no vote on it. ``estimand`` and
    ``unit`` are empty where they were not recorded: then they are those of the claim.
    """

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
    asks: str = ""
    estimand: str = ""
    unit: str = ""

    @property
    def is_fact(self) -> bool:
        """Whether the estimate is what happened, so that it has no interval."""
        return self.verdict in JUDGED and self.ci_low is None


@dataclass(frozen=True, slots=True)
class VerdictAt:
    """The verdict of a claim as of a day, and whether its confidence sequence confirms it.

    ``confirmed`` is None of a fact, and of a verdict that was recorded before there were sequences. ``version`` is that
    of the claim's registration, None where there is none. ``readings_judged`` are the votes of the readings; none are
    known of a verdict that an earlier release recorded.
    """

    as_of: dt.date
    verdict: Verdict
    basis: Basis = Basis.DECLARED
    confirmed: bool | None = None
    version: int | None = None
    readings_judged: Votes = NO_VOTES


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A change of a claim's confirmed verdict between two evaluations, as of ``since`` and as of ``as_of``.

    The two are consecutive, except for evaluations between them that never count: see ``find_changes``. ``confirmed``
    and ``was_confirmed`` are those of the evaluations, None where they are facts or older than confidence sequences.
    The votes ``readings_judged`` are those of the later one.
    """

    hub: str
    claim: str
    text: str
    as_of: dt.date
    since: dt.date
    before: Verdict
    after: Verdict
    why: str
    was_confirmed: bool | None = None
    confirmed: bool | None = None
    readings_judged: Votes = NO_VOTES


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict of a claim as of a day, with everything that a reader needs to reproduce it.

    ``estimate``, ``median`` and the ends of the 95 % interval are in ``unit`` (``return`` is a fraction); ``wins`` is
    the number of events on the claimed side, ``hits`` of those that reached the claimed range. ``sign_p`` and
    ``flip_p`` are the p-values of the sign test and of the exact sign-flip test, ``predict_low`` and ``predict_high``
    the ends of the 95 % prediction interval of the next event. ``history`` are the verdicts up to this one, oldest
    first; ``impacts`` the data issues that affect it. With a ``stand_in``, the verdict and all figures are those of
    that fallback. ``withheld`` marks a claim that is "not measured" because data issues could move its figures.

    ``measured`` says in one sentence what was measured; it is empty where nothing was.

    Where a series that the claim rests on is too old on ``as_of``, ``stale`` is the last day of that series, and the
    claim is measured as of ``measured_as_of``, the last day on which it was not too old. A verdict that is
    ``not_since`` a day does not hold after it. ``holm_p`` is the p-value of the near bound of the claimed range,
    adjusted for the number of claims that the hub judges.

    ``sequence_low`` and ``sequence_high`` are the bounds of the confidence sequence, which hold at all looks together;
    None where there are too few values. The verdict is ``confirmed`` where it is supported or refuted by them too. That
    is None of a fact, which has no sampling error, and of an evaluation that was recorded before there were sequences.

    ``version`` counts the registered specifications of the claim; the present one was ``registered`` on that day, and
    ``since_registered`` is the evidence that came later.
    """

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
    stand_in: StandIn | None = None
    qualifiers: tuple[Qualifier, ...] = ()
    withheld: bool = False
    stale: dt.date | None = None
    fresh_until: dt.date | None = None
    hits: int | None = None
    flip_p: float | None = None
    predict_low: float | None = None
    predict_high: float | None = None
    sequence_low: float | None = None
    sequence_high: float | None = None
    confirmed: bool | None = False
    version: int | None = None
    registered: dt.date | None = None
    since_registered: Part | None = None
    measured: str = ""
    not_since: dt.date | None = None
    recent: Part | None = None
    strength: Strength | None = None
    holm_p: float | None = None
    curve: Curve | None = None

    @property
    def is_fact(self) -> bool:
        """Whether the estimate is what happened, so that it has no interval."""
        return self.verdict in JUDGED and self.ci_low is None

    @property
    def voting(self) -> tuple[Reading, ...]:
        """The readings that ask the same question as the claim."""
        return tuple(reading for reading in self.readings if not reading.asks)

    @property
    def readings_judged(self) -> Votes:
        """The votes of the readings that ask the same question and have enough data for a verdict."""
        verdicts = [reading.verdict for reading in self.voting]
        return Votes(*map(verdicts.count, (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE)))

    @property
    def data_as_of(self) -> dt.date | None:
        """The newest day of the data that the figures rest on; None where there are none."""
        return max((source.last for source in self.sources if source.last), default=None)

    @property
    def measured_as_of(self) -> dt.date:
        """The day as of which the claim is measured: that of the evaluation, or an earlier one where data are stale."""
        return self.fresh_until or self.as_of

    @property
    def basis(self) -> Basis:
        """What the verdict was measured by."""
        if self.withheld:
            return Basis.WITHHELD
        return Basis.STAND_IN if self.stand_in else Basis.DECLARED

    @property
    def verdict_at(self) -> VerdictAt:
        """The verdict as a row of the history."""
        return VerdictAt(self.as_of, self.verdict, self.basis, self.confirmed, self.version, self.readings_judged)


def find_data_day(evaluations: Iterable[Evaluation]) -> dt.date | None:
    """Return the newest day of the data that any of them rests on; None where none has data."""
    return max((evaluation.data_as_of for evaluation in evaluations if evaluation.data_as_of), default=None)


def add_votes(evaluations: Iterable[Evaluation]) -> Votes:
    """Add up the votes of the readings of several claims."""
    return sum((evaluation.readings_judged for evaluation in evaluations), start=NO_VOTES)
