"""What is known of each series: its measure, its unit and when its values are released."""

from __future__ import annotations

from groundswell.model import Measure, SeriesRef


def concentration_ref(fund: str, gauge: str) -> SeriesRef:
    """The series of one of ``GAUGES`` of a fund: a fraction for each day of which a list of holdings is held."""
    return SeriesRef(f"{fund}.concentration.{gauge}", Measure.LEVEL)


def breadth_ref(group: str, gauge: str) -> SeriesRef:
    """The series of one of ``GAUGES`` over a group of ``fundamentals.GROUPS``: a fraction a session."""
    return SeriesRef(f"{group}.breadth.{gauge}", Measure.LEVEL)
