"""The JSON of how far a verdict bears: stand-ins, votes of readings, parts of the data, and verdicts on record."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import Field

from groundswell.model import Basis
from groundswell.schemas.base import Schema, is_none


class VotesOut(Schema):
    """Readings with enough data for a verdict, by what they say of the claim; those that ask another question not."""

    support: int
    refute: int
    open: int


class PartOut(Schema):
    """The same estimate on a later part of the data: the last five years, or all after the registration."""

    since: dt.date
    n: int = Field(description="Events, or rows of a slope that were complete then.")
    estimate: float | None = Field(description="Null where there are too few of them.")
    ci_low: float | None
    ci_high: float | None


class StrengthOut(Schema):
    """What a sample of this size can show."""

    detectable: float = Field(description="The smallest effect that four of five such samples would find, in the unit.")
    needed_n: int | None = Field(description="The n with which the near bound would be detectable; null without one.")
    bound_p: float | None = Field(description="Two-sided p-value of a true value at the near bound of the range.")


class CurveOut(Schema):
    """All readings by events together, against the same readings at days drawn at random."""

    readings: int
    median: float = Field(description="The median of their estimates.")
    median_p: float
    share: float = Field(description="The share that supports the claim.")
    share_p: float


class StandInOut(Schema):
    """The fallback that a claim is measured by, because its declared measurement misses data."""

    name: str
    why: str = Field(description="Why it is only a stand-in.")
    needs: list[str] = Field(description="What the declared measurement needs.")
    declared: str = Field(description="Why the declared measurement is not measured.")


def _is_declared(basis: object) -> bool:
    return basis is Basis.DECLARED


def _has_no_votes(votes: object) -> bool:
    return isinstance(votes, VotesOut) and not votes.support + votes.refute + votes.open


class VerdictAtOut(Schema):
    as_of: dt.date
    verdict: str
    basis: Basis = Field(
        default=Basis.DECLARED, exclude_if=_is_declared, description="Left out where it is the declared measurement."
    )
    confirmed: bool | None = Field(
        default=None, exclude_if=is_none, description="Left out of facts, and of verdicts older than sequences."
    )
    version: int | None = Field(
        default=None,
        exclude_if=is_none,
        description="Of the claim's registered specification; left out of verdicts that are older than registrations.",
    )
    readings_judged: VotesOut = Field(
        default=VotesOut(support=0, refute=0, open=0),
        exclude_if=_has_no_votes,
        description="How the readings voted; left out where none did, or an earlier release recorded the verdict.",
    )
