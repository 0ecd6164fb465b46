"""The longest record of a pair of series: its own values where both have them, those of another pair before.

A fund's total return begins with the fund; the price index that it follows goes back further, without dividends. An
event is measured wholly on one of the two pairs. What the other pair costs is measured where both exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

import numpy as np

from groundswell.markets.series.calendar import as_days, shift_sessions
from groundswell.markets.studies.event_measures import EventMeasure
from groundswell.markets.studies.event_study import EventStudy, EveryWindow, find_window_bounds
from groundswell.model import Absence, EventValue, Series

MIN_SEPARATE_WINDOWS = 2
"""The cost is not known from fewer windows that share no day."""

REASON_WITHOUT_COST = (
    "it lies before the own record of the series, and both records have too few windows in common to say how far they "
    "differ"
)


MOST_FOREIGN = 0.5
"""A pair extends no other from which it differs by so much of what the values vary: a quarter of the variance.

Funds and their indices differ by 0.03 to 0.09, long Treasuries and a bond computed from yields by 0.15 to 0.22.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A series, and the one whose return is subtracted from it, if any."""

    long: Series
    short: Series | None = None

    @property
    def first(self) -> np.datetime64:
        """The first day on which both have begun."""
        starts = [series.dates[0] for series in (self.long, self.short) if series is not None]
        day: np.datetime64 = max(starts)
        return day

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(series.ref) for series in (self.long, self.short) if series is not None)


@dataclass(frozen=True, slots=True)
class SpliceCost:
    """By how much a value of the own pair lies above one of the other pair, over the windows that both have.

    ``mean`` and ``deviation`` (standard) are over ``windows``, which overlap; ``error`` is that of the mean, counting
    only as many windows as fit next to one another. ``share`` is the deviation as a share of that of the own values:
    near zero where the other pair follows the own one, above 1 where it has nothing to do with it.
    """

    mean: float
    deviation: float
    error: float
    windows: int
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Spliced:
    """Values of events, each of which names its series, and the cost of those before ``seam``.

    ``cost`` is None where no event lies before the seam, or where it is not known.
    """

    study: EventStudy
    cost: SpliceCost | None
    seam: date


def measure_spliced(  # noqa: PLR0917 - what is measured, on what, and as of when
    days: Sequence[date],
    own: Pair,
    earlier: Pair,
    measure: EventMeasure,
    as_of: date,
    find_cost: Callable[[], SpliceCost | None],
) -> Spliced:
    """Measure each event on ``own`` if all the days that it needs lie in its record, and otherwise on ``earlier``.

    ``find_cost`` gives what ``measure_cost`` does; it is asked only where an event lies before the seam.
    No window straddles the seam. A gap within the record of ``own`` is a missing value and not filled from ``earlier``.
    """
    seam = own.first
    bases = find_window_bounds(as_days(days), own.long, measure.window)[0] if days else as_days([])
    is_own = shift_sessions(bases, -measure.lead) >= seam
    late = [day for day, inside in zip(days, is_own, strict=True) if inside]
    early = [day for day, inside in zip(days, is_own, strict=True) if not inside]
    after = measure.measure(late, own.long, own.short, as_of)
    before = measure.measure(early, earlier.long, earlier.short, as_of)
    cost = find_cost() if before.values else None
    if before.values and (cost is None or cost.share > MOST_FOREIGN):
        reason = REASON_WITHOUT_COST if cost is None else _explain_foreign(own, earlier, cost)
        left_out = tuple(Absence(event.date, reason) for event in before.values)
        before, cost = EventStudy((), (*before.absent, *left_out)), None
    values = (*_name_series(before.values, earlier), *_name_series(after.values, own))
    absent = (*before.absent, *after.absent)
    study = EventStudy(
        tuple(sorted(values, key=lambda event: event.date)), tuple(sorted(absent, key=lambda absence: absence.date))
    )
    return Spliced(study, cost, seam.astype(object))


def _explain_foreign(own: Pair, earlier: Pair, cost: SpliceCost) -> str:
    return (
        f"it lies before the own record of the series, and {' less '.join(earlier.names)} does not follow "
        f"{' less '.join(own.names)}: over the {cost.windows:,} windows that both have, they differ by "
        f"{100 * cost.share:.0f} % of what the values themselves vary"
    )


def measure_cost(own: Pair, earlier: Pair, measure: EventMeasure, as_of: date) -> SpliceCost | None:
    """Measure the difference between both pairs over every window that both have; None where there are too few."""
    ours, theirs = (measure.measure_all(pair.long, pair.short, as_of) for pair in (own, earlier))
    _, mine, others = np.intersect1d(ours.bases, theirs.bases, assume_unique=True, return_indices=True)
    differences = ours.values[mine] - theirs.values[others]
    separate = len(differences) / measure.count_rows(own.long)
    if separate < MIN_SEPARATE_WINDOWS:
        return None
    deviation = float(differences.std(ddof=1))
    own_deviation = float(ours.values[mine].std(ddof=1))
    share = deviation / own_deviation if own_deviation else 0.0
    return SpliceCost(float(differences.mean()), deviation, deviation / sqrt(separate), len(differences), share)


def measure_all_spliced(own: Pair, earlier: Pair, measure: EventMeasure, as_of: date) -> EveryWindow:
    """Measure every window on the pair on which an event at its base would be measured, oldest first."""
    ours, theirs = (measure.measure_all(pair.long, pair.short, as_of) for pair in (own, earlier))
    first = ours.bases[0] if len(ours.bases) else np.datetime64(as_of, "D")
    is_before = theirs.bases < first
    return EveryWindow(
        np.concatenate([theirs.bases[is_before], ours.bases]),
        np.concatenate([theirs.values[is_before], ours.values]),
    )


def _name_series(values: Sequence[EventValue], pair: Pair) -> tuple[EventValue, ...]:
    return tuple(replace(event, series=pair.names) for event in values)
