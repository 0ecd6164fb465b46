"""Events that are picked by what is measured at them: their values follow from the rule of the list."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.claims.estimand import BoundMeasure
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import SeriesRef

FOLLOWED = {**dict.fromkeys(("SPY", "IVV", "VOO", "^SP500TR"), "^GSPC"), "VIXCLS": "^VIX"}
"""The index in which lists are found, by what follows it."""


def explain_selection(bound: BoundMeasure) -> Iterator[tuple[str, str]]:
    """Say, with the argument, that the rule of a list of events already says what is measured.

    So it is where the list is found in the only measured series, and the value is made before the event: a level that
    is read on its day, or the return before it from which a difference is taken. Windows that begin before an event
    are measured, as hindsight; a lead before a fall is an absent premise.
    """
    fields = dict(bound.arguments)
    measured: tuple[SeriesRef, ...] = getattr(bound.arguments, "measured", ())
    listed = EVENT_LISTS.get(fields.get("events", ""))
    if listed is None or len(measured) != 1:
        return
    ref = measured[0]
    is_reading = "horizon" not in fields and fields.get("base", 0) == 0
    if FOLLOWED.get(ref.id, ref.id) in {each.id for each in listed.needs} and (
        is_reading or fields.get("premise", "lead") != "lead"
    ):
        yield (
            "events",
            f"the events are picked by what is measured: the list is found in {ref.id}, or in what it follows, so that "
            "its rule says what the value is, whatever happens; measure another series, or what follows the event",
        )
