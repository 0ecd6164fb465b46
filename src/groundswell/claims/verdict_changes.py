"""Changes of a claim's verdict between two evaluations, and their reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from groundswell.claims.readings import MAX_EVENTS_NAMED
from groundswell.claims.registry import is_by_events
from groundswell.model import JUDGED, Basis, Evaluation, EventValue, Verdict, VerdictAt, VerdictChange
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_value
from groundswell.wording.plurals import write_count

VALUE_TOLERANCE = 1e-9
"""Values of one event that differ by less count as equal."""


def add_history(evaluation: Evaluation, history: Iterable[VerdictAt]) -> Evaluation:
    """Return the evaluation with the verdicts of earlier days, and its own as the last."""
    earlier = (verdict for verdict in history if verdict.as_of < evaluation.as_of)
    return replace(evaluation, history=(*earlier, evaluation.verdict_at))


def find_changes(history: Sequence[VerdictAt]) -> Iterator[tuple[VerdictAt, VerdictAt]]:
    """Find the neighbours in a history, oldest first, between which what is confirmed differs.

    That is a verdict that was not confirmed before, or is no longer. Left out are verdicts on a stand-in, withheld
    ones, and those without enough data: the next one is compared with the last that rests on enough.

    Facts, which need no confirmation, are compared by their words. So are verdicts that were recorded before there were
    confidence sequences, as they were published then; the first one with a sequence is compared with none of them: a
    new rule is no news of the claim. Nor is a new version of its specification, which is compared with none of an
    earlier version.
    """
    counted = [past for past in history if past.basis is Basis.DECLARED and _counts(past)]
    yield from ((before, after) for before, after in pairwise(counted) if _differ(before, after))


def _counts(past: VerdictAt) -> bool:
    return past.confirmed is None or past.verdict in JUDGED


def _differ(before: VerdictAt, after: VerdictAt) -> bool:
    is_another_version = before.version != after.version and None not in (before.version, after.version)
    if is_another_version or (before.confirmed is None) is not (after.confirmed is None):
        return False
    if before.confirmed is None:
        return before.verdict is not after.verdict
    return _get_confirmed(before) is not _get_confirmed(after)


def _get_confirmed(past: VerdictAt) -> Verdict | None:
    return past.verdict if past.confirmed else None


def explain_change(before: Evaluation, after: Evaluation) -> VerdictChange:
    """Explain the change from one evaluation of a claim to a later one."""
    return VerdictChange(
        hub=after.hub,
        claim=after.id,
        text=after.text,
        as_of=after.as_of,
        since=before.as_of,
        before=before.verdict,
        after=after.verdict,
        why="; ".join(_list_reasons(before, after)),
        was_confirmed=before.confirmed,
        confirmed=after.confirmed,
        readings_judged=after.readings_judged,
    )


def _list_reasons(before: Evaluation, after: Evaluation) -> Iterator[str]:
    """List what differs between two evaluations, the most important first."""
    if Verdict.NOT_MEASURED in (before.verdict, after.verdict):
        measured = after.verdict is not Verdict.NOT_MEASURED
        yield f"it can be measured now; before: {before.reason}" if measured else after.reason
        return
    if (before.estimand, before.window) != (after.estimand, after.window):
        yield f"the claim is measured in another way: {after.estimand}, {after.window}"
    by_events = is_by_events(after.estimand)
    if by_events:
        yield from _compare_events(before, after)
    yield from _compare_data(before, after, events_compared=by_events)
    if before.estimate is not None and after.estimate is not None and after.unit:
        values = [write_value(evaluation.estimate, after.unit) for evaluation in (before, after)]
        yield f"the estimate went from {' to '.join(values)}"
    if after.confirmed is not None and after.sequence_low is not None and after.sequence_high is not None:
        bounds = [write_value(bound, after.unit or "return") for bound in (after.sequence_low, after.sequence_high)]
        yield f"the confidence sequence is {' to '.join(bounds)}"


def _compare_events(before: Evaluation, after: Evaluation) -> Iterator[str]:
    then = {event.date: event for event in before.events}
    now = {event.date: event for event in after.events}
    unit = after.unit or "return"
    added = [now[day] for day in sorted(now.keys() - then.keys())]
    if added:
        yield f"{write_count(len(added), 'new event')}: {_name_events(added, unit)}"
    dropped = [then[day] for day in sorted(then.keys() - now.keys())]
    if dropped:
        yield f"{write_count(len(dropped), 'event')} no longer counted: {_name_events(dropped, unit)}"
    changed = sum(abs(now[day].value - then[day].value) > VALUE_TOLERANCE for day in now.keys() & then.keys())
    if changed:
        yield f"{write_count(changed, 'event')} measured again with another value"


def _compare_data(before: Evaluation, after: Evaluation, *, events_compared: bool) -> Iterator[str]:
    then = {use.series: use.source for use in before.sources}
    changed = [use.series for use in after.sources if use.series in then and then[use.series] != use.source]
    if changed:
        yield f"another source of {', '.join(changed)}"
    if not events_compared and (last := _last_date(after)) and last != _last_date(before):
        yield f"new data up to {write_day(last)}"


def _last_date(evaluation: Evaluation) -> dt.date | None:
    return max((use.last for use in evaluation.sources if use.last), default=None)


def _name_events(events: Sequence[EventValue], unit: str) -> str:
    names = [f"{write_day(event.date)} ({write_value(event.value, unit)})" for event in events[-MAX_EVENTS_NAMED:]]
    more = f" and {len(events) - MAX_EVENTS_NAMED} before" if len(events) > MAX_EVENTS_NAMED else ""
    return ", ".join(names) + more
