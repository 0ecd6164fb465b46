"""Verdicts over months in the terminal: how long each lasted, when it changed, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from groundswell.cli.claim_tables import write_share
from groundswell.cli.output import print_json, print_table

if TYPE_CHECKING:
    from groundswell.model import Evaluation, VerdictChange


def print_history(
    hub: str,
    days: Sequence[date],
    evaluations: Sequence[Evaluation],
    changes: Sequence[VerdictChange],
    as_json: bool,
) -> None:
    """Print the verdicts of claims as of ``days``, and the changes between them."""
    if as_json:
        from groundswell.schemas.claims import build_verdict_history

        print_json(build_verdict_history(hub, evaluations, changes, first=days[0], last=days[-1], days=days))
        return
    print_table(
        f"{hub}, {len(days)} months, {days[0]} to {days[-1]}",
        ("claim", "verdict", "readings for", "from", "to", "months"),
        (row for evaluation in evaluations for row in _list_runs(evaluation, days)),
        ("from", "to"),
    )
    if changes:
        from groundswell.wording.verdicts import write_state

        print_table(
            "Changes of verdicts",
            ("as of", "claim", "verdict", "readings for", "before", "why"),
            (
                (
                    str(change.as_of),
                    change.claim,
                    write_state(change.after, change.confirmed),
                    write_share(change.readings_judged),
                    write_state(change.before, change.was_confirmed),
                    change.why,
                )
                for change in changes
            ),
            ("as of",),
        )
    print(f"Changes of verdicts in {len(days)} months: {len(changes)}.")


def _list_runs(evaluation: Evaluation, days: Collection[date]) -> Iterator[tuple[str, ...]]:
    """Yield a row for every run of months with the same verdict on the same basis, with the votes of the last."""
    from groundswell.wording.verdicts import write_verdict

    recorded = [past for past in evaluation.history if past.as_of in days]
    for verdict, run in groupby(recorded, key=write_verdict):
        months = tuple(run)
        votes = write_share(months[-1].readings_judged)
        yield evaluation.id, verdict, votes, str(months[0].as_of), str(months[-1].as_of), str(len(months))
