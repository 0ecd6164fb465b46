"""The qualifiers of a verdict: how far it was shown, and what speaks against relying on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.estimand import Measurement, Missing, Refused
from groundswell.claims.inference.breaks import Break, find_break
from groundswell.claims.inference.rows import Rows, list_event_rows
from groundswell.claims.judging.strength import find_near_bound
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.verdict import claimed_side
from groundswell.model import Qualifier, Reading, Verdict
from groundswell.wording.plurals import write_count

USUAL_P = 0.1
"""From this placebo p on, the windows of events are like any others."""

BREAK_P = 0.05


@dataclass(frozen=True, slots=True)
class Qualified:
    """The qualifiers of a verdict, and the day since which it does not hold, where there is one."""

    qualifiers: tuple[Qualifier, ...]
    not_since: dt.date | None = None


def qualify(
    main: Reading,
    outcome: Measurement | Missing | Refused,
    measure: MeasureSpec,
    like_any_other: bool,
    *,
    rows: Rows | None,
    is_stale: bool,
    lacks_premise: bool = False,
) -> Qualified:
    """List what a reader must know next to the verdict of the main measurement, the strongest reservation first.

    ``like_any_other``: see ``is_usual``. ``rows`` are those of ``list_rows``, in which a break is looked for.
    ``lacks_premise``: a listed reading that votes lacks what the claim takes for granted; see ``note_absent_premises``.
    """
    measurement = outcome if isinstance(outcome, Measurement) else None
    found = find_reversal(rows, measure) if rows is not None and main.verdict is Verdict.SUPPORTED else None
    lacks_premise = lacks_premise or bool(measurement and measurement.premise)
    listed = _list_qualifiers(main, measurement, measure, like_any_other, found, lacks_premise)
    stale = (Qualifier.STALE,) if is_stale else ()
    identity = (Qualifier.IDENTITY,) if isinstance(outcome, Refused) and outcome.is_identity else ()
    return Qualified((*identity, *listed, *stale), found.day if found else None)


def is_usual(main: Reading, placebo_p: float | None, windows: NDArray[np.float64] | None) -> bool:
    """Whether the windows of the events are like any others of their length.

    Where too few windows fit next to one another for a placebo, they are unless the interval excludes the mean of all.
    """
    if placebo_p is not None or windows is None or not len(windows):
        return placebo_p is not None and placebo_p >= USUAL_P
    low, high = main.ci_low, main.ci_high
    return low is not None and high is not None and low <= float(windows.mean()) <= high


def _list_qualifiers(  # noqa: PLR0917 - what was measured, and what is known of it
    main: Reading,
    measurement: Measurement | None,
    measure: MeasureSpec,
    like_any_other: bool,
    found: Break | None,
    lacks_premise: bool,
) -> Iterator[Qualifier]:
    if measurement is None:
        return
    if main.verdict is Verdict.SUPPORTED:
        yield from _qualify_size(main, measure)
        if like_any_other:
            yield Qualifier.NO_MORE_THAN_USUAL
        if found:
            yield Qualifier.NOT_SINCE
    if lacks_premise:
        yield Qualifier.PREMISE_ABSENT
    if measurement.hindsight:
        yield Qualifier.HINDSIGHT


def note_absent_premises(votes: Sequence[tuple[str, Measurement | Missing | Refused]]) -> tuple[str, ...]:
    """Say in one note by which of the readings, each with its name, the premise of the claim is absent."""
    absent = [(name, found.premise) for name, found in votes if isinstance(found, Measurement) and found.premise]
    if not absent:
        return ()
    (name, words), others = absent[0], len(absent) - 1
    more = f" It is absent by {write_count(others, 'other reading')} too." if others else ""
    return (f"By the reading “{name}”: {words}{more}",)


def _qualify_size(main: Reading, measure: MeasureSpec) -> Iterator[Qualifier]:
    """Say whether a size was shown: where one is claimed, only an interval that reaches it as a whole shows it."""
    near = find_near_bound(measure)
    if near is None:
        yield Qualifier.SIZE
    elif near and main.ci_low is not None and main.ci_high is not None:
        side = claimed_side(measure.range)
        low = min(side * main.ci_low, side * main.ci_high)
        yield Qualifier.SIZE if low >= side * near else Qualifier.DIRECTION_ONLY


def find_reversal(rows: Rows, measure: MeasureSpec) -> Break | None:
    """Find a break after which the estimate falls short of the claimed range; None where there is none.

    Of a claim that an estimate lies within a range, the estimate after the break must lie outside.
    """
    found = find_break(rows)
    if found is None or found.p >= BREAK_P:
        return None
    near = find_near_bound(measure)
    if near is None:
        return None if measure.range[0] <= found.after <= measure.range[1] else found
    side = claimed_side(measure.range)
    return found if side * found.after < max(side * near, 0.0) else None


def list_rows(measurement: Measurement) -> Rows | None:
    """List what an estimate is made of, where that is known: the rows of a regression, or the values of events."""
    if measurement.rows is not None and measurement.summary and measurement.summary.mean is not None:
        return measurement.rows()
    return list_event_rows(measurement.values) if measurement.summary is None and measurement.values else None
