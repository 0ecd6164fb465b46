"""A chosen period as the main measurement: it needs the whole sample next to it, and a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from groundswell.claims.binding import BoundClaim
from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.spec import MeasureSpec
from groundswell.model import Reading


def explain_period(measure: MeasureSpec, bound: BoundClaim) -> Iterator[tuple[str, str]]:
    """Say, with the field, what a measurement of a chosen period needs: a reason, and the whole sample as a reading."""
    main = bound.main
    if not isinstance(main, BoundMeasure):
        return
    span, arguments = main.span, type(main.arguments).model_fields
    chosen = [name for name in ("first", "last") if name in arguments and span and getattr(span, name)]
    if not measure.chosen_by and "later" in arguments:  # the estimand states the whole sample itself
        yield (
            "arguments.later",
            "two periods are compared, and dates that suit a claim are easily found: say in chosen_by who chose them "
            "and why",
        )
    if not measure.chosen_by and (chosen or measure.since):
        yield (
            f"arguments.{chosen[0]}" if chosen else "since",
            f"the main measurement is of a chosen period ({chosen[0] if chosen else 'since'}), and one that suits a "
            "claim is easily found: say in chosen_by who chose it and why",
        )
    votes = [reading.measure for reading in bound.readings if not reading.spec.asks]
    if chosen and not any(isinstance(each, BoundMeasure) and is_whole_sample(each, main) for each in votes):
        yield (
            f"arguments.{chosen[0]}",
            f"the main measurement is of a chosen period ({' and '.join(chosen)}) without the whole sample next to it: "
            f'add a reading with name = "The whole sample", estimand = "{main.estimand.name}" and all other arguments, '
            "without asks",
        )


def explain_span(bound: BoundMeasure) -> Iterator[tuple[str, str]]:
    """Say, with the argument, that a period ends before it begins."""
    span = bound.span
    if span and span.first and span.last and span.last < span.first:
        yield "last", f"{span.last} is before the first day, {span.first}: no data lie between them"


def note_choice(measure: MeasureSpec, bound: BoundClaim, readings: Iterable[Reading]) -> Iterator[str]:
    """Say who chose the period of the main measurement, and what the whole sample gives."""
    if not measure.chosen_by or not isinstance(bound.main, BoundMeasure):
        return
    whole = {
        one.spec.name
        for one in bound.readings
        if isinstance(one.measure, BoundMeasure) and not one.spec.asks and is_whole_sample(one.measure, bound.main)
    }
    found = next((one for one in readings if one.name in whole and not bound.main.span_is_open), None)
    words = f" Over the whole sample the claim is {found.verdict}: {found.reason}." if found else ""
    yield f"Who chose the period, and why: {measure.chosen_by.rstrip('.')}.{words}"


def is_whole_sample(measure: BoundMeasure, main: BoundMeasure) -> bool:
    """Whether a measure is the main one without its period."""
    return measure.estimand is main.estimand and measure.span_is_open and _undated(measure) == _undated(main)


def _undated(measure: BoundMeasure) -> dict[str, object]:
    """The arguments without days: a list of them is what differs between a period and the whole sample."""
    return {
        name: value
        for name, value in dict(measure.arguments).items()
        if value is not None and not isinstance(value, dt.date)
    }
