"""Claims as text: the rows of tables, and a claim with its events, readings and sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from groundswell.cli.issues import print_data_issues
from groundswell.cli.output import print_table

if TYPE_CHECKING:
    from groundswell.claims.spec import ClaimSpec
    from groundswell.model import DataIssue, Evaluation, Reading, Votes

COLUMNS = ("claim", "verdict", "readings for", "estimate", "95 % interval", "n")
REASON_COLUMNS = ("claim", "text", "reason")


def _print_verdict(evaluation: Evaluation) -> None:
    from groundswell.wording.verdicts import write_verdict, write_votes

    print(f"{evaluation.id}: {evaluation.text}")
    print(f"{write_verdict(evaluation)} as of {evaluation.as_of}{write_data_day([evaluation])}: {evaluation.reason}")
    if evaluation.measured:
        print(f"What was measured: {evaluation.measured[:1].lower()}{evaluation.measured[1:]}")
    if votes := write_votes(evaluation.readings_judged):
        print(f"{votes}.")


def print_claim(spec: ClaimSpec, evaluation: Evaluation) -> None:
    """Print how a claim is measured, its verdict, events, readings and sources."""
    from groundswell.claims.binding import describe_claim, describe_stand_in
    from groundswell.claims.registry import ESTIMANDS

    _print_verdict(evaluation)
    if spec.measure:
        print(describe_claim(spec))
    if evaluation.stand_in:
        print(f"not measured in this way: {evaluation.stand_in.declared}")
        print(f"stand-in: {evaluation.stand_in.name}. {evaluation.stand_in.why}")
        print(describe_stand_in(spec, evaluation))
    if evaluation.estimand and evaluation.events:
        events = [
            (str(event.date), _write_value(evaluation.unit, event.value), str(event.start), str(event.end))
            for event in evaluation.events
        ]
        print_table(ESTIMANDS[evaluation.estimand].kind.value, ("date", "value", "from", "to"), events)
    for absence in evaluation.absent:
        print(f"{absence.date}: no value, {absence.reason}")
    if evaluation.readings:
        readings = [
            (
                _name_reading(reading),
                reading.verdict.value,
                _write_value(reading.unit or evaluation.unit, reading.estimate),
                str(reading.n),
            )
            for reading in evaluation.readings
        ]
        print_table("Other readings", ("reading", "verdict", "estimate", "n"), readings)
    for use in evaluation.sources:
        print(f"source: {use.series}, {use.source}, last value {use.last or 'none'}")


def print_impacts(evaluations: Iterable[Evaluation]) -> None:
    """Print the data issues within the windows of claims; in brackets are claims affected in other readings only."""
    claims: dict[DataIssue, list[str]] = {}
    for evaluation in evaluations:
        for impact in evaluation.impacts:
            claims.setdefault(impact.issue, []).append(evaluation.id if impact.main else f"({evaluation.id})")
    print_data_issues("Data issues in these windows; claims in brackets: in other readings only", claims, claims)


def write_data_day(evaluations: Iterable[Evaluation]) -> str:
    """Write up to which day the numbers go; nothing without data."""
    from groundswell.model.evaluation import find_data_day

    day = find_data_day(evaluations)
    return f", numbers to {day}" if day else ""


def build_row(evaluation: Evaluation) -> tuple[str, ...]:
    """Build a row of ``COLUMNS``."""
    from groundswell.wording.verdicts import write_verdict

    low, high = (_write_value(evaluation.unit, bound) for bound in (evaluation.ci_low, evaluation.ci_high))
    return (
        evaluation.id,
        write_verdict(evaluation),
        write_share(evaluation.readings_judged),
        _write_value(evaluation.unit, evaluation.estimate),
        "a fact: none" if evaluation.is_fact else "–" if evaluation.ci_low is None else f"{low} to {high}",
        str(evaluation.n or "–"),
    )


def _name_reading(reading: Reading) -> str:
    return f"{reading.name} (asks another question: {reading.asks})" if reading.asks else reading.name


def print_reasons(evaluations: Iterable[Evaluation]) -> None:
    """Print what each claim says, and the reason of its verdict: a table of their own, where both have room."""
    rows = ((evaluation.id, evaluation.text, evaluation.reason) for evaluation in evaluations)
    print_table("Reasons", REASON_COLUMNS, rows)


def write_share(votes: Votes) -> str:
    """Write how many of the readings that vote support a claim; a dash where none does."""
    return f"{votes.support} of {votes.judged}" if votes.judged else "–"


def _write_value(unit: str | None, value: float | None) -> str:
    from groundswell.wording.figures import write_value

    return write_value(value, unit) if value is not None and unit else "–"
