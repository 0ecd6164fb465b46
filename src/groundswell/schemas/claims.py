"""The JSON of claims: evaluations, changes of verdicts, and what a claim can be measured by.

Returns are fractions, days ISO dates; what was not measured is null, never zero.
"""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from pydantic import Field

from groundswell.claims.estimand import Estimand
from groundswell.model import Basis, Evaluation, Qualifier, Reading, Verdict, VerdictChange
from groundswell.schemas.base import Schema, fill_schema, is_none
from groundswell.schemas.data import DataIssueOut
from groundswell.schemas.robustness import CurveOut, PartOut, StandInOut, StrengthOut, VerdictAtOut, VotesOut


def _is_empty(value: object) -> bool:
    return not value


class SeriesUseOut(Schema):
    """A series behind a figure."""

    series: str
    source: str
    last: dt.date | None = Field(description="The date of the last value used.")


class EventOut(Schema):
    date: dt.date
    value: float
    error: float | None = Field(
        default=None,
        exclude_if=is_none,
        description="Standard error by the market model; left out where no such model is used.",
    )
    beta: float | None = Field(default=None, exclude_if=is_none, description="Beta of the market model, likewise.")
    before: float | None = Field(
        default=None,
        exclude_if=is_none,
        description="What a difference subtracts: the value before the event.",
    )
    series: list[str] | None = Field(
        default=None,
        exclude_if=_is_empty,
        description="The series of this value, where they differ between events; else left out.",
    )


class ReadingOut(Schema):
    """The claim under another reasonable set of choices."""

    name: str
    verdict: str
    estimate: float | None
    n: int | None = Field(description="Null where nothing was measured.")
    ci_low: float | None
    ci_high: float | None
    reason: str
    asks: str | None = Field(
        default=None,
        exclude_if=_is_empty,
        description="The other question that it asks, so that it is no vote; left out where it asks none.",
    )
    unit: str | None = Field(
        default=None, exclude_if=is_none, description="Of its figures; left out where it is that of the claim."
    )
    events: list[EventOut] | None = Field(
        default=None,
        exclude_if=is_none,
        description="Only where the market model gives them errors; the CSV of a claim has those of every reading.",
    )


class ImpactOut(DataIssueOut):
    """A data issue within the windows of a claim."""

    main: bool = Field(description="Whether it lies within a window of the main measurement.")
    readings: int = Field(description="The number of other readings whose windows contain it.")


class ClaimOut(Schema):
    """A claim with its verdict and everything needed to compute it again."""

    id: str
    hub: str
    text: str
    verdict: str
    reason: str
    estimand: str | None
    unit: str | None = Field(description='"return", "share" and "difference of shares" are fractions.')
    estimate: float | None
    median: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None = Field(description="Null where nothing was measured.")
    wins: int | None = Field(description="Events on the claimed side of zero.")
    placebo_p: float | None
    sign_p: float | None = Field(description="Two-sided sign test of the events' values against a fair coin.")
    as_of: dt.date
    data_as_of: dt.date | None = Field(description="The newest day of the data behind the figures; null without data.")
    window: str | None
    measured: str = Field(description="What was measured, in one sentence; empty where nothing was.")
    events: list[EventOut]
    readings: list[ReadingOut]
    sources: list[SeriesUseOut]
    history: list[VerdictAtOut] = Field(description="The verdicts recorded so far, oldest first.")
    notes: list[str]
    data_issues: list[ImpactOut] = Field(description="Data issues within the windows of the claim.")
    basis: Basis = Field(description="What the verdict and all figures were measured by; docs/glossary.md has them.")
    qualifiers: list[Qualifier] = Field(description="What to know next to the verdict; docs/glossary.md has them.")
    stand_in: StandInOut | None = Field(description="Null where the basis is the declared measurement.")
    stale: dt.date | None = Field(description="Last day of a series that is too old on as_of; null where none is.")
    measured_as_of: dt.date = Field(description="The day as of which all figures are: before as_of where stale.")
    hits: int | None = Field(description="Events in or beyond the claimed range; within it where that is the claim.")
    flip_p: float | None = Field(description="Exact two-sided sign-flip test of a mean of zero.")
    predict_low: float | None = Field(description="Low end of the 95 % prediction interval of the next event.")
    predict_high: float | None = Field(description="High end of the same.")
    sequence_low: float | None = Field(description="Lower bound of the confidence sequence; null with too few values.")
    sequence_high: float | None = Field(description="Its upper bound.")
    confirmed: bool | None = Field(
        description="Whether the verdict is the same by the confidence sequence, which holds at all looks together; "
        "null of a fact, which needs no confirmation, and of an evaluation that is older than these."
    )
    version: int | None = Field(description="Counts the registered specifications of the claim; null where none is.")
    registered: dt.date | None = Field(description="When the present specification was first seen.")
    since_registered: PartOut | None = Field(
        description="The evidence since then; null without events or rows of a slope, or a registration."
    )
    readings_judged: VotesOut = Field(description="How the readings vote on the claim.")
    not_since: dt.date | None = Field(description="The day of a break after which the claim does not hold.")
    recent: PartOut | None = Field(description="The last five years; null where they are all there is.")
    strength: StrengthOut | None = Field(description="Null without an interval.")
    holm_p: float | None = Field(description="bound_p adjusted for the number of claims that the hub judges.")
    curve: CurveOut | None = Field(description="Null where fewer than three readings are measured by events.")


class VerdictChangeOut(Schema):
    """A change of what is confirmed of a claim, between two consecutive evaluations."""

    hub: str
    claim: str
    text: str
    as_of: dt.date = Field(description="The first evaluation with the new verdict.")
    since: dt.date = Field(description="The last evaluation with the old verdict.")
    before: str
    after: str
    why: str = Field(description="What differs between the two: new events, new data, other sources.")
    was_confirmed: bool | None = Field(description="Whether the old verdict was confirmed; null as in a claim.")
    confirmed: bool | None = Field(description="Whether the new one is.")
    readings_judged: VotesOut = Field(description="How the readings vote with the new verdict.")


class VerdictChangeList(Schema):
    verdict_changes: list[VerdictChangeOut] = Field(description="Newest first.")


class ClaimDetail(ClaimOut):
    verdict_changes: list[VerdictChangeOut] = Field(description="Changes of the verdict, newest first.")


class ClaimList(Schema):
    hub: str
    as_of: dt.date
    claims: list[ClaimOut]


class ClaimHistoryOut(Schema):
    id: str
    history: list[VerdictAtOut] = Field(description="Oldest first.")
    verdict_changes: list[VerdictChangeOut] = Field(description="Newest first.")


class VerdictHistory(Schema):
    """The recorded verdicts of a hub's claims between two days."""

    hub: str
    first: dt.date | None = Field(description="First day asked for; null where there is no limit.")
    last: dt.date | None = Field(description="Last day asked for; null where there is no limit.")
    claims: list[ClaimHistoryOut]


class EstimandOut(Schema):
    name: str
    title: str
    unit: str
    arguments: list[str] = Field(description="Names of the arguments that a hub file may give.")


class EstimandList(Schema):
    estimands: list[EstimandOut]


def build_claim(evaluation: Evaluation) -> ClaimOut:
    """Return a claim as it was evaluated."""
    return ClaimOut.model_validate(_collect_fields(evaluation))


def build_claim_list(hub: str, as_of: dt.date, evaluations: Iterable[Evaluation]) -> ClaimList:
    """Return the claims of a hub."""
    return ClaimList(hub=hub, as_of=as_of, claims=[build_claim(evaluation) for evaluation in evaluations])


def build_claim_detail(evaluation: Evaluation, changes: Iterable[VerdictChange]) -> ClaimDetail:
    """Return a claim with the changes of its verdict."""
    return ClaimDetail.model_validate(_collect_fields(evaluation) | {"verdict_changes": list(changes)})


def build_verdict_change_list(changes: Iterable[VerdictChange]) -> VerdictChangeList:
    """Return changes of verdicts in the order given."""
    return VerdictChangeList(verdict_changes=[VerdictChangeOut.model_validate(change) for change in changes])


def build_verdict_history(
    hub: str,
    evaluations: Iterable[Evaluation],
    changes: Collection[VerdictChange],
    *,
    first: dt.date | None,
    last: dt.date | None,
    days: Collection[dt.date] | None = None,
) -> VerdictHistory:
    """Return the verdicts of claims from ``first`` to ``last``, or only those of ``days`` if given."""

    def is_wanted(day: dt.date) -> bool:
        if days is not None:
            return day in days
        return (first is None or first <= day) and (last is None or day <= last)

    claims = [
        ClaimHistoryOut(
            id=evaluation.id,
            history=[VerdictAtOut.model_validate(past) for past in evaluation.history if is_wanted(past.as_of)],
            verdict_changes=[
                VerdictChangeOut.model_validate(change)
                for change in changes
                if change.claim == evaluation.id and is_wanted(change.as_of)
            ],
        )
        for evaluation in evaluations
    ]
    return VerdictHistory(hub=hub, first=first, last=last, claims=claims)


def build_estimand_list(estimands: Iterable[Estimand]) -> EstimandList:
    """Return what claims can be measured by."""
    return EstimandList(
        estimands=[
            fill_schema(EstimandOut, estimand, arguments=list(estimand.arguments.model_fields))
            for estimand in estimands
        ]
    )


def _collect_fields(evaluation: Evaluation) -> dict[str, Any]:
    impacts = [
        fill_schema(ImpactOut, impact.issue, main=impact.main, readings=impact.readings)
        for impact in evaluation.impacts
    ]
    given = {name: getattr(evaluation, name) for name in ClaimOut.model_fields.keys() - {"data_issues"}}
    readings = [_build_reading(reading, evaluation.unit) for reading in evaluation.readings]
    return given | {"n": _count_or_none(evaluation), "readings": readings, "data_issues": impacts}


def _build_reading(reading: Reading, unit: str | None) -> ReadingOut:
    modelled = [event for event in reading.events if event.error is not None]
    own = reading.unit if reading.unit and reading.unit != unit else None
    return fill_schema(ReadingOut, reading, n=_count_or_none(reading), events=modelled or None, unit=own)


def _count_or_none(measured: Evaluation | Reading) -> int | None:
    return None if measured.verdict is Verdict.NOT_MEASURED else measured.n
