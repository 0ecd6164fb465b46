"""Data issues that a series shows by itself or against its peers. ``cross_source`` compares sources of one series.

Each rule takes a series and returns a finding, or None. Days are counted on the calendar of the New York exchanges,
which is exact from 1950.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import EXACT_FROM, Days, as_days, is_session, sessions_between
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.staleness import PEERS
from groundswell.model import Frequency, IssueKind, Measure, Series
from groundswell.model.series import find_rows

PEERS_NEEDED = 3
"""A series ends early if so many others go on."""

MAX_OFF_SESSION_SHARE = 0.01
"""A series with a larger share of rows on days without trading follows another calendar."""

MAX_EXPECTED_RUNS = 1e-3
"""A run of equal values is an issue if fewer runs of its length than this are expected by chance in the series."""

MAX_UNCHANGED_SHARE = 0.1
MIN_CHANGES = 20
"""A series with more unchanged days, or with fewer changes, is not checked for runs of equal values."""

MAX_GAP_AT_SPLICE = np.timedelta64(7, "D")
"""A change over a longer gap is not a change of one day."""

PEER_SESSIONS = 125
"""Sessions before and after a splice over which a series is compared with a peer."""

MIN_PEER_CHANGES = 20
JUMP_RESIDUALS = 8.0
"""A splice jumps if its residual is larger than so many usual ones."""


def is_off_session(days: Days) -> NDArray[np.bool_]:
    """Return which days from 1950 on were not sessions."""
    return ~is_session(days) & (days >= np.datetime64(EXACT_FROM))


def follows_exchange_calendar(days: Days) -> bool:
    """Return whether nearly all of daily ``days`` are sessions of the New York exchanges."""
    return len(days) > 0 and float(is_off_session(days).mean()) <= MAX_OFF_SESSION_SHARE


def find_missing_sessions(days: Days) -> Finding | None:
    """Find sessions between the first and the last day that have no value."""
    sessions = sessions_between(max(days[0].item(), EXACT_FROM), days[-1].item())
    missing = sessions[~find_rows(days, sessions)[1]]
    if not len(missing):
        return None
    text = f"{len(missing)} sessions between its first and last day have no value"
    return Finding(IssueKind.MISSING, tuple(missing.tolist()), text, float(len(missing)), "sessions")


def find_constant_runs(days: Days, values: NDArray[np.float64]) -> Finding | None:
    """Find runs of equal values that are too long to be chance.

    In n days with a share p of unchanged ones, about n p^k runs of k unchanged days are expected. A run is reported if
    that number is below ``MAX_EXPECTED_RUNS`` and the run is at least three days long.
    """
    unchanged = np.diff(values) == 0
    share = max(float(unchanged.mean()), 1.0 / len(unchanged)) if len(unchanged) else 1.0
    if share > MAX_UNCHANGED_SHARE or len(unchanged) < MIN_CHANGES:
        return None
    shortest = max(3, int(np.ceil(np.log(MAX_EXPECTED_RUNS / len(unchanged)) / np.log(share))))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], unchanged, [False]]).astype(np.int8)))
    runs = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= shortest]
    if not runs:
        return None
    stale = np.concatenate([days[start + 1 : end + 1] for start, end in runs])
    longest = max(end - start for start, end in runs)
    text = f"the value does not change for up to {longest} sessions in a row, which is too long to be chance"
    return Finding(IssueKind.STALE, tuple(stale.tolist()), text, float(longest), "sessions")


def find_splice_jumps(series: Series, splices: Days, peers: Iterable[Series]) -> Finding | None:
    """Find days on which the source of the rows changes and the level jumps as no peer does.

    The move that the most similar peer explains (least squares over the 250 sessions around the splice) is subtracted.
    A jump is reported if the residual is more than eight times the usual one.
    """
    jumps: list[tuple[np.datetime64, float]] = []
    for splice in splices:
        residuals = min((_residuals_at(series, peer, splice) for peer in peers if peer.ref != series.ref), default=None)
        if residuals is not None and abs(residuals[1]) > JUMP_RESIDUALS * residuals[0]:
            jumps.append((splice, residuals[1]))
    if not jumps:
        return None
    days = tuple(as_days([day for day, _ in jumps]).tolist())
    text = "the level jumps where the source of the rows changes, while no peer jumps"
    size = _largest(np.array([jump for _, jump in jumps]))
    return Finding(IssueKind.LEVEL_JUMP, days, text, size, "return")


def find_common_ends(peers: Iterable[Series]) -> dict[Frequency, dt.date]:
    """Return for each frequency the day that at least three series reach, or all if there are fewer."""
    ends: dict[Frequency, list[dt.date]] = {}
    for peer in peers:
        ends.setdefault(peer.frequency, []).append(peer.dates[-1].item())
    return {frequency: heapq.nlargest(PEERS_NEEDED, days)[-1] for frequency, days in ends.items()}


def find_early_end(series: Series, common_ends: Mapping[Frequency, dt.date]) -> Finding | None:
    """Find that a series ends before others of its frequency do, by ``find_common_ends``.

    See ``staleness.PEERS`` for how much earlier it must end.
    """
    peers_end, last = common_ends.get(series.frequency), series.dates[-1].item()
    if peers_end is None or family_of(series.ref).discontinued:
        return None
    if not PEERS.is_exceeded(last, peers_end, series.frequency):
        return None
    behind, unit = PEERS.age(last, peers_end, series.frequency), PEERS.unit(series.frequency)
    span = (last + dt.timedelta(days=1), peers_end)
    text = f"it ends on {last}, while others of the folder go on to {peers_end}"
    return Finding(IssueKind.ENDS_EARLY, (), text, float(behind), unit, span)


def find_late_start(price: Series, total: Series) -> Finding | None:
    """Find that the price of a security begins more than five sessions after its total return."""
    price_first, total_first = price.dates[0], total.dates[0]
    if not PEERS.is_exceeded(total_first.item(), price_first.item()):
        return None
    delay = PEERS.age(total_first.item(), price_first.item())
    span = (total_first.item(), (price_first - 1).item())
    text = f"it begins on {price_first}, {delay:,} sessions after the total return"
    return Finding(IssueKind.BEGINS_LATE, (), text, float(delay), "sessions", span)


def is_daily_price(series: Series) -> bool:
    """Return whether a series should have a value for each session."""
    return series.ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN) and series.frequency is Frequency.DAILY


def _residuals_at(series: Series, peer: Series, splice: np.datetime64) -> tuple[float, float]:
    """Return the usual size of the residuals of a series on a peer around a splice, and the residual at the splice."""
    near, far = (_sessions_around(each, splice) for each in (series, peer))
    days, here, there = np.intersect1d(series.dates[near], peer.dates[far], assume_unique=True, return_indices=True)
    place = int(np.searchsorted(days, splice))
    if place == 0 or place >= len(days) or days[place] != splice or days[place] - days[place - 1] > MAX_GAP_AT_SPLICE:
        return np.inf, 0.0
    y, x = np.diff(np.log(series.values[near][here])), np.diff(np.log(peer.values[far][there]))
    others = np.arange(len(y)) != place - 1
    if others.sum() < MIN_PEER_CHANGES:
        return np.inf, 0.0
    variance = float(np.var(x[others], ddof=1))
    beta = float(np.cov(x[others], y[others])[0, 1] / variance) if variance > 0 else 0.0
    residuals = y - beta * x
    return float(1.4826 * np.median(np.abs(residuals[others]))), float(residuals[place - 1])


def _sessions_around(series: Series, day: np.datetime64) -> slice:
    place = int(np.searchsorted(series.dates, day))
    return slice(max(0, place - PEER_SESSIONS), place + PEER_SESSIONS)


def _largest(sizes: NDArray[np.float64]) -> float:
    """Return the size that is largest in absolute value."""
    return float(sizes[np.abs(sizes).argmax()])
