"""What templates show that is counted or arranged from a page, not held in it."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.page import HubPage, Line
from groundswell.types import Evaluation, Reading, Verdict

MEASURED = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE)
SIDES = (("bull", "The bull case"), ("bear", "The bear case"), ("context", "Beside the two cases"))


@dataclass(frozen=True, slots=True)
class Case:
    """One side of the argument: its claims, each with its evaluation."""

    side: str
    title: str
    rows: tuple[tuple[ClaimSpec, Evaluation], ...]


def cases(page: HubPage) -> tuple[Case, ...]:
    """The claims of a hub by side, in the order of the hub file; sides without claims are left out."""
    evaluations = {found.id: found for found in page.evaluations}
    found = [
        Case(side, title, tuple((claim, evaluations[claim.id]) for claim in page.hub.claims if claim.side == side))
        for side, title in SIDES
    ]
    return tuple(case for case in found if case.rows)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the readings that were measured, how many bear the main verdict and how many the sign of the main estimate."""

    readings: int
    measured: int
    same_verdict: int
    same_sign: int


def agreement(evaluation: Evaluation) -> Agreement:
    """Count how far the readings of a claim agree with its main measurement."""
    measured = [reading for reading in evaluation.readings if reading.verdict in MEASURED]
    return Agreement(
        readings=len(evaluation.readings),
        measured=len(measured),
        same_verdict=sum(reading.verdict is evaluation.verdict for reading in measured),
        same_sign=sum(_same_sign(reading, evaluation) for reading in measured),
    )


def _same_sign(reading: Reading, evaluation: Evaluation) -> bool:
    if reading.estimate is None or evaluation.estimate is None:
        return False
    return (reading.estimate > 0) == (evaluation.estimate > 0)


def yearly(line: Line) -> tuple[tuple[int, float], ...]:
    """The last value of each calendar year of a chart, newest first."""
    years = line.dates.astype("datetime64[Y]").astype(int) + 1970
    last = {int(year): float(value) for year, value in zip(years, line.values, strict=True)}
    return tuple(sorted(last.items(), reverse=True))
