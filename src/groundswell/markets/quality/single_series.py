"""Defects that a series shows by itself, or beside its peers. What copies of it tell is in ``copies``.

Each rule takes a series and answers its defect, or None. Days are counted on the calendar of the New York exchanges,
which is exact from 1950.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.calendar import EXACT_FROM, Days, as_days, is_session, sessions_between
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.staleness import PEERS
from groundswell.model import Action, DataIssue, Frequency, IssueKind, Measure, Series

OTHER_CALENDAR = 0.01
"""With a larger share of rows on days without trading, a series keeps another calendar."""


RARE = 1e-3
"""A run of equal values is a defect where fewer than this many runs so long are expected by chance in the series."""

HOLE = np.timedelta64(7, "D")
"""A change over more than a week is no change of a day."""

SPLITS = np.log([1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0, 20.0])

MENDS: Mapping[IssueKind, str] = MappingProxyType(
    {
        IssueKind.DIVIDEND: "download the whole history of this source again, so that all rows are adjusted alike",
        IssueKind.OTHER_DIVIDEND: "compare the dividend with the fund's own notice, and download the history again",
        IssueKind.INCLUDES_DIVIDENDS: "name the column adj_close",
        IssueKind.SPLIT: "adjust the prices before it, or add a column splits",
        IssueKind.LEVEL_JUMP: "take both sides of the jump from one download",
        IssueKind.UNFINISHED: "load the source again after the close",
        IssueKind.ONE_DAY: "take the day from another source",
        IssueKind.PRINTS: "take closes of the exchange on which it is listed",
        IssueKind.STALE: "load the source again, or take the days from another",
        IssueKind.BEGINS_LATE: "load closes that are not adjusted for dividends back to the first day",
        IssueKind.ENDS_EARLY: "load newer values",
        IssueKind.MISSING: "load the missing days",
        IssueKind.OFF_SESSION: "take these rows out",
        IssueKind.DISAGREE: "compare with a third source, and keep the right one",
        IssueKind.IDENTITY: "compare with the publisher's own figures",
        IssueKind.SURVIVORS: "load members as of each past day, with those that left",
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule saw of a kind of defect: the days (or a span), the largest size and the words."""

    kind: IssueKind
    days: tuple[dt.date, ...]
    text: str
    size: float | None = None
    unit: str = ""
    span: tuple[dt.date, dt.date] | None = None

    def of(self, series: str, source: str, action: Action = Action.KEPT) -> DataIssue:
        """The defect of a series by a source."""
        first, last = self.span or (min(self.days), max(self.days))
        days = () if self.span else self.days
        remedy = MENDS[self.kind]
        return DataIssue(self.kind, series, source, first, last, days, self.size, self.unit, self.text, remedy, action)


def off_session(days: Days) -> NDArray[np.bool_]:
    """Which days from 1950 on were no sessions."""
    return ~is_session(days) & (days >= np.datetime64(EXACT_FROM))


def keeps_calendar(days: Days) -> bool:
    """Whether daily ``days`` are sessions of the New York exchanges but for a few."""
    return len(days) > 0 and float(off_session(days).mean()) <= OTHER_CALENDAR


def missing_sessions(days: Days) -> Seen | None:
    """Sessions between the first and the last day that have no value."""
    sessions = sessions_between(max(days[0].item(), EXACT_FROM), days[-1].item())
    lacking = sessions[days[np.minimum(np.searchsorted(days, sessions), len(days) - 1)] != sessions]
    if not len(lacking):
        return None
    text = f"{len(lacking)} sessions between its first and last day have no value"
    return Seen(IssueKind.MISSING, tuple(lacking.tolist()), text, float(len(lacking)), "sessions")


def stands_still(days: Days, values: NDArray[np.float64]) -> Seen | None:
    """Runs of equal values that are too long for the series to be chance.

    With a share p of unchanged days, n days hold about n p^k runs of k unchanged days; a run is told where that is
    below ``RARE``, and at least three days long. A series that stands still on a tenth of its days is not judged.
    """
    same = np.diff(values) == 0
    share = max(float(same.mean()), 1.0 / len(same)) if len(same) else 1.0
    if share > 0.1 or len(same) < 20:
        return None
    longest = max(3, int(np.ceil(np.log(RARE / len(same)) / np.log(share))))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    runs = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= longest]
    if not runs:
        return None
    stale = np.concatenate([days[start + 1 : end + 1] for start, end in runs])
    most = max(end - start for start, end in runs)
    text = f"the value stands still for up to {most} sessions in a row, as chance does not let it"
    return Seen(IssueKind.STALE, tuple(stale.tolist()), text, float(most), "sessions")


def jumps_by_split(days: Days, values: NDArray[np.float64]) -> Seen | None:
    """Days on which a price changes by the ratio of a split, within 2 %, and by six times its usual extreme."""
    if len(values) < 20:
        return None
    changes = np.diff(np.log(values))
    ratio = np.abs(np.abs(changes)[:, None] - SPLITS).min(axis=1)
    usual = float(np.quantile(np.abs(changes), 0.95))
    found = np.flatnonzero((ratio < 0.02) & (np.abs(changes) > max(0.35, 6.0 * usual)))
    if not len(found):
        return None
    size = _largest(np.expm1(changes[found]))
    text = "the price changes by the ratio of a split in one day"
    return Seen(IssueKind.SPLIT, tuple(days[found + 1].tolist()), text, size, "return")


def jumps_at_seams(one: Series, seams: Days, peers: Iterable[Series]) -> Seen | None:
    """Days on which the source of the rows changes and the level jumps as no peer does.

    What the peer that moves most alike explains (least squares over the 250 sessions around) is taken off; a jump is
    told where more than eight times the usual rest is left.
    """
    told: list[tuple[np.datetime64, float]] = []
    for seam in seams:
        rest = min((_rest(one, peer, seam) for peer in peers if peer.ref != one.ref), default=None)
        if rest is not None and abs(rest[1]) > 8.0 * rest[0]:
            told.append((seam, rest[1]))
    if not told:
        return None
    days = tuple(as_days([day for day, _ in told]).tolist())
    text = "the level jumps where the source of the rows changes, and no peer does"
    size = _largest(np.array([rest for _, rest in told]))
    return Seen(IssueKind.LEVEL_JUMP, days, text, size, "return")


def ends_early(one: Series, peers: Sequence[Series]) -> Seen | None:
    """That a series ends while others of its frequency go on: at least three of them, or all where they are fewer.

    More than five sessions before for daily series, three weeks for weekly, two and a half months for monthly ones.
    """
    ends = sorted((peer.dates[-1] for peer in peers if peer.frequency is one.frequency), reverse=True)
    if not ends or family_of(one.ref).discontinued:
        return None
    going, last = ends[min(2, len(ends) - 1)], one.dates[-1]
    if not PEERS.is_exceeded(last.item(), going.item(), one.frequency):
        return None
    behind, unit = PEERS.age(last.item(), going.item(), one.frequency), PEERS.unit(one.frequency)
    span = ((last + 1).item(), going.item())
    text = f"it ends on {last}, while others of the folder go on to {going}"
    return Seen(IssueKind.ENDS_EARLY, (), text, float(behind), unit, span)


def begins_late(price: Series, total: Series) -> Seen | None:
    """That the price of a security begins over five sessions after its total return."""
    if not PEERS.is_exceeded(total.dates[0].item(), price.dates[0].item()):
        return None
    before = PEERS.age(total.dates[0].item(), price.dates[0].item())
    span = (total.dates[0].item(), (price.dates[0] - 1).item())
    text = f"it begins on {price.dates[0]}, {before:,} sessions after the total return"
    return Seen(IssueKind.BEGINS_LATE, (), text, float(before), "sessions", span)


def is_priced(one: Series) -> bool:
    """Whether a daily series has a value for each session."""
    return one.ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN) and one.frequency is Frequency.DAILY


def _rest(one: Series, peer: Series, seam: np.datetime64) -> tuple[float, float]:
    """The usual size of what a peer leaves unexplained around a seam, and what it leaves at the seam."""
    near, far = (_around(series, seam) for series in (one, peer))
    days, here, there = np.intersect1d(one.dates[near], peer.dates[far], assume_unique=True, return_indices=True)
    at = int(np.searchsorted(days, seam))
    if at == 0 or at >= len(days) or days[at] != seam or days[at] - days[at - 1] > HOLE:
        return np.inf, 0.0
    y, x = np.diff(np.log(one.values[near][here])), np.diff(np.log(peer.values[far][there]))
    others = np.arange(len(y)) != at - 1
    if others.sum() < 20:
        return np.inf, 0.0
    spread = float(np.var(x[others], ddof=1))
    beta = float(np.cov(x[others], y[others])[0, 1] / spread) if spread > 0 else 0.0
    rest = y - beta * x
    return float(1.4826 * np.median(np.abs(rest[others]))), float(rest[at - 1])


def _around(series: Series, day: np.datetime64) -> slice:
    at = int(np.searchsorted(series.dates, day))
    return slice(max(0, at - 125), at + 125)


def _largest(sizes: NDArray[np.float64]) -> float:
    return float(sizes[np.abs(sizes).argmax()])
