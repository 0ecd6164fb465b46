"""When to ask a feed again, and why then."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from groundswell.model import Outcome

SHORTEST_MINUTES = 5
LONGEST_MINUTES = 24 * 60
STRETCH = 3  # how many times the owner's interval a slow feed is left alone at most: news should not wait for long

_REFUSED_MINUTES = 60  # a host that says no is left alone for a while, however short its feed's interval
_UNREACHABLE_MINUTES = 5  # a host that could not be reached was not bothered: the network may be back in minutes
_FEW = 5  # dated items below which a feed shows no rhythm
_SPREAD = 0.1
_SPREAD_OF_FAILURES = 0.5


@dataclass(frozen=True, slots=True)
class Interval:
    """How many minutes lie between two tries while all goes well, and the reason that is shown."""

    minutes: int
    reason: str


def interval(minutes: int, published: Sequence[datetime], hint: int, now: datetime) -> Interval:
    """Return the interval that suits a feed by the owner's choice, its own rhythm and its publisher's wish.

    ``minutes`` is the owner's, ``published`` the dates of the items listed, ``hint`` the publisher's minutes (0: none).
    A feed is asked twice in the typical (median) time between two items, but no more often than the owner says and
    no less than a third as often; more often, though, than the owner says where its whole list would else roll by
    between two tries. The publisher's wish is kept to whatever the rhythm.
    """
    found = _by_rhythm(minutes, sorted({at for at in published if at <= now}), now)
    if hint > found.minutes:
        return Interval(hint, f"every {hint} minutes, as the publisher asks")
    return found


def _by_rhythm(minutes: int, dates: list[datetime], now: datetime) -> Interval:
    set_by_owner = Interval(minutes, f"every {minutes} minutes, as set")
    if len(dates) < _FEW:
        return set_by_owner
    span = _minutes(dates[-1] - dates[0])
    if span < 2 * minutes and _minutes(now - dates[-1]) < span:
        quick = max(SHORTEST_MINUTES, min(minutes, span // 2))
        return Interval(quick, f"every {quick} minutes: its {len(dates)} items span {span} minutes")
    gaps = [_minutes(later - earlier) for earlier, later in pairwise(dates)]
    typical = max(int(median(gaps)), _minutes((now - dates[-1]) / 2))
    slow = min(typical // 2, STRETCH * minutes)
    if slow <= minutes:
        return set_by_owner
    return Interval(slow, f"every {slow} minutes: an item comes about every {minutes_in_words(typical)}")


def wait(
    usual: Interval, outcome: Outcome, failures: int, *, asked: int, slug: str, now: datetime
) -> tuple[datetime, str]:
    """Return the instant from which on a feed tried at ``now`` is due again, and the reason.

    After a failure the wait doubles for each one since the last success, from an hour where the host refused and from
    five minutes at most where it could not be reached, up to a day. ``asked`` are the minutes for which the server
    asked to be left alone. A tenth at most is added to the wait, after failures a half, by a draw that slug and
    instant fix: so feeds that failed together are not tried together.
    """
    minutes, reason = usual.minutes, usual.reason
    if failures:
        if outcome is Outcome.REFUSED:
            minutes = max(minutes, _REFUSED_MINUTES)
        elif outcome is Outcome.UNREACHABLE:
            minutes = min(minutes, _UNREACHABLE_MINUTES)
        minutes = min(minutes << min(failures, 20), LONGEST_MINUTES)
        times = "once" if failures == 1 else f"{failures} times in a row"
        reason = f"after {minutes_in_words(minutes)} or somewhat more, having failed {times}"
    if asked > minutes:
        minutes, reason = asked, f"after {minutes_in_words(asked)}, as the server asks"
    spread = (_SPREAD_OF_FAILURES if failures else _SPREAD) * _draw(slug, now)
    return now + timedelta(minutes=minutes * (1 + spread)), reason


def first_try(minutes: int, slug: str, now: datetime) -> datetime:
    """When to try one of many feeds that come at once: some time within its interval, by a draw that slug fixes."""
    return now + timedelta(minutes=minutes * _draw(slug, None))


def _draw(slug: str, now: datetime | None) -> float:
    """A number from 0 to below 1."""
    digest = hashlib.blake2b(f"{slug} {now.isoformat() if now else ''}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32


def _minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)


def minutes_in_words(minutes: int) -> str:
    """A span in its largest unit of which there are two: ``3 days``, ``30 hours``, ``90 minutes``."""
    for unit, size in (("days", 24 * 60), ("hours", 60)):
        if minutes >= 2 * size:
            return f"{round(minutes / size)} {unit}"
    return f"{minutes} minutes"
