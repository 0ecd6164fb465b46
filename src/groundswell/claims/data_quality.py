"""Which defects of data lie in the windows of a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from groundswell.claims.registry import ESTIMANDS
from groundswell.model import Defect, DefectKind, Evaluation, Reading, Touch

Spans = tuple[tuple[dt.date, dt.date], ...]


def with_touches(evaluation: Evaluation, defects: Mapping[str, Collection[Defect]]) -> Evaluation:
    """The evaluation with the defects that touch it; ``defects`` are by the name of their series.

    A defect touches a measurement when the measurement uses its series and one of its days lies in a window, both ends
    included. A series that ends early touches what is measured up to the day of the evaluation, and events after its
    end. Where nothing was measured, nothing is touched.
    """
    main = _touching(evaluation, evaluation, defects)
    counted: dict[Defect, int] = {}
    for reading in evaluation.readings:
        for defect in _touching(reading, evaluation, defects):
            counted[defect] = counted.get(defect, 0) + 1
    touches = [Touch(defect, defect in main, counted.get(defect, 0)) for defect in dict.fromkeys((*main, *counted))]
    return replace(evaluation, touches=tuple(sorted(touches, key=_order)))


def _touching(
    measured: Evaluation | Reading, evaluation: Evaluation, defects: Mapping[str, Collection[Defect]]
) -> tuple[Defect, ...]:
    concerned = {use.series: defects[use.series] for use in measured.sources if use.series in defects}
    if not concerned:
        return ()
    windows = tuple((event.start, event.end) for event in measured.events)
    missed = tuple((absence.date, absence.date) for absence in measured.absent)
    by_events = evaluation.estimand is not None and ESTIMANDS[evaluation.estimand].rows == "Events"
    until = missed if by_events else ((windows[-1][1], evaluation.as_of),) if windows else ()
    return tuple(
        defect
        for found in concerned.values()
        for defect in found
        if _lies_in(defect, (*windows, *until) if defect.kind is DefectKind.ENDS_EARLY else windows)
    )


def _lies_in(defect: Defect, windows: Iterable[tuple[dt.date, dt.date]]) -> bool:
    return any(defect.within(start, end) for start, end in windows)


def _order(touch: Touch) -> tuple[bool, str, str, dt.date]:
    return not touch.main, touch.defect.series, touch.defect.kind, touch.defect.first
