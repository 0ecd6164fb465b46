"""Changes between two rows that a series cannot make: splits, units that switch, other securities, wrong rows.

A change is judged by the usual size of the series' own changes and by what its kind allows. Crashes, short squeezes and
a doubling of the VIX are large and possible: other changes around such a day, or those of other series on that day, are
large too. News of one company moves its price far, and by more than usual on the days after. Nothing explains a change
that comes alone in a calm series and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.changes import (
    MIN_MOVE,
    MIN_WITHHELD_MOVE,
    ROWS_AROUND,
    Changes,
    measure_changes,
    typical_size,
)
from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import PRICED
from groundswell.model import Action, IssueKind, Series
from groundswell.model.series import Values

NEIGHBOURS = 10
NEIGHBOUR_FACTOR = 3.0
"""A change is possible if one within ten rows, or most other series on the day, moved by a third of it."""

UNHEARD_OF_RISE, UNHEARD_OF_FALL = float(np.log(10.0)), -float(np.log(30.0))
"""In logs: no turmoil explains a price ten times the one before, or a thirtieth of it."""

MAX_USUAL_OF_FUNDS = 0.02
"""Prices with smaller usual changes are those of funds and large companies, which no piece of news moves so far."""

MAX_SURPRISE, USUAL_CHANGES_OF_SURPRISE = 0.6, 30.0
"""In logs: results that disappoint take up to 45 % off a large company in a day, as a split of 3 for 2 would."""

USUAL_CHANGES_OF_COMPANIES = 40.0
ROWS_AFTER = 5
MAX_AFTERMATH, MAX_AFTERMATH_OF_SPLIT = 2.0, 1.4
"""After news, the changes of a week are on average more than so many usual ones; after a split they are usual. Of 192
far moves in the prices of 2,383 companies, half were followed by more than 1.5 usual changes; of splits that were put
into the same prices, one in ten."""

MAX_ROWS_OF_SPIKE = 5
"""A level that is left for so many rows at most, and reached again, is wrong on these rows."""

MAX_RETURN_ERROR = 0.2

MIN_CHANGES = 20
MIN_MOVE_IN_SHORT_SERIES = 0.9

MIN_PEERS = 3
MIN_ROWS = 3

SPLIT_RATIOS = np.array([1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0, 20.0])
EXACT_UP_TO = 25.0
"""The move of the day hides the exact ratio of a larger split."""

SPLIT_PRECISION = 0.02
SPLIT_USUAL_CHANGES = 13.0
"""A change by the ratio of a common split needs to be only so many times the usual one."""


def find_impossible_changes(series: Series, peers: Iterable[Series] = ()) -> tuple[Finding, ...]:
    """Find the rows at which a price, an index or a rate cannot have come from the row before.

    Rows of a spike that reverses within days are to be dropped. A change that stays withholds verdicts.
    """
    judged = _find_suspects(series)
    if judged is None or not len(judged[1]):
        return ()
    changes, suspects = judged
    peers_changes = _peers_by_day(series, peers, changes.days[suspects + 1])
    suspects = np.array([row for row in suspects if not _is_explained(changes, int(row), peers_changes)], dtype=np.intp)
    spikes, lasting = _split_spikes(changes, suspects.tolist())
    findings = [_describe_spikes(series, changes, spikes)] if spikes else []
    findings += [_describe_change(series, changes, row) for row in lasting]
    return tuple(findings)


def _find_suspects(series: Series) -> tuple[Changes, NDArray[np.intp]] | None:
    """Return the changes of a series and the rows of those beyond their bounds; None for a kind that is not judged."""
    family = family_of(series.ref)
    is_price = series.ref.measure in PRICED
    is_volatility = family.unit == "points" and not is_price and bool((series.values > 0.0).all())
    if len(series) < MIN_ROWS or (not is_price and not is_volatility and family.max_change is None):
        return None
    changes = measure_changes(series.dates, series.values, in_logs=is_price or is_volatility)
    if changes.in_logs:
        floor = MIN_MOVE if len(series) > MIN_CHANGES else MIN_MOVE_IN_SHORT_SERIES
        rows = np.flatnonzero(np.abs(changes.changes) > floor)  # most series have none
        bounds = changes.bounds(rows, floor) if len(rows) else np.zeros(0)
        if len(rows) and is_price and not family.absolute:
            is_split = _distance_to_split(changes.changes[rows]) < SPLIT_PRECISION
            bounds = np.where(is_split, changes.bounds(rows, floor, SPLIT_USUAL_CHANGES), bounds)
    else:
        largest = family.max_change or 0.0
        rows = np.flatnonzero(np.abs(changes.changes) > largest)
        bounds = largest * np.sqrt(changes.sessions(rows)) if len(rows) else np.zeros(0)
    return changes, rows[np.abs(changes.changes[rows]) > bounds]


def _is_explained(changes: Changes, row: int, peers: dict[np.datetime64, Values]) -> bool:
    """Whether other changes around the day, or of other series on the day, are so large that this one is possible."""
    size = changes.changes[row]
    around = np.arange(max(0, row - NEIGHBOURS), min(len(changes.changes), row + NEIGHBOURS + 1))
    others = changes.changes[around[around != row]]
    is_return = np.abs(others + size) <= MAX_RETURN_ERROR * abs(size)
    if (
        len(others)
        and (np.abs(others[~is_return]) * NEIGHBOUR_FACTOR > abs(size)).any()
        and not _is_unheard_of(changes, size)
    ):
        return True
    moved = peers.get(changes.days[row + 1], np.array([]))
    return len(moved) >= MIN_PEERS and float(np.median(moved * np.sign(size))) * NEIGHBOUR_FACTOR > abs(size)


def _is_unheard_of(changes: Changes, size: float) -> bool:
    return changes.in_logs and not UNHEARD_OF_FALL < size < UNHEARD_OF_RISE


def _may_be_news(series: Series, changes: Changes, row: int, *, is_split: bool) -> bool:
    """Whether news of one company may have made a change: by its size, and by the changes of the week after."""
    size = float(changes.changes[row])
    if not changes.in_logs or family_of(series.ref).absolute or _is_unheard_of(changes, size):
        return False
    if abs(size) < MIN_WITHHELD_MOVE:
        return True
    usual = float(changes.usual(np.array([row]))[0])
    if abs(size) < MAX_SURPRISE and abs(size) < USUAL_CHANGES_OF_SURPRISE * usual:
        return True
    before = typical_size(np.abs(changes.changes[max(0, row - ROWS_AROUND) : row])) or usual
    after = np.abs(changes.changes[row + 1 : row + 1 + ROWS_AFTER])
    aftermath = float(after.mean()) / before if len(after) and before > 0.0 else 0.0
    if is_split and aftermath < MAX_AFTERMATH_OF_SPLIT:
        return False
    is_far = usual < MAX_USUAL_OF_FUNDS or abs(size) > USUAL_CHANGES_OF_COMPANIES * usual
    return not (is_far and aftermath < MAX_AFTERMATH)


def _split_spikes(changes: Changes, impossible: Sequence[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Split impossible changes into spikes, as (change that leaves, change that returns), and those that stay."""
    spikes: list[tuple[int, int]] = []
    lasting: list[int] = []
    rows = list(impossible)
    while rows:
        row = rows.pop(0)
        size = changes.changes[row]
        ends = range(row + 1, min(row + MAX_ROWS_OF_SPIKE, len(changes.changes) - 1) + 1)
        back = next(
            (
                end
                for end in ends
                if end in rows and abs(changes.changes[row : end + 1].sum()) <= MAX_RETURN_ERROR * abs(size)
            ),
            None,
        )
        if back is None:
            lasting.append(row)
        else:
            spikes.append((row, back))
            rows = [other for other in rows if other > back]
    return spikes, lasting


def _describe_spikes(series: Series, changes: Changes, spikes: Sequence[tuple[int, int]]) -> Finding:
    rows = np.concatenate([np.arange(start + 1, end + 1) for start, end in spikes])
    sizes = changes.changes[[start for start, _ in spikes]]
    largest = float(sizes[np.abs(sizes).argmax()])
    days = tuple(series.dates[rows].tolist())
    text = f"on {days[0]} it {_write_change(largest, changes)} and returns within days, which no real price does"
    size, unit = (float(np.expm1(largest)), "return") if changes.in_logs else (largest, "points")
    return Finding(IssueKind.ONE_DAY, days, text, size, unit, action=Action.DROPPED)


def _describe_change(series: Series, changes: Changes, row: int) -> Finding:
    day, size = changes.days[row + 1], float(changes.changes[row])
    kind, cause = _explain_change(series, changes, row)
    text = f"it {_write_change(size, changes)} on {day}{cause}"
    amount, unit = (float(np.expm1(size)), "return") if changes.in_logs else (size, "points")
    return Finding(kind, (day.item(),), text, amount, unit)


def _explain_change(series: Series, changes: Changes, row: int) -> tuple[IssueKind, str]:
    """Return the kind of a change, and what would make it."""
    size = float(changes.changes[row])
    is_split = bool(_distance_to_split(np.array([size]))[0] < SPLIT_PRECISION)
    if _may_be_news(series, changes, row, is_split=is_split):
        return IssueKind.LARGE, ", which news of a company can do, and a split that is not adjusted for too"
    impossible = IssueKind.IMPOSSIBLE, ", further than its own moves and its kind allow"
    if not changes.in_logs or family_of(series.ref).absolute:
        return impossible
    ratio, usual = float(np.exp(abs(size))), float(changes.usual(np.array([row]))[0])
    precision = max(SPLIT_PRECISION, 2.5 * usual)
    if abs(np.log(ratio / 100.0)) < precision:
        return IssueKind.IMPOSSIBLE, ", as a change between pounds and pence, or a split of 100, would"
    common = float(SPLIT_RATIOS[np.abs(np.log(SPLIT_RATIOS / ratio)).argmin()])
    known = common if ratio < EXACT_UP_TO else float(round(ratio))
    if abs(np.log(ratio / known)) > precision:
        return impossible
    about = "" if ratio < EXACT_UP_TO else "about "
    terms = f"{known:g} for 1" if size < 0.0 else f"1 for {known:g}"
    return IssueKind.SPLIT, f", as a split of {about}{terms} that is not adjusted for would"


def _write_change(size: float, changes: Changes) -> str:
    if not changes.in_logs:
        return f"{'rises' if size > 0.0 else 'falls'} by {abs(size):.2f} points"
    if size < 0.0:
        return f"falls by {-np.expm1(size):.1%}".replace("%", " %")
    return (
        f"rises by {np.expm1(size):,.1%}".replace("%", " %")
        if size < np.log(10.0)
        else f"rises to {np.exp(size):,.1f} times"
    )


def _distance_to_split(changes: Values) -> Values:
    distances = np.abs(np.abs(changes)[:, None] - np.log(SPLIT_RATIOS))
    distances[changes > 0.0, 0] = np.inf  # nobody puts three shares into two
    nearest: Values = distances.min(axis=1)
    return nearest


def _peers_by_day(series: Series, peers: Iterable[Series], days: Days) -> dict[np.datetime64, Values]:
    """Return the log changes of other securities and indices on each day."""
    by_day: dict[np.datetime64, list[float]] = {}
    for peer in peers:
        if peer.ref.id == series.ref.id or peer.ref.measure is not series.ref.measure or len(peer) < 2:
            continue
        rows = np.searchsorted(peer.dates, days)
        for row, day in zip(rows, days, strict=True):
            if 0 < row < len(peer) and peer.dates[row] == day and (peer.values[row - 1 : row + 1] > 0.0).all():
                by_day.setdefault(day, []).append(float(np.log(peer.values[row] / peer.values[row - 1])))
    return {day: np.array(moves) for day, moves in by_day.items()}
