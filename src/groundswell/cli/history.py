"""Verdicts over months in the terminal: how long each stood, when it changed, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from groundswell.cli.output import print_json, print_table

if TYPE_CHECKING:
    from groundswell.model import Evaluation, VerdictChange


def show_history(
    hub: str,
    days: Sequence[date],
    claims: Sequence[Evaluation],
    verdict_changes: Sequence[VerdictChange],
    as_json: bool,
) -> None:
    """Print the verdicts of claims as of ``days``, and the changes between them."""
    if as_json:
        print_json(_document(hub, days, claims, verdict_changes))
        return
    print_table(
        f"{hub}, {len(days)} months, {days[0]} to {days[-1]}",
        ("claim", "verdict", "from", "to", "months"),
        (row for one in claims for row in _runs(one, days)),
        ("from", "to"),
    )
    if verdict_changes:
        print_table(
            "Changes of verdicts",
            ("as of", "claim", "verdict", "before", "why"),
            ((str(one.as_of), one.claim, one.after.value, one.before.value, one.why) for one in verdict_changes),
            ("as of",),
        )
    print(f"Changes of verdicts in {len(days)} months: {len(verdict_changes)}.")


def _runs(claim: Evaluation, days: Collection[date]) -> Iterator[tuple[str, ...]]:
    """Months in a row with one verdict, as a row each."""
    past = [one for one in claim.history if one.as_of in days]
    for verdict, run in groupby(past, key=lambda one: one.verdict):
        months = [one.as_of for one in run]
        yield claim.id, verdict.value, str(months[0]), str(months[-1]), str(len(months))


def _document(
    hub: str, days: Sequence[date], claims: Sequence[Evaluation], verdict_changes: Sequence[VerdictChange]
) -> dict[str, object]:
    from groundswell.schemas.claims import verdict_change_json

    return {
        "hub": hub,
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "claims": [
            {
                "id": one.id,
                "history": [
                    {"as_of": past.as_of.isoformat(), "verdict": past.verdict.value}
                    for past in one.history
                    if past.as_of in days
                ],
                "verdict_changes": [
                    verdict_change_json(verdict_change)
                    for verdict_change in verdict_changes
                    if verdict_change.claim == one.id
                ],
            }
            for one in claims
        ],
    }
