"""Changes of a verdict between two evaluations of a claim, and why it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from groundswell.claims.registry import ESTIMANDS
from groundswell.model import Evaluation, EventValue, Verdict, VerdictAt, VerdictChange
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_value
from groundswell.wording.plurals import write_count

SAME = 1e-9
"""Values of one event that differ by less are the same."""

NAMED = 3
"""How many events a reason names before it counts the rest."""


def turns(history: Sequence[VerdictAt]) -> Iterator[tuple[VerdictAt, VerdictAt]]:
    """The neighbours in a history, oldest first, whose verdicts differ."""
    yield from ((before, after) for before, after in pairwise(history) if before.verdict is not after.verdict)


def verdict_change(before: Evaluation, after: Evaluation) -> VerdictChange:
    """The change from one evaluation of a claim to a later one."""
    return VerdictChange(
        hub=after.hub,
        claim=after.id,
        text=after.text,
        as_of=after.as_of,
        since=before.as_of,
        before=before.verdict,
        after=after.verdict,
        why="; ".join(_reasons(before, after)),
    )


def _reasons(before: Evaluation, after: Evaluation) -> Iterator[str]:
    """What differs between two evaluations, the cause of most weight first."""
    if Verdict.NOT_MEASURED in (before.verdict, after.verdict):
        first = after.verdict is not Verdict.NOT_MEASURED
        yield f"it can be measured now, before: {before.reason}" if first else after.reason
        return
    if (before.estimand, before.window) != (after.estimand, after.window):
        yield f"the claim is measured otherwise: {after.estimand}, {after.window}"
    by_events = after.estimand is not None and ESTIMANDS[after.estimand].rows == "Events"
    if by_events:
        yield from _of_events(before, after)
    yield from _of_data(before, after, told_by_events=by_events)
    if before.estimate is not None and after.estimate is not None and after.unit:
        values = [write_value(evaluation.estimate, after.unit) for evaluation in (before, after)]
        yield f"the estimate went from {' to '.join(values)}"


def _of_events(before: Evaluation, after: Evaluation) -> Iterator[str]:
    then = {event.date: event for event in before.events}
    now = {event.date: event for event in after.events}
    unit = after.unit or "return"
    fresh = [now[day] for day in sorted(now.keys() - then.keys())]
    if fresh:
        yield f"{write_count(len(fresh), 'new event')}: {_named(fresh, unit)}"
    gone = [then[day] for day in sorted(then.keys() - now.keys())]
    if gone:
        yield f"{write_count(len(gone), 'event')} no longer counted: {_named(gone, unit)}"
    changed = sum(abs(now[day].value - then[day].value) > SAME for day in now.keys() & then.keys())
    if changed:
        yield f"{write_count(changed, 'event')} measured anew with another value"


def _of_data(before: Evaluation, after: Evaluation, *, told_by_events: bool) -> Iterator[str]:
    then = {use.series: use.source for use in before.sources}
    other = [use.series for use in after.sources if use.series in then and then[use.series] != use.source]
    if other:
        yield f"another source of {', '.join(other)}"
    if not told_by_events and (last := _last(after)) and last != _last(before):
        yield f"new data up to {write_day(last)}"


def _last(evaluation: Evaluation) -> dt.date | None:
    return max((use.last for use in evaluation.sources if use.last), default=None)


def _named(events: Sequence[EventValue], unit: str) -> str:
    shown = [f"{write_day(event.date)} ({write_value(event.value, unit)})" for event in events[-NAMED:]]
    more = f" and {len(events) - NAMED} before" if len(events) > NAMED else ""
    return ", ".join(shown) + more
