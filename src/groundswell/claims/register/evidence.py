"""The evidence from before a claim was registered, and from after."""

from __future__ import annotations

from dataclasses import replace

from groundswell.claims.registry import is_by_events
from groundswell.model import Evaluation, Registration, SinceRegistered


def add_registration(evaluation: Evaluation, registration: Registration | None) -> Evaluation:
    """Return the evaluation with the version of its claim, and with the events after the day of its registration.

    Only a claim that is measured by events has such; of others, the recorded history shows what followed.
    """
    if registration is None:
        return evaluation
    since = None
    if is_by_events(evaluation.estimand) and evaluation.stand_in is None and not evaluation.withheld:
        values = [event.value for event in evaluation.events if event.date > registration.registered]
        since = SinceRegistered(len(values), sum(values) / len(values) if values else None)
    return replace(evaluation, version=registration.version, registered=registration.registered, since_registered=since)
